/**
 * The ports: everything the chat core needs from outside, each small. Adapters stand in
 * `transports/`, `stores/`, `buses/`, `answerers/`, `notifiers/`; `start-server.ts` alone chooses
 * among them. MUST, MUST NOT and MAY are meant as in RFC 2119; each port has one contract suite
 * that every adapter passes. Here stand time, the store, the bus and who is there; the others in
 * `transport-ports.ts`, `answerer-ports.ts`, `notifier-ports.ts`, `inbox-ports.ts`, `spend-port.ts`.
 */
import type { View, WaitingReason } from '../shared/console-protocol.ts';
import type { Answering, Citation, Page, Sender } from '../shared/protocol.ts';
import type { Answer } from './answerer-ports.ts';
import type { InboxStore, Note } from './inbox-ports.ts';
import type { SpendStore } from './spend-port.ts';

// ── time and names ───────────────────────────────────────────────────────────────────────────

/** The wall clock, in Unix milliseconds. MAY jump; nothing may rely on it ascending. */
export interface Clock {
  now(): number;
}

/** One-shot timers that a test can drive. A timer MUST NOT keep the process alive. */
export interface Timers {
  /** Calls back once after `delayMs` milliseconds; returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** Where failures go that no caller can handle. MUST NOT throw. */
export type OnError = (error: unknown, where: { readonly stage: string }) => void;

// ── store ────────────────────────────────────────────────────────────────────────────────────

/** A message as it is stored; times are Unix milliseconds of the server's clock. */
export interface StoredMessage {
  readonly id: string;
  readonly seq: number;
  readonly sender: Sender;
  readonly text: string;
  readonly atMs: number;
  readonly kind?: 'contact_request';
  readonly inReplyTo?: string;
  readonly answers?: readonly string[];
  readonly citations?: readonly Citation[];
  /** Of the assistant's: what came of the question. Absent where it was stored without. */
  readonly outcome?: AnswerOutcome;
  /** Of the assistant's: what the visitor thinks of it. Absent where they did not say. */
  readonly feedback?: FeedbackValue;
}

/** What a visitor thinks of an answer: that it helped, or not. */
export type FeedbackValue = 'up' | 'down';

/**
 * What came of a question: the answerer's word, or `human_request` where the visitor asked for a
 * person, `failed` where no answer could be made.
 */
export type AnswerOutcome = Answer['outcome'] | 'human_request' | 'failed';

/** A message on its way to the store, which gives it its `seq`. */
export interface NewMessage {
  readonly id: string;
  readonly sender: Sender;
  readonly text: string;
  readonly atMs: number;
  /** The client's own time as it was sent, kept beside the server's. */
  readonly clientTimestamp?: string;
  readonly kind?: 'contact_request';
  readonly inReplyTo?: string;
  readonly answers?: readonly string[];
  readonly citations?: readonly Citation[];
  readonly outcome?: AnswerOutcome;
  /** What came with a contact request, kept for the owner. */
  readonly contact?: Contact;
}

/** What a visitor left so that the owner can come back to them. */
export interface Contact {
  readonly name?: string;
  readonly email?: string;
  readonly userAgent?: string;
  readonly page?: Page;
}

/** What is known of a conversation. */
export interface Conversation {
  readonly id: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** `seq` of the newest message; 0 for none. */
  readonly lastSeq: number;
  /** Who answers, where somebody decided it; absent = as the server is configured. */
  readonly answering?: Answering;
  readonly lang?: string;
  readonly userAgent?: string;
  readonly page?: Page;
  /** `user` of a verified identity. */
  readonly user?: string;
  readonly name?: string;
  readonly email?: string;
  /** `seq` up to which each side has read; 0 for nothing. */
  readonly readByVisitor: number;
  readonly readByOwner: number;
  /** Ascends over all conversations with every change to any of them; gaps are fine. */
  readonly revision: number;
  /**
   * `done` where it is marked so, else `waiting` where there is a reason, else `mine` where
   * `answering` is `owner`, else `assistant`.
   */
  readonly view: View;
  /** Why the owner is waited for; absent where nobody waits. */
  readonly waiting?: WaitingReason;
  readonly blocked: boolean;
}

/** Written with a conversation's first message; later values replace the earlier ones where given. */
export interface ConversationFacts {
  readonly lang?: string;
  readonly userAgent?: string;
  readonly page?: Page;
  readonly user?: string;
  readonly name?: string;
  readonly email?: string;
  readonly answering?: Answering;
}

/** Who holds owed work, and until when (Unix milliseconds): after that anybody may take it. */
export interface Lease {
  readonly holder: string;
  readonly untilMs: number;
}

/** Stores one message and, in the same transaction, all that it causes. */
export interface AppendCommand {
  readonly conversationId: string;
  readonly facts?: ConversationFacts;
  readonly message: NewMessage;
  /** An answer is owed to this message, held from the start by this lease. */
  readonly owedAnswer?: Lease;
  /** Whether that answer may cover other questions too: the client said `hello`. Default false. */
  readonly combinable?: boolean;
  /** One notice to the owner is owed on each of these channels, not before its time. */
  readonly owedNotices?: readonly NewNotice[];
  /**
   * These are owed too where the message before this one, as stored, is an answer that came to
   * `not_covered`: the sender may not have heard of it yet, or no more remember it.
   */
  readonly noticesAfterNotCovered?: readonly NewNotice[];
  /**
   * This message is the answer to `message.inReplyTo`: what was owed for `message.answers`, or
   * else for it, is done. Where any of it is owed no more, nothing is written: no question is
   * covered by two answers.
   */
  readonly settlesAnswer?: boolean;
  /**
   * Why the owner is waited for from this message on. `assistant_unsure` and `visitor_message`
   * do not replace `human_request` and `contact_request`; otherwise the newer one counts.
   */
  readonly waiting?: WaitingReason;
  /**
   * What the message causes instead of `owedAnswer`, `owedNotices`, `noticesAfterNotCovered` and
   * `waiting` where the conversation's `answering`, as stored before it, is `owner` or `nobody`: the sender may not
   * have heard yet that somebody took over.
   */
  readonly unlessAssistant?: {
    readonly owedNotices?: readonly NewNotice[];
    readonly waiting?: WaitingReason;
  };
  /**
   * The owner writes and answers from now on: `answering` becomes `owner`, nobody waits any
   * longer, the owner has read everything up to here, and no answer is owed any more.
   */
  readonly takesOver?: boolean;
}

export interface NewNotice {
  /** Names the configured channel; stable over restarts. */
  readonly channel: string;
  readonly notBeforeMs: number;
  readonly reason: NoticeReason;
}

export type NoticeReason = 'contact_request' | 'human_request' | 'visitor_message';

export type AppendResult =
  | {
      readonly status: 'stored';
      readonly message: StoredMessage;
      /** Whether an answer is owed under the lease of the command. */
      readonly leased: boolean;
      /** Who answers in the conversation now, as stored. */
      readonly answering?: Answering;
    }
  /** The id is known with the same text, sender and kind: nothing was written. */
  | { readonly status: 'duplicate'; readonly message: StoredMessage }
  /** The id is known with another text, sender or kind: nothing was written. */
  | { readonly status: 'conflict' }
  /** The conversation was erased: nothing was written, its id is void. */
  | { readonly status: 'erased' }
  /** The owner blocked the visitor, whose message this is: nothing was written. */
  | { readonly status: 'blocked' }
  /** `settlesAnswer` of what is not owed: somebody took over meanwhile. Nothing was written. */
  | {
      readonly status: 'not_owed';
      /** Those of several questions that are owed an answer still; absent for none. */
      readonly stillOwed?: readonly string[];
    };

export interface MessagePage {
  /** Ascending `seq`, without gaps. */
  readonly messages: readonly StoredMessage[];
  /** Whether more lie beyond this page in the direction it was read. */
  readonly more: boolean;
}

/** Which messages of a conversation: the first after a `seq`, or the last before one. */
export type MessageRange =
  | { readonly afterSeq: number; readonly limit: number; readonly maxBytes: number }
  | { readonly beforeSeq: number; readonly limit: number; readonly maxBytes: number };

/** An answer that is owed to a visitor's message. */
export interface OwedAnswer {
  readonly conversationId: string;
  readonly questionId: string;
  readonly questionSeq: number;
  readonly text: string;
  /** Whether one answer may cover it together with others, as the client said `hello`. */
  readonly combinable: boolean;
  readonly lang?: string;
  readonly page?: Page;
  /** `Question.visitor`; never stored, so absent where another process began the answer. */
  readonly visitor?: string;
}

/** A notice that is owed to the owner. */
export interface OwedNotice {
  readonly noticeId: number;
  readonly channel: string;
  readonly reason: NoticeReason;
  /** Deliveries tried before this one. */
  readonly attempts: number;
  readonly createdAtMs: number;
  readonly conversationId: string;
  readonly message: StoredMessage;
  readonly contact: Contact;
  readonly lang?: string;
}

/** So many unread messages are counted at most: a summary costs the same however many there are. */
export const maxUnread = 999;
/** So many of the newest messages are looked through for the visitor's newest. */
export const newestLookedAt = 20;

export interface ConversationSummary extends Conversation {
  readonly lastMessage?: StoredMessage;
  /**
   * The visitor's newest message, where the owner is waited for and somebody else wrote after it;
   * looked for among the newest 20.
   */
  readonly lastVisitorMessage?: StoredMessage;
  /** Messages of the visitor after `readByOwner`, at most `maxUnread`: then there may be more. */
  readonly unread: number;
  /** Answers that the visitor found of no help, at most `maxUnread`; absent for none. */
  readonly ratedDown?: number;
  /** Notices about it that were given up, and why the last one failed. */
  readonly failedNotices?: { readonly count: number; readonly error: string };
}

/** What is owed on one channel, and not given up. */
export interface ChannelOwed {
  readonly channel: string;
  /** At least 1. */
  readonly notices: number;
  /** When the message of the oldest one was stored; Unix milliseconds. */
  readonly oldestMs: number;
}

export interface OwedWork {
  readonly answers: number;
  readonly notices: number;
  readonly failedNotices: number;
}

/**
 * The truth. Every promise that writes resolves after the write is on durable storage, and
 * rejects with `StoreUnavailable` where it is not known to be: the caller then acknowledges
 * nothing.
 *
 * Writes that are asked for in one turn of the event loop SHOULD become one transaction.
 * Promises of one turn MUST resolve in the order of the calls. Reads MUST see every write that
 * has resolved.
 */
export interface Store extends InboxStore, SpendStore {
  readonly name: string;
  /**
   * Names the stretch of history that this process writes; another one after every start. A
   * client that comes back with the epoch under which it reached a `seq` finds out whether the
   * store still holds what it saw, or was restored from a copy that had not come so far.
   */
  readonly epoch: string;
  /**
   * Whether the message that stands at `seq` of this conversation is the one that stood there
   * in `epoch`. False for an epoch that this history does not know, and where nothing stands.
   */
  positionHolds(conversationId: string, position: { seq: number; epoch: string }): Promise<boolean>;
  /** 32 random bytes under this name, made when first asked for and the same ever after. */
  secret(name: string): Promise<Uint8Array>;

  /**
   * Stores a message with the next `seq` of its conversation, which is made if need be.
   * MUST be idempotent by `conversationId` and `message.id`. `leased` is false where an earlier
   * answer of the conversation is owed under another holder's lease: then somebody else answers.
   * A new message of the visitor makes a conversation that was done not done.
   */
  append(command: AppendCommand): Promise<AppendResult>;

  conversation(id: string): Promise<Conversation | undefined>;
  /** The conversation of a verified user. */
  conversationOfUser(user: string): Promise<string | undefined>;
  /** Whether this id belonged to a conversation that was erased. */
  isErased(id: string): Promise<boolean>;
  messages(conversationId: string, range: MessageRange): Promise<MessagePage>;
  /**
   * Newest first by `updatedAtMs`; `before` is the `cursor` of the page before. `view` and `user`
   * leave out the others.
   */
  conversations(query: {
    readonly limit: number;
    readonly before?: string;
    readonly view?: View;
    readonly user?: string;
  }): Promise<{ readonly conversations: readonly ConversationSummary[]; readonly cursor?: string }>;

  /**
   * The visitor hands back: answered as configured from now on, and nobody waits for the owner
   * as far as that was a wish for a person. Unknown conversations are ignored.
   */
  handBack(conversationId: string): Promise<void>;
  /** Moves a read mark forward, never back. Unknown conversations are ignored. */
  markRead(conversationId: string, reader: 'visitor' | 'owner', seq: number): Promise<void>;
  /**
   * What the visitor thinks of an answer; the last word counts. Nothing is written, and no new
   * revision drawn, where it was said before.
   *
   * @returns whether there is such a message of the assistant, of a visitor who is not blocked
   */
  setFeedback(conversationId: string, messageId: string, value: FeedbackValue): Promise<boolean>;
  /** Deletes a conversation, its messages and what is owed for it; its id is void from now on. */
  erase(conversationId: string): Promise<void>;
  /** Deletes whole conversations last written to before this time. Returns how many. */
  prune(beforeMs: number): Promise<number>;

  /**
   * Answers owed whose lease has run out, oldest question first, and leases them. MUST NOT hand
   * out a question while an earlier one of the same conversation is held by another holder.
   */
  claimAnswers(claim: {
    readonly lease: Lease;
    readonly nowMs: number;
    readonly limit: number;
  }): Promise<readonly OwedAnswer[]>;
  /** Notices of a channel that are due and not leased, oldest first, and leases them. */
  claimNotices(claim: {
    readonly channel: string;
    readonly lease: Lease;
    readonly nowMs: number;
    readonly limit: number;
  }): Promise<readonly OwedNotice[]>;
  /** These were delivered. */
  noticesDone(noticeIds: readonly number[], nowMs: number): Promise<void>;
  /** These failed: due again at `retryAtMs`, or given up where it is undefined. */
  noticesFailed(
    noticeIds: readonly number[],
    failure: { readonly retryAtMs: number | undefined; readonly error: string },
  ): Promise<void>;
  /** When notices of this channel were last delivered for a conversation, newest last, since a time. */
  noticesSentSince(
    channel: string,
    sinceMs: number,
  ): Promise<readonly { readonly conversationId: string; readonly atMs: number }[]>;

  /** Every channel on which notices are owed, leased and postponed ones too, in any order. */
  channelsOwed(): Promise<readonly ChannelOwed[]>;

  owedWork(): Promise<OwedWork>;
  /** Rejects where nothing can be stored now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** The store could not write or read; nothing of the failed call may be acknowledged. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

// ── bus ──────────────────────────────────────────────────────────────────────────────────────

/** Something that happened and that other sockets, here or on another instance, may care about. */
export type BusEvent =
  | {
      readonly type: 'message';
      readonly conversationId: string;
      readonly message: StoredMessage;
      /** The connection that sent it and was acknowledged; absent where none did. */
      readonly origin?: string;
    }
  /** A piece of an answer that is being written; `index` 0 begins it, or begins it anew. */
  | {
      readonly type: 'delta';
      readonly conversationId: string;
      readonly id: string;
      readonly inReplyTo: string;
      readonly index: number;
      readonly delta: string;
    }
  | {
      readonly type: 'typing';
      readonly conversationId: string;
      readonly sender: Sender;
      readonly active: boolean;
      readonly origin?: string;
    }
  | {
      readonly type: 'read';
      readonly conversationId: string;
      readonly sender: Sender;
      readonly seq: number;
      readonly origin?: string;
    }
  | {
      readonly type: 'handler';
      readonly conversationId: string;
      readonly answering: Answering;
      /** The visitor wished it: what was asked before it is answered all the same. */
      readonly wished?: true;
    }
  | { readonly type: 'erased'; readonly conversationId: string }
  /** The owner blocked the visitor. */
  | { readonly type: 'blocked'; readonly conversationId: string }
  /** The owner came or went. */
  | { readonly type: 'presence'; readonly online: boolean }
  // For inboxes; visitors are told nothing of these:
  /** Something of this conversation was written. */
  | { readonly type: 'changed'; readonly conversationId: string }
  /** A visitor said what they think of an answer; `id` is the answer's. */
  | {
      readonly type: 'feedback';
      readonly conversationId: string;
      readonly id: string;
      readonly value: FeedbackValue;
    }
  | { readonly type: 'note'; readonly conversationId: string; readonly note: Note }
  | { readonly type: 'note_deleted'; readonly conversationId: string; readonly id: string }
  | { readonly type: 'canned_replies' }
  /** Old conversations were deleted, too many to name. */
  | { readonly type: 'pruned' }
  | {
      readonly type: 'replaced';
      readonly conversationId: string;
      readonly tab: string;
      /** The newer connection, which stays. */
      readonly by: string;
    }
  | {
      readonly type: 'broadcast';
      readonly id: string;
      readonly text: string;
      readonly atMs: number;
    };

/**
 * Live events between connections. A hint, never the truth: events MAY be lost or arrive out of
 * order, and what is missed is read from the store. MUST deliver to subscribers of this process
 * at once, in the order of `publish`.
 */
export interface Bus {
  publish(event: BusEvent): void;
  /** Every event from now on; returns what ends it. */
  subscribe(listener: (event: BusEvent) => void): () => void;
  close(): Promise<void>;
}

// ── who is there ─────────────────────────────────────────────────────────────────────────────

/** Told of who is connected, for the inbox. MUST NOT throw. */
export interface VisitorWatch {
  /** A client of this conversation is here; again where its page or conversation changed. */
  joined(visitor: {
    readonly connectionId: string;
    readonly conversationId: string;
    readonly page?: Page;
  }): void;
  left(connectionId: string): void;
}
