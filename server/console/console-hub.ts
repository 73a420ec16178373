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
import { createVisitorTyping } from './visitor-typing.ts';
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
  /** The last deletions that it was told of; they may be read again. */
  readonly deletionsTold: Set<string>;
  /** Visitors of whom it is to be told anew. */
  moved: Set<string>;
  movedQueued: boolean;
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
/** More than can come out of one reading. */
const maxDeletionsTold = 2 * maxChanges;

const encode = (event: ConsoleEvent): string => JSON.stringify(event);

export function createConsoleHub(options: ConsoleHubOptions): ConsoleHub {
  const { store, bus, timers, visitors, defaultAnswering, onError } = options;
  const listeners = new Map<string, Listener>();
  const counts = createLiveCounts({
    ...options,
    onChange: (now) => toAll(encode({ type: 'counts', counts: now })),
  });
  const typing = createVisitorTyping(timers, (conversation_id, active) =>
    toAll(encode({ type: 'typing', conversation_id, sender: 'visitor', active })),
  );
  /** Everything up to here was read for those who listen. */
  let cursor = 0;
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
    for (const listener of listeners.values()) tellVisitors(listener, movedVisitors);
    movedVisitors.clear();
    if (!dirty) return;
    dirty = false;
    const from = cursor;
    const before = await store.revision();
    const changes = await store.changedSince({ revision: from, limit: maxChanges });
    const newest = changes.complete ? before : await store.revision();
    await counts.refresh();
    // Somebody came meanwhile who knows less: read again from there.
    if (cursor < from) dirty = true;
    else if (changes.complete) tellChanges(changes, newest);
    else tellToRefresh(newest);
  }

  /** @param upTo - the changes hold everything up to this revision */
  function tellChanges(changes: Awaited<ReturnType<Store['changedSince']>>, upTo: number): void {
    const live = [...listeners.values()].filter(({ position }) => position !== undefined);
    for (const id of changes.deleted) {
      const event = once(() => deletedEvent(id));
      for (const listener of live) tellDeleted(listener, id, event);
    }
    for (const summary of changes.conversations) {
      const event = once(() => conversationEvent(summary));
      for (const listener of live) {
        if (summary.revision <= (listener.position ?? 0)) continue;
        listener.position = summary.revision;
        listener.outbox.sendInOrder(event);
      }
      cursor = Math.max(cursor, summary.revision);
    }
    // A deletion says no revision of its own.
    cursor = Math.max(cursor, upTo);
  }

  function tellToRefresh(newest: number): void {
    cursor = newest;
    for (const listener of listeners.values()) {
      if (listener.position === undefined) continue;
      listener.position = newest;
      listener.outbox.sendInOrder(() => encode({ type: 'refresh' }));
    }
  }

  /** Once: an id that was deleted never comes back. */
  function tellDeleted({ outbox, deletionsTold }: Listener, id: string, event: () => string): void {
    if (deletionsTold.has(id)) return;
    deletionsTold.add(id);
    if (deletionsTold.size > maxDeletionsTold) {
      const [first] = deletionsTold;
      if (first !== undefined) deletionsTold.delete(first);
    }
    outbox.sendInOrder(event);
  }

  /** However many they are, each is told as the outbox has room, as it is by then. */
  function tellVisitors(listener: Listener, ids: Iterable<string>): void {
    for (const id of ids) listener.moved.add(id);
    if (listener.movedQueued || listener.moved.size === 0) return;
    listener.movedQueued = true;
    let batch: Iterator<string> | undefined;
    listener.outbox.sendEachInOrder(() => {
      if (!batch) {
        // Who moves from now on comes behind what waits already.
        batch = listener.moved.values();
        listener.moved = new Set();
        listener.movedQueued = false;
      }
      const { value, done } = batch.next();
      return done ? undefined : visitorEvent(value);
    });
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
    if (listeners.size === 0) return;
    if (event.type === 'typing' && event.sender === 'visitor') {
      typing.heard(event.conversationId, event.active);
      return;
    }
    const told = toConsoleEvent(event);
    // A console knows what it said itself.
    if (told) toAll(encode(told), 'origin' in event ? event.origin : undefined);
    if (event.type === 'message' && event.message.sender === 'visitor') {
      typing.wrote(event.conversationId);
    }
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
    const listener: Listener = {
      ...{ id, outbox, position: undefined },
      ...{ deletionsTold: new Set<string>(), moved: new Set<string>(), movedQueued: false },
    };
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
    tellVisitors(listener, visitors.online());
    // The changes were read after `newest` was: they hold all up to there.
    listener.position = newest;
    if (resumed) {
      for (const id of changes.deleted) tellDeleted(listener, id, () => deletedEvent(id));
      for (const summary of changes.conversations) {
        listener.position = Math.max(newest, summary.revision);
        outbox.sendInOrder(() => conversationEvent(summary));
      }
    }
    const others = [...listeners.values()].some(
      ({ id, position }) => id !== listener.id && position !== undefined,
    );
    cursor = others ? Math.min(cursor, listener.position) : listener.position;
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
