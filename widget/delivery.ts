/**
 * Sees to it that what the visitor sent arrives once: keeps it on the device until the server
 * has acknowledged it, and sends it again, under the same id, whenever a session begins or the
 * server asked to wait. Knows what other tabs are sending, and leaves that to them.
 */
import { maxFrameBytes, maxMessageChars } from '../shared/limits.ts';
import type { ClientMessage, ErrorMessage } from '../shared/protocol.ts';
import type { Environment } from './environment.ts';
import { isFor, maxPending, maxPendingChars, type Pending } from './outbox.ts';
import { randomId } from './random-id.ts';
import type { TimelineEvent } from './state/timeline.ts';
import type { Visitor } from './visitor.ts';

export interface DeliveryOptions {
  /** Names this tab in what it keeps. */
  readonly tab: string;
  readonly environment: Environment;
  put(pending: Pending): Promise<void>;
  remove(id: string): void;
  /** @returns false where there is no session now */
  send(message: ClientMessage): boolean;
  show(event: TimelineEvent): void;
  /** Whose messages are sent, and in which conversation. */
  readonly visitor: Pick<Visitor, 'user' | 'conversation' | 'replaced' | 'kept' | 'settle'>;
}

export interface Delivery {
  /**
   * Takes over what is kept now. What this tab sends and is not among it, the device has lost.
   *
   * @param adopts - whether this tab sends what that one began
   */
  take(kept: readonly Pending[], adopts: (tab: string) => boolean): void;
  /** @returns false where no more may wait: the message is not taken */
  submit(message: Pending['message']): boolean;
  /** The session stands and its history has arrived. */
  connected(): void;
  disconnected(): void;
  /** The server has this message. */
  stored(id: string): void;
  refused(id: string, error: ErrorMessage): void;
  /**
   * The user is another.
   *
   * @param signedIn - it is who typed here, and was nobody in particular until now
   */
  meet(signedIn: boolean): void;
  /** @returns whether it has another id from now on */
  retry(id: string): boolean;
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
  const { environment, show, visitor, tab: self } = options;
  const pending = new Map<string, Pending>();
  const inFlight = new Set<string>();
  /** Not on the device yet. */
  const unkept = new Set<string>();
  /** Settled here, though a slower look at the device may still show it. */
  const settled = new Set<string>();
  /** Typed on this page. */
  const here = new Set<string>();
  let ready = false;
  let held = false;
  let cancelHold = (): void => undefined;

  /** It may be stored in a conversation that this tab has left, or somebody else was meant. */
  const strays = ({ conversation, user }: Pending): boolean =>
    conversation && visitor.conversation
      ? conversation !== visitor.conversation && conversation !== visitor.replaced
      : user !== visitor.user;

  const waits = (entry: Pending): boolean =>
    entry.tab === self &&
    !entry.failure &&
    !inFlight.has(entry.message.id) &&
    isFor(entry, visitor.user) &&
    !strays(entry);

  async function flush(): Promise<void> {
    if (![...pending.values()].some(waits) || !ready || !(await visitor.settle())) return;
    const { conversation } = visitor;
    for (const entry of pending.values()) {
      if (!waits(entry) || unkept.has(entry.message.id)) continue;
      if (entry.conversation !== conversation) void keep({ ...entry, conversation });
    }
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

  function reflect(entry: Pending): void {
    const { message, atMs, failure } = entry;
    const { id, message: text, type } = message;
    if (!isFor(entry, visitor.user)) return show({ type: 'discard', id });
    show({ type: 'echo', id, text, atMs, kind: type === 'contact_request' ? type : undefined });
    if (failure || strays(entry)) show({ type: 'failed', id, reason: failure?.reason ?? '' });
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
    // Each later than the one before, whatever the clock says: by this they are ordered.
    let atMs = environment.nowMs();
    for (const waiting of pending.values()) {
      chars += waiting.message.message.length;
      atMs = Math.max(atMs, waiting.atMs + 1);
    }
    if (pending.size >= maxPending || chars > maxPendingChars) return false;
    here.add(message.id);
    const { user } = visitor;
    // About to be sent there; otherwise it is noted before it is.
    const conversation = ready && visitor.kept ? visitor.conversation : undefined;
    void keep({ message, atMs, tab: self, user, conversation });
    return true;
  }

  function meet(signedIn: boolean): void {
    for (const entry of pending.values()) {
      const { message, tab, user, conversation } = entry;
      const mine = tab === self && here.has(message.id) && user === undefined && !conversation;
      if (signedIn && mine) void keep({ ...entry, user: visitor.user });
      else reflect(entry);
    }
  }

  return {
    meet,
    take(kept, adopts) {
      const ids = new Set(kept.map(({ message }) => message.id));
      for (const [id, entry] of pending) {
        if (ids.has(id) || unkept.has(id)) continue;
        if (entry.tab === self) {
          void keep(entry);
          continue;
        }
        drop(id);
        show({ type: 'discard', id });
      }
      for (const entry of kept) {
        const { id } = entry.message;
        // Before a write of this tab, which is on its way, the device looked as it did then: two
        // tabs that adopt the same message would each believe that the other one sends it.
        if (settled.has(id) || unkept.has(id)) continue;
        if (adopts(entry.tab) && isFor(entry, visitor.user)) void keep({ ...entry, tab: self });
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
      meet(false);
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
      if (!entry) return false;
      const { message } = entry;
      if (entry.failure?.code !== 'id_conflict' && !strays(entry)) {
        const { failure: _over, ...again } = entry;
        void keep({ ...again, tab: self });
        return false;
      }
      settle(id);
      show({ type: 'discard', id });
      submit({ ...message, id: randomId() });
      return true;
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
