/** The port to whoever answers visitors' questions. The words MUST, SHOULD and MAY are as in `ports.ts`. */
import type { Citation, Page, Sender } from '../shared/protocol.ts';

/** What a visitor asked, with all that may help to answer. */
export interface Question {
  readonly text: string;
  /** BCP 47; the language of server sentences of this visitor. */
  readonly lang: string;
  /** Absent where nothing is stored (`POST /ask`). */
  readonly conversationId?: string;
  /** Earlier messages, oldest first, without the question. */
  readonly history: readonly { readonly sender: Sender; readonly text: string }[];
  /** Questions asked just before `text` that this answer covers too, oldest first. */
  readonly burst?: readonly string[];
  readonly page?: Page;
  /**
   * Stands for who asks over all their conversations, such as their address (`limitKey`): limits
   * on spending count by it. MUST NOT be logged or stored as it is. Absent where nothing tells.
   */
  readonly visitor?: string;
}

export interface Answer {
  /** Plain text or Markdown; never empty. Citations are not repeated in it. */
  readonly text: string;
  /** Best first, one a post, at most three; empty for small talk and where nothing was found. */
  readonly citations: readonly Citation[];
  /** `found` in the posts, `smalltalk`, or honestly `not_covered`. */
  readonly outcome: 'found' | 'smalltalk' | 'not_covered';
}

/** Where an answer is shown while it is being written. Neither call throws. */
export interface AnswerProgress {
  /** The next piece of the text. All pieces together SHOULD become `Answer.text`, which counts. */
  delta(text: string): void;
  /** What was shown so far is void: the answer begins anew. */
  restart(): void;
}

/** What a language model cost today, in UTC, and what it may. */
export interface AnswererUsage {
  readonly model: string;
  readonly tokensToday: number;
  /** Infinity for no limit. */
  readonly tokensPerDay: number;
  /** Answers that a limit kept from the model today, since the server started. */
  readonly guardedToday: number;
}

/**
 * From question to answer. MAY reject: the visitor then gets a polite sentence and the failure
 * is logged. MUST stop when the signal aborts.
 */
export interface Answerer {
  readonly name: string;
  /** How many earlier messages it wants to see in `Question.history`; none where absent. */
  readonly historyMessages?: number;
  /** Whether one answer may cover several questions of a burst, `Question.burst`. Default false. */
  readonly combines?: boolean;
  /** How long it may take to answer, in milliseconds, where the usual time does not do. */
  readonly timeoutMs?: number;
  answer(
    question: Question,
    options: {
      readonly signal: AbortSignal;
      /** Absent where nobody watches the answer being written. */
      readonly progress?: AnswerProgress;
    },
  ): Promise<Answer>;
  /** What answers cost, for the owner; absent where they cost nothing. Rejects as the store does. */
  usage?(): Promise<AnswererUsage>;
  /** What the log line at start says: `577 posts, 2,310 passages`. */
  describe(): string;
  /** Resolves when the first question can be answered; rejects with why it cannot be yet. */
  ready(): Promise<void>;
  close(): Promise<void>;
}
