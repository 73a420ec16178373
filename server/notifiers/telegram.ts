/** Notices as messages of a Telegram bot. */
import { NoticeFailed, type Notice, type Notifier } from '../notifier-ports.ts';
import type { TelegramConfig } from './channel-config.ts';
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

/** https://core.telegram.org/bots/api#sendmessage; counted in UTF-16 units, never more than that. */
const maxChars = 4_096;

/**
 * Names that a visitor writes would notify members of a group: an invisible word joiner behind the
 * sign makes plain text of them. Mail addresses stay as they are.
 */
const withoutMentions = (text: string): string =>
  text.replace(/(?<![\p{L}\p{N}_.+-])@(?=[a-z0-9_])/giu, '@\u2060');

/**
 * A channel that lets a bot write to a chat, by `sendMessage` of the Bot API. Sent as plain text:
 * nothing that a visitor writes can break it or become markup; links get no preview.
 *
 * `ok` of the answer decides; one that breaks off counts as not taken. The wait that Telegram asks
 * for is heeded. A group that became a supergroup is followed to its new id, until the next start.
 */
export function createTelegramNotifier(
  config: TelegramConfig,
  options: HttpOptions & { readonly voice: Voice },
): Notifier {
  const { clock = wallClock, timeoutMs = defaultTimeoutMs, voice } = options;
  const { token } = config;
  let { chat } = config;

  async function send(
    notice: Notice,
    text: string,
    signal: AbortSignal,
    moved = false,
  ): Promise<void> {
    const answer = await postJson(
      {
        url: `${config.api}/bot${token}/sendMessage`,
        headers: { 'x-contact-chat-id': notice.id },
        body: JSON.stringify({
          chat_id: chat,
          text,
          link_preview_options: { is_disabled: true },
        }),
        redirects: 'same_host',
        readBody: true,
      },
      options,
      signal,
    );
    const { ok, description, parameters } = jsonObject(answer.body);
    if (answer.ok && ok === true) return;
    const { retry_after: retryAfter, migrate_to_chat_id: movedTo } = jsonObject(
      JSON.stringify(parameters ?? {}),
    );
    if (typeof movedTo === 'number' && !moved) {
      chat = String(movedTo);
      return send(notice, text, signal, true);
    }
    if (answer.ok && ok === undefined) {
      throw new NoticeFailed(`${answer.host} did not say whether it took the notice`);
    }
    throw refused(answer, notice, {
      reason: typeof description === 'string' ? description : undefined,
      secrets: [token, token.slice(token.indexOf(':') + 1), chat],
      retryAfterMs: retryAfterOf(answer, clock.now(), retryAfter),
    });
  }

  async function notify(notice: Notice, { signal }: { signal: AbortSignal }): Promise<void> {
    const text = fitNotice(
      notice,
      voice,
      (description) => renderPlain(description, { escape: withoutMentions }, voice),
      (rendered) => rendered.length <= maxChars,
    );
    await withDeadline(signal, timeoutMs, (stopped) => send(notice, text, stopped));
  }

  return { channel: config.channel, notify, close: async () => undefined };
}
