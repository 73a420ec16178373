/** A message came back from the store. */
import { closeCodes } from '../../shared/close-codes.ts';
import type { AppendResult, StoredMessage } from '../ports.ts';
import type { ChatContext } from './context.ts';
import { conversationFacts } from './conversation-facts.ts';
import { acknowledge } from './deliver.ts';
import type { AppendMessage, Effect, Step } from './effects.ts';
import type { Acknowledgement, Session } from './session.ts';
import { withoutShown } from './show-answer.ts';
import { toAcknowledgement, toError } from './wire.ts';

export function messageAppended(
  session: Session,
  request: AppendMessage,
  result: AppendResult,
  context: ChatContext,
): Step {
  switch (result.status) {
    case 'stored':
      return stored(session, request, result, context);
    case 'duplicate': {
      const ack = acknowledgementOf(result.message);
      return {
        session: { ...session, hasStored: true },
        effects: [
          { type: 'send', message: toAcknowledgement(session, ack, context, true) },
          refundOf(session, request),
        ],
      };
    }
    case 'conflict': {
      const { idConflict } = context.sentences(session.lang).errors;
      const details = { ref: request.command.message.id, field: 'id' };
      const message = toError('id_conflict', idConflict, context.now(), details);
      return { session, effects: [{ type: 'send', message }, refundOf(session, request)] };
    }
    case 'erased':
      return beginAnew(session, request, context);
    case 'blocked':
      return {
        session,
        effects: [{ type: 'close', code: closeCodes.forbidden, reason: 'blocked' }],
      };
    case 'not_owed':
      // Of answers only.
      return { session, effects: [] };
  }
}

/**
 * The conversation was erased or pruned while this socket was open. A client that resumes comes
 * back, is given another and sends again what was not acknowledged; one without `hello` would
 * not, so its conversation is replaced under it.
 */
function beginAnew(session: Session, request: AppendMessage, context: ChatContext): Step {
  if (session.kind === 'hello') {
    return {
      session,
      effects: [
        refundOf(session, request),
        { type: 'close', code: closeCodes.positionLost, reason: 'conversation erased' },
      ],
    };
  }
  const fresh: Session = {
    ...session,
    conversationId: context.newId(),
    cursor: 0,
    missedSeq: 0,
    hasStored: false,
  };
  const { command } = request;
  const facts = { ...conversationFacts(fresh), ...command.facts };
  const again = { ...command, conversationId: fresh.conversationId, facts };
  return { session: fresh, effects: [{ ...request, command: again }] };
}

function stored(
  session: Session,
  { command }: AppendMessage,
  result: Extract<AppendResult, { status: 'stored' }>,
  context: ChatContext,
): Step {
  const { conversationId } = command;
  const { message, leased } = result;
  const joined: Effect[] =
    session.kind === 'plain' && !session.hasStored ? [{ type: 'join', conversationId }] : [];
  const after: Effect[] = [
    {
      type: 'publish',
      event: {
        type: 'message',
        conversationId,
        message,
        // The acknowledgement tells the sender; a system message comes to everybody alike.
        ...(message.sender === 'visitor' ? { origin: session.connectionId } : {}),
      },
    },
  ];
  if (command.facts?.answering !== undefined) {
    const { answering } = command.facts;
    const event = { type: 'handler', conversationId, answering, wished: true } as const;
    after.push({ type: 'publish', event });
  }
  if (leased) after.push({ type: 'begin_answer', command, seq: message.seq });
  const owed = [
    ...(command.owedNotices ?? []),
    ...(command.noticesAfterNotCovered ?? []),
    ...((leased ? undefined : command.unlessAssistant?.owedNotices) ?? []),
  ];
  if (owed.length > 0) after.push({ type: 'begin_notices' });
  const now: Session = {
    ...session,
    hasStored: true,
    ...(command.waiting === 'human_request' ? { wishedAtMs: message.atMs } : {}),
  };
  if (message.sender !== 'visitor') return { session: now, effects: [...joined, ...after] };
  const acknowledged = acknowledge(now, acknowledgementOf(message), context);
  const corrected = correctHandler(acknowledged.session, result, context);
  return {
    session: corrected.session,
    effects: [...joined, ...acknowledged.effects, ...corrected.effects, ...after],
  };
}

/**
 * Tells the client who answers, where the store knows it otherwise. What was heard while the
 * message was being stored is newer than what the store said of it.
 */
function correctHandler(
  session: Session,
  result: Extract<AppendResult, { status: 'stored' }>,
  context: ChatContext,
): Step {
  const answering = result.answering ?? context.defaultAnswering;
  if (session.handlerHeard || answering === session.answering) return { session, effects: [] };
  return {
    session:
      answering === 'assistant'
        ? { ...session, answering }
        : withoutShown({ ...session, answering }),
    effects:
      session.kind === 'plain' ? [] : [{ type: 'send', message: { type: 'handler', answering } }],
  };
}

const acknowledgementOf = (message: StoredMessage): Acknowledgement => ({
  id: message.id,
  seq: message.seq,
  atMs: message.atMs,
  kind: message.kind ?? 'chat_message',
});

/** What was counted for a message that was not stored, or was there already. */
export const refundOf = (session: Session, { command, noticeTurn }: AppendMessage): Effect => ({
  type: 'refund_message',
  conversationId: command.conversationId,
  address: session.address,
  noticeTurn,
});
