import type { View } from '../../shared/console-protocol.ts';
import type {
  Conversation,
  ConversationSummary,
  MessagePage,
  MessageRange,
  StoredMessage,
} from '../ports.ts';
import { maxUnread, newestLookedAt } from '../ports.ts';
import { cursorOf, positionOf, type ListPosition } from './list-cursor.ts';
import { cutPage, rowsForPage } from './message-page.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import type { ConversationRow, MessageRow } from './sqlite-rows.ts';
import { conversationOf, messageColumns, messageOf, textColumn } from './sqlite-rows.ts';
import { fromStoredText } from './stored-text.ts';

/** Reads of conversations and their messages. */
export function sqliteConversations(db: SqliteDatabase) {
  const byId = db.prepare<ConversationRow>('SELECT * FROM conversations WHERE id = ?');
  const byUser = db.prepare<ConversationRow>('SELECT * FROM conversations WHERE verified_user = ?');
  const newest = db.prepare<ConversationRow>(`
    SELECT * FROM conversations WHERE (updated_at_ms, id) < (?, ?)
    ORDER BY updated_at_ms DESC, id DESC LIMIT ?`);
  const messageBySeq = db.prepare<MessageRow>(
    `SELECT ${messageColumns} FROM messages WHERE conversation_id = ? AND seq = ?`,
  );
  const messageById = db.prepare<MessageRow>(
    `SELECT ${messageColumns} FROM messages WHERE conversation_id = ? AND id = ?`,
  );
  const messagesAfter = db.prepare<MessageRow>(`
    SELECT ${messageColumns} FROM messages WHERE conversation_id = ? AND seq > ?
    ORDER BY seq LIMIT ?`);
  const messagesBefore = db.prepare<MessageRow>(`
    SELECT ${messageColumns} FROM messages WHERE conversation_id = ? AND seq < ?
    ORDER BY seq DESC LIMIT ?`);
  const newestOfView = db.prepare<ConversationRow>(`
    SELECT * FROM conversations WHERE view = ? AND (updated_at_ms, id) < (?, ?)
    ORDER BY updated_at_ms DESC, id DESC LIMIT ?`);
  const visitorsNewest = db.prepare<MessageRow>(`
    SELECT ${messageColumns} FROM messages
    WHERE conversation_id = ? AND seq > ? AND sender = 'visitor' ORDER BY seq DESC LIMIT 1`);
  const unread = db.prepare<{ unread: number }>(`
    SELECT count(*) AS unread FROM (
      SELECT 1 FROM messages
      WHERE conversation_id = ? AND seq > ? AND sender = 'visitor' LIMIT ${maxUnread})`);
  const failedNotices = db.prepare<{ count: number; error: string | null }>(`
    SELECT count(*) AS count, (
      SELECT last_error FROM owed_notices WHERE conversation_id = ?1 AND given_up = 1
      ORDER BY id DESC LIMIT 1) AS error
    FROM owed_notices WHERE conversation_id = ?1 AND given_up = 1`);
  const ratedDown = db.prepare<{ count: number }>(`
    SELECT count(*) AS count FROM (
      SELECT 1 FROM feedback WHERE conversation_id = ? AND value = 'down' LIMIT ${maxUnread})`);
  const blocked = db.prepare<{ id: string }>(
    'SELECT id FROM conversations WHERE blocked = 1 ORDER BY id',
  );

  function conversation(id: string): Conversation | undefined {
    const row = byId.get(id);
    return row && conversationOf(row);
  }

  function message(conversationId: string, seq: number): StoredMessage | undefined {
    const row = messageBySeq.get(conversationId, seq);
    return row && messageOf(row);
  }

  function summaryOf(row: ConversationRow): ConversationSummary {
    const lastMessage = message(row.id, row.last_seq);
    const failed = failedNotices.get(row.id);
    const wanted = row.view === 'waiting' && lastMessage && lastMessage.sender !== 'visitor';
    const down = ratedDown.get(row.id)?.count ?? 0;
    const asked = wanted && visitorsNewest.get(row.id, row.last_seq - newestLookedAt);
    return {
      ...conversationOf(row),
      ...(lastMessage ? { lastMessage } : {}),
      ...(asked ? { lastVisitorMessage: messageOf(asked) } : {}),
      unread: row.read_by_owner < row.last_seq ? unreadOf(row) : 0,
      ...(down > 0 ? { ratedDown: down } : {}),
      ...(failed && failed.count > 0
        ? { failedNotices: { count: failed.count, error: fromStoredText(failed.error ?? '') } }
        : {}),
    };
  }

  const unreadOf = (row: ConversationRow): number =>
    unread.get(row.id, row.read_by_owner)?.unread ?? 0;

  /** At most `limit` rows of a list, from a place in it. */
  function rowsOf({ before, view, user }: ListQuery, limit: number): readonly ConversationRow[] {
    const from = before === undefined ? aboveAll : positionOf(before);
    if (!from) return [];
    if (user === undefined) {
      return view === undefined
        ? newest.all(from.updatedAtMs, from.id, limit)
        : newestOfView.all(view, from.updatedAtMs, from.id, limit);
    }
    const row = byUser.get(textColumn(user));
    const listed = row && comesAfter(row, from) && (view === undefined || row.view === view);
    return listed ? [row] : [];
  }

  return {
    conversation,
    message,

    messageOfId(conversationId: string, id: string): StoredMessage | undefined {
      const row = messageById.get(conversationId, id);
      return row && messageOf(row);
    },

    ofUser: (user: string): string | undefined => byUser.get(textColumn(user))?.id,

    messages(conversationId: string, range: MessageRange): MessagePage {
      const rows =
        'afterSeq' in range
          ? messagesAfter.all(conversationId, range.afterSeq, rowsForPage(range))
          : messagesBefore.all(conversationId, range.beforeSeq, rowsForPage(range));
      return cutPage(rows.map(messageOf), range);
    },

    summary(id: string): ConversationSummary | undefined {
      const row = byId.get(id);
      return row && summaryOf(row);
    },

    list(query: ListQuery): {
      readonly conversations: readonly ConversationSummary[];
      readonly cursor?: string;
    } {
      const limit = Math.max(1, Math.floor(query.limit));
      const rows = rowsOf(query, limit + 1);
      const conversations = rows.slice(0, limit).map(summaryOf);
      const last = conversations.at(-1);
      return rows.length > limit && last
        ? { conversations, cursor: cursorOf(last) }
        : { conversations };
    },

    blocked: (): readonly string[] => blocked.all().map(({ id }) => id),
  };
}

interface ListQuery {
  readonly limit: number;
  readonly before?: string;
  readonly view?: View;
  readonly user?: string;
}

const aboveAll: ListPosition = { updatedAtMs: Number.MAX_SAFE_INTEGER, id: '' };

const comesAfter = (row: ConversationRow, from: ListPosition): boolean =>
  row.updated_at_ms < from.updatedAtMs ||
  (row.updated_at_ms === from.updatedAtMs && row.id < from.id);
