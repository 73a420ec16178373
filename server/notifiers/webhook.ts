/** Notices as signed HTTP posts, for whatever the owner runs that takes them. */
import { createHmac } from 'node:crypto';
import { NoticeFailed, type Clock, type Notice, type Notifier } from '../ports.ts';
import type { WebhookConfig } from './channel-config.ts';
import { withDeadline } from './deadline.ts';

export interface WebhookOptions {
  /** Version of this program, for `user-agent`. */
  readonly version: string;
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  /** From the first byte sent to the headers of the answer, in milliseconds. Default 10 s. */
  readonly timeoutMs?: number;
}

function bodyOf(notice: Notice, sentAtMs: number): string {
  return JSON.stringify({
    type: notice.reason,
    id: notice.id,
    conversation_id: notice.conversationId,
    url: notice.url,
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
    sent_at: new Date(sentAtMs).toISOString(),
  });
}

/** `Retry-After` (RFC 9110, 10.2.3): seconds, or a date. In milliseconds from now, 0 for the past. */
function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const dateMs = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

/** Never quotes the answer's body: a receiver may echo the visitor's words, and this is logged. */
function refusal(response: Response, host: string, nowMs: number): NoticeFailed {
  const { status } = response;
  if (status >= 300 && status < 400) {
    return new NoticeFailed(
      `${host} redirects (${status}): give the address it redirects to, redirects are not followed`,
    );
  }
  if (status === 410) {
    return new NoticeFailed(`${host} answered 410: this webhook is gone`, { retryable: false });
  }
  const retryAfterMs =
    status === 429 || status === 503
      ? parseRetryAfter(response.headers.get('retry-after'), nowMs)
      : undefined;
  return new NoticeFailed(
    `${host} answered ${status}`,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
}

function unreachable(error: unknown, host: string): NoticeFailed {
  const cause = error instanceof Error ? error.cause : undefined;
  const code =
    typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : undefined;
  const why = code ?? (cause instanceof Error ? cause.message : 'the connection failed');
  return new NoticeFailed(`could not reach ${host}: ${why}`, { cause: error });
}

/**
 * A channel that posts each notice as JSON: `{ type, id, conversation_id, url, message, messages:
 * [{ id, seq, message, timestamp, name?, email?, user_agent?, page? }], sent_at }`. `message` is
 * all texts joined by blank lines, for receivers that only show something.
 *
 * Any 2xx means taken. Everything else is tried again later, redirects and refusals too, since
 * an owner mends those; only 410 ends it. `Retry-After` of 429 and 503 is heeded.
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
export function createWebhookNotifier(config: WebhookConfig, options: WebhookOptions): Notifier {
  const { clock = { now: () => Date.now() }, timeoutMs = 10_000 } = options;
  const post = options.fetch ?? globalThis.fetch;
  const { host } = new URL(config.url);

  function headersFor(notice: Notice, body: string, nowMs: number): Record<string, string> {
    const timestamp = String(Math.floor(nowMs / 1000));
    const headers: Record<string, string> = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': `contact-chat/${options.version}`,
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
      const response = await post(config.url, {
        method: 'POST',
        headers: headersFor(notice, body, nowMs),
        body,
        redirect: 'manual',
        signal: stopped,
      }).catch((error: unknown) => {
        throw unreachable(error, host);
      });
      // The status says it all; a body may be endless. A connection that breaks here changes nothing.
      await response.body?.cancel().catch(() => undefined);
      if (!response.ok) throw refusal(response, host, clock.now());
    });
  }

  return { channel: config.channel, notify, close: async () => undefined };
}
