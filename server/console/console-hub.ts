/**
 * What the owner's inboxes are told of, live. The store is the truth: conversations are read from
 * it by their revision, in whose order every console gets them, so that one that was cut off
 * anywhere has missed nothing up to the newest revision it saw. The bus says only when to look.
 */
import type { ConsoleEvent } from '../../shared/console-protocol.ts';
import type { Answering } from '../../shared/protocol.ts';
import type { Bus, ConversationSummary, OnError, Store, Timers } from '../ports.ts';
import { toConsoleEvent, toVisitorEvent } from './console-events.ts';
import type { ConsoleOutbox } from './console-outbox.ts';
import { createLiveCounts } from './live-counts.ts';
import { toConversationJson } from './summary-json.ts';
import type { Visitors } from './visitors.ts';

export interface ConsoleHubOptions {
  readonly store: Pick<Store, 'revision' | 'viewCounts' | 'changedSince'>;
  readonly bus: Bus;
  readonly timers: Timers;
  readonly visitors: Visitors;
  /** Who answers where nobody decided it in a conversation. */
  readonly defaultAnswering: Answering;
  /** How many clients are connected. */
  connected(): number;
  readonly onError: OnError;
}

/** One console, as far as it is told of things. */
interface Listener {
  readonly id: string;
  readonly outbox: ConsoleOutbox;
  /** It was told of everything up to this revision; `undefined` before its `ready`. */
  position: number | undefined;
}

export interface ConsoleHub {
  /**
   * Tells a console what changed since it knew everything, then what happens.
   *
   * @param revision - up to which it knows everything; absent = it knows nothing
   * @throws what the store throws; the console is then not told of anything
   */
  join(consoleId: string, outbox: ConsoleOutbox, revision: number | undefined): Promise<void>;
  leave(consoleId: string): void;
  close(): void;
}

/** A conversation is told of at most this often, and so is where its visitor is; milliseconds. */
export const flushMs = 50;
/** More changes than this are not told one by one. */
export const maxChanges = 500;
const retryMs = 1_000;

const encode = (event: ConsoleEvent): string => JSON.stringify(event);

export function createConsoleHub(options: ConsoleHubOptions): ConsoleHub {
  const { store, bus, timers, visitors, defaultAnswering, onError } = options;
  const listeners = new Map<string, Listener>();
  const counts = createLiveCounts({
    ...options,
    onChange: (now) => toAll(encode({ type: 'counts', counts: now })),
  });
  /** Everything up to here was read for those who listen. */
  let cursor = 0;
  /** Deleted ones that lie behind the cursor and were told. */
  let deletionsTold: ReadonlySet<string> = new Set();
  let dirty = false;
  let flushing = false;
  const movedVisitors = new Set<string>();
  let cancelFlush: (() => void) | undefined;

  function toAll(text: string, exceptId?: string): void {
    for (const { id, outbox } of listeners.values()) if (id !== exceptId) outbox.send(text);
  }

  // ── what changed ─────────────────────────────────────────────────────────────────────────────

  function flushLater(delayMs = flushMs): void {
    if (listeners.size === 0 || flushing) return;
    cancelFlush ??= timers.after(delayMs, () => {
      cancelFlush = undefined;
      flushing = true;
      flush()
        .then(
          () => flushMs,
          (error: unknown) => {
            dirty = true;
            onError(error, { stage: 'console' });
            return retryMs;
          },
        )
        .then((pauseMs) => {
          flushing = false;
          if (dirty || movedVisitors.size > 0) flushLater(pauseMs);
        })
        .catch((error: unknown) => onError(error, { stage: 'console' }));
    });
  }

  async function flush(): Promise<void> {
    for (const id of movedVisitors) {
      const text = visitorEvent(id);
      for (const { outbox } of listeners.values()) outbox.sendInOrder(() => text);
    }
    movedVisitors.clear();
    if (!dirty) return;
    dirty = false;
    const from = cursor;
    const changes = await store.changedSince({ revision: from, limit: maxChanges });
    const newest = changes.complete ? from : await store.revision();
    await counts.refresh();
    // Somebody came meanwhile who knows less: read again from there.
    if (cursor < from) dirty = true;
    else if (changes.complete) tellChanges(changes);
    else tellToRefresh(newest);
  }

  function tellChanges(changes: Awaited<ReturnType<Store['changedSince']>>): void {
    const live = [...listeners.values()].filter(({ position }) => position !== undefined);
    for (const id of changes.deleted) {
      if (deletionsTold.has(id)) continue;
      const event = once(() => deletedEvent(id));
      for (const { outbox } of live) outbox.sendInOrder(event);
    }
    deletionsTold = new Set(changes.deleted);
    for (const summary of changes.conversations) {
      const event = once(() => conversationEvent(summary));
      for (const listener of live) {
        if (summary.revision <= (listener.position ?? 0)) continue;
        listener.position = summary.revision;
        listener.outbox.sendInOrder(event);
      }
      cursor = Math.max(cursor, summary.revision);
    }
  }

  function tellToRefresh(newest: number): void {
    cursor = newest;
    deletionsTold = new Set();
    for (const listener of listeners.values()) {
      if (listener.position === undefined) continue;
      listener.position = newest;
      listener.outbox.sendInOrder(() => encode({ type: 'refresh' }));
    }
  }

  const conversationEvent = (summary: ConversationSummary): string =>
    encode({
      type: 'conversation',
      conversation: toConversationJson(summary, visitors.live(summary.id), { defaultAnswering }),
      counts: counts.now(),
    });

  const deletedEvent = (id: string): string =>
    encode({ type: 'deleted', conversation_id: id, counts: counts.now() });

  const visitorEvent = (id: string): string => encode(toVisitorEvent(id, visitors.live(id)));

  // ── what happens ─────────────────────────────────────────────────────────────────────────────

  const unsubscribe = bus.subscribe((event) => {
    if (event.type === 'changed' || event.type === 'erased' || event.type === 'pruned') {
      counts.stale();
      dirty = true;
      flushLater();
      return;
    }
    const told = listeners.size === 0 ? undefined : toConsoleEvent(event);
    // A console knows what it said itself.
    if (told) toAll(encode(told), 'origin' in event ? event.origin : undefined);
  });
  const unwatch = visitors.watch((conversationId) => {
    if (listeners.size === 0) return;
    movedVisitors.add(conversationId);
    flushLater();
  });

  // ── who listens ──────────────────────────────────────────────────────────────────────────────

  async function join(
    id: string,
    outbox: ConsoleOutbox,
    revision: number | undefined,
  ): Promise<void> {
    const listener: Listener = { id, outbox, position: undefined };
    listeners.set(id, listener);
    try {
      const newest = await store.revision();
      const changes =
        revision === undefined
          ? undefined
          : await store.changedSince({ revision, limit: maxChanges });
      await counts.refresh();
      if (listeners.get(id) !== listener) return;
      greet(listener, revision, newest, changes);
    } catch (error) {
      leave(id);
      throw error;
    }
  }

  function greet(
    listener: Listener,
    revision: number | undefined,
    newest: number,
    changes: Awaited<ReturnType<Store['changedSince']>> | undefined,
  ): void {
    const { outbox } = listener;
    const resumed = revision !== undefined && changes?.complete === true;
    const from = resumed ? revision : newest;
    outbox.begin(encode({ type: 'ready', revision: from, counts: counts.now() }));
    if (changes && !changes.complete) outbox.sendInOrder(() => encode({ type: 'refresh' }));
    // Who is there has no revision: a console takes everybody for gone until it is told of them.
    for (const id of visitors.online()) outbox.sendInOrder(() => visitorEvent(id));
    listener.position = from;
    if (resumed) {
      for (const id of changes.deleted) outbox.sendInOrder(() => deletedEvent(id));
      for (const summary of changes.conversations) {
        listener.position = summary.revision;
        outbox.sendInOrder(() => conversationEvent(summary));
      }
    }
    const others = [...listeners.values()].some(
      ({ id, position }) => id !== listener.id && position !== undefined,
    );
    cursor = others ? Math.min(cursor, listener.position) : listener.position;
    // What was deleted since the reading was perhaps told to the others alone.
    deletionsTold = new Set();
    dirty = true;
    counts.start();
    flushLater();
  }

  function leave(id: string): void {
    if (!listeners.delete(id) || listeners.size > 0) return;
    cancelFlush?.();
    cancelFlush = undefined;
    movedVisitors.clear();
    counts.stop();
  }

  return {
    join,
    leave,
    close() {
      unsubscribe();
      unwatch();
      for (const id of [...listeners.keys()]) leave(id);
    },
  };
}

/** Makes a text when it is first asked for, for all consoles that get the same. */
function once(make: () => string): () => string {
  let text: string | undefined;
  return () => (text ??= make());
}
