/** The visitor asks for the owner by the button, or hands back to the assistant. */
import type { HumanRequest } from '../../shared/protocol.ts';
import type { Conversation } from '../ports.ts';
import type { ChatContext } from './context.ts';
import { conversationFacts } from './conversation-facts.ts';
import type { Step } from './effects.ts';
import { ownerReachable, planNotices } from './plan-notices.ts';
import { rateLimited } from './refuse-flooding.ts';
import type { Session } from './session.ts';
import { withoutShown } from './show-answer.ts';

/** A wish that nobody answered for so long may be told again, in milliseconds. */
const wishAgainMs = 60_000;

export function humanRequest(session: Session, message: HumanRequest, context: ChatContext): Step {
  const { conversationId } = session;
  if (message.active === false) {
    return { session, effects: [{ type: 'hand_back', conversationId }] };
  }
  // Whether it changes anything there, the store knows: it may be done, or nobody waited for.
  return session.answering === 'owner'
    ? { session, effects: [{ type: 'look_up_wish', conversationId }] }
    : wish(session, context, false);
}

/** How the conversation stands that the owner has, as this client was told. */
export function wishLookedUp(
  session: Session,
  conversation: Conversation | undefined,
  context: ChatContext,
): Step {
  const owners = conversation?.answering === 'owner';
  return conversation && owners && isKnown(session, conversation, context)
    ? {
        // What is half-written on its screen goes away with it.
        session: withoutShown(session),
        effects: [{ type: 'send', message: { type: 'handler', answering: 'owner' } }],
      }
    : wish(session, context, owners);
}

/** Whether the owner has it before them, or was told of it a moment ago. */
function isKnown(session: Session, conversation: Conversation, context: ChatContext): boolean {
  const { view, waiting, updatedAtMs } = conversation;
  const asked = waiting === 'human_request' || waiting === 'contact_request';
  if (view === 'done' || !asked) return false;
  if (context.owner().online) return true;
  const agoMs = context.now() - (session.wishedAtMs ?? updatedAtMs);
  // A clock that was set back says nothing.
  return agoMs >= 0 && agoMs < wishAgainMs;
}

/** @param owners - whether the owner has the conversation already, so that nobody else answers */
function wish(session: Session, context: ChatContext, owners: boolean): Step {
  const { conversationId } = session;
  const nowMs = context.now();
  const waitMs = context.limits.takeMessage(conversationId, session.address, nowMs);
  if (waitMs > 0) return rateLimited(session, context, waitMs, undefined);
  const reachable = ownerReachable(context);
  const sentences = context.sentences(session.lang);
  const assisted = context.defaultAnswering === 'assistant' && !owners;
  const notices = planNotices(session, context, 'wish');
  return {
    session: session.handlerHeard ? { ...session, handlerHeard: false } : session,
    effects: [
      {
        type: 'append',
        ...notices.turn,
        command: {
          conversationId,
          facts: { ...conversationFacts(session), ...(reachable ? { answering: 'owner' } : {}) },
          message: {
            id: `system:${context.newId()}`,
            sender: 'system',
            text: reachable
              ? sentences.ownerNotified
              : assisted
                ? sentences.ownerUnreachable
                : sentences.nobodyThere,
            atMs: nowMs,
          },
          owedNotices: notices.because('human_request'),
          waiting: 'human_request',
        },
      },
    ],
  };
}
