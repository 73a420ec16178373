/** What the visitor writes, on its way to the store with all that it causes. */
import { maxStoredUserAgentChars } from '../../shared/limits.ts';
import type { ChatMessageRequest, ContactRequest } from '../../shared/protocol.ts';
import type { AppendCommand } from '../ports.ts';
import { isAgreement } from './accepted-offer.ts';
import type { ChatContext } from './context.ts';
import { conversationFacts } from './conversation-facts.ts';
import type { Step } from './effects.ts';
import { planNotices, type PlannedNotices } from './plan-notices.ts';
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
    const notices = planNotices(session, context, 'wish');
    return append(session, notices, {
      conversationId: session.conversationId,
      facts: { ...conversationFacts(session), ...contact },
      message: { ...common, kind: 'contact_request', contact },
      owedNotices: notices.because('contact_request'),
      waiting: 'contact_request',
    });
  }
  const assisted = context.defaultAnswering === 'assistant';
  const wish = assisted && context.isHumanRequest(message.message);
  // Whether it says yes to an offer, the store knows: this connection may not have heard of it.
  const agrees = assisted && !wish && isAgreement(message.message);
  const wishes = wish || (agrees && session.offered === true);
  const expected = session.answering !== 'assistant' ? 'chatter' : wishes ? 'wish' : undefined;
  const notices = planNotices(session, context, expected);
  const unanswered = {
    waiting: 'visitor_message',
    owedNotices: notices.because('visitor_message'),
  } as const;
  const answered = {
    owedAnswer: { holder: context.leaseHolder, untilMs: nowMs + context.leaseMs },
    // Clients without `hello` were promised one answer to each question.
    combinable: session.kind === 'hello',
    ...(wish ? { owedNotices: notices.because('human_request') } : {}),
    ...(agrees ? { noticesAfterNotCovered: notices.because('human_request') } : {}),
    unlessAssistant: unanswered,
  };
  return append(session, notices, {
    conversationId: session.conversationId,
    ...(session.hasStored ? {} : { facts: conversationFacts(session) }),
    message: common,
    ...(assisted ? answered : unanswered),
  });
}

const append = (session: Session, { turn }: PlannedNotices, command: AppendCommand): Step => ({
  session: session.handlerHeard ? { ...session, handlerHeard: false } : session,
  effects: [{ type: 'append', command, ...turn }],
});
