/** Notices as signed HTTP posts, for whatever the owner runs that takes them. */
import { createHmac } from 'node:crypto';
import { NoticeFailed, type Notice, type Notifier } from '../notifier-ports.ts';
import type { WebhookConfig } from './channel-config.ts';
import { withDeadline } from './deadline.ts';
import {
  defaultTimeoutMs,
  postJson,
  retryAfterOf,
  wallClock,
  type HttpOptions,
  type JsonAnswer,
} from './post-json.ts';

function bodyOf(notice: Notice, sentAtMs: number): string {
  return JSON.stringify({
    type: notice.reason,
    id: notice.id,
    conversation_id: notice.conversationId,
    url: notice.url,
    lang: notice.lang,
    message: notice.messages.map(({ text }) => text).join('\n\n'),
    messages: notice.messages.map(({ id, seq, text, atMs, contact }) => ({
      id,
      seq,
      message: text,
      timestamp: new Date(atMs).toISOString(),
      name: contact.name,
      email: contact.email,
      user_agent: contact.userAgent,
      page: contact.page,
    })),
    held_back: notice.heldBack && {
      messages: notice.heldBack.messages,
      since: new Date(notice.heldBack.sinceMs).toISOString(),
    },
    sent_at: new Date(sentAtMs).toISOString(),
  });
}

/** Never quotes the answer's body: a receiver may echo the visitor's words, and this is logged. */
function refusal(answer: JsonAnswer, nowMs: number): NoticeFailed {
  const { status, host } = answer;
  if (status === 410) {
    return new NoticeFailed(`${host} answered 410: this webhook is gone`, { retryable: false });
  }
  const retryAfterMs = retryAfterOf(answer, nowMs);
  return new NoticeFailed(
    `${host} answered ${status}`,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
}

/**
 * A channel that posts each notice as JSON: `{ type, id, conversation_id, url, lang?, message,
 * messages: [{ id, seq, message, timestamp, name?, email?, user_agent?, page? }], held_back?:
 * { messages, since }, sent_at }`. `message` is all texts joined by blank lines, for receivers
 * that only show something; empty where a visitor asked for a person without a word.
 *
 * Any 2xx means taken. 307 and 308 are followed to the same host, or anywhere over https: what is
 * posted is signed and holds no secret. Everything else is tried again later, other redirects and
 * refusals too, since an owner mends those; only 410 ends it. `Retry-After` of 429 and 503 is
 * heeded.
 *
 * A notice may come more than once, and a retry may hold more messages than the first try (then
 * under another `id`): receivers that care drop messages whose `id` they have for the
 * `conversation_id`.
 *
 * With a secret every post carries `x-contact-chat-timestamp` (Unix seconds) and
 * `x-contact-chat-signature`. A receiver verifies it over the bytes as they came, before parsing,
 * and refuses timestamps that are more than five minutes off:
 *
 * ```js
 * const expected = 'sha256=' + createHmac('sha256', secret)
 *   .update(headers['x-contact-chat-timestamp'] + '.').update(rawBody).digest('hex');
 * timingSafeEqual(Buffer.from(expected), Buffer.from(headers['x-contact-chat-signature']));
 * ```
 */
export function createWebhookNotifier(config: WebhookConfig, options: HttpOptions): Notifier {
  const { clock = wallClock, timeoutMs = defaultTimeoutMs } = options;

  function headersFor(notice: Notice, body: string, nowMs: number): Record<string, string> {
    const timestamp = String(Math.floor(nowMs / 1000));
    const headers: Record<string, string> = {
      'x-contact-chat-id': notice.id,
      'x-contact-chat-timestamp': timestamp,
    };
    if (config.secret !== undefined) {
      const mac = createHmac('sha256', config.secret).update(`${timestamp}.${body}`).digest('hex');
      headers['x-contact-chat-signature'] = `sha256=${mac}`;
    }
    return headers;
  }

  async function notify(notice: Notice, { signal }: { signal: AbortSignal }): Promise<void> {
    const nowMs = clock.now();
    const body = bodyOf(notice, nowMs);
    await withDeadline(signal, timeoutMs, async (stopped) => {
      const { url } = config;
      const headers = headersFor(notice, body, nowMs);
      const answer = await postJson({ url, body, headers, redirects: 'https' }, options, stopped);
      // The status says it all; nobody knows what a body may hold.
      if (!answer.ok) throw refusal(answer, clock.now());
    });
  }

  return { channel: config.channel, notify, close: async () => undefined };
}
