/**
 * Sees to it that what the visitor sent arrives once: keeps it in the outbox until the server
 * has acknowledged it, and sends it again, under the same id, whenever a session begins or the
 * server asked to wait.
 */
import { maxFrameBytes, maxMessageChars } from '../shared/limits.ts';
import type { ClientMessage, ErrorMessage } from '../shared/protocol.ts';
import type { Environment } from './environment.ts';
import type { Outbox, Pending } from './outbox.ts';
import { randomId } from './random-id.ts';
import type { TimelineEvent } from './state/timeline.ts';

export interface DeliveryOptions {
  readonly outbox: Outbox;
  readonly environment: Environment;
  /** @returns false where there is no session now */
  send(message: ClientMessage): boolean;
  show(event: TimelineEvent): void;
  /** Runs when a message is kept and before it is sent: settles which conversation it belongs to. */
  beforeSending(): Promise<void>;
}

export interface Delivery {
  /** Takes up what an earlier page left behind. */
  load(): Promise<void>;
  submit(message: Pending['message']): void;
  /** The session stands and its history has arrived. */
  connected(): void;
  disconnected(): void;
  /** The server has this message. */
  stored(id: string): void;
  refused(id: string, error: ErrorMessage): void;
  retry(id: string): void;
  discard(id: string): void;
  hasPending(): boolean;
  clear(): void;
}

/**
 * A longer text might not fit a frame, where a character may take six bytes, and a frame that is
 * too large ends every connection that brings it. Up to here the server says what is wrong.
 */
const longestSent = maxFrameBytes / 8;
const defaultRetryMs = 3_000;
const longestRetryMs = 60_000;

export function createDelivery(options: DeliveryOptions): Delivery {
  const { outbox, environment, show } = options;
  const pending = new Map<string, Pending>();
  const inFlight = new Set<string>();
  let ready = false;
  let held = false;
  let cancelHold = (): void => undefined;

  function flush(): void {
    if (!ready || held) return;
    for (const [id, entry] of pending) {
      const { message } = entry;
      if (entry.failure || inFlight.has(id)) continue;
      if (message.message.length > longestSent) {
        fail(entry, { code: 'message_too_long', reason: `> ${maxMessageChars}` });
        continue;
      }
      if (!options.send(message)) return;
      inFlight.add(id);
    }
  }

  function fail(entry: Pending, failure: NonNullable<Pending['failure']>): void {
    const { id } = entry.message;
    const failed = { ...entry, failure };
    pending.set(id, failed);
    void outbox.put(failed);
    show({ type: 'failed', id, reason: failure.reason });
  }

  function echo({ message, atMs, failure }: Pending): void {
    const kind = message.type === 'contact_request' ? message.type : undefined;
    show({ type: 'echo', id: message.id, text: message.message, atMs, kind });
    if (failure) show({ type: 'failed', id: message.id, reason: failure.reason });
  }

  function forget(id: string): void {
    pending.delete(id);
    inFlight.delete(id);
    void outbox.remove(id);
  }

  function submit(message: Pending['message']): void {
    const entry: Pending = { message, atMs: environment.nowMs() };
    pending.set(message.id, entry);
    echo(entry);
    void (async () => {
      // Kept first, sent second: a page that dies in between still has the message.
      await outbox.put(entry);
      await options.beforeSending();
      if (pending.has(message.id)) flush();
      else await outbox.remove(message.id);
    })();
  }

  return {
    async load() {
      for (const entry of await outbox.all()) {
        if (pending.has(entry.message.id)) continue;
        pending.set(entry.message.id, entry);
        echo(entry);
      }
    },
    submit,
    connected() {
      ready = true;
      flush();
    },
    disconnected() {
      ready = held = false;
      cancelHold();
      inFlight.clear();
    },
    stored(id) {
      if (pending.has(id)) forget(id);
    },
    refused(id, error) {
      const entry = pending.get(id);
      if (!entry) return;
      inFlight.delete(id);
      if (error.retryable) {
        // Everything waits, not just this one: the order in which things were said is kept.
        held = true;
        cancelHold();
        const waitMs = Math.min(error.retry_after_ms ?? defaultRetryMs, longestRetryMs);
        cancelHold = environment.after(waitMs, () => {
          held = false;
          inFlight.clear();
          flush();
        });
        return;
      }
      fail(entry, { code: error.code, reason: error.message });
    },
    retry(id) {
      const entry = pending.get(id);
      if (!entry) return;
      const { message, atMs, failure } = entry;
      if (failure?.code === 'id_conflict') {
        forget(id);
        show({ type: 'discard', id });
        return submit({ ...message, id: randomId() });
      }
      const again = { message, atMs };
      pending.set(id, again);
      void outbox.put(again);
      show({ type: 'resend', id });
      flush();
    },
    discard(id) {
      forget(id);
      show({ type: 'discard', id });
    },
    hasPending: () => pending.size > 0,
    clear() {
      pending.clear();
      inFlight.clear();
      cancelHold();
      held = false;
      void outbox.clear();
    },
  };
}
