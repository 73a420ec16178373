/** A message came back from the store. */
import { closeCodes } from '../../shared/close-codes.ts';
import type { AppendCommand, AppendResult, StoredMessage } from '../ports.ts';
import type { ChatContext } from './context.ts';
import { conversationFacts } from './conversation-facts.ts';
import { acknowledge } from './deliver.ts';
import type { Effect, Step } from './effects.ts';
import type { Acknowledgement, Session } from './session.ts';
import { toAcknowledgement, toError } from './wire.ts';

export function messageAppended(
  session: Session,
  command: AppendCommand,
  result: AppendResult,
  context: ChatContext,
): Step {
  switch (result.status) {
    case 'stored':
      return stored(session, command, result.message, result.leased, context);
    case 'duplicate': {
      const ack = acknowledgementOf(result.message);
      return {
        session: { ...session, hasStored: true },
        effects: [
          { type: 'send', message: toAcknowledgement(session, ack, context, true) },
          refund(session, command),
        ],
      };
    }
    case 'conflict': {
      const { idConflict } = context.sentences(session.lang).errors;
      const details = { ref: command.message.id, field: 'id' };
      const message = toError('id_conflict', idConflict, context.now(), details);
      return { session, effects: [{ type: 'send', message }, refund(session, command)] };
    }
    case 'erased':
      return beginAnew(session, command, context);
  }
}

/**
 * The conversation was erased or pruned while this socket was open. A client that resumes comes
 * back, is given another and sends again what was not acknowledged; one without `hello` would
 * not, so its conversation is replaced under it.
 */
function beginAnew(session: Session, command: AppendCommand, context: ChatContext): Step {
  if (session.kind === 'hello') {
    return {
      session,
      effects: [
        refund(session, command),
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
  const facts = { ...conversationFacts(fresh), ...command.facts };
  const again = { ...command, conversationId: fresh.conversationId, facts };
  return { session: fresh, effects: [{ type: 'append', command: again }] };
}

function stored(
  session: Session,
  command: AppendCommand,
  message: StoredMessage,
  leased: boolean,
  context: ChatContext,
): Step {
  const { conversationId } = command;
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
    after.push({ type: 'publish', event: { type: 'handler', conversationId, answering } });
  }
  if (leased) after.push({ type: 'begin_answer', command, seq: message.seq });
  if (command.owedNotices?.length) after.push({ type: 'begin_notices' });
  const now: Session = { ...session, hasStored: true };
  if (message.sender !== 'visitor') return { session: now, effects: [...joined, ...after] };
  const acknowledged = acknowledge(now, acknowledgementOf(message), context);
  return {
    session: acknowledged.session,
    effects: [...joined, ...acknowledged.effects, ...after],
  };
}

const acknowledgementOf = (message: StoredMessage): Acknowledgement => ({
  id: message.id,
  seq: message.seq,
  atMs: message.atMs,
  kind: message.kind ?? 'chat_message',
});

const refund = (session: Session, { conversationId }: AppendCommand): Effect => ({
  type: 'refund_message',
  conversationId,
  address: session.address,
});
