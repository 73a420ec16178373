import type { SearchSource } from './search.ts';
import type { sqliteConversations } from './sqlite-conversations.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import type { ConversationRow } from './sqlite-rows.ts';
import { conversationOf } from './sqlite-rows.ts';
import { fromStoredText } from './stored-text.ts';

/** What a search reads; each call is short. */
export function sqliteSearch(
  db: SqliteDatabase,
  conversations: ReturnType<typeof sqliteConversations>,
  revision: () => number,
): SearchSource {
  const listed = db.prepare<ConversationRow>(`
    SELECT * FROM conversations WHERE (updated_at_ms, id) < (?, ?)
    ORDER BY updated_at_ms DESC, id DESC LIMIT ?`);
  const changed = db.prepare<ConversationRow>(
    'SELECT * FROM conversations WHERE revision > ? ORDER BY revision LIMIT ?',
  );
  const messages = db.prepare<{ seq: number; at_ms: number; text: string }>(`
    SELECT seq, at_ms, text FROM messages WHERE conversation_id = ? AND seq < ?
    ORDER BY seq DESC LIMIT ?`);
  const notes = db.prepare<{ conversation_id: string; id: string; at_ms: number; text: string }>(`
    SELECT conversation_id, id, at_ms, text FROM notes
    WHERE (at_ms, conversation_id, id) < (?, ?, ?)
    ORDER BY at_ms DESC, conversation_id DESC, id DESC LIMIT ?`);

  return {
    revision,
    conversations: (after, limit) =>
      listed.all(after.updatedAtMs, after.id, limit).map(conversationOf),
    changed: (after, limit) => changed.all(after, limit).map(conversationOf),
    messages: (conversationId, beforeSeq, limit) =>
      messages.all(conversationId, beforeSeq, limit).map((row) => ({
        seq: row.seq,
        atMs: row.at_ms,
        text: fromStoredText(row.text),
      })),
    notes: (after, limit) =>
      notes.all(after.atMs, after.conversationId, after.id, limit).map((row) => ({
        conversationId: row.conversation_id,
        id: row.id,
        atMs: row.at_ms,
        text: fromStoredText(row.text),
      })),
    summary: conversations.summary,
    message: conversations.message,
  };
}
