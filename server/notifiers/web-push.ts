/** Notices to the browsers in which the owner asked for them. */
import { createHash } from 'node:crypto';
import webPush from 'web-push';
import type { PushSubscriptionRow } from '../inbox-ports.ts';
import { NoticeFailed, type Notice, type Notifier } from '../notifier-ports.ts';
import type { OnError, Store } from '../ports.ts';
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
import { deriveVapidKeys, vapidSubject } from './vapid-keys.ts';

export const webPushChannel = 'web-push';

/** Below the 4,096 bytes that every push service takes (RFC 8030, 7.2), encryption included. */
const maxPayloadBytes = 3_072;
const maxTitleChars = 120;
/** How long a push service keeps what a browser that is off has not fetched, in seconds. */
const keepSeconds = 86_400;
/** Browsers that may subscribe; the one that subscribed first makes room. */
export const maxSubscriptions = 50;

export interface WebPushOptions extends HttpOptions {
  readonly store: Pick<
    Store,
    'secret' | 'pushSubscriptions' | 'addPushSubscription' | 'deletePushSubscription'
  >;
  readonly voice: Voice;
  publicUrl(): string;
  /**
   * Where one browser took a notice, those that failed are tried once more after so many
   * milliseconds. Default 2 s.
   */
  readonly secondTryMs?: number;
  readonly onError: OnError;
}

export interface WebPush {
  /** One channel for all browsers; with none subscribed any more a notice is given up. */
  readonly notifier: Notifier;
  /** Whether a browser is subscribed: only then the channel is owed notices. */
  channelActive(): boolean;
  /** `applicationServerKey` of the Push API, base64url. */
  publicKey(): string;
  /** @throws RangeError where its keys are none */
  subscribe(row: PushSubscriptionRow): Promise<void>;
  unsubscribe(endpoint: string): Promise<void>;
}

/** What became of one browser. */
type Outcome =
  | { readonly status: 'taken' }
  /** The browser no longer takes any: its subscription is deleted. */
  | { readonly status: 'gone' }
  | { readonly status: 'failed'; readonly error: NoticeFailed };

/**
 * A channel by the Web Push protocol (RFC 8030), encrypted for each browser (RFC 8291), signed
 * with keys that are this server's for good (RFC 8292). What a browser gets is
 * `{id, title, body, url, tag}` in JSON, at most 3,072 bytes, in the owner's language.
 *
 * Taken where at least one browser's service took it; those that failed meanwhile are tried once
 * more, and then left to the next notice.
 */
export async function createWebPush(options: WebPushOptions): Promise<WebPush> {
  const { store, voice, clock = wallClock, timeoutMs = defaultTimeoutMs, onError } = options;
  const keys = deriveVapidKeys(await store.secret(webPushChannel));
  const endpoints = new Set((await store.pushSubscriptions()).map(({ endpoint }) => endpoint));

  async function unsubscribe(endpoint: string): Promise<void> {
    await store.deletePushSubscription(endpoint);
    endpoints.delete(endpoint);
  }

  async function subscribe(row: PushSubscriptionRow): Promise<void> {
    if (!canEncrypt(row)) throw new RangeError('The keys of this push subscription are none.');
    await store.addPushSubscription(row);
    endpoints.add(row.endpoint);
    if (endpoints.size <= maxSubscriptions) return;
    const rows = await store.pushSubscriptions();
    const oldestFirst = rows.toSorted((a, b) => a.createdAtMs - b.createdAtMs);
    const others = oldestFirst.filter(({ endpoint }) => endpoint !== row.endpoint);
    const tooMany = Math.max(0, rows.length - maxSubscriptions);
    for (const { endpoint } of others.slice(0, tooMany)) await unsubscribe(endpoint);
  }

  async function post(
    row: PushSubscriptionRow,
    notice: Notice,
    payload: string,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { cipherText } = webPush.encrypt(row.p256dh, row.auth, payload, 'aes128gcm');
    const url = new URL(row.endpoint);
    const { Authorization: authorization } = webPush.getVapidHeaders(
      url.origin,
      vapidSubject(options.publicUrl()),
      keys.publicKey,
      keys.privateKey,
      'aes128gcm',
    );
    const answer = await withDeadline(signal, timeoutMs, (stopped) =>
      postJson(
        {
          url: row.endpoint,
          headers: {
            authorization,
            'content-type': 'application/octet-stream',
            'content-encoding': 'aes128gcm',
            ttl: String(keepSeconds),
            urgency: 'high',
            topic: topicOf(notice.conversationId),
          },
          body: new Uint8Array(cipherText),
          redirects: 'same_host',
          readBody: true,
        },
        options,
        stopped,
      ),
    );
    if (answer.ok) return { status: 'taken' };
    if (answer.status === 404 || answer.status === 410) return { status: 'gone' };
    const { reason, message } = jsonObject(answer.body);
    const words = [reason, message].find((each) => typeof each === 'string');
    const error = refused(answer, notice, {
      reason: typeof words === 'string' ? words : undefined,
      // Who knows an endpoint's path may send to it.
      secrets: [...url.pathname.split('/'), url.search.slice(1), ...url.searchParams.values()],
      retryAfterMs: retryAfterOf(answer, clock.now()),
    });
    return { status: 'failed', error };
  }

  async function tell(
    row: PushSubscriptionRow,
    notice: Notice,
    payload: string,
    signal: AbortSignal,
  ): Promise<Outcome> {
    let outcome: Outcome;
    try {
      outcome = canEncrypt(row) ? await post(row, notice, payload, signal) : { status: 'gone' };
    } catch (cause) {
      const error =
        cause instanceof NoticeFailed ? cause : new NoticeFailed('the push failed', { cause });
      return { status: 'failed', error };
    }
    if (outcome.status === 'gone') {
      // A subscription that cannot be deleted now is met again with the next notice.
      await unsubscribe(row.endpoint).catch((error: unknown) =>
        onError(error, { stage: 'push subscriptions' }),
      );
    }
    return outcome;
  }

  async function notify(notice: Notice, { signal }: { signal: AbortSignal }): Promise<void> {
    const rows = await store.pushSubscriptions();
    if (rows.length === 0) throw nobodyLeft();
    if (signal.aborted) throw new NoticeFailed('the delivery was stopped');
    const payload = payloadOf(notice, voice);
    const outcomes = await Promise.all(rows.map((row) => tell(row, notice, payload, signal)));
    const failed = rows.filter((_, index) => outcomes[index]?.status === 'failed');
    const failures = outcomes.flatMap((each) => (each.status === 'failed' ? [each.error] : []));
    const [failure] = failures;
    const taken = outcomes.some(({ status }) => status === 'taken');
    if (!taken) throw failure ? joined(failure, failures) : nobodyLeft();
    if (!failure) return;
    await pause(options.secondTryMs ?? 2_000, signal);
    if (!signal.aborted) {
      await Promise.all(failed.map((row) => tell(row, notice, payload, signal)));
    }
  }

  return {
    notifier: { channel: webPushChannel, notify, close: async () => undefined },
    channelActive: () => endpoints.size > 0,
    publicKey: () => keys.publicKey,
    subscribe,
    unsubscribe,
  };
}

/** Nothing was told and nothing can be: the owner sees it among the notices given up. */
const nobodyLeft = (): NoticeFailed =>
  new NoticeFailed('no browser is subscribed any more', { retryable: false });

/** The first failure's words, and the shortest time that any service asked for. */
function joined(first: NoticeFailed, all: readonly NoticeFailed[]): NoticeFailed {
  const waits = all.map(({ retryAfterMs }) => retryAfterMs);
  const known = waits.filter((each) => each !== undefined);
  // One that asked for nothing may be tried again by the usual rule.
  if (known.length < waits.length) return new NoticeFailed(first.message, { cause: first });
  return new NoticeFailed(first.message, { cause: first, retryAfterMs: Math.min(...known) });
}

/** What a browser's key can be used for: a point of P-256, and at least 16 bytes to salt with. */
function canEncrypt({ p256dh, auth }: PushSubscriptionRow): boolean {
  try {
    webPush.encrypt(p256dh, auth, 'x', 'aes128gcm');
    return true;
  } catch {
    return false;
  }
}

/** What waits under the same name for a browser that is off is replaced (RFC 8030, 5.4). */
const topicOf = (conversationId: string): string =>
  createHash('sha256').update(conversationId).digest('base64url').slice(0, 32);

function payloadOf(notice: Notice, voice: Voice): string {
  const { title } = describeNotice(notice, voice);
  const payloadWith = (body: string): string =>
    JSON.stringify({
      id: notice.id,
      title: beginning(title, maxTitleChars),
      body,
      url: notice.url,
      tag: notice.conversationId,
    });
  return payloadWith(
    fitNotice(
      notice,
      voice,
      (description) => renderPlain(description, { titled: false, linked: false }, voice),
      (body) => Buffer.byteLength(payloadWith(body)) <= maxPayloadBytes,
    ),
  );
}

/** Ends early with the signal. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
