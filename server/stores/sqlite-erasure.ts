import type { SqliteDatabase } from './sqlite-driver.ts';

// One slice is one transaction: the chat goes on between two.
const pruneSlice = 100;

/** Deletes conversations with all that hangs on them and leaves a mark that their ids are void. */
export function sqliteErasure(db: SqliteDatabase) {
  const bury = db.prepare(`
    INSERT INTO erased_conversations (id, at_ms)
    VALUES (?, CAST(unixepoch('subsec') * 1000 AS INTEGER)) ON CONFLICT DO NOTHING`);
  const remove = db.prepare('DELETE FROM conversations WHERE id = ?');
  const buried = db.prepare('SELECT 1 FROM erased_conversations WHERE id = ?');
  const old = db.prepare<{ id: string }>(
    'SELECT id FROM conversations WHERE updated_at_ms < ? ORDER BY updated_at_ms LIMIT ?',
  );
  const forgetSent = db.prepare('DELETE FROM sent_notices WHERE at_ms < ?');
  const emptyLog = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
  let logHoldsErased = false;

  /** Also for an id of which nothing is stored: its token must not begin a conversation. */
  function erase(conversationId: string): void {
    bury.run(conversationId);
    if (Number(remove.run(conversationId).changes) > 0) logHoldsErased = true;
  }

  return {
    erase,

    isErased: (id: string): boolean => buried.get(id) !== undefined,

    /** @returns how many went, and whether there may be more */
    pruneSome(beforeMs: number): { readonly pruned: number; readonly more: boolean } {
      const rows = old.all(beforeMs, pruneSlice);
      for (const { id } of rows) erase(id);
      forgetSent.run(beforeMs);
      return { pruned: rows.length, more: rows.length === pruneSlice };
    },

    /** The write-ahead log still holds the words of what was deleted, until it is emptied. */
    emptyLogAfterErasure(): void {
      if (!logHoldsErased) return;
      logHoldsErased = false;
      emptyLog.get();
    },
  };
}
