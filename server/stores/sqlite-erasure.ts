import { withoutWaiting } from './sqlite-connection.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import type { Revisions } from './sqlite-revisions.ts';

// One slice is one transaction: the chat goes on between two.
const pruneSlice = 100;
// Whoever reads the database, an export say, keeps the log from being emptied until they are done.
const firstRetryMs = 1_000;
const maxRetryMs = 60_000;

/** What is left to do of an erasure; it outlives a connection. */
export interface ErasureState {
  /** The write-ahead log still holds the words of what was deleted. */
  logHoldsErased: boolean;
  nextTryMs: number;
  /** How often in a row somebody else was reading. */
  busyTries: number;
}

/** Deletes conversations with all that hangs on them and leaves a mark that their ids are void. */
export function sqliteErasure(db: SqliteDatabase, state: ErasureState, revisions: Revisions) {
  const bury = db.prepare(`
    INSERT INTO erased_conversations (id, at_ms, revision, pruned)
    VALUES (?, CAST(unixepoch('subsec') * 1000 AS INTEGER), ?, ?) ON CONFLICT DO NOTHING`);
  const remove = db.prepare('DELETE FROM conversations WHERE id = ?');
  const forgetSpend = db.prepare('DELETE FROM spent_by_visitor WHERE visitor = ?');
  const buried = db.prepare('SELECT 1 FROM erased_conversations WHERE id = ?');
  const old = db.prepare<{ id: string }>(
    'SELECT id FROM conversations WHERE updated_at_ms < ? ORDER BY updated_at_ms LIMIT ?',
  );
  const forgetSent = db.prepare('DELETE FROM sent_notices WHERE at_ms < ?');
  const emptyLog = db.prepare<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)');

  /** Also for an id of which nothing is stored: its token must not begin a conversation. */
  function erase(conversationId: string, pruned = false): void {
    const known = Number(remove.run(conversationId).changes) > 0;
    forgetSpend.run(conversationId);
    // Of what was never listed nobody has to be told.
    bury.run(conversationId, known ? revisions.next() : 0, pruned ? 1 : 0);
    if (known) state.logHoldsErased = true;
  }

  const wantsLogEmptied = (nowMs: number): boolean =>
    state.logHoldsErased && nowMs >= state.nextTryMs;

  return {
    erase: (conversationId: string): void => erase(conversationId),

    wantsLogEmptied,

    isErased: (id: string): boolean => buried.get(id) !== undefined,

    /** @returns how many went, and whether there may be more */
    pruneSome(beforeMs: number): { readonly pruned: number; readonly more: boolean } {
      const rows = old.all(beforeMs, pruneSlice);
      for (const { id } of rows) erase(id, true);
      forgetSent.run(beforeMs);
      return { pruned: rows.length, more: rows.length === pruneSlice };
    },

    /**
     * Empties the log of the words of what was deleted. Waits for nobody: where somebody else
     * reads it, it is tried again after a later write, at longer and longer intervals. Throws
     * SQLite's error.
     * @param nowMs on a clock that never jumps
     */
    emptyLogAfterErasure(nowMs: number): void {
      if (!wantsLogEmptied(nowMs)) return;
      state.nextTryMs = nowMs + Math.min(maxRetryMs, firstRetryMs * 2 ** state.busyTries);
      state.logHoldsErased = withoutWaiting(db, () => emptyLog.get()?.busy !== 0);
      state.busyTries = state.logHoldsErased ? state.busyTries + 1 : 0;
      if (!state.logHoldsErased) state.nextTryMs = 0;
    },
  };
}
