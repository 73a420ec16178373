import type { View } from '../../shared/console-protocol.ts';
import type { FailedNotice } from '../inbox-ports.ts';
import type { ConversationSummary, Store, StoredMessage } from '../ports.ts';
import { maxUnread, newestLookedAt } from '../ports.ts';
import { cursorOf, positionOf } from './list-cursor.ts';
import type { MemoryConversation } from './memory-conversation.ts';
import { byAge, shown } from './memory-conversation.ts';

/** Conversations as the owner lists them. */
export function memoryLists(
  conversations: ReadonlyMap<string, MemoryConversation>,
  owed: { failed(): readonly FailedNotice[] },
) {
  function summary(id: string): ConversationSummary | undefined {
    const conversation = conversations.get(id);
    if (!conversation) return undefined;
    const { messages, facts } = conversation;
    const lastMessage = messages.at(-1);
    const asked =
      shown(conversation).view === 'waiting' && lastMessage?.sender !== 'visitor'
        ? messages.slice(-newestLookedAt).findLast(({ sender }) => sender === 'visitor')
        : undefined;
    const down = messages.filter(({ feedback }) => feedback === 'down').length;
    const failed = owed.failed().filter(({ conversationId }) => conversationId === id);
    return {
      ...shown(conversation),
      ...(lastMessage ? { lastMessage } : {}),
      ...(asked ? { lastVisitorMessage: asked } : {}),
      unread: unreadIn(messages, facts.readByOwner),
      ...(down > 0 ? { ratedDown: Math.min(down, maxUnread) } : {}),
      ...(failed[0] ? { failedNotices: { count: failed.length, error: failed[0].error } } : {}),
    };
  }

  const summaries = (of: readonly MemoryConversation[]): ConversationSummary[] =>
    of.flatMap(({ facts }) => summary(facts.id) ?? []);

  return {
    summary,

    list({ limit: wanted, before, view, user }: Parameters<Store['conversations']>[0]) {
      const limit = Math.max(1, Math.floor(wanted));
      const from = before === undefined ? undefined : positionOf(before);
      if (before !== undefined && !from) return { conversations: [] };
      const rest = [...conversations.values()]
        .filter(
          (one) =>
            (!from || byAge(one.facts, from) < 0) &&
            (view === undefined || shown(one).view === view) &&
            (user === undefined || one.facts.user === user),
        )
        .sort((a, b) => byAge(b.facts, a.facts));
      const page = summaries(rest.slice(0, limit));
      const last = page.at(-1);
      return rest.length > limit && last
        ? { conversations: page, cursor: cursorOf(last) }
        : { conversations: page };
    },

    /** Ascending by revision. */
    changedAfter: (revision: number): readonly ConversationSummary[] =>
      summaries(
        [...conversations.values()]
          .filter(({ facts }) => facts.revision > revision)
          .sort((a, b) => a.facts.revision - b.facts.revision),
      ),

    viewCounts(): Record<View, number> {
      const counts = { waiting: 0, mine: 0, assistant: 0, done: 0 };
      for (const one of conversations.values()) counts[shown(one).view] += 1;
      return counts;
    },

    blocked: (): readonly string[] =>
      [...conversations.values()]
        .filter(({ state }) => state.blocked)
        .map(({ facts }) => facts.id)
        .sort(),
  };
}

/** What the visitor wrote after a `seq`, as far as it is counted. */
function unreadIn(messages: readonly StoredMessage[], readSeq: number): number {
  let unread = 0;
  for (let at = readSeq; at < messages.length && unread < maxUnread; at += 1) {
    if (messages[at]?.sender === 'visitor') unread += 1;
  }
  return unread;
}
