import type { Answering } from '../../shared/protocol.ts';
import type {
  Conversation,
  ConversationSummary,
  MessagePage,
  MessageRange,
  StoredMessage,
} from '../ports.ts';
import { cursorOf, positionOf } from './list-cursor.ts';
import { cutPage, rowsForPage } from './message-page.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import type { ConversationRow, MessageRow } from './sqlite-rows.ts';
import { conversationOf, messageColumns, messageOf, textColumn } from './sqlite-rows.ts';

/** Reads of conversations and their messages, and the small changes to them. */
export function sqliteConversations(db: SqliteDatabase) {
  const byId = db.prepare<ConversationRow>('SELECT * FROM conversations WHERE id = ?');
  const byUser = db.prepare<{ id: string }>('SELECT id FROM conversations WHERE verified_user = ?');
  const newest = db.prepare<ConversationRow>(
    'SELECT * FROM conversations ORDER BY updated_at_ms DESC, id DESC LIMIT ?',
  );
  const newestBefore = db.prepare<ConversationRow>(`
    SELECT * FROM conversations WHERE (updated_at_ms, id) < (?, ?)
    ORDER BY updated_at_ms DESC, id DESC LIMIT ?`);
  const messageBySeq = db.prepare<MessageRow>(
    `SELECT ${messageColumns} FROM messages WHERE conversation_id = ? AND seq = ?`,
  );
  const messagesAfter = db.prepare<MessageRow>(`
    SELECT ${messageColumns} FROM messages WHERE conversation_id = ? AND seq > ?
    ORDER BY seq LIMIT ?`);
  const messagesBefore = db.prepare<MessageRow>(`
    SELECT ${messageColumns} FROM messages WHERE conversation_id = ? AND seq < ?
    ORDER BY seq DESC LIMIT ?`);
  const updateAnswering = db.prepare('UPDATE conversations SET answering = ? WHERE id = ?');
  const updateRead = {
    visitor: db.prepare(readMark('read_by_visitor')),
    owner: db.prepare(readMark('read_by_owner')),
  };
  const upsertFeedback = db.prepare(`
    INSERT INTO feedback (conversation_id, message_id, value)
    SELECT conversation_id, id, ?3 FROM messages
    WHERE conversation_id = ?1 AND id = ?2 AND sender = 'assistant'
    ON CONFLICT (conversation_id, message_id) DO UPDATE SET value = excluded.value`);

  function conversation(id: string): Conversation | undefined {
    const row = byId.get(id);
    return row && conversationOf(row);
  }

  function message(conversationId: string, seq: number): StoredMessage | undefined {
    const row = messageBySeq.get(conversationId, seq);
    return row && messageOf(row);
  }

  return {
    conversation,
    message,

    ofUser: (user: string): string | undefined => byUser.get(textColumn(user))?.id,

    messages(conversationId: string, range: MessageRange): MessagePage {
      const rows =
        'afterSeq' in range
          ? messagesAfter.all(conversationId, range.afterSeq, rowsForPage(range))
          : messagesBefore.all(conversationId, range.beforeSeq, rowsForPage(range));
      return cutPage(rows.map(messageOf), range);
    },

    list(query: { readonly limit: number; readonly before?: string }): {
      readonly conversations: readonly ConversationSummary[];
      readonly cursor?: string;
    } {
      const limit = Math.max(1, Math.floor(query.limit));
      const from = query.before === undefined ? undefined : positionOf(query.before);
      if (query.before !== undefined && !from) return { conversations: [] };
      const rows = from
        ? newestBefore.all(from.updatedAtMs, from.id, limit + 1)
        : newest.all(limit + 1);
      const conversations = rows.slice(0, limit).map((row): ConversationSummary => {
        const lastMessage = message(row.id, row.last_seq);
        return { ...conversationOf(row), ...(lastMessage ? { lastMessage } : {}) };
      });
      const last = conversations.at(-1);
      return rows.length > limit && last
        ? { conversations, cursor: cursorOf(last) }
        : { conversations };
    },

    setAnswering(conversationId: string, answering: Answering | undefined): void {
      updateAnswering.run(answering ?? null, conversationId);
    },

    markRead(conversationId: string, reader: 'visitor' | 'owner', seq: number): void {
      updateRead[reader].run(conversationId, seq);
    },

    setFeedback: (conversationId: string, messageId: string, value: 'up' | 'down'): boolean =>
      Number(upsertFeedback.run(conversationId, messageId, value).changes) > 0,
  };
}

// Nobody has read what is not there yet. Nothing is written where nothing changes: clients
// report the same mark again and again.
const readMark = (column: string): string => `
  UPDATE conversations SET ${column} = min(?2, last_seq)
  WHERE id = ?1 AND ${column} < min(?2, last_seq)`;
