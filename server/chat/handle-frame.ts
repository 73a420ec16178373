/** What a client sent. */
import type { DecodeError } from '../../shared/codec.ts';
import { defaultHistoryLimit, maxHistoryBytes, maxMessageChars } from '../../shared/limits.ts';
import { maxStoredUserAgentChars } from '../../shared/limits.ts';
import type {
  ChatMessageRequest,
  ClientMessage,
  ContactRequest,
  HumanRequest,
} from '../../shared/protocol.ts';
import type { Result } from '../../shared/result.ts';
import { decodeErrorSentence } from '../lang/sentences.ts';
import type { NewNotice, NoticeReason } from '../ports.ts';
import type { ChatContext } from './context.ts';
import type { Step } from './effects.ts';
import { conversationFacts } from './conversation-facts.ts';
import { openConversation } from './open-conversation.ts';
import type { Session } from './session.ts';
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

/** A message of the visitor on its way to the store, with all that it causes. */
function storeMessage(
  session: Session,
  message: ChatMessageRequest | ContactRequest,
  context: ChatContext,
): Step {
  const nowMs = context.now();
  // Ids sent again and again count as frames, once the store has known them for what they are.
  const waitMs =
    context.limits.frameWait(session.connectionId, nowMs) ||
    context.limits.takeMessage(session.conversationId, session.address, nowMs);
  if (waitMs > 0) return rateLimited(session, context, waitMs, message.id);
  const common = {
    id: message.id ?? context.newId(),
    sender: 'visitor',
    text: message.message,
    atMs: nowMs,
    clientTimestamp: message.timestamp,
  } as const;
  if (message.type === 'contact_request') {
    const contact = {
      userAgent: message.userAgent.slice(0, maxStoredUserAgentChars),
      ...(message.name === undefined ? {} : { name: message.name }),
      ...(message.email === undefined ? {} : { email: message.email }),
      ...(message.page === undefined ? {} : { page: message.page }),
    };
    return append(session, {
      conversationId: session.conversationId,
      facts: { ...conversationFacts(session), ...contact },
      message: { ...common, kind: 'contact_request', contact },
      owedNotices: noticesOn(context, 'contact_request', nowMs),
    });
  }
  const answered = session.answering === 'assistant';
  const wantsOwner = answered && context.isHumanRequest(message.message);
  return append(session, {
    conversationId: session.conversationId,
    ...(session.hasStored ? {} : { facts: conversationFacts(session) }),
    message: common,
    ...(answered
      ? { owedAnswer: { holder: context.leaseHolder, untilMs: nowMs + context.leaseMs } }
      : {}),
    ...(wantsOwner ? { owedNotices: noticesOn(context, 'human_request', nowMs) } : {}),
    ...(answered ? {} : { owedNotices: noticesOn(context, 'visitor_message', nowMs) }),
  });
}

/** The visitor asks for the owner, or hands back to the assistant. */
function humanRequest(session: Session, message: HumanRequest, context: ChatContext): Step {
  const { conversationId } = session;
  if (message.active === false) {
    return { session, effects: [{ type: 'set_answering', conversationId, answering: undefined }] };
  }
  if (session.answering === 'owner') {
    return answer(session, { type: 'handler', answering: 'owner' });
  }
  const nowMs = context.now();
  const waitMs = context.limits.takeMessage(conversationId, session.address, nowMs);
  if (waitMs > 0) return rateLimited(session, context, waitMs, undefined);
  const reachable = context.channels.length > 0;
  const sentences = context.sentences(session.lang);
  return append(session, {
    conversationId,
    facts: { ...conversationFacts(session), ...(reachable ? { answering: 'owner' } : {}) },
    message: {
      id: `system:${context.newId()}`,
      sender: 'system',
      text: reachable
        ? sentences.ownerNotified
        : context.defaultAnswering === 'assistant'
          ? sentences.ownerUnreachable
          : sentences.nobodyThere,
      atMs: nowMs,
    },
    owedNotices: noticesOn(context, 'human_request', nowMs),
  });
}

/** An error where a connection sends more frames than it may; else nothing. Counts this one. */
export function refuseIfFlooding(
  session: Session,
  context: ChatContext,
  ref: string | undefined,
): Step | undefined {
  const waitMs = context.limits.takeFrame(session.connectionId, context.now());
  return waitMs > 0 ? rateLimited(session, context, waitMs, ref) : undefined;
}

function rateLimited(
  session: Session,
  context: ChatContext,
  waitMs: number,
  ref: string | undefined,
): Step {
  const say = context.sentences(session.lang).errors.rateLimited(Math.ceil(waitMs / 1000));
  const details = { ref, retryAfterMs: Math.ceil(waitMs) };
  return answer(session, toError('rate_limited', say, context.now(), details));
}

const answer = (
  session: Session,
  message: Extract<Step['effects'][number], { type: 'send' }>['message'],
): Step => ({ session, effects: [{ type: 'send', message }] });

const append = (
  session: Session,
  command: Extract<Step['effects'][number], { type: 'append' }>['command'],
): Step => ({ session, effects: [{ type: 'append', command }] });

/** One notice a channel; how fast they go out is the notifiers' affair. */
const noticesOn = (
  context: ChatContext,
  reason: NoticeReason,
  nowMs: number,
): readonly NewNotice[] =>
  context.channels.map((channel) => ({ channel, reason, notBeforeMs: nowMs }));
