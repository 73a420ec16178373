/**
 * One conversation as the owner sees it: a pure reducer. Messages are held by `seq` without a
 * gap; what arrives beyond a gap waits until the gap is read. The owner's own replies stand here
 * from the moment they are sent, under the id with which they may be sent again.
 */
import type { Note, OwnerMessage } from '../../shared/console-protocol.ts';
import type { Sender } from '../../shared/protocol.ts';

export interface Message extends OwnerMessage {
  readonly seq: number;
}

/** A reply or a note of the owner on its way. */
export interface Pending {
  readonly id: string;
  readonly kind: 'reply' | 'note';
  readonly text: string;
  readonly atMs: number;
  /** What the server said where it refused it; absent while it is being sent. */
  readonly failure?: string;
  /** It was tried more than once: the server takes its time, or fails. */
  readonly delayed?: boolean;
}

export interface Conversation {
  readonly id: string;
  /** Ascending, without gaps. */
  readonly messages: readonly Message[];
  /** Beyond a gap; not shown. */
  readonly ahead: readonly Message[];
  /** Older ones exist on the server. */
  readonly more: boolean;
  /** The first page is here. */
  readonly loaded: boolean;
  readonly notes: readonly Note[];
  /** Notes that were deleted; a list read before does not bring them back. */
  readonly deletedNotes: ReadonlySet<string>;
  readonly pending: readonly Pending[];
  /** Who is writing just now. */
  readonly typing: Sender | undefined;
  readonly readByVisitor: number;
  readonly readByOwner: number;
}

export type ConversationAction =
  /** One live message. */
  | { readonly type: 'message'; readonly message: OwnerMessage }
  /** A page as it was read: the newest, those before a `seq`, or those after one. */
  | {
      readonly type: 'page';
      readonly messages: readonly OwnerMessage[];
      readonly more: boolean;
      readonly direction: 'newest' | 'before' | 'after';
    }
  /** What the visitor thinks of an answer. */
  | { readonly type: 'feedback'; readonly id: string; readonly value: 'up' | 'down' }
  /** Messages read again: what is here learns what was thought of them meanwhile. */
  | { readonly type: 'ratings'; readonly messages: readonly OwnerMessage[] }
  | { readonly type: 'notes'; readonly notes: readonly Note[] }
  | { readonly type: 'note'; readonly note: Note }
  | { readonly type: 'note_deleted'; readonly id: string }
  | { readonly type: 'typing'; readonly sender: Sender; readonly active: boolean }
  | { readonly type: 'read'; readonly sender: Sender; readonly seq: number }
  | { readonly type: 'sending'; readonly pending: Pending }
  | { readonly type: 'failed'; readonly id: string; readonly failure: string }
  | { readonly type: 'delayed'; readonly id: string }
  | { readonly type: 'discarded'; readonly id: string }
  /** The server restored an older copy, or the tab was away too long: begin anew. */
  | { readonly type: 'restart' };

export const emptyConversation = (id: string): Conversation => ({
  id,
  messages: [],
  ahead: [],
  more: false,
  loaded: false,
  notes: [],
  deletedNotes: new Set(),
  pending: [],
  typing: undefined,
  readByVisitor: 0,
  readByOwner: 0,
});

/** `seq` up to which the conversation is here without a gap; 0 = nothing. */
export const heldUpTo = ({ messages }: Conversation): number => messages.at(-1)?.seq ?? 0;

/** Whether messages are missing that exist: read what comes after `heldUpTo`. */
export const hasGap = ({ loaded, ahead }: Conversation): boolean => loaded && ahead.length > 0;

const isNumbered = (message: OwnerMessage): message is Message =>
  message.seq !== undefined && message.seq > 0;

const bySeq = (one: Message, other: Message): number => one.seq - other.seq;

function unite(one: readonly Message[], other: readonly Message[]): Message[] {
  const all = new Map<number, Message>();
  for (const message of [...one, ...other]) {
    if (!all.has(message.seq)) all.set(message.seq, message);
  }
  return [...all.values()].sort(bySeq);
}

/** Takes from `ahead` what now follows without a gap. */
function close(
  state: Conversation,
  messages: readonly Message[],
  ahead: readonly Message[],
): Conversation {
  const held = [...messages];
  const beyond: Message[] = [];
  const begin = held.at(0)?.seq ?? Infinity;
  for (const message of ahead.toSorted(bySeq)) {
    const last = held.at(-1)?.seq ?? 0;
    if (message.seq === last + 1) held.push(message);
    else if (message.seq > last && message.seq > begin) beyond.push(message);
    else if (held.length === 0) beyond.push(message);
  }
  const arrived = new Set(held.map(({ id }) => id));
  const pending = state.pending.some(({ id }) => arrived.has(id))
    ? state.pending.filter(({ id }) => !arrived.has(id))
    : state.pending;
  return { ...state, messages: held, ahead: beyond, pending };
}

/** The longest run at the end of a page: what a page with a hole in it still proves. */
function unbroken(messages: readonly Message[]): readonly Message[] {
  let from = messages.length - 1;
  while (from > 0 && messages[from - 1]?.seq === (messages[from]?.seq ?? 0) - 1) from -= 1;
  return messages.slice(Math.max(from, 0));
}

function withPage(
  state: Conversation,
  { messages, more, direction }: Extract<ConversationAction, { type: 'page' }>,
): Conversation {
  const page = unite(messages.filter(isNumbered), []);
  const first = state.messages[0];
  switch (direction) {
    case 'newest': {
      const run = unbroken(page);
      const begin = run[0];
      // It may meet what is here already; a page that does not reach down to it replaces it.
      const meets = first && begin && begin.seq <= heldUpTo(state) + 1;
      const older = meets && first.seq < begin.seq;
      const loaded = {
        ...state,
        loaded: true,
        more: older ? state.more : more || run.length < page.length,
      };
      if (!begin) return close(loaded, state.messages, state.ahead);
      return close(loaded, meets ? unite(state.messages, run) : run, state.ahead);
    }
    case 'before': {
      const joins = first && page.at(-1) && (page.at(-1)?.seq ?? 0) >= first.seq - 1;
      if (page.length === 0) return { ...state, more: false };
      if (!joins) return state;
      const united = unite(unbroken(page), state.messages);
      return { ...state, messages: united, more: more && (united[0]?.seq ?? 1) > 1 };
    }
    case 'after':
      return close(state, state.messages, unite(state.ahead, page));
  }
}

function withNote(state: Conversation, notes: readonly Note[]): Conversation {
  const all = new Map(state.notes.map((note) => [note.id, note]));
  for (const note of notes) if (!state.deletedNotes.has(note.id)) all.set(note.id, note);
  const ids = new Set(all.keys());
  return {
    ...state,
    notes: [...all.values()].sort((one, other) =>
      one.timestamp === other.timestamp
        ? one.id < other.id
          ? -1
          : 1
        : one.timestamp < other.timestamp
          ? -1
          : 1,
    ),
    pending: state.pending.filter(({ id }) => !ids.has(id)),
  };
}

type Rated = Pick<OwnerMessage, 'id' | 'feedback'>;

/** Only what is changed is another object. */
function withRatings(state: Conversation, ratings: readonly Rated[]): Conversation {
  const values = new Map(ratings.map(({ id, feedback }) => [id, feedback]));
  let changed = false;
  const rate = (message: Message): Message => {
    const feedback = values.get(message.id);
    if (feedback === undefined || feedback === message.feedback) return message;
    changed = true;
    return { ...message, feedback };
  };
  const next = { ...state, messages: state.messages.map(rate), ahead: state.ahead.map(rate) };
  return changed ? next : state;
}

export function reduceConversation(state: Conversation, action: ConversationAction): Conversation {
  switch (action.type) {
    case 'message': {
      const { message } = action;
      // Who has said something writes no longer.
      const typing = state.typing === message.sender ? undefined : state.typing;
      if (!isNumbered(message)) return { ...state, typing };
      return close({ ...state, typing }, state.messages, unite(state.ahead, [message]));
    }
    case 'page':
      return withPage(state, action);
    case 'feedback':
      return withRatings(state, [{ id: action.id, feedback: action.value }]);
    case 'ratings':
      return withRatings(state, action.messages);
    case 'notes':
      return withNote(state, action.notes);
    case 'note':
      return withNote(state, [action.note]);
    case 'note_deleted':
      return {
        ...state,
        notes: state.notes.filter(({ id }) => id !== action.id),
        deletedNotes: new Set(state.deletedNotes).add(action.id),
      };
    case 'typing':
      if (action.active) return { ...state, typing: action.sender };
      return state.typing === action.sender ? { ...state, typing: undefined } : state;
    case 'read':
      if (action.sender === 'visitor') {
        return { ...state, readByVisitor: Math.max(state.readByVisitor, action.seq) };
      }
      if (action.sender !== 'owner') return state;
      return { ...state, readByOwner: Math.max(state.readByOwner, action.seq) };
    case 'sending': {
      const { pending } = action;
      if (state.messages.some(({ id }) => id === pending.id)) return state;
      if (state.notes.some(({ id }) => id === pending.id)) return state;
      const others = state.pending.filter(({ id }) => id !== pending.id);
      const all = [...others, pending].sort((one, other) => one.atMs - other.atMs);
      return { ...state, pending: all };
    }
    case 'failed':
      return {
        ...state,
        pending: state.pending.map((one) =>
          one.id === action.id ? { ...one, failure: action.failure } : one,
        ),
      };
    case 'delayed':
      return {
        ...state,
        pending: state.pending.map((one) =>
          one.id === action.id ? { ...one, delayed: true } : one,
        ),
      };
    case 'discarded':
      return { ...state, pending: state.pending.filter(({ id }) => id !== action.id) };
    case 'restart':
      return { ...state, messages: [], ahead: [], more: false, loaded: false };
  }
}
