/** What happens, as consoles are told of it. */
import type { ConsoleEvent } from '../../shared/console-protocol.ts';
import { isoTime } from '../chat/wire.ts';
import type { BusEvent } from '../ports.ts';
import { toOwnerMessage } from './message-json.ts';
import type { LiveFacts } from './summary-json.ts';

/** What every console is told at once; `undefined` for what concerns none, or is read from the store. */
export function toConsoleEvent(event: BusEvent): ConsoleEvent | undefined {
  switch (event.type) {
    case 'message':
      return {
        type: 'message',
        conversation_id: event.conversationId,
        message: toOwnerMessage(event.message),
      };
    case 'typing':
      return {
        type: 'typing',
        conversation_id: event.conversationId,
        sender: event.sender,
        active: event.active,
      };
    case 'read':
      return {
        type: 'read',
        conversation_id: event.conversationId,
        sender: event.sender,
        seq: event.seq,
      };
    case 'feedback':
      return {
        type: 'feedback',
        conversation_id: event.conversationId,
        id: event.id,
        value: event.value,
      };
    case 'note': {
      const { id, text, atMs } = event.note;
      return {
        type: 'note',
        conversation_id: event.conversationId,
        note: { id, message: text, timestamp: isoTime(atMs) },
      };
    }
    case 'note_deleted':
      return { type: 'note_deleted', conversation_id: event.conversationId, id: event.id };
    case 'canned_replies':
      return { type: 'canned_replies' };
    case 'changed':
    case 'erased':
    case 'pruned':
    case 'delta':
    case 'handler':
    case 'blocked':
    case 'presence':
    case 'replaced':
    case 'broadcast':
      return undefined;
  }
}

/** Where a visitor is now, or that they are gone. */
export const toVisitorEvent = (
  conversationId: string,
  live: LiveFacts | undefined,
): ConsoleEvent => ({
  type: 'visitor',
  conversation_id: conversationId,
  online: live?.online ?? false,
  ...(live?.sinceMs === undefined ? {} : { online_since: isoTime(live.sinceMs) }),
  ...(live?.page === undefined ? {} : { page: live.page }),
});
