import type { AnswerList, InboxStore, ListedAnswer } from '../inbox-ports.ts';
import { maxCountedAnswers } from '../inbox-ports.ts';
import { searchCursor, searchPlace } from './search-place.ts';
import type { sqliteConversations } from './sqlite-conversations.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';

interface AnswerPlaceRow {
  readonly conversation_id: string;
  readonly at_ms: number;
  readonly seq: number;
}

/** What each list is read from, by an index in its order. */
const sources: Readonly<Record<AnswerList, string>> = {
  up: `feedback INDEXED BY feedback_by_value WHERE value = 'up'`,
  down: `feedback INDEXED BY feedback_by_value WHERE value = 'down'`,
  not_covered: `messages INDEXED BY messages_not_covered WHERE outcome = 'not_covered'`,
};

/** Answers that were rated, and those that were found in no post: a page costs the same ever after. */
export function sqliteAnswers(
  db: SqliteDatabase,
  conversations: ReturnType<typeof sqliteConversations>,
): {
  list(query: Parameters<InboxStore['answers']>[0]): Awaited<ReturnType<InboxStore['answers']>>;
  counts(sinceMs: number): Awaited<ReturnType<InboxStore['answerCounts']>>;
} {
  const prepareList = (list: AnswerList) => ({
    page: db.prepare<AnswerPlaceRow>(`
      SELECT conversation_id, at_ms, seq FROM ${sources[list]}
        AND (at_ms, conversation_id, seq) < (?, ?, ?)
      ORDER BY at_ms DESC, conversation_id DESC, seq DESC LIMIT ?`),
    count: db.prepare<{ count: number }>(`
      SELECT count(*) AS count FROM (
        SELECT 1 FROM ${sources[list]} AND at_ms >= ? LIMIT ${maxCountedAnswers})`),
  });
  const lists: Readonly<Record<AnswerList, ReturnType<typeof prepareList>>> = {
    up: prepareList('up'),
    down: prepareList('down'),
    not_covered: prepareList('not_covered'),
  };

  function answerAt(row: AnswerPlaceRow): ListedAnswer | undefined {
    const conversation = conversations.summary(row.conversation_id);
    const answer = conversations.message(row.conversation_id, row.seq);
    if (!conversation || !answer) return undefined;
    const question =
      answer.inReplyTo === undefined
        ? undefined
        : conversations.messageOfId(row.conversation_id, answer.inReplyTo);
    return { conversation, answer, ...(question ? { question } : {}) };
  }

  return {
    list({ list, limit: wanted, before }) {
      const limit = Math.max(1, Math.floor(wanted));
      const from = before === undefined ? first : searchPlace(before);
      if (!from) return { answers: [] };
      const rows = lists[list].page.all(from.atMs, from.conversationId, from.seq, limit + 1);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const answers = page.flatMap((row) => answerAt(row) ?? []);
      return rows.length > limit && last ? { answers, cursor: cursorOf(last) } : { answers };
    },

    counts(sinceMs) {
      const countOf = (list: AnswerList) => lists[list].count.get(sinceMs)?.count ?? 0;
      return { up: countOf('up'), down: countOf('down'), not_covered: countOf('not_covered') };
    },
  };
}

const first = { atMs: Number.MAX_SAFE_INTEGER, conversationId: '', seq: 0 };

const cursorOf = ({ at_ms: atMs, conversation_id: conversationId, seq }: AnswerPlaceRow): string =>
  searchCursor({ atMs, conversationId, seq, noteId: '' });
