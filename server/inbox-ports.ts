/**
 * The part of the `Store` port that the owner's inbox is made of. What is said there of durability,
 * order and `StoreUnavailable` holds here too.
 */
import type { CannedReply, View } from '../shared/console-protocol.ts';
import type { Answering } from '../shared/protocol.ts';
import type { ConversationSummary, FeedbackValue, NoticeReason, StoredMessage } from './ports.ts';

/** A remark that only the owner sees. */
export interface Note {
  readonly id: string;
  readonly text: string;
  readonly atMs: number;
}

/** What the owner changes of a conversation; what is absent stays as it is. */
export interface ConversationUpdate {
  /**
   * `owner` takes over: no answer is owed any more. `null` hands back to who is configured. With
   * either nobody waits for the owner any longer.
   */
  readonly answering?: Extract<Answering, 'owner'> | null;
  /** Marked done, nobody waits for the owner any longer. */
  readonly done?: boolean;
  /** Of a visitor who is blocked nothing is stored, and no answer is owed any more. */
  readonly blocked?: boolean;
  /** Never goes back, nor beyond the newest message. */
  readonly readByOwner?: number;
}

/** A browser in which the owner is logged in. */
export interface OwnerLogin {
  /** SHA-256 of the cookie's value, hex. */
  readonly idHash: string;
  /** Names the owner's token under which it was opened; another token ends it. */
  readonly tokenMark: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly userAgent: string;
}

/** A browser that takes push messages (Push API). */
export interface PushSubscriptionRow {
  readonly endpoint: string;
  /** Public key of the browser, P-256, base64url. */
  readonly p256dh: string;
  /** Authentication secret, base64url. */
  readonly auth: string;
  readonly createdAtMs: number;
}

/** A notice that was given up. */
export interface FailedNotice {
  readonly noticeId: number;
  readonly conversationId: string;
  readonly channel: string;
  readonly reason: NoticeReason;
  /** When its message was stored. */
  readonly atMs: number;
  readonly attempts: number;
  readonly error: string;
}

/** A place where all the words of a search stand. */
export interface SearchHit {
  readonly conversation: ConversationSummary;
  /** One of both; neither where a name, an e-mail, a user or a page's title or address matched. */
  readonly message?: StoredMessage;
  readonly note?: Note;
  /** The text that was searched, whole. */
  readonly text: string;
}

/** Answers that the owner may want to look at: rated by the visitor, or found in no post. */
export type AnswerList = FeedbackValue | 'not_covered';

/** An answer with what was asked. */
export interface ListedAnswer {
  readonly conversation: ConversationSummary;
  readonly answer: StoredMessage;
  /** The last question that it answers; absent where it answers none that is stored. */
  readonly question?: StoredMessage;
}

/** So many answers of a list are counted at most. */
export const maxCountedAnswers = 9_999;

export interface InboxStore {
  summary(conversationId: string): Promise<ConversationSummary | undefined>;
  /** The newest revision of all. */
  revision(): Promise<number>;
  /** How many conversations each view holds. */
  viewCounts(): Promise<Readonly<Record<View, number>>>;
  /**
   * Conversations changed after a revision, ascending, and the ids of those deleted since.
   * `complete` is false where there are more than `limit`, where old ones were pruned since, or
   * where the revision is above the newest (a restored copy): the lists have to be read anew.
   */
  changedSince(query: { readonly revision: number; readonly limit: number }): Promise<{
    readonly conversations: readonly ConversationSummary[];
    readonly deleted: readonly string[];
    readonly complete: boolean;
  }>;
  /**
   * Changes all in one transaction. `undefined` for an unknown conversation. Nothing is written,
   * and no new revision drawn, where nothing changes.
   */
  updateConversation(
    conversationId: string,
    update: ConversationUpdate,
  ): Promise<ConversationSummary | undefined>;
  /** Ids of all that are blocked. */
  blockedConversations(): Promise<readonly string[]>;

  /** Idempotent by conversation and id. */
  addNote(
    conversationId: string,
    note: Note,
  ): Promise<
    | { readonly status: 'stored' | 'duplicate'; readonly note: Note }
    | { readonly status: 'conflict' | 'unknown' }
  >;
  /** Oldest first. */
  notes(conversationId: string): Promise<readonly Note[]>;
  /** @returns whether there was one */
  deleteNote(conversationId: string, noteId: string): Promise<boolean>;

  /** In the owner's order; empty at first. */
  cannedReplies(): Promise<readonly CannedReply[]>;
  setCannedReplies(replies: readonly CannedReply[]): Promise<void>;

  /**
   * Newest first, by the time of what matched. All words must occur in one message, note or the
   * facts of a conversation, in any order and as parts of words, whatever their case, in any
   * script. MUST NOT hold up the event loop for more than some milliseconds at a time.
   *
   * The time of a message counts as within those at which its conversation was made and last
   * written to, which matters only where the clock was turned back; facts have the time of their
   * conversation's newest message. Pages neither repeat nor skip, except that what is written
   * after the first page may be missed. Rejects with the signal's reason once it is aborted, and
   * finds nothing after a cursor that it did not make.
   *
   * @param query.words - at least one, each not empty; compared after NFKC and lower case
   */
  search(query: {
    readonly words: readonly string[];
    readonly limit: number;
    readonly before?: string;
    readonly signal?: AbortSignal;
  }): Promise<{ readonly hits: readonly SearchHit[]; readonly cursor?: string }>;

  /**
   * Answers of a list, newest first by the time of the answer, so that whoever changes their mind
   * about one does not move it. A cursor that this did not make finds nothing.
   */
  answers(query: {
    readonly list: AnswerList;
    readonly limit: number;
    readonly before?: string;
  }): Promise<{ readonly answers: readonly ListedAnswer[]; readonly cursor?: string }>;
  /** How many answers each list holds that were given since a time, at most `maxCountedAnswers`. */
  answerCounts(sinceMs: number): Promise<Readonly<Record<AnswerList, number>>>;

  /** Newest first, at most `limit`. */
  failedNotices(limit: number): Promise<readonly FailedNotice[]>;
  /** What was given up is due again at once, its attempts counted anew. Returns how many. */
  retryFailedNotices(nowMs: number): Promise<number>;
  /** Forgets what was given up. Returns how many. */
  dismissFailedNotices(): Promise<number>;

  addLogin(login: OwnerLogin): Promise<void>;
  login(idHash: string): Promise<OwnerLogin | undefined>;
  /** Of unknown ones nothing is written. */
  extendLogin(idHash: string, expiresAtMs: number): Promise<void>;
  deleteLogin(idHash: string): Promise<void>;
  /** Log-out everywhere. Returns how many. */
  deleteLogins(): Promise<number>;
  /** Those whose time has come, and beyond `most` those that expire first. */
  forgetLogins(nowMs: number, most?: number): Promise<void>;

  /** Replaces one of the same endpoint. */
  addPushSubscription(subscription: PushSubscriptionRow): Promise<void>;
  pushSubscriptions(): Promise<readonly PushSubscriptionRow[]>;
  deletePushSubscription(endpoint: string): Promise<void>;
}
