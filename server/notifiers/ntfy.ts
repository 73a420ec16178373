/** Notices as push messages of an ntfy server. */
import type { Notice, Notifier } from '../notifier-ports.ts';
import type { NoticeReason } from '../ports.ts';
import type { NtfyConfig } from './channel-config.ts';
import { withDeadline } from './deadline.ts';
import { beginning, describeNotice, type Voice } from './describe-notice.ts';
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

/** https://docs.ntfy.sh/publish/#limitations: what is longer becomes an attachment. */
const maxMessageBytes = 4_096;
/** A JSON publish may have twice that, whatever it holds. */
const maxBodyBytes = 2 * maxMessageBytes;
const maxTitleChars = 120;

/** 3 is the default, 4 is high: https://docs.ntfy.sh/publish/#message-priority */
const priorities: Readonly<Record<NoticeReason, number>> = {
  contact_request: 4,
  human_request: 4,
  visitor_message: 3,
};

/**
 * A channel that publishes to a topic as JSON (https://docs.ntfy.sh/publish/#publish-as-json), so
 * that titles of any script arrive. A tap opens the conversation. Requests have high priority.
 */
export function createNtfyNotifier(
  config: NtfyConfig,
  options: HttpOptions & { readonly voice: Voice },
): Notifier {
  const { clock = wallClock, timeoutMs = defaultTimeoutMs, voice } = options;
  const { authorization } = config;
  const secrets = [
    config.topic,
    ...(authorization === undefined ? [] : [authorization.replace(/^\w+ /, '')]),
    ...(config.passwords ?? []),
  ];

  function bodyFor(notice: Notice): string {
    const { title } = describeNotice(notice, voice);
    const bodyWith = (message: string): string =>
      JSON.stringify({
        topic: config.topic,
        title: beginning(title, maxTitleChars),
        message,
        click: notice.url,
        tags: ['speech_balloon'],
        priority: priorities[notice.reason],
      });
    const message = fitNotice(
      notice,
      voice,
      (description) => renderPlain(description, { titled: false, linked: false }, voice),
      (rendered) =>
        Buffer.byteLength(rendered) <= maxMessageBytes &&
        Buffer.byteLength(bodyWith(rendered)) <= maxBodyBytes,
    );
    return bodyWith(message);
  }

  async function notify(notice: Notice, { signal }: { signal: AbortSignal }): Promise<void> {
    const body = bodyFor(notice);
    await withDeadline(signal, timeoutMs, async (stopped) => {
      const answer = await postJson(
        {
          url: config.api,
          headers: {
            'x-contact-chat-id': notice.id,
            ...(authorization === undefined ? {} : { authorization }),
          },
          body,
          redirects: 'same_host',
          readBody: true,
        },
        options,
        stopped,
      );
      const { error } = jsonObject(answer.body);
      if (answer.ok && error === undefined) return;
      throw refused(answer, notice, {
        reason: typeof error === 'string' ? error : undefined,
        secrets,
        retryAfterMs: retryAfterOf(answer, clock.now()),
      });
    });
  }

  return { channel: config.channel, notify, close: async () => undefined };
}
