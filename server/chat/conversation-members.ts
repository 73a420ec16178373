import type { BusEvent, VisitorWatch } from '../ports.ts';
import type { Connection } from './runner.ts';

/** Which clients belong to which conversation. */
export interface ConversationMembers {
  /** A client belongs to this conversation from now on, and to no other. */
  join(connection: Connection, conversationId: string): void;
  /** A client is gone. */
  leave(connection: Connection): void;
  /** Whom an event is for; nobody where absent. */
  audience(event: BusEvent): ReadonlySet<Connection> | undefined;
}

/** @param everybody - all who are connected, in a conversation or not */
export function createConversationMembers(
  everybody: ReadonlySet<Connection>,
  visitors: VisitorWatch | undefined,
): ConversationMembers {
  const members = new Map<string, Set<Connection>>();

  function part(connection: Connection): boolean {
    if (connection.joined === undefined) return false;
    const group = members.get(connection.joined);
    if (group?.delete(connection) && group.size === 0) members.delete(connection.joined);
    connection.joined = undefined;
    return true;
  }

  return {
    join(connection, conversationId) {
      if (!connection.open) return;
      part(connection);
      connection.joined = conversationId;
      const group = members.get(conversationId);
      if (group) group.add(connection);
      else members.set(conversationId, new Set([connection]));
      const { session } = connection;
      const page = session.kind === 'hello' ? session.page : undefined;
      const { connectionId } = session;
      visitors?.joined({ connectionId, conversationId, ...(page === undefined ? {} : { page }) });
    },
    leave(connection) {
      if (part(connection)) visitors?.left(connection.session.connectionId);
    },
    audience(event) {
      switch (event.type) {
        case 'broadcast':
        case 'presence':
          return everybody;
        case 'message':
        case 'delta':
        case 'typing':
        case 'read':
        case 'handler':
        case 'erased':
        case 'blocked':
        case 'replaced':
          return members.get(event.conversationId);
        // Of inboxes only: the commonest events of all, and they cost no more than this.
        case 'changed':
        case 'note':
        case 'note_deleted':
        case 'feedback':
        case 'canned_replies':
        case 'pruned':
          return undefined;
      }
    },
  };
}
