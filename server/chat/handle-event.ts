/**
 * The chat core: what happens to a connection, and what is to be done about it. Plain functions
 * from a session and an event to a session and effects; nothing here reads a clock, draws a
 * random number, waits or throws.
 */
import { maxFrameBytes } from '../../shared/limits.ts';
import type { ErrorCode } from '../../shared/protocol.ts';
import { closeCodes } from '../../shared/close-codes.ts';
import type { BusEvent } from '../ports.ts';
import type { ChatContext } from './context.ts';
import { conversationLoaded } from './open-conversation.ts';
import { handleFrame } from './handle-frame.ts';
import { messageAppended, refundOf } from './message-appended.ts';
import { catchUp, liveEvent, pageRead } from './deliver.ts';
import type { AsyncEffect, ChatEvent, Effect, Step } from './effects.ts';
import { refuseIfFlooding } from './refuse-flooding.ts';
import type { Session } from './session.ts';
import { showAnswer } from './show-answer.ts';
import { wishLookedUp } from './wish-for-owner.ts';
import { established, toError } from './wire.ts';

/** What an event comes to. Pure but for what `context` is asked. */
export function handleEvent(session: Session, event: ChatEvent, context: ChatContext): Step {
  switch (event.type) {
    case 'opened':
      return {
        session,
        effects: [
          {
            type: 'send',
            message: established(context, session.connectionId, session.lang),
          },
        ],
      };
    case 'frame':
      return handleFrame(session, event.frame, context);
    case 'binary_frame':
      return (
        refuseIfFlooding(session, context, undefined) ??
        refuse(session, context, 'binary_unsupported', {
          say: context.sentences(session.lang).errors.binaryUnsupported,
        })
      );
    case 'frame_too_large': {
      const { frameTooLarge } = context.sentences(session.lang).errors;
      const step = refuse(session, context, 'frame_too_large', {
        say: frameTooLarge(maxFrameBytes),
      });
      return {
        session,
        effects: [
          ...step.effects,
          { type: 'close', code: closeCodes.tooBig, reason: 'frame too large' },
        ],
      };
    }
    case 'frame_refused':
      return refuse(session, context, 'overloaded', {
        say: context.sentences(session.lang).errors.overloaded,
        ref: event.ref,
      });
    case 'live':
      return liveEvent(session, event.event, context);
    case 'answer_grows':
      return showAnswer(session, event.written);
    case 'caught_breath':
      return catchUp(session);
    case 'appended':
      return messageAppended(session, event.request, event.result, context);
    case 'conversation_loaded':
      return conversationLoaded(session, event, context);
    case 'page_read':
      return pageRead(session, event.request, event.page, context);
    case 'erased':
      return {
        session,
        effects: [
          {
            type: 'publish',
            event: { type: 'erased', conversationId: session.conversationId },
          },
        ],
      };
    case 'handed_back':
      return handedBack(session, context);
    case 'feedback_stored':
      return event.known
        ? { session, effects: [{ type: 'publish', event: toFeedbackEvent(session, event) }] }
        : refuse(session, context, 'invalid_message', {
            say: context.sentences(session.lang).errors.unknownAnswer,
            ref: event.id,
            field: 'id',
          });
    case 'read_marked':
      return { session, effects: [] };
    case 'wish_looked_up':
      return wishLookedUp(session, event.conversation, context);
    case 'effect_failed':
      return effectFailed(session, event.effect, event.reason, context);
  }
}

const toFeedbackEvent = (
  { conversationId }: Session,
  { id, value }: Extract<ChatEvent, { type: 'feedback_stored' }>,
): BusEvent => ({ type: 'feedback', conversationId, id, value });

/** The visitor is answered as configured again; whoever asked for it is told in any case. */
function handedBack(session: Session, context: ChatContext): Step {
  const { conversationId } = session;
  const { defaultAnswering: answering } = context;
  const effects: Effect[] = [
    { type: 'publish', event: { type: 'handler', conversationId, answering } },
  ];
  if (session.answering === answering) {
    effects.unshift({ type: 'send', message: { type: 'handler', answering } });
  }
  return { session, effects };
}

/** An error to this client; the connection lives on. */
function refuse(
  session: Session,
  context: ChatContext,
  code: ErrorCode,
  details: { readonly say: string; readonly ref?: string | undefined; readonly field?: string },
): Step {
  const message = toError(code, details.say, context.now(), details);
  return { session, effects: [{ type: 'send', message }] };
}

/**
 * Something could not be stored or read. What was asked for is refused as retryable; a socket
 * that no longer knows its position is closed, so that it comes back and resumes.
 */
function effectFailed(
  session: Session,
  effect: AsyncEffect,
  reason: 'store_unavailable' | 'internal',
  context: ChatContext,
): Step {
  const { errors } = context.sentences(session.lang);
  const ref =
    effect.type === 'append' && effect.command.message.sender === 'visitor'
      ? effect.command.message.id
      : effect.type === 'set_feedback'
        ? effect.id
        : undefined;
  const step = refuse(session, context, reason, {
    say: reason === 'store_unavailable' ? errors.storeUnavailable : errors.internal,
    ref,
  });
  if (effect.type === 'append') {
    return { session, effects: [...step.effects, refundOf(session, effect)] };
  }
  if (effect.type === 'read_messages' && effect.purpose !== 'asked') {
    return {
      session,
      effects: [
        ...step.effects,
        { type: 'close', code: closeCodes.positionLost, reason: 'position lost' },
      ],
    };
  }
  return step;
}
