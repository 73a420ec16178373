import { randomBytes, randomInt } from 'node:crypto';

import type { SqliteDatabase } from './sqlite-driver.ts';
import { newestRevision } from './sqlite-revisions.ts';

/** One run of the server on this history. */
export interface Start {
  /** Random: no other start, of this history or of a copy of it, has the same. */
  readonly epoch: string;
  /** Above those of all starts before it. A restored copy may give the same number again. */
  readonly number: number;
  /** The revisions that it draws are above this, at random: hardly those of another history. */
  readonly revisionsAfter: number;
}

// A row a start would grow without bound under a supervisor that restarts without end. Whoever
// comes back from further ago is given a fresh history: nothing is lost by it.
const rememberedStarts = 10_000;

// Tens of millions of starts fit below the largest exact number.
const revisionsLeap = 2 ** 27;

// SQLite would take what stands before a NUL for the whole.
const drawn = /^[\w-]{1,64}$/;

const lastRevisionsAfter = 'SELECT coalesce(max(revisions_after), 0) AS last FROM starts';

/** Notes that the server starts on this history. Throws SQLite's error where it cannot. */
export function beginStart(db: SqliteDatabase, remembered = rememberedStarts): Start {
  const epoch = randomBytes(12).toString('base64url');
  db.exec('BEGIN IMMEDIATE');
  try {
    const newest = newestRevision(db);
    // Above those of a start that drew none, too: else what this one draws seemed another's.
    const before = db.prepare<{ last: number }>(lastRevisionsAfter).get()?.last ?? 0;
    const revisionsAfter = Math.max(newest, before) + 1 + randomInt(revisionsLeap);
    const row = db
      .prepare<{ number: number }>(`
        INSERT INTO starts (number, name, revisions_until, revisions_after)
        SELECT coalesce(max(number), 0) + 1, ?, ?, ? FROM starts RETURNING number`)
      .get(epoch, newest, revisionsAfter);
    if (!row) throw new Error('a start without a number');
    db.prepare('DELETE FROM starts WHERE number <= ?').run(row.number - remembered);
    db.exec('COMMIT');
    return { epoch, number: row.number, revisionsAfter };
  } catch (error) {
    try {
      db.exec('ROLLBACK');
    } catch {
      // SQLite ends the transaction by itself after some errors.
    }
    throw error;
  }
}

/**
 * Whether what stands at a position was there in the epoch under which a client reached it. A
 * copy that was restored does not know the epochs that came after it was made; and what was
 * written after it was restored has the number of a later start than any epoch that it knows.
 */
export function sqlitePositions(db: SqliteDatabase) {
  const standing = db.prepare(`
    SELECT 1 FROM messages JOIN starts ON starts.name = ?3 AND messages.start <= starts.number
    WHERE messages.conversation_id = ?1 AND messages.seq = ?2`);
  return (conversationId: string, position: { readonly seq: number; readonly epoch: string }) =>
    drawn.test(position.epoch) &&
    standing.get(conversationId, position.seq, position.epoch) !== undefined;
}
