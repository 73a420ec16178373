/**
 * Replies and notes on their way. Each is kept on the device until the server has acknowledged
 * it, and sent again under the same id until then, so that neither a cut line nor a reload loses
 * or doubles one. Those of one conversation go in the order in which they were written.
 */
import { isAbort, Failure } from './failure.ts';
import type { Keep } from './keep.ts';
import type { Pending } from './state/conversation.ts';

export interface Outgoing extends Pending {
  readonly conversationId: string;
}

export interface OutboxOptions {
  readonly keep: Keep;
  /** Resolves when the server has stored it. */
  send(outgoing: Outgoing): Promise<void>;
  onSent(outgoing: Outgoing): void;
  /** The server refused it, with a reason: it is kept until it is tried again or discarded. */
  onRefused(outgoing: Outgoing, error: Failure): void;
  /** It was tried more than once and is not stored yet; it is tried on. */
  onDelayed?(outgoing: Outgoing): void;
  /** Default: `setTimeout`. */
  readonly after?: (delayMs: number, callback: () => void) => void;
  readonly random?: () => number;
}

export interface Outbox {
  add(outgoing: Outgoing): void;
  /** Those not acknowledged, in the order in which they were written. */
  of(conversationId: string): readonly Outgoing[];
  retry(id: string): void;
  discard(id: string): void;
  /** The line is back: what waits is tried now. */
  wake(): void;
  /** Drops all; at a log-out. */
  clear(): void;
}

const prefix = 'reply:';
const maxDelayMs = 30_000;

function readOutgoing(value: string): Outgoing | undefined {
  try {
    const read = JSON.parse(value) as Partial<Outgoing> | null;
    if (typeof read !== 'object' || read === null) return undefined;
    const { id, kind, text, atMs, conversationId, failure } = read;
    if (typeof id !== 'string' || typeof text !== 'string') return undefined;
    if (typeof conversationId !== 'string' || typeof atMs !== 'number') return undefined;
    if (kind !== 'reply' && kind !== 'note') return undefined;
    const outgoing = { id, kind, text, atMs, conversationId };
    return typeof failure === 'string' ? { ...outgoing, failure } : outgoing;
  } catch {
    return undefined;
  }
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { keep } = options;
  const random = options.random ?? Math.random;
  const after =
    options.after ?? ((ms: number, callback: () => void) => void setTimeout(callback, ms));
  const waiting = new Map<string, Outgoing>();
  const busy = new Set<string>();
  const attempts = new Map<string, number>();
  let round = 0;

  const inOrder = (): Outgoing[] =>
    [...waiting.values()].sort((one, other) => one.atMs - other.atMs);
  const put = (outgoing: Outgoing): void => {
    waiting.set(outgoing.id, outgoing);
    keep.set(prefix + outgoing.id, JSON.stringify(outgoing));
  };
  const drop = (id: string): Outgoing | undefined => {
    const outgoing = waiting.get(id);
    waiting.delete(id);
    keep.set(prefix + id, undefined);
    return outgoing;
  };

  /** Sends what waits in a conversation, one after the other, until one fails. */
  async function flush(conversationId: string): Promise<void> {
    if (busy.has(conversationId)) return;
    busy.add(conversationId);
    const mine = round;
    let next: Outgoing | undefined;
    try {
      for (;;) {
        next = inOrder().find(
          (one) => one.conversationId === conversationId && one.failure === undefined,
        );
        if (!next) break;
        await options.send(next);
        if (mine !== round) return;
        attempts.delete(conversationId);
        if (drop(next.id)) options.onSent(next);
      }
    } catch (error) {
      if (mine === round && next) onFailure(next, error);
    } finally {
      if (mine === round) busy.delete(conversationId);
    }
  }

  function delay(conversationId: string): void {
    for (const one of waiting.values()) {
      if (one.conversationId !== conversationId || one.failure !== undefined) continue;
      const delayed = { ...one, delayed: true };
      waiting.set(one.id, delayed);
      options.onDelayed?.(delayed);
    }
  }

  function onFailure(failed: Outgoing, error: unknown): void {
    const { conversationId } = failed;
    if (isAbort(error)) return;
    if (error instanceof Failure && error.kind === 'refused') {
      if (waiting.has(failed.id)) {
        const { delayed: _delayed, ...sent } = failed;
        const refused = { ...sent, failure: error.detail ?? '' };
        put(refused);
        options.onRefused(refused, error);
      }
      after(0, () => void flush(conversationId));
      return;
    }
    // After a new log-in `wake` is called.
    if (error instanceof Failure && error.kind === 'logged-out') return;
    const attempt = attempts.get(conversationId) ?? 0;
    attempts.set(conversationId, attempt + 1);
    if (attempt > 0) delay(conversationId);
    const asked = error instanceof Failure ? (error.retryAfterS ?? 0) * 1_000 : 0;
    const backOff = Math.min(maxDelayMs, 1_000 * 2 ** attempt) * (0.5 + random() / 2);
    after(Math.max(asked, backOff), () => void flush(conversationId));
  }

  function wake(): void {
    for (const id of new Set([...waiting.values()].map((one) => one.conversationId))) {
      void flush(id);
    }
  }

  for (const [name, value] of keep.all(prefix)) {
    const outgoing = readOutgoing(value);
    if (outgoing) waiting.set(outgoing.id, outgoing);
    else keep.set(name, undefined);
  }

  return {
    add(outgoing) {
      put(outgoing);
      void flush(outgoing.conversationId);
    },
    of: (id) => inOrder().filter(({ conversationId }) => conversationId === id),
    retry(id) {
      const outgoing = waiting.get(id);
      if (!outgoing) return;
      const { failure: _failure, ...again } = outgoing;
      put(again);
      void flush(again.conversationId);
    },
    discard: (id) => void drop(id),
    wake,
    clear() {
      round += 1;
      busy.clear();
      for (const id of waiting.keys()) keep.set(prefix + id, undefined);
      waiting.clear();
    },
  };
}
