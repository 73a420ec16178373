/** What a notice says as a mail. Everything of a visitor in it is hostile until shown otherwise. */
import { createHash } from 'node:crypto';
import type { Notice } from '../notifier-ports.ts';
import type { MailAddress } from './channel-config.ts';
import {
  beginning,
  describeNotice,
  oneLine,
  type NoticeDescription,
  type Voice,
} from './describe-notice.ts';
import { fitNotice } from './fit-notice.ts';

export interface MailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly replyTo?: MailAddress;
  /** The same whenever the same notice is sent again. */
  readonly messageId: string;
  /** The first mail of the conversation, so that mail programs show one thread. */
  readonly references: string;
}

const subjectChars = 60;
/** Longer mails show the newest messages and count the others. */
const maxPartChars = 200_000;

const escapeHtml = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');

function textPart(described: NoticeDescription, { words }: Voice): string {
  const messages = described.messages.map(({ at, text }) => `${at}\n\n${text}`);
  const about = described.facts.map(([label, value]) => `${label}${words.colon}${value}`);
  const parts = [
    described.title,
    described.earlier,
    ...messages,
    about.join('\n'),
    described.heldBack,
  ];
  const said = parts.filter((part) => part !== undefined).join('\n\n');
  return `${said}\n\n${described.answer}${words.colon}${described.url}\n`;
}

/** Colours that hold on light and dark grounds alike, since many mail programs drop `<style>`. */
const grey = '#767676';

const note = (text: string | undefined): string =>
  text === undefined ? '' : `<p style="margin:16px 0 0;color:${grey}">${escapeHtml(text)}</p>`;

function htmlPart(described: NoticeDescription, { words }: Voice): string {
  const messages = described.messages.map(
    ({ at, text }) =>
      `<p style="margin:16px 0 4px;font-size:13px;color:${grey}">${at}</p>` +
      `<div style="border-left:3px solid #4f6bed;padding:2px 0 2px 12px;white-space:pre-wrap;overflow-wrap:anywhere">${escapeHtml(text)}</div>`,
  );
  const about = described.facts.map(
    ([label, value]) =>
      `<tr><td style="padding:2px 12px 2px 0;color:${grey};vertical-align:top">${label}</td>` +
      `<td style="padding:2px 0;overflow-wrap:anywhere">${escapeHtml(value)}</td></tr>`,
  );
  return (
    `<!doctype html><html lang="${words.lang}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>` +
    '<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif"><div style="max-width:36em">' +
    `<h1 style="margin:0;font-size:18px">${escapeHtml(described.title)}</h1>${note(described.earlier)}${messages.join('')}` +
    `<table style="margin:20px 0;border-collapse:collapse;font-size:14px">${about.join('')}</table>${note(described.heldBack)}` +
    `<p style="margin:20px 0 0"><a href="${escapeHtml(described.url)}" style="display:inline-block;padding:8px 16px;border-radius:8px;background:#4f6bed;color:#ffffff;text-decoration:none">${described.answer}</a></p>` +
    '</div></body></html>'
  );
}

/** The domain after `@` of an id: the sender's, where it is one that a header can hold. */
const idDomain = (from: MailAddress): string =>
  /@([a-z0-9.-]+)$/i.exec(from.address)?.[1]?.toLowerCase() ?? 'contact-chat.invalid';

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);

function replyTo(notice: Notice): MailAddress | undefined {
  const contact = notice.messages.findLast(({ contact: { email } }) => email)?.contact;
  const address = contact?.email ?? '';
  if (!/^[^\s@,;:<>"()[\]\\\p{Cc}]+@[^\s@,;:<>"()[\]\\\p{Cc}]+$/u.test(address)) return undefined;
  const name = oneLine(contact?.name ?? '');
  return name === '' ? { address } : { address, name };
}

/**
 * Writes the mail of a notice. Nothing a visitor wrote can add a header, a recipient, markup or a
 * link to it.
 */
export function composeMail(notice: Notice, from: MailAddress, voice: Voice): MailContent {
  const { title } = describeNotice(notice, voice);
  const words = beginning(oneLine(notice.messages.at(-1)?.text ?? ''), subjectChars);
  const domain = idDomain(from);
  const reply = replyTo(notice);
  const part = (render: (described: NoticeDescription, voice: Voice) => string): string =>
    fitNotice(
      notice,
      voice,
      (described) => render(described, voice),
      (text) => text.length <= maxPartChars,
    );
  return {
    subject: `[contact-chat] ${words === '' ? title : `${title} · ${words}`}`,
    text: part(textPart),
    html: part(htmlPart),
    ...(reply ? { replyTo: reply } : {}),
    messageId: `<notice.${digest(notice.id)}@${domain}>`,
    references: `<conversation.${digest(notice.conversationId)}@${domain}>`,
  };
}
