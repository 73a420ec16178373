/** What the visitor writes or wishes, on its way to the store with all that it causes. */
import { maxStoredUserAgentChars } from '../../shared/limits.ts';
import type { ChatMessageRequest, ContactRequest, HumanRequest } from '../../shared/protocol.ts';
import type { AppendCommand, NewNotice, NoticeReason } from '../ports.ts';
import type { ChatContext } from './context.ts';
import { conversationFacts } from './conversation-facts.ts';
import type { Step } from './effects.ts';
import { rateLimited } from './refuse-flooding.ts';
import type { Session } from './session.ts';

/**
 * A message. Who answers it is decided by the store, in the transaction that stores it: the owner
 * may have taken over without this connection having heard of it. So both go along, what it
 * causes where the assistant answers and what it causes where not.
 */
export function storeMessage(
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
    const notices = planNotices(session, context, true);
    return append(session, notices.counted, {
      conversationId: session.conversationId,
      facts: { ...conversationFacts(session), ...contact },
      message: { ...common, kind: 'contact_request', contact },
      owedNotices: notices.because('contact_request'),
      waiting: 'contact_request',
    });
  }
  const assisted = context.defaultAnswering === 'assistant';
  const wish = assisted && context.isHumanRequest(message.message);
  const away = !context.owner().online;
  const notices = planNotices(session, context, session.answering === 'assistant' ? wish : away);
  const unanswered = {
    waiting: 'visitor_message',
    // An owner who looks at the inbox sees it come.
    ...(away ? { owedNotices: notices.because('visitor_message') } : {}),
  } as const;
  const answered = {
    owedAnswer: { holder: context.leaseHolder, untilMs: nowMs + context.leaseMs },
    ...(wish ? { owedNotices: notices.because('human_request') } : {}),
    unlessAssistant: unanswered,
  };
  return append(session, notices.counted, {
    conversationId: session.conversationId,
    ...(session.hasStored ? {} : { facts: conversationFacts(session) }),
    message: common,
    ...(assisted ? answered : unanswered),
  });
}

/** The visitor asks for the owner, or hands back to the assistant. */
export function humanRequest(session: Session, message: HumanRequest, context: ChatContext): Step {
  const { conversationId } = session;
  if (message.active === false) {
    return { session, effects: [{ type: 'hand_back', conversationId }] };
  }
  if (session.answering === 'owner') {
    return {
      session,
      effects: [{ type: 'send', message: { type: 'handler', answering: 'owner' } }],
    };
  }
  const nowMs = context.now();
  const waitMs = context.limits.takeMessage(conversationId, session.address, nowMs);
  if (waitMs > 0) return rateLimited(session, context, waitMs, undefined);
  const reachable = ownerReachable(context);
  const sentences = context.sentences(session.lang);
  const notices = planNotices(session, context, true);
  return append(session, notices.counted, {
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
    owedNotices: notices.because('human_request'),
    waiting: 'human_request',
  });
}

/** Whether somebody can be told that the owner is wished for: over a channel, or in the inbox. */
export const ownerReachable = (context: Pick<ChatContext, 'channels' | 'owner'>): boolean =>
  context.channels().length > 0 || context.owner().online;

/**
 * One notice a channel. How fast they go out is the notifiers' affair, but that those of one
 * address keep their turns, so that nobody can crowd out the others.
 */
function planNotices(
  session: Session,
  context: ChatContext,
  expected: boolean,
): { readonly counted: boolean; because(reason: NoticeReason): readonly NewNotice[] } {
  const nowMs = context.now();
  const channels = context.channels();
  const counted = expected && channels.length > 0;
  const delayMs = counted ? context.limits.noticeDelayMs(session.address, nowMs) : 0;
  return {
    counted,
    because: (reason) =>
      channels.map((channel) => ({ channel, reason, notBeforeMs: nowMs + delayMs })),
  };
}

const append = (session: Session, noticeCounted: boolean, command: AppendCommand): Step => ({
  session: session.handlerHeard ? { ...session, handlerHeard: false } : session,
  effects: [{ type: 'append', command, noticeCounted }],
});
