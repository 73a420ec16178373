/**
 * What a chaos run writes down: what every client did and saw, and what the store holds in the
 * end. The checker knows nothing else; it never talks to the server.
 */

/** Something that one client did or saw, in the order in which it happened to that client. */
export type HistoryEvent =
  /** The visitor pressed send; from now on it must not be lost. */
  | {
      readonly type: 'typed';
      readonly id: string;
      readonly text: string;
      readonly kind: 'chat_message' | 'contact_request';
    }
  /** A session began. `askedFrom` is the `last_seq` that the client named, if any. */
  | {
      readonly type: 'session';
      readonly conversationId: string;
      readonly resumed: boolean;
      readonly lastSeq: number;
      readonly askedFrom?: number;
    }
  | {
      readonly type: 'acknowledged';
      readonly id: string;
      readonly seq: number;
      readonly duplicate: boolean;
    }
  /** A message arrived with a `seq`, live or as a part of history. */
  | {
      readonly type: 'received';
      readonly id: string;
      readonly seq: number;
      readonly sender: string;
      readonly text: string;
      readonly via: 'live' | 'history';
    }
  /** The server refused for good; the client gave the message up. */
  | { readonly type: 'refused'; readonly id: string; readonly code: string }
  | { readonly type: 'closed'; readonly code: number };

export interface ClientHistory {
  readonly client: string;
  /** Spoke without `hello`: never told its conversation, and sends nothing again. */
  readonly plain?: boolean;
  readonly events: readonly HistoryEvent[];
}

/** What a page of a browser shows when all is quiet, from top to bottom. */
export interface PageView {
  readonly page: string;
  readonly conversationId: string;
  readonly entries: readonly { readonly sender: string; readonly text: string }[];
  /** Texts that were typed on this page or on another of the same visitor. */
  readonly typed: readonly string[];
  /** Texts that the page still shows as sending or failed. */
  readonly unsent: readonly string[];
}

/** A message as the store holds it. */
export interface StoredEntry {
  readonly seq: number;
  readonly id: string;
  readonly sender: string;
  readonly text: string;
  readonly kind?: string;
  readonly inReplyTo?: string;
  readonly answers?: readonly string[];
}

export interface StoredConversation {
  readonly id: string;
  readonly messages: readonly StoredEntry[];
}

export interface Run {
  readonly clients: readonly ClientHistory[];
  readonly pages: readonly PageView[];
  readonly stored: readonly StoredConversation[];
}
