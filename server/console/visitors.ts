/** Which visitors are connected, and where they are. In memory: it is true only now. */
import type { Page } from '../../shared/protocol.ts';
import type { Clock, VisitorWatch } from '../ports.ts';
import type { LiveFacts } from './summary-json.ts';

export interface Visitors extends VisitorWatch {
  /** `undefined` where nobody of the conversation is connected. */
  live(conversationId: string): LiveFacts | undefined;
  /** Every conversation of which somebody is connected. */
  online(): Iterable<string>;
  /** Calls back where what `live` says of a conversation has changed; returns what ends it. */
  watch(listener: (conversationId: string) => void): () => void;
}

interface Visit {
  readonly conversationId: string;
  readonly page: Page | undefined;
  readonly sinceMs: number;
}

/**
 * A conversation is where its newest socket is. What is kept is bounded by the connections that
 * the chat admits, and by the length of a page's address and title.
 */
export function createVisitors(clock: Clock): Visitors {
  /** By connection. */
  const visits = new Map<string, Visit>();
  const groups = new Map<string, { readonly members: Set<string>; newest: string }>();
  const listeners = new Set<(conversationId: string) => void>();

  const tell = (conversationId: string): void => {
    for (const listener of listeners) listener(conversationId);
  };

  function drop(connectionId: string): Visit | undefined {
    const visit = visits.get(connectionId);
    if (!visit) return undefined;
    visits.delete(connectionId);
    const group = groups.get(visit.conversationId);
    if (!group) return visit;
    group.members.delete(connectionId);
    if (group.members.size === 0) groups.delete(visit.conversationId);
    // A set keeps the order in which its members came.
    else if (group.newest === connectionId) for (const id of group.members) group.newest = id;
    return visit;
  }

  function newest(conversationId: string): Visit | undefined {
    const group = groups.get(conversationId);
    return group && visits.get(group.newest);
  }

  return {
    joined({ connectionId, conversationId, page }) {
      const before = drop(connectionId);
      const there = newest(conversationId) ?? before;
      // Another tab, or the same one again, on the same page: they have been there all along.
      const stayed = there?.conversationId === conversationId && there.page?.url === page?.url;
      const sinceMs = stayed ? there.sinceMs : clock.now();
      visits.set(connectionId, { conversationId, page, sinceMs });
      const group = groups.get(conversationId);
      if (group) {
        group.members.add(connectionId);
        group.newest = connectionId;
      } else {
        groups.set(conversationId, { members: new Set([connectionId]), newest: connectionId });
      }
      if (before && before.conversationId !== conversationId) tell(before.conversationId);
      tell(conversationId);
    },
    left(connectionId) {
      const visit = drop(connectionId);
      if (visit) tell(visit.conversationId);
    },
    live(conversationId) {
      const visit = newest(conversationId);
      return (
        visit && {
          online: true,
          sinceMs: visit.sinceMs,
          ...(visit.page === undefined ? {} : { page: visit.page }),
        }
      );
    },
    online: () => groups.keys(),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
