/** What a client sent. */
import type { DecodeError } from '../../shared/codec.ts';
import { defaultHistoryLimit, maxHistoryBytes, maxMessageChars } from '../../shared/limits.ts';
import type { ClientMessage } from '../../shared/protocol.ts';
import type { Result } from '../../shared/result.ts';
import { decodeErrorSentence } from '../lang/sentences.ts';
import type { ChatContext } from './context.ts';
import type { Step } from './effects.ts';
import { openConversation } from './open-conversation.ts';
import { rateLimited, refuseIfFlooding } from './refuse-flooding.ts';
import type { Session } from './session.ts';
import { storeMessage } from './store-message.ts';
import { humanRequest } from './wish-for-owner.ts';
import { isoTime, toError } from './wire.ts';

export function handleFrame(
  session: Session,
  frame: Result<ClientMessage, DecodeError>,
  context: ChatContext,
): Step {
  if (!frame.ok) {
    const { error } = frame;
    const flooding = refuseIfFlooding(session, context, error.ref);
    if (flooding) return flooding;
    const say = decodeErrorSentence(context.sentences(session.lang), error, maxMessageChars);
    return answer(session, toError(error.code, say, context.now(), error));
  }
  const message = frame.value;
  switch (message.type) {
    case 'ping':
      return answer(session, { type: 'pong', timestamp: isoTime(context.now()) });
    case 'chat_message':
      return storeMessage(session, message, context);
    case 'contact_request':
      return storeMessage(session, message, context);
    case 'hello':
      return (
        refuseIfFlooding(session, context, undefined) ?? openConversation(session, message, context)
      );
    case 'history_request':
    case 'typing':
    case 'read':
    case 'human_request':
    case 'feedback':
    case 'erase_me':
      return handleExtended(session, message, context);
  }
}

/** Frames for clients that sent `hello`. */
function handleExtended(
  session: Session,
  message: Exclude<ClientMessage, { type: 'ping' | 'chat_message' | 'contact_request' | 'hello' }>,
  context: ChatContext,
): Step {
  const ref = 'id' in message ? message.id : undefined;
  const flooding = refuseIfFlooding(session, context, ref);
  if (flooding) return flooding;
  if (session.kind === 'plain') {
    const { helloNeeded } = context.sentences(session.lang).errors;
    const details = { field: 'type', ref };
    return answer(session, toError('invalid_message', helloNeeded, context.now(), details));
  }
  const { conversationId } = session;
  switch (message.type) {
    case 'history_request':
      return {
        session,
        effects: [
          {
            type: 'read_messages',
            conversationId,
            purpose: 'asked',
            range: {
              beforeSeq: message.before_seq ?? Number.MAX_SAFE_INTEGER,
              limit: message.limit ?? defaultHistoryLimit,
              maxBytes: maxHistoryBytes,
            },
          },
        ],
      };
    case 'typing':
      return {
        session,
        effects: [
          {
            type: 'publish',
            event: {
              type: 'typing',
              conversationId,
              sender: 'visitor',
              active: message.active,
              origin: session.connectionId,
            },
          },
        ],
      };
    case 'read': {
      const seq = Math.min(message.seq, session.cursor);
      return {
        session,
        effects: [
          { type: 'mark_read', conversationId, seq },
          {
            type: 'publish',
            event: {
              type: 'read',
              conversationId,
              sender: 'visitor',
              seq,
              origin: session.connectionId,
            },
          },
        ],
      };
    }
    case 'human_request':
      return humanRequest(session, message, context);
    case 'feedback':
      return {
        session,
        effects: [{ type: 'set_feedback', conversationId, id: message.id, value: message.value }],
      };
    case 'erase_me': {
      // It writes even where nothing was stored, since the token is void from now on.
      const waitMs = context.limits.takeMessage(conversationId, session.address, context.now());
      if (waitMs > 0) return rateLimited(session, context, waitMs, undefined);
      return { session, effects: [{ type: 'erase', conversationId }] };
    }
  }
}

const answer = (
  session: Session,
  message: Extract<Step['effects'][number], { type: 'send' }>['message'],
): Step => ({ session, effects: [{ type: 'send', message }] });
