import type { AnswerList, InboxStore } from '../inbox-ports.ts';
import { maxCountedAnswers } from '../inbox-ports.ts';
import type { ConversationSummary, FeedbackValue, StoredMessage } from '../ports.ts';
import type { MemoryConversation } from './memory-conversation.ts';
import { compareFound, searchCursor, searchPlace, type SearchPlace } from './search-place.ts';

/** Answers that were rated, and those that were found in no post. */
export function memoryAnswers(
  conversations: ReadonlyMap<string, MemoryConversation>,
  summary: (conversationId: string) => ConversationSummary | undefined,
) {
  const isIn = (list: AnswerList, { outcome, feedback }: StoredMessage): boolean =>
    list === 'not_covered' ? outcome === 'not_covered' : feedback === list;

  const placesOf = (list: AnswerList): SearchPlace[] =>
    [...conversations.values()]
      .flatMap(({ facts, messages }) =>
        messages
          .filter((message) => isIn(list, message))
          .map(({ atMs, seq }) => ({ atMs, seq, conversationId: facts.id, noteId: '' })),
      )
      .sort(compareFound);

  function answerAt({ conversationId, seq }: SearchPlace) {
    const of = conversations.get(conversationId);
    const conversation = summary(conversationId);
    const answer = of?.messages[seq - 1];
    if (!of || !conversation || !answer) return [];
    const question = of.byId.get(answer.inReplyTo ?? '');
    return [{ conversation, answer, ...(question ? { question } : {}) }];
  }

  return {
    list({ list, limit: wanted, before }: Parameters<InboxStore['answers']>[0]) {
      const limit = Math.max(1, Math.floor(wanted));
      const from = before === undefined ? undefined : searchPlace(before);
      if (before !== undefined && !from) return { answers: [] };
      const rest = placesOf(list).filter((place) => !from || compareFound(place, from) > 0);
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      const answers = page.flatMap(answerAt);
      return rest.length > limit && last ? { answers, cursor: searchCursor(last) } : { answers };
    },

    counts(sinceMs: number): Record<AnswerList, number> {
      const countOf = (list: AnswerList): number =>
        Math.min(placesOf(list).filter(({ atMs }) => atMs >= sinceMs).length, maxCountedAnswers);
      return { up: countOf('up'), down: countOf('down'), not_covered: countOf('not_covered') };
    },
  };
}

/** @returns whether there is such an answer, of a visitor who is not blocked */
export function rateAnswer(
  conversation: MemoryConversation | undefined,
  messageId: string,
  feedback: FeedbackValue,
  touch: (conversation: MemoryConversation) => void,
): boolean {
  const answer = conversation?.byId.get(messageId);
  if (!conversation || answer?.sender !== 'assistant' || conversation.state.blocked) return false;
  if (answer.feedback === feedback) return true;
  const rated = { ...answer, feedback };
  conversation.byId.set(messageId, rated);
  conversation.messages[answer.seq - 1] = rated;
  touch(conversation);
  return true;
}
