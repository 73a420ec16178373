/** The port to the owner: notices, and the ways they take. The words MUST and MAY are as in `ports.ts`. */
import type { Contact, NoticeReason } from './ports.ts';

/** What the owner is told. One notice MAY join several messages of one conversation. */
export interface Notice {
  /** The same over retries, so that a receiver can drop doubles. */
  readonly id: string;
  readonly reason: NoticeReason;
  readonly conversationId: string;
  /** Where the owner reads and answers: `PUBLIC_URL/console#/c/<id>`. */
  readonly url: string;
  /** The visitor's language, BCP 47. */
  readonly lang?: string;
  /** What the limits of this channel hold back just now, of other visitors too; it follows. */
  readonly heldBack?: { readonly messages: number; readonly sinceMs: number };
  readonly messages: readonly {
    readonly id: string;
    readonly seq: number;
    /** The visitor's words; empty where they asked for a person without any. */
    readonly text: string;
    readonly atMs: number;
    readonly contact: Contact;
  }[];
}

/** The channel refused or did not answer. `retryAfterMs` where it said when to come back. */
export class NoticeFailed extends Error {
  override readonly name = 'NoticeFailed';
  readonly retryAfterMs: number | undefined;
  /** Whether trying again can help; false ends the retries. */
  readonly retryable: boolean;
  constructor(
    message: string,
    options: { retryable?: boolean; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable ?? true;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** One way to reach the owner. */
export interface Notifier {
  /** Names the channel in the store and in logs; stable over restarts, without secrets. */
  readonly channel: string;
  /** Resolves when the channel has taken the notice; rejects with `NoticeFailed`, or anything. */
  notify(notice: Notice, options: { readonly signal: AbortSignal }): Promise<void>;
  close(): Promise<void>;
}
