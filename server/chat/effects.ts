import type { ClientMessage, Hello, ServerMessage } from '../../shared/protocol.ts';
import type { DecodeError } from '../../shared/codec.ts';
import type { CloseCode } from '../../shared/close-codes.ts';
import type { Result } from '../../shared/result.ts';
import type {
  AppendCommand,
  AppendResult,
  BusEvent,
  Conversation,
  FeedbackValue,
  MessagePage,
  MessageRange,
} from '../ports.ts';
import type { NoticeTurn } from './context.ts';
import type { HalfWritten } from './half-written.ts';
import type { Session } from './session.ts';

/** What reaches the core. */
export type ChatEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'frame'; readonly frame: Result<ClientMessage, DecodeError> }
  | { readonly type: 'binary_frame' }
  | { readonly type: 'frame_too_large' }
  /** Frames came faster than they could be handled; this one was not read. */
  | { readonly type: 'frame_refused'; readonly ref: string | undefined }
  /** Something happened in this conversation, or to everybody. */
  | { readonly type: 'live'; readonly event: BusEvent }
  /** More of an answer can be read. */
  | { readonly type: 'answer_grows'; readonly written: HalfWritten }
  /** The socket takes messages again after it had lagged behind. */
  | { readonly type: 'caught_breath' }
  // What effects came to:
  | { readonly type: 'appended'; readonly request: AppendMessage; readonly result: AppendResult }
  | {
      readonly type: 'conversation_loaded';
      readonly request: LoadConversation;
      /** Absent where it was erased, or nothing was asked for. */
      readonly conversationId: string | undefined;
      /** Absent where nothing was stored under that id yet. */
      readonly conversation: Conversation | undefined;
      /** Whether the store still holds what the client saw; true where it does not say when. */
      readonly positionHolds: boolean;
    }
  | { readonly type: 'page_read'; readonly request: ReadMessages; readonly page: MessagePage }
  | { readonly type: 'erased' }
  | { readonly type: 'handed_back' }
  /** `known` is false where there is no such answer. */
  | {
      readonly type: 'feedback_stored';
      readonly id: string;
      readonly value: FeedbackValue;
      readonly known: boolean;
    }
  | { readonly type: 'read_marked' }
  /** `conversation` is absent where nothing is stored of it any more. */
  | { readonly type: 'wish_looked_up'; readonly conversation: Conversation | undefined }
  /** An effect could not be done; `internal` where the fault is ours. */
  | {
      readonly type: 'effect_failed';
      readonly effect: AsyncEffect;
      readonly reason: 'store_unavailable' | 'internal';
    };

/** Finds the conversation of a `hello`. */
export interface LoadConversation {
  readonly type: 'load_conversation';
  readonly hello: Hello;
  /** The token's conversation, or a verified user's: the first of theirs that was not erased. */
  readonly of: { readonly conversationId: string } | { readonly user: string };
}

export interface ReadMessages {
  readonly type: 'read_messages';
  readonly conversationId: string;
  readonly range: MessageRange;
  /** `resume`: history after `session`; `catch_up`: what a live socket missed; `asked`: `history_request`. */
  readonly purpose: 'resume' | 'catch_up' | 'asked';
}

export interface AppendMessage {
  readonly type: 'append';
  readonly command: AppendCommand;
  /** The turn that its notices take; absent where none was counted. */
  readonly noticeTurn?: NoticeTurn;
}

/** Effects whose outcome comes back as an event; the connection's next frame waits for it. */
export type AsyncEffect =
  | AppendMessage
  | LoadConversation
  | ReadMessages
  | { readonly type: 'erase'; readonly conversationId: string }
  /** Who answers is as configured again. */
  | { readonly type: 'hand_back'; readonly conversationId: string }
  | {
      readonly type: 'set_feedback';
      readonly conversationId: string;
      readonly id: string;
      readonly value: FeedbackValue;
    }
  | { readonly type: 'mark_read'; readonly conversationId: string; readonly seq: number }
  /** Looks how a conversation stands in which the visitor asks for the owner once more. */
  | { readonly type: 'look_up_wish'; readonly conversationId: string };

/** What the core asks for. */
export type Effect =
  | AsyncEffect
  | { readonly type: 'send'; readonly message: ServerMessage }
  | { readonly type: 'close'; readonly code: CloseCode; readonly reason: string }
  /** Live events of this conversation come here from now on, and of no other. */
  | { readonly type: 'join'; readonly conversationId: string }
  | { readonly type: 'publish'; readonly event: BusEvent }
  /** Work is owed and may be begun. */
  | { readonly type: 'begin_answer'; readonly command: AppendCommand; readonly seq: number }
  | { readonly type: 'begin_notices' }
  /** A message was not stored, or was there already: it counts as a frame like any other. */
  | {
      readonly type: 'refund_message';
      readonly conversationId: string;
      readonly address: string;
      /** What was counted for its notices. */
      readonly noticeTurn: NoticeTurn | undefined;
    };

/** What an event comes to: the session as it is now, and what is to be done, in this order. */
export interface Step {
  readonly session: Session;
  readonly effects: readonly Effect[];
}
