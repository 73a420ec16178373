/** Who is blocked, known without a look into the store: asked for every socket that opens. */
import type { Bus, OnError, Store } from '../ports.ts';

export interface BlockedSet {
  isBlocked(conversationId: string): boolean;
  close(): void;
}

/**
 * Reads all that are blocked, then follows the bus: `blocked`, `erased`, and what a store that
 * announces its writes tells of a conversation that was blocked.
 */
export async function loadBlockedSet(
  store: Pick<Store, 'blockedConversations' | 'conversation'>,
  bus: Bus,
  onError: OnError,
): Promise<BlockedSet> {
  /** With the time they were blocked, as the number of changes seen here before. */
  const blocked = new Map<string, number>();
  let changes = 0;

  /** What was blocked while the store was read stays: the reading may not have seen it. */
  async function load(): Promise<void> {
    const asOf = changes;
    const stored = new Set(await store.blockedConversations());
    for (const [id, at] of blocked) if (at <= asOf && !stored.has(id)) blocked.delete(id);
    for (const id of stored) if (!blocked.has(id)) blocked.set(id, asOf);
  }

  const complain = (error: unknown): void => onError(error, { stage: 'blocked visitors' });

  /** Something of a blocked conversation was written; perhaps the visitor is free again. */
  async function look(conversationId: string): Promise<void> {
    const asOf = changes;
    const conversation = await store.conversation(conversationId);
    const blockedAt = blocked.get(conversationId) ?? 0;
    if (!conversation?.blocked && blockedAt <= asOf) blocked.delete(conversationId);
  }

  const unsubscribe = bus.subscribe((event) => {
    switch (event.type) {
      case 'blocked':
        changes += 1;
        blocked.set(event.conversationId, changes);
        return;
      case 'erased':
        blocked.delete(event.conversationId);
        return;
      case 'changed':
        if (blocked.has(event.conversationId)) look(event.conversationId).catch(complain);
        return;
      case 'pruned':
        if (blocked.size > 0) load().catch(complain);
        return;
      case 'message':
      case 'delta':
      case 'typing':
      case 'read':
      case 'handler':
      case 'presence':
      case 'note':
      case 'note_deleted':
      case 'feedback':
      case 'canned_replies':
      case 'replaced':
      case 'broadcast':
        return;
    }
  });

  await load();
  return { isBlocked: (conversationId) => blocked.has(conversationId), close: unsubscribe };
}
