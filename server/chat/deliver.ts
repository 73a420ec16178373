/**
 * What a socket is sent of its conversation, in the order of `seq`, nothing twice and nothing
 * left out: the live event where it is the next one, else what the store holds after the cursor.
 */
import { closeCodes } from '../../shared/close-codes.ts';
import { maxHistoryBytes, maxHistoryLimit } from '../../shared/limits.ts';
import type { BusEvent, MessagePage, StoredMessage } from '../ports.ts';
import { isOffer } from './accepted-offer.ts';
import type { ChatContext } from './context.ts';
import type { Effect, ReadMessages, Step } from './effects.ts';
import type { Acknowledgement, Session } from './session.ts';
import { withoutShown } from './show-answer.ts';
import { isoTime, toAcknowledgement, toChatMessage, toHistoryMessage } from './wire.ts';

/** Acknowledges a message just stored, after everything stored before it was sent. */
export function acknowledge(session: Session, ack: Acknowledgement, context: ChatContext): Step {
  if (session.phase === 'live' && ack.seq <= session.cursor + 1) {
    return {
      session: { ...session, cursor: Math.max(session.cursor, ack.seq), offered: false },
      effects: [{ type: 'send', message: toAcknowledgement(session, ack, context, false) }],
    };
  }
  const holding: Session = { ...session, heldAck: ack };
  return session.phase === 'live' ? catchUp(holding) : { session: holding, effects: [] };
}

/** Reads what was stored after the cursor. */
export function catchUp(session: Session): Step {
  if (session.phase === 'reading') return { session, effects: [] };
  return {
    session: { ...session, phase: 'reading' },
    effects: [readAfter(session, 'catch_up')],
  };
}

const readAfter = (session: Session, purpose: 'resume' | 'catch_up'): ReadMessages => ({
  type: 'read_messages',
  conversationId: session.conversationId,
  purpose,
  range: { afterSeq: session.cursor, limit: maxHistoryLimit, maxBytes: maxHistoryBytes },
});

/** A page of messages came from the store. */
export function pageRead(
  session: Session,
  request: ReadMessages,
  page: MessagePage,
  context: ChatContext,
): Step {
  if (request.purpose === 'catch_up') return caughtUp(session, page, context);
  const resume = request.purpose === 'resume';
  const messages = page.messages.map(toHistoryMessage);
  const effects: Effect[] = [
    {
      type: 'send',
      message: { type: 'history', messages, more: page.more, ...(resume ? { resume } : {}) },
    },
  ];
  if (!resume) return { session, effects };
  const cursor = Math.max(session.cursor, page.messages.at(-1)?.seq ?? 0);
  const reached = { ...session, cursor, offered: isOffer(page.messages.at(-1)?.outcome) };
  if ('afterSeq' in request.range && page.more) {
    return { session: reached, effects: [...effects, readAfter(reached, 'resume')] };
  }
  const read = goLive(reached, page);
  return { session: read.session, effects: [...effects, ...read.effects] };
}

function caughtUp(session: Session, page: MessagePage, context: ChatContext): Step {
  const effects: Effect[] = [];
  let { cursor, heldAck, shown, offered = false } = session;
  for (const message of page.messages) {
    if (message.seq <= cursor) continue;
    cursor = message.seq;
    offered = isOffer(message.outcome);
    shown = shown?.id === message.id ? undefined : shown;
    if (heldAck?.seq === message.seq) {
      effects.push({ type: 'send', message: toAcknowledgement(session, heldAck, context, false) });
      heldAck = undefined;
    } else if (isFor(session, message)) {
      effects.push({ type: 'send', message: toChatMessage(session, message, context) });
    }
  }
  const { heldAck: _held, shown: _shown, ...rest } = session;
  const reached: Session = {
    ...rest,
    cursor,
    offered,
    ...(heldAck ? { heldAck } : {}),
    ...(shown ? { shown } : {}),
  };
  if (page.more) return { session: reached, effects: [...effects, readAfter(reached, 'catch_up')] };
  const read = goLive(reached, page);
  if (read.session.phase === 'live' && heldAck) {
    // The page did not hold it: it was erased since. It was stored all the same.
    const { heldAck: _late, ...live } = read.session;
    const message = toAcknowledgement(session, heldAck, context, false);
    return { session: live, effects: [...effects, { type: 'send', message }] };
  }
  return { session: read.session, effects: [...effects, ...read.effects] };
}

/** The end of reading, unless more was heard of meanwhile than the last page held. */
function goLive(session: Session, page: MessagePage): Step {
  const behind = Math.max(session.missedSeq, session.heldAck?.seq ?? 0) > session.cursor;
  if (behind && page.messages.length > 0) {
    return { session, effects: [readAfter(session, 'catch_up')] };
  }
  return {
    session: { ...session, phase: 'live', missedSeq: 0 },
    effects: [],
  };
}

/** Something happened in this conversation or to everybody. */
export function liveEvent(session: Session, event: BusEvent, context: ChatContext): Step {
  switch (event.type) {
    case 'message':
      return liveMessage(session, event, context);
    case 'broadcast':
      return send(session, {
        type: 'chat_message',
        id: event.id,
        sender: 'owner',
        message: event.text,
        timestamp: isoTime(event.atMs),
        broadcast: true,
      });
    case 'handler': {
      const { answering, shown } = session;
      const told: Session = { ...session, answering: event.answering, handlerHeard: true };
      // What is half-written on its screen goes away with anybody else who answers, also where it
      // knew of them.
      const drops = event.answering !== 'assistant';
      const changed = drops ? withoutShown(told) : told;
      return session.kind === 'plain' || (answering === event.answering && !(drops && shown))
        ? { session: changed, effects: [] }
        : send(changed, { type: 'handler', answering: event.answering });
    }
    case 'typing':
      // A visitor is not told that they are typing.
      return session.kind === 'plain' || event.sender === 'visitor'
        ? nothing(session)
        : send(session, { type: 'typing', active: event.active, sender: event.sender });
    case 'read':
      return session.kind === 'plain' || event.origin === session.connectionId
        ? nothing(session)
        : send(session, { type: 'read', seq: event.seq, sender: event.sender });
    case 'replaced':
      return session.kind === 'hello' &&
        session.tab === event.tab &&
        session.connectionId !== event.by
        ? {
            session,
            effects: [{ type: 'close', code: closeCodes.replaced, reason: 'replaced' }],
          }
        : nothing(session);
    case 'erased': {
      const close: Effect = { type: 'close', code: closeCodes.normal, reason: 'erased' };
      return session.kind === 'plain'
        ? { session, effects: [close] }
        : { session, effects: [{ type: 'send', message: { type: 'erased' } }, close] };
    }
    case 'blocked':
      return {
        session,
        effects: [{ type: 'close', code: closeCodes.forbidden, reason: 'blocked' }],
      };
    case 'presence': {
      const { name } = context.owner();
      return session.kind === 'plain'
        ? nothing(session)
        : send(session, { type: 'presence', owner: { online: event.online, name } });
    }
    // Shown as `answer_grows`.
    case 'delta':
    case 'changed':
    case 'feedback':
    case 'note':
    case 'note_deleted':
    case 'canned_replies':
    case 'pruned':
      return nothing(session);
  }
}

function liveMessage(
  session: Session,
  event: Extract<BusEvent, { type: 'message' }>,
  context: ChatContext,
): Step {
  const { message } = event;
  if (event.origin === session.connectionId || message.seq <= session.cursor) {
    return nothing(session);
  }
  if (session.phase === 'reading') {
    const missedSeq = Math.max(session.missedSeq, message.seq);
    return { session: { ...session, missedSeq }, effects: [] };
  }
  if (message.seq > session.cursor + 1) return catchUp({ ...session, missedSeq: message.seq });
  const moved = afterMessage(
    { ...session, cursor: message.seq, offered: isOffer(message.outcome) },
    message,
  );
  return isFor(session, message)
    ? send(moved, toChatMessage(session, message, context))
    : nothing(moved);
}

const afterMessage = (session: Session, { id }: StoredMessage): Session =>
  session.shown?.id === id ? withoutShown(session) : session;

/** A client without `hello` never gets a visitor's message: they are all its own. */
const isFor = (session: Session, message: StoredMessage): boolean =>
  session.kind === 'hello' || message.sender !== 'visitor';

const nothing = (session: Session): Step => ({ session, effects: [] });

const send = (session: Session, message: Extract<Effect, { type: 'send' }>['message']): Step => ({
  session,
  effects: [{ type: 'send', message }],
});
