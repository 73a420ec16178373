/** What a notice says as a mail. Everything of a visitor in it is hostile until shown otherwise. */
import { createHash } from 'node:crypto';
import type { Notice, NoticeReason } from '../ports.ts';
import type { MailAddress } from './channel-config.ts';

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

/** Marks that end lines, hide or turn around text, and all other control characters. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

const oneLine = (text: string): string =>
  text.replace(unprintable, ' ').replace(/\s+/g, ' ').trim();

/** The first characters as people count them: never half an emoji. */
function beginning(text: string, maxChars: number): string {
  // Segmenting is slow for long texts, and no visible character of use is this long.
  const segments = [...new Intl.Segmenter().segment(text.slice(0, maxChars * 16))];
  const cut = segments.slice(0, maxChars).map(({ segment }) => segment);
  return cut.join('').length < text.length ? `${cut.join('').trimEnd()}…` : text;
}

function headline(reason: NoticeReason): string {
  switch (reason) {
    case 'contact_request':
      return 'New contact request';
    case 'human_request':
      return 'A visitor asks for you';
    case 'visitor_message':
      return 'New message from a visitor';
  }
}

const escapeHtml = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');

const timeOf = (atMs: number): string =>
  `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** Who wrote and from where, newest values first; each label once. */
function facts(notice: Notice): readonly (readonly [label: string, value: string])[] {
  const newest = <Value>(pick: (message: Notice['messages'][number]) => Value | undefined) =>
    notice.messages.map(pick).findLast((value) => value !== undefined);
  const page = newest(({ contact }) => contact.page);
  const all: readonly (readonly [string, string | undefined])[] = [
    ['Name', newest(({ contact }) => contact.name)],
    ['E-mail', newest(({ contact }) => contact.email)],
    ['Page', page && [page.title, page.url].filter(Boolean).join(' · ')],
    ['Browser', newest(({ contact }) => contact.userAgent)],
  ];
  return all.flatMap(([label, value]) => {
    const line = oneLine(value ?? '');
    return line === '' ? [] : [[label, line] as const];
  });
}

function textPart(notice: Notice): string {
  const messages = notice.messages.map(({ text, atMs }) => `${timeOf(atMs)}\n\n${text}`);
  const about = facts(notice).map(([label, value]) => `${label}: ${value}`);
  const parts = [headline(notice.reason), ...messages, ...(about.length ? [about.join('\n')] : [])];
  return `${parts.join('\n\n')}\n\nRead and answer: ${notice.url}\n`;
}

/** Colours that hold on light and dark grounds alike, since many mail programs drop `<style>`. */
const grey = '#767676';

function htmlPart(notice: Notice): string {
  const messages = notice.messages.map(
    ({ text, atMs }) =>
      `<p style="margin:16px 0 4px;font-size:13px;color:${grey}">${timeOf(atMs)}</p>` +
      `<div style="border-left:3px solid #4f6bed;padding:2px 0 2px 12px;white-space:pre-wrap;overflow-wrap:anywhere">${escapeHtml(text)}</div>`,
  );
  const about = facts(notice).map(
    ([label, value]) =>
      `<tr><td style="padding:2px 12px 2px 0;color:${grey};vertical-align:top">${label}</td>` +
      `<td style="padding:2px 0;overflow-wrap:anywhere">${escapeHtml(value)}</td></tr>`,
  );
  return (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>' +
    '<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif"><div style="max-width:36em">' +
    `<h1 style="margin:0;font-size:18px">${headline(notice.reason)}</h1>${messages.join('')}` +
    `<table style="margin:20px 0;border-collapse:collapse;font-size:14px">${about.join('')}</table>` +
    `<p style="margin:20px 0 0"><a href="${escapeHtml(notice.url)}" style="display:inline-block;padding:8px 16px;border-radius:8px;background:#4f6bed;color:#ffffff;text-decoration:none">Read and answer</a></p>` +
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
export function composeMail(notice: Notice, from: MailAddress): MailContent {
  const words = oneLine(notice.messages.at(-1)?.text ?? '');
  const domain = idDomain(from);
  const reply = replyTo(notice);
  return {
    subject: `[contact-chat] ${headline(notice.reason)} · ${beginning(words, subjectChars)}`,
    text: textPart(notice),
    html: htmlPart(notice),
    ...(reply ? { replyTo: reply } : {}),
    messageId: `<notice.${digest(notice.id)}@${domain}>`,
    references: `<conversation.${digest(notice.conversationId)}@${domain}>`,
  };
}
