/** A store that says on the bus what was written, so that no caller can forget to. */
import type { Bus, Store } from '../ports.ts';

/** Claimed notices whose conversation is remembered until it is known how they went. */
const maxRemembered = 10_000;
/** More notices than this are not told one by one. */
const maxNamed = 500;

/**
 * The same store; after each successful write to a conversation the bus gets `changed`, and
 * `pruned` after what touches more of them than can be named. `erased` stays with who erases:
 * they know what else is to be said.
 */
export function announcingStore(store: Store, bus: Bus): Store {
  const conversationOf = new Map<number, string>();

  const changed = (conversationId: string): void =>
    bus.publish({ type: 'changed', conversationId });

  function forget(noticeIds: readonly number[]): ReadonlySet<string> {
    const conversations = new Set<string>();
    for (const id of noticeIds) {
      const conversationId = conversationOf.get(id);
      if (conversationId !== undefined) conversations.add(conversationId);
      conversationOf.delete(id);
    }
    return conversations;
  }

  /** Tells of all notices that were given up, and that something is about to change. */
  async function onAllFailed(write: () => Promise<number>): Promise<number> {
    const failed = await store.failedNotices(maxNamed + 1);
    const count = await write();
    for (const id of new Set(failed.map(({ conversationId }) => conversationId))) changed(id);
    // One more was given up meanwhile, or there are too many to name.
    if (count !== failed.length) bus.publish({ type: 'pruned' });
    return count;
  }

  return {
    ...store,
    async append(command) {
      const result = await store.append(command);
      if (result.status === 'stored') changed(command.conversationId);
      return result;
    },
    async handBack(conversationId) {
      await store.handBack(conversationId);
      changed(conversationId);
    },
    async markRead(conversationId, reader, seq) {
      await store.markRead(conversationId, reader, seq);
      changed(conversationId);
    },
    async updateConversation(conversationId, update) {
      const summary = await store.updateConversation(conversationId, update);
      if (summary) changed(conversationId);
      return summary;
    },
    async setFeedback(conversationId, messageId, value) {
      const known = await store.setFeedback(conversationId, messageId, value);
      if (known) changed(conversationId);
      return known;
    },
    async addNote(conversationId, note) {
      const result = await store.addNote(conversationId, note);
      if (result.status === 'stored') changed(conversationId);
      return result;
    },
    async deleteNote(conversationId, noteId) {
      const known = await store.deleteNote(conversationId, noteId);
      if (known) changed(conversationId);
      return known;
    },
    async prune(beforeMs) {
      const count = await store.prune(beforeMs);
      if (count > 0) bus.publish({ type: 'pruned' });
      return count;
    },
    async claimNotices(claim) {
      const rows = await store.claimNotices(claim);
      for (const { noticeId, conversationId } of rows) {
        // Written last again: the oldest of the map is the one that was claimed longest ago.
        conversationOf.delete(noticeId);
        conversationOf.set(noticeId, conversationId);
      }
      for (const oldest of conversationOf.keys()) {
        if (conversationOf.size <= maxRemembered) break;
        conversationOf.delete(oldest);
      }
      return rows;
    },
    async noticesDone(noticeIds, nowMs) {
      await store.noticesDone(noticeIds, nowMs);
      forget(noticeIds);
    },
    async noticesFailed(noticeIds, failure) {
      await store.noticesFailed(noticeIds, failure);
      const conversations = forget(noticeIds);
      // What is only postponed shows nowhere.
      if (failure.retryAtMs === undefined) for (const id of conversations) changed(id);
    },
    retryFailedNotices: (nowMs) => onAllFailed(() => store.retryFailedNotices(nowMs)),
    dismissFailedNotices: () => onAllFailed(() => store.dismissFailedNotices()),
  };
}
