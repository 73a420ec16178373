/**
 * The conversation as it is shown: a pure reducer over everything that can be heard or done.
 * The order and repetition in which an echo, its acknowledgement, live messages and pages of
 * history arrive make no difference to the result.
 */
import type { Citation, HistoryMessage, Sender } from '../../shared/protocol.ts';
import { growingEntry, withoutGivenUp, withoutUnfinished } from './timeline-deltas.ts';
import { inOrder } from './timeline-order.ts';

export type Delivery = 'sending' | 'sent' | 'failed';

/** One thing in the conversation. Entries are never changed, only replaced. */
export interface Entry {
  readonly id: string;
  /** The server's number; `undefined` for what it has not stored. */
  readonly seq: number | undefined;
  readonly sender: Sender;
  readonly text: string;
  /** Unix milliseconds; 0 where the time cannot be read. */
  readonly atMs: number;
  /** `contact_request`; `notice` for a sentence of the widget, whose `text` is then its key. */
  readonly kind: string | undefined;
  readonly citations: readonly Citation[];
  /** Ids of the questions that this answers. */
  readonly answers: readonly string[];
  readonly delivery: Delivery;
  /** Why it failed, in the server's words. */
  readonly failure: string | undefined;
  /** Pieces of an answer that is still being written. */
  readonly deltas: readonly string[] | undefined;
  readonly broadcast: boolean;
  /** A broadcast that was looked at. */
  readonly seen: boolean;
  /** Acknowledged while this page was open, so that its answer is still awaited. */
  readonly acknowledged: boolean;
}

export interface Timeline {
  readonly entries: readonly Entry[];
  /** Whether the server has older messages. */
  readonly more: boolean;
  /** The page awaited next is the newest there is, not a continuation. */
  readonly fresh: boolean;
  /** Acknowledgements of messages that are not known here. */
  readonly orphans: ReadonlyMap<string, { readonly seq: number; readonly atMs: number }>;
  readonly typing: Sender | undefined;
  /** `seq` up to which the owner, and the visitor, have read; −1 = not known. */
  readonly readByOwner: number;
  readonly readByVisitor: number;
}

export type TimelineEvent =
  /** What the visitor said, shown before anybody has confirmed it. */
  | {
      readonly type: 'echo';
      readonly id: string;
      readonly text: string;
      readonly atMs: number;
      readonly kind: string | undefined;
    }
  | { readonly type: 'ack'; readonly id: string; readonly seq: number; readonly atMs: number }
  | { readonly type: 'message'; readonly message: HistoryMessage }
  | {
      readonly type: 'delta';
      readonly id: string;
      readonly inReplyTo: string;
      readonly index: number;
      readonly delta: string;
      readonly nowMs: number;
    }
  | {
      readonly type: 'history';
      readonly messages: readonly HistoryMessage[];
      readonly more: boolean;
      readonly resume: boolean;
    }
  /** A session began; `keep` = what is shown goes on where it stood. */
  | {
      readonly type: 'session';
      readonly keep: boolean;
      /** Whether its conversation is not the one that was shown. */
      readonly another?: boolean;
      readonly lastSeq: number;
    }
  | { readonly type: 'failed'; readonly id: string; readonly reason: string }
  | { readonly type: 'resend'; readonly id: string }
  | { readonly type: 'discard'; readonly id: string }
  | { readonly type: 'typing'; readonly sender: Sender; readonly active: boolean }
  | { readonly type: 'read'; readonly sender: Sender; readonly seq: number }
  /** The assistant writes no more: what is half written will not be finished. */
  | { readonly type: 'silenced' }
  /** Everything shown has been looked at. */
  | { readonly type: 'seen' }
  | { readonly type: 'notice'; readonly id: string; readonly key: string }
  | { readonly type: 'clear' };

export const emptyTimeline: Timeline = {
  entries: [],
  more: false,
  fresh: true,
  orphans: new Map(),
  typing: undefined,
  readByOwner: 0,
  readByVisitor: -1,
};

const blank: Omit<Entry, 'id' | 'sender' | 'text' | 'atMs'> = {
  seq: undefined,
  kind: undefined,
  citations: [],
  answers: [],
  delivery: 'sent',
  failure: undefined,
  deltas: undefined,
  broadcast: false,
  seen: false,
  acknowledged: false,
};

const find = (state: Timeline, id: string): Entry | undefined =>
  state.entries.find((entry) => entry.id === id);

function put(state: Timeline, entry: Entry): Timeline {
  const entries = find(state, entry.id)
    ? state.entries.map((old) => (old.id === entry.id ? entry : old))
    : [...state.entries, entry];
  return { ...state, entries: inOrder(entries) };
}

const withoutOthers = (state: Timeline, id: string): Timeline => ({
  ...state,
  entries: state.entries.filter((entry) => !entry.deltas || entry.id === id),
});

const change = (state: Timeline, id: string, to: (entry: Entry) => Entry): Timeline => {
  const entry = find(state, id);
  return entry ? put(state, to(entry)) : state;
};

function fromServer(message: HistoryMessage, old: Entry | undefined): Entry {
  return {
    ...blank,
    id: message.id,
    seq: message.seq ?? old?.seq,
    sender: message.sender,
    text: message.message,
    atMs: Date.parse(message.timestamp) || 0,
    kind: message.kind,
    citations: message.citations ?? [],
    answers: message.answers ?? (message.in_reply_to ? [message.in_reply_to] : []),
    broadcast: message.broadcast === true,
    seen: old?.seen ?? false,
    acknowledged: old?.acknowledged ?? false,
  };
}

function withMessages(state: Timeline, messages: readonly HistoryMessage[]): Timeline {
  const byId = new Map(state.entries.map((entry) => [entry.id, entry]));
  for (const message of messages) byId.set(message.id, fromServer(message, byId.get(message.id)));
  return { ...state, entries: inOrder(withoutGivenUp([...byId.values()])) };
}

function withHistory(state: Timeline, event: TimelineEvent & { type: 'history' }): Timeline {
  const before = oldestSeq(state);
  const next = withMessages(state, event.messages);
  const first = oldestSeq(next);
  // `more` of a resumed page announces the next page; of any other, older messages.
  const tellsOfOlder = event.resume ? state.fresh : event.messages.length === 0 || first !== before;
  const more = tellsOfOlder ? event.more : state.more;
  return { ...next, more: more && first !== 1, fresh: event.resume ? false : state.fresh };
}

/** What becomes of the conversation when this happens. Unknown ids change nothing. */
export function reduce(state: Timeline, event: TimelineEvent): Timeline {
  switch (event.type) {
    case 'echo': {
      if (find(state, event.id)) return state;
      const { id, text, atMs, kind } = event;
      const entry: Entry = {
        ...blank,
        id,
        sender: 'visitor',
        text,
        atMs,
        kind,
        delivery: 'sending',
      };
      const ack = state.orphans.get(id);
      return put(state, ack ? { ...entry, ...ack, delivery: 'sent', acknowledged: true } : entry);
    }
    case 'ack': {
      const { id, seq, atMs } = event;
      const old = find(state, id);
      if (!old) return { ...state, orphans: new Map(state.orphans).set(id, { seq, atMs }) };
      return put(state, {
        ...old,
        seq: old.seq ?? seq,
        atMs: old.seq === undefined ? atMs : old.atMs,
        delivery: 'sent',
        failure: undefined,
        acknowledged: true,
      });
    }
    case 'message': {
      const { sender } = event.message;
      const next = withMessages(state, [event.message]);
      return sender === state.typing ? { ...next, typing: undefined } : next;
    }
    case 'delta': {
      const entry = growingEntry(blank, state.entries, find(state, event.id), event);
      if (!entry) return state;
      // One answer is written at a time: what was begun before another begins is given up.
      return put(event.index === 0 ? withoutOthers(state, event.id) : state, entry);
    }
    case 'history':
      return withHistory(state, event);
    case 'session': {
      const { keep, another, lastSeq } = event;
      // With nothing of another conversation shown, there is nothing to take away.
      // What was half written comes again from its beginning, or whole.
      const left = withoutUnfinished(state.entries);
      const entries =
        keep || newestSeq(state) === 0
          ? left
          : left.filter(({ delivery, broadcast }) => delivery !== 'sent' || broadcast);
      return {
        ...state,
        entries,
        fresh: !keep,
        more: keep && state.more,
        typing: undefined,
        ...(another ? { orphans: new Map(), readByOwner: 0 } : {}),
        // Nobody has read what a server does not have, or has no more.
        readByVisitor:
          another || state.readByVisitor < 0 ? lastSeq : Math.min(state.readByVisitor, lastSeq),
      };
    }
    case 'failed':
      return change(state, event.id, (entry) =>
        entry.seq === undefined ? { ...entry, delivery: 'failed', failure: event.reason } : entry,
      );
    case 'resend':
      return change(state, event.id, (entry) =>
        entry.seq === undefined ? { ...entry, delivery: 'sending', failure: undefined } : entry,
      );
    case 'discard':
      return {
        ...state,
        entries: state.entries.filter(({ id, seq }) => id !== event.id || seq !== undefined),
      };
    case 'typing':
      if (event.active) return { ...state, typing: event.sender };
      return state.typing === event.sender ? { ...state, typing: undefined } : state;
    case 'read':
      if (event.sender === 'owner') {
        return { ...state, readByOwner: Math.max(state.readByOwner, event.seq) };
      }
      if (event.sender !== 'visitor') return state;
      return { ...state, readByVisitor: Math.max(state.readByVisitor, event.seq) };
    case 'silenced':
      return { ...state, entries: withoutUnfinished(state.entries) };
    case 'seen':
      if (unreadCount(state) === 0) return state;
      return {
        ...state,
        readByVisitor: Math.max(state.readByVisitor, newestSeq(state)),
        entries: state.entries.map((entry) => (entry.broadcast ? { ...entry, seen: true } : entry)),
      };
    case 'notice': {
      // Who comes stands before what they came with: a reply brings the owner.
      const joins = event.key === 'ownerAnswers';
      const atMs = Math.max(
        0,
        ...state.entries.map((entry) =>
          entry.seq && !(joins && entry.sender === 'owner') ? entry.atMs : 0,
        ),
      );
      return put(state, {
        ...blank,
        id: event.id,
        sender: 'system',
        text: event.key,
        atMs,
        kind: 'notice',
      });
    }
    case 'clear':
      return { ...emptyTimeline, readByVisitor: 0 };
  }
}

/** Numbers of all that is stored, ascending. */
export const seqs = (state: Timeline): number[] =>
  state.entries.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));

/** Where older messages end; `undefined` while none is known. */
export const oldestSeq = (state: Timeline): number | undefined => seqs(state)[0];

/** The highest `seq` known; 0 for none. */
export const newestSeq = (state: Timeline): number => seqs(state).at(-1) ?? 0;

/** Messages of others that were not looked at. */
export const unreadCount = (state: Timeline): number =>
  state.entries.filter((entry) => {
    if (entry.sender === 'visitor' || entry.kind === 'notice' || entry.deltas) return false;
    if (entry.seq === undefined) return entry.broadcast && !entry.seen;
    return state.readByVisitor >= 0 && entry.seq > state.readByVisitor;
  }).length;
