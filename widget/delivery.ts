/**
 * Sees to it that what the visitor sent arrives once: keeps it on the device until the server
 * has acknowledged it, and sends it again, under the same id, whenever a session begins or the
 * server asked to wait. Knows what other tabs are sending, and leaves that to them.
 */
import { maxFrameBytes, maxMessageChars } from '../shared/limits.ts';
import type { ClientMessage, ErrorMessage } from '../shared/protocol.ts';
import type { Environment } from './environment.ts';
import { maxPending, maxPendingChars, type Pending } from './outbox.ts';
import { randomId } from './random-id.ts';
import type { TimelineEvent } from './state/timeline.ts';

export interface DeliveryOptions {
  /** Names this tab in what it keeps. */
  readonly tab: string;
  readonly environment: Environment;
  put(pending: Pending): Promise<void>;
  remove(id: string): void;
  /** @returns false where there is no session now */
  send(message: ClientMessage): boolean;
  show(event: TimelineEvent): void;
  /** Settles which conversation a message belongs to. @returns whether this session is the one */
  settle(): Promise<boolean>;
}

export interface Delivery {
  /**
   * Takes over what is kept now.
   *
   * @param adopts - whether this tab sends what that one began
   * @param complete - whether what is not among it has been settled elsewhere
   */
  take(kept: readonly Pending[], adopts: (tab: string) => boolean, complete: boolean): void;
  /** @returns false where no more may wait: the message is not taken */
  submit(message: Pending['message']): boolean;
  /** The session stands and its history has arrived. */
  connected(): void;
  disconnected(): void;
  /** The server has this message. */
  stored(id: string): void;
  refused(id: string, error: ErrorMessage): void;
  retry(id: string): void;
  discard(id: string): void;
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
  const { environment, show, tab: self } = options;
  const pending = new Map<string, Pending>();
  const inFlight = new Set<string>();
  /** Not on the device yet. */
  const unkept = new Set<string>();
  /** Settled here, though a slower look at the device may still show it. */
  const settled = new Set<string>();
  let ready = false;
  let held = false;
  let cancelHold = (): void => undefined;

  const waits = ({ message: { id }, tab, failure }: Pending): boolean =>
    tab === self && !failure && !inFlight.has(id);

  async function flush(): Promise<void> {
    if (![...pending.values()].some(waits) || !ready || !(await options.settle())) return;
    for (const entry of pending.values()) {
      const { message } = entry;
      if (!waits(entry)) continue;
      // Kept first, sent second: a page that dies in between still has the message.
      if (!ready || held || unkept.has(message.id)) return;
      if (message.message.length > longestSent) {
        fail(entry, { code: 'message_too_long', reason: `> ${maxMessageChars}` });
        continue;
      }
      if (!options.send(message)) return;
      inFlight.add(message.id);
    }
  }

  const fail = (entry: Pending, failure: NonNullable<Pending['failure']>): void =>
    void keep({ ...entry, failure });

  function reflect({ message, atMs, failure }: Pending): void {
    const { id, message: text, type } = message;
    show({ type: 'echo', id, text, atMs, kind: type === 'contact_request' ? type : undefined });
    if (failure) show({ type: 'failed', id, reason: failure.reason });
    else show({ type: 'resend', id });
  }

  async function keep(entry: Pending): Promise<void> {
    const { id } = entry.message;
    pending.set(id, entry);
    unkept.add(id);
    const kept = options.put(entry);
    reflect(entry);
    await kept;
    unkept.delete(id);
    if (settled.has(id)) options.remove(id);
    else await flush();
  }

  function drop(id: string): void {
    pending.delete(id);
    inFlight.delete(id);
  }

  function settle(id: string): void {
    drop(id);
    settled.add(id);
    options.remove(id);
  }

  function submit(message: Pending['message']): boolean {
    let chars = message.message.length;
    for (const waiting of pending.values()) chars += waiting.message.message.length;
    if (pending.size >= maxPending || chars > maxPendingChars) return false;
    void keep({ message, atMs: environment.nowMs(), tab: self });
    return true;
  }

  return {
    take(kept, adopts, complete) {
      const ids = new Set(kept.map(({ message }) => message.id));
      for (const [id, { tab }] of pending) {
        if (ids.has(id) || unkept.has(id) || (tab === self && !complete)) continue;
        drop(id);
        show({ type: 'discard', id });
      }
      for (const entry of kept) {
        const { id } = entry.message;
        // Before a write of this tab, which is on its way, the device looked as it did then: two
        // tabs that adopt the same message would each believe that the other one sends it.
        if (settled.has(id) || unkept.has(id)) continue;
        if (adopts(entry.tab)) void keep({ ...entry, tab: self });
        else if (entry.tab !== self || !pending.has(id)) {
          pending.set(id, entry);
          reflect(entry);
        }
      }
      void flush();
    },
    submit,
    connected() {
      ready = true;
      void flush();
    },
    disconnected() {
      ready = held = false;
      cancelHold();
      inFlight.clear();
    },
    stored(id) {
      // What another tab sent is removed by that tab once it knows.
      if (pending.get(id)?.tab === self) settle(id);
      else drop(id);
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
          void flush();
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
        settle(id);
        show({ type: 'discard', id });
        submit({ ...message, id: randomId() });
      } else void keep({ message, atMs, tab: self });
    },
    discard(id) {
      settle(id);
      show({ type: 'discard', id });
    },
    clear() {
      pending.clear();
      inFlight.clear();
      cancelHold();
      held = false;
    },
  };
}
