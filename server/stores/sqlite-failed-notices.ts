import type { FailedNotice } from '../inbox-ports.ts';
import type { NoticeReason } from '../ports.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { fromStoredText } from './stored-text.ts';

interface FailedNoticeRow {
  readonly id: number;
  readonly conversation_id: string;
  readonly channel: string;
  readonly reason: NoticeReason;
  readonly created_at_ms: number;
  readonly attempts: number;
  readonly last_error: string | null;
}

/** Notices that were given up, for the owner to see, retry or dismiss. */
export function sqliteFailedNotices(db: SqliteDatabase, touch: (conversationId: string) => void) {
  const newest = db.prepare<FailedNoticeRow>(`
    SELECT id, conversation_id, channel, reason, created_at_ms, attempts, last_error
    FROM owed_notices WHERE given_up = 1 ORDER BY id DESC LIMIT ?`);
  const concerned = db.prepare<{ conversation_id: string }>(
    'SELECT DISTINCT conversation_id FROM owed_notices WHERE given_up = 1 ORDER BY 1',
  );
  const retry = db.prepare(`
    UPDATE owed_notices SET given_up = 0, attempts = 0, not_before_ms = ?, last_error = NULL,
      holder = NULL, lease_until_ms = 0
    WHERE given_up = 1`);
  const dismiss = db.prepare('DELETE FROM owed_notices WHERE given_up = 1');

  function touchAll(): void {
    for (const { conversation_id: id } of concerned.all()) touch(id);
  }

  return {
    list: (limit: number): readonly FailedNotice[] =>
      newest.all(Math.max(0, Math.floor(limit))).map((row) => ({
        noticeId: row.id,
        conversationId: row.conversation_id,
        channel: row.channel,
        reason: row.reason,
        atMs: row.created_at_ms,
        attempts: row.attempts,
        error: fromStoredText(row.last_error ?? ''),
      })),

    retry(nowMs: number): number {
      touchAll();
      return Number(retry.run(nowMs).changes);
    },

    dismiss(): number {
      touchAll();
      return Number(dismiss.run().changes);
    },
  };
}
