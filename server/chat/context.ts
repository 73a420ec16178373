import type { Answering, Identity, OwnerPresence } from '../../shared/protocol.ts';
import type { Sentences } from '../lang/sentences.ts';

/** Everything impure or configured that the core uses. */
export interface ChatContext {
  /** Unix milliseconds. */
  now(): number;
  /** A fresh id that no one can guess, of the shape that clients' ids have. */
  newId(): string;
  sentences(lang: string): Sentences;
  readonly tokens: Tokens;
  /** Checks signed identities; absent where no secret is configured: they are then ignored. */
  readonly identities: Identities | undefined;
  readonly limits: Limits;
  owner(): OwnerPresence;
  /** Who answers where nobody decided otherwise. */
  readonly defaultAnswering: Answering;
  /** Channels on which the owner is told just now. */
  channels(): readonly string[];
  /** Whether a text is a wish to talk to a person. */
  isHumanRequest(text: string): boolean;
  /** Holder of the leases on answers that this instance owes. */
  readonly leaseHolder: string;
  readonly leaseMs: number;
  /** Names the stretch of history that this process writes, as the store does. */
  readonly epoch: string;
  /** Base for relative citations where the client has no page: `https://chat.example.com`. */
  publicUrl(): string;
}

/** Proofs of who a visitor is. */
export interface Tokens {
  sign(conversationId: string, nowMs: number): string;
  /** The conversation a token is good for; `undefined` where it was not signed here or is too old. */
  verify(token: string, nowMs: number): string | undefined;
}

export interface Identities {
  isValid(identity: Identity, nowMs: number): boolean;
  /** The id of a user's conversation; `generation` counts those that were erased before it. */
  conversationId(user: string, generation: number): string;
}

/** How much anybody may send. Each `take` counts one and returns how long to wait: 0 = go ahead. */
export interface Limits {
  takeMessage(conversationId: string, address: string, nowMs: number): number;
  refundMessage(conversationId: string, address: string, nowMs: number): void;
  takeFrame(connectionId: string, nowMs: number): number;
  /** How long a connection has to wait for its next frame, without counting one. */
  frameWait(connectionId: string, nowMs: number): number;
  /**
   * When the notices of one more message are due, so that no address can crowd out others: never
   * refused, only later. Counts one.
   */
  noticeTurn(of: NoticeSource, nowMs: number): NoticeTurn;
  /** A turn was counted in vain. */
  refundNotice(turn: NoticeTurn): void;
}

/** What notices are counted by. */
export interface NoticeSource {
  /**
   * `wish` for the owner: each takes a turn of its address. `chatter` of a conversation: what is
   * written until its turn comes shares it, and takes nothing from wishes.
   */
  readonly kind: 'wish' | 'chatter';
  readonly address: string;
  readonly conversationId: string;
}

export interface NoticeTurn extends NoticeSource {
  /** Unix milliseconds. */
  readonly dueMs: number;
}
