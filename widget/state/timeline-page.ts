/**
 * A page and its server, of which the page hears one thing or another, for properties of the
 * timeline. For tests only.
 */
import fc from 'fast-check';
import type { HistoryMessage } from '../../shared/protocol.ts';
import {
  emptyTimeline,
  reduce,
  seqs,
  unreadCount,
  type Timeline,
  type TimelineEvent,
} from './timeline.ts';

export const startMs = 1_700_000_000_000;

/** One step, with a state that cannot be changed under the hands of whoever holds it. */
export function step(state: Timeline, event: TimelineEvent): Timeline {
  const next = reduce(state, event);
  for (const entry of next.entries) Object.freeze(entry);
  Object.freeze(next.entries);
  return Object.freeze(next);
}

export const broadcast = (id: string, atMs: number): TimelineEvent => ({
  type: 'message',
  message: {
    ...{ id, sender: 'owner', message: 'to all', broadcast: true },
    timestamp: new Date(atMs).toISOString(),
  },
});

/** What a page may live through. Numbers choose among what there is. */
export type Step =
  | {
      readonly does: 'say' | 'store' | 'ack' | 'fail' | 'resend' | 'discard';
      readonly which: number;
    }
  | { readonly does: 'other'; readonly by: 'owner' | 'assistant'; readonly heard: boolean }
  | { readonly does: 'hear' | 'read'; readonly which: number }
  | {
      readonly does: 'page';
      readonly from: number;
      readonly length: number;
      readonly resume: boolean;
    }
  | { readonly does: 'delta'; readonly which: number; readonly index: number }
  | { readonly does: 'broadcast'; readonly which: number }
  | { readonly does: 'session'; readonly keep: boolean }
  /** The assistant's answer to some questions in a row, under the id of the last. */
  | {
      readonly does: 'answer';
      readonly which: number;
      readonly covers: number;
      readonly heard: boolean;
    }
  | { readonly does: 'seen' | 'clear' | 'silence' };

const which = fc.nat(9);
export const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constantFrom('say', 'say', 'store', 'ack', 'ack', 'fail', 'resend', 'discard'),
    which,
  }) as fc.Arbitrary<Step>,
  fc.record({
    does: fc.constant('other' as const),
    by: fc.constantFrom('owner' as const, 'assistant' as const),
    heard: fc.boolean(),
  }),
  fc.record({ does: fc.constantFrom('hear' as const, 'read' as const), which }),
  fc.record({
    does: fc.constant('page' as const),
    from: which,
    length: fc.nat(5),
    resume: fc.boolean(),
  }),
  fc.record({ does: fc.constant('delta' as const), which, index: fc.nat(3) }),
  fc.record({
    does: fc.constant('answer' as const),
    which,
    covers: fc.integer({ min: 1, max: 3 }),
    heard: fc.boolean(),
  }),
  fc.record({ does: fc.constant('broadcast' as const), which: fc.nat(2) }),
  fc.record({ does: fc.constant('session' as const), keep: fc.boolean() }),
  fc.constantFrom<Step>(
    ...([{ does: 'seen' }, { does: 'seen' }, { does: 'clear' }, { does: 'silence' }] as const),
  ),
);

export function createPage() {
  const stored: HistoryMessage[] = [];
  /** What was said here and is neither stored nor thrown away. */
  const said = new Set<string>();
  /** Pieces of half-written answers by id, as a server that begins at 0 has sent them. */
  const pieces = new Map<string, string[]>();
  let state = emptyTimeline;
  let count = 0;
  let readUpTo = -1;

  const store = (id: string, sender: 'visitor' | 'owner' | 'assistant'): HistoryMessage => {
    const seq = stored.length + 1;
    const timestamp = new Date(startMs + seq * 1_000).toISOString();
    const message = { id, seq, sender, message: `text of ${id}`, timestamp };
    stored.push(message);
    return message;
  };
  const pick = <Value>(of: readonly Value[], index: number): Value | undefined =>
    of[index % Math.max(1, of.length)];
  const newest = (): number => Math.max(0, ...seqs(state));

  function happen(next: Step): TimelineEvent | undefined {
    switch (next.does) {
      case 'say': {
        const id = `v${(count += 1)}`;
        said.add(id);
        return { type: 'echo', id, text: `text of ${id}`, atMs: 1, kind: undefined };
      }
      case 'store': {
        const id = pick([...said], next.which);
        if (id && !stored.some((one) => one.id === id)) store(id, 'visitor');
        return undefined;
      }
      case 'ack': {
        const own = stored.filter(({ sender }) => sender === 'visitor');
        const message = pick(own, next.which);
        if (!message) return undefined;
        return { type: 'ack', id: message.id, seq: message.seq ?? 0, atMs: startMs };
      }
      case 'fail':
      case 'resend':
      case 'discard': {
        const id = pick([...said], next.which);
        // A message that the server has is never discarded: nobody knows yet, then.
        if (!id || stored.some((one) => one.id === id)) return undefined;
        if (next.does === 'fail') return { type: 'failed', id, reason: 'no' };
        if (next.does === 'discard') said.delete(id);
        return { type: next.does, id };
      }
      case 'other': {
        const id = next.by === 'owner' ? `o${(count += 1)}` : `ai:v${(count += 1)}`;
        if (stored.some((one) => one.id === id)) return undefined;
        const message = store(id, next.by);
        return next.heard ? { type: 'message', message } : undefined;
      }
      case 'hear': {
        const message = pick(stored, next.which);
        return message && { type: 'message', message };
      }
      case 'page': {
        const messages = stored.slice(next.from, next.from + next.length);
        const more = next.resume ? next.from + next.length < stored.length : next.from > 0;
        return { type: 'history', messages, more, resume: next.resume };
      }
      case 'answer': {
        const id = `ai:v${next.which}`;
        if (stored.some((one) => one.id === id)) return undefined;
        const first = Math.max(0, next.which - next.covers + 1);
        const covered = Array.from({ length: next.which - first + 1 }, (_, at) => `v${first + at}`);
        const message = { ...store(id, 'assistant'), answers: covered };
        stored[stored.length - 1] = message;
        return next.heard ? { type: 'message', message } : undefined;
      }
      case 'delta': {
        const id = `ai:v${next.which}`;
        const delta = `${next.index}.${(count += 1)} `;
        const known = next.index === 0 ? [] : [...(pieces.get(id) ?? [])];
        known[next.index] = delta;
        pieces.set(id, known);
        return {
          ...{ type: 'delta', id, inReplyTo: `v${next.which}` },
          ...{ index: next.index, delta, nowMs: startMs },
        };
      }
      case 'silence':
        return { type: 'silenced' };
      case 'broadcast':
        return broadcast(`all-${next.which}`, startMs + next.which * 3_000);
      case 'read': {
        const seq = Math.min(next.which, stored.length);
        readUpTo = Math.max(readUpTo, seq);
        return { type: 'read', sender: 'visitor', seq };
      }
      case 'session':
        if (readUpTo < 0) readUpTo = stored.length;
        return { type: 'session', keep: next.keep, lastSeq: stored.length };
      case 'seen':
        if (unreadCount(state) > 0) readUpTo = Math.max(readUpTo, newest());
        return { type: 'seen' };
      case 'clear':
        // The conversation is erased: the server has nothing left either.
        stored.length = 0;
        said.clear();
        readUpTo = 0;
        return { type: 'clear' };
    }
  }

  return {
    stored,
    said,
    pieces,
    get state() {
      return state;
    },
    get readUpTo() {
      return readUpTo;
    },
    live(next: Step): TimelineEvent | undefined {
      const event = happen(next);
      if (event) state = step(state, event);
      // What is no longer shown begins at nothing.
      for (const id of pieces.keys()) {
        if (!state.entries.some((entry) => entry.id === id && entry.deltas)) pieces.delete(id);
      }
      return event;
    },
  };
}
