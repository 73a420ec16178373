import type { BusEvent, Conversation } from '../ports.ts';

/**
 * The conversation of which is heard that the assistant has nothing more to answer of what was
 * asked so far: somebody took it over, or it is gone. A wish for the owner ends nothing.
 */
export function answersEndIn(event: BusEvent): string | undefined {
  switch (event.type) {
    case 'handler':
      return event.answering === 'assistant' || event.wished ? undefined : event.conversationId;
    case 'erased':
    case 'blocked':
      return event.conversationId;
    case 'message':
    case 'delta':
    case 'typing':
    case 'read':
    case 'presence':
    case 'changed':
    case 'feedback':
    case 'note':
    case 'note_deleted':
    case 'canned_replies':
    case 'pruned':
    case 'replaced':
    case 'broadcast':
      return undefined;
  }
}

/**
 * Whether that is so, as stored. Where the visitor wished for the owner and nobody came yet, what
 * was asked before is still to be answered.
 */
export const answersEnded = (conversation: Conversation | undefined): boolean =>
  !conversation ||
  conversation.blocked ||
  ((conversation.answering ?? 'assistant') !== 'assistant' &&
    conversation.waiting !== 'human_request');
