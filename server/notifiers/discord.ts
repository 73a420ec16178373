/** Notices in a Discord channel, by an incoming webhook. */
import type { Notice, Notifier } from '../notifier-ports.ts';
import type { ChatHookConfig } from './channel-config.ts';
import { withDeadline } from './deadline.ts';
import type { Voice } from './describe-notice.ts';
import { fitNotice, renderPlain } from './fit-notice.ts';
import {
  defaultTimeoutMs,
  jsonObject,
  postJson,
  retryAfterOf,
  wallClock,
  type HttpOptions,
} from './post-json.ts';
import { refused } from './service-answer.ts';

/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
const maxChars = 2_000;
/** `SUPPRESS_EMBEDS`: no previews of links. */
const withoutEmbeds = 1 << 2;

/** Discord reads these addresses whole; escaped, they would lead elsewhere. */
const address = /https?:\/\/[\w.:/?#!$&'+,;=%-]+/g;
/** What Discord's markup begins with, in a line or only at its start. */
const markup = /[\\*_~`|<>[\]]|(?<=^\s*)[#-]/gm;
/** The two names that would call all members, were mentions not switched off as well. */
const everybody = /@(?=everyone|here)/g;

function escapeMarkup(text: string): string {
  const escape = (plain: string): string =>
    plain.replace(markup, '\\$&').replace(everybody, '@\u200b');
  const addresses = text.match(address) ?? [];
  return text
    .split(address)
    .map((plain, index) => escape(plain) + (addresses[index] ?? ''))
    .join('');
}

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const unknownWebhook = 10_015;
const invalidWebhookToken = 50_027;

/**
 * A channel that posts to an incoming webhook. A visitor's markup is escaped and no mention
 * notifies anybody, so that nobody can call everyone or hide where a link leads; links get no
 * preview.
 */
export function createDiscordNotifier(
  config: ChatHookConfig,
  options: HttpOptions & { readonly voice: Voice },
): Notifier {
  const { clock = wallClock, timeoutMs = defaultTimeoutMs, voice } = options;
  const form = { escape: escapeMarkup, title: (text: string) => `**${text}**` };

  async function notify(notice: Notice, { signal }: { signal: AbortSignal }): Promise<void> {
    const content = fitNotice(
      notice,
      voice,
      (description) => renderPlain(description, form, voice),
      (rendered) => rendered.length <= maxChars,
    );
    await withDeadline(signal, timeoutMs, async (stopped) => {
      const answer = await postJson(
        {
          url: config.url,
          headers: { 'x-contact-chat-id': notice.id },
          body: JSON.stringify({
            content,
            allowed_mentions: { parse: [] },
            flags: withoutEmbeds,
          }),
          redirects: 'same_host',
          readBody: true,
        },
        options,
        stopped,
      );
      const { message, code, retry_after: retryAfter, id } = jsonObject(answer.body);
      // A message that was posted has an id; a refusal has a code instead.
      if (answer.ok && (typeof code !== 'number' || id !== undefined)) return;
      throw refused(answer, notice, {
        reason: typeof message === 'string' ? message : undefined,
        secrets: config.secrets,
        retryAfterMs: retryAfterOf(answer, clock.now(), retryAfter),
        gone: answer.status === 410 || code === unknownWebhook || code === invalidWebhookToken,
      });
    });
  }

  return { channel: config.channel, notify, close: async () => undefined };
}
