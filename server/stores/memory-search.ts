import type { ConversationSummary } from '../ports.ts';
import type { MemoryConversation } from './memory-conversation.ts';
import { byAge } from './memory-conversation.ts';
import { compareFound } from './search-place.ts';
import type { SearchedNote, SearchSource } from './search.ts';

/** What a search reads of the memory store. */
export function memorySearch(
  conversations: ReadonlyMap<string, MemoryConversation>,
  revision: () => number,
  summary: (conversationId: string) => ConversationSummary | undefined,
): SearchSource {
  const all = () => [...conversations.values()].map(({ facts }) => facts);
  const place = (note: Omit<SearchedNote, 'text'>) => ({ ...note, seq: 0, noteId: note.id });
  return {
    revision,
    conversations: (after, limit) =>
      all()
        .filter((facts) => byAge(facts, after) < 0)
        .sort((a, b) => byAge(b, a))
        .slice(0, limit),
    changed: (after, limit) =>
      all()
        .filter((facts) => facts.revision > after)
        .sort((a, b) => a.revision - b.revision)
        .slice(0, limit),
    messages: (conversationId, beforeSeq, limit) =>
      (conversations.get(conversationId)?.messages ?? [])
        .slice(0, beforeSeq - 1)
        .reverse()
        .slice(0, limit),
    notes: (after, limit) =>
      [...conversations.values()]
        .flatMap(({ facts, notes }) =>
          [...notes.values()].map((note) => ({ ...note, conversationId: facts.id })),
        )
        .filter((note) => compareFound(place(note), place(after)) > 0)
        .sort((a, b) => compareFound(place(a), place(b)))
        .slice(0, limit),
    summary,
    message: (conversationId, seq) => conversations.get(conversationId)?.messages[seq - 1],
  };
}
