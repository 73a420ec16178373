import type { SqliteDatabase } from './sqlite-driver.ts';
import { busyTimeoutMs } from './sqlite-file.ts';
import type { TroubleKind } from './sqlite-trouble.ts';

/** A connection that is made anew where the old one is of no use any more. */
export interface SqliteConnection<Statements> {
  database(): SqliteDatabase;
  statements(): Statements;
  /** Before a transaction: fits the connection to the trouble that there is, if any. */
  adapt(): void;
  /**
   * Brings what the log holds into the database file, then begins with a new log. Throws
   * SQLite's error where it cannot, and may be called again.
   * @param removeLog - removes what stands in the place of the log, which a start would bring in
   * @returns whether it did; not while another program reads
   */
  renewLog(removeLog: () => void): boolean;
  close(): void;
}

// A disk that comes back leaves descriptors behind that fail for ever; asking oftener would make
// every refused message cost an opening.
const reopenAfterMs = 2_000;

export function createSqliteConnection<Statements>(options: {
  readonly db: SqliteDatabase;
  readonly prepare: (db: SqliteDatabase) => Statements;
  /** A write that changes something; throws where a connection cannot. */
  readonly prove: (statements: Statements) => void;
  readonly trouble: () => TroubleKind | undefined;
  readonly reopen?: () => SqliteDatabase;
  readonly nowMs: () => number;
}): SqliteConnection<Statements> {
  const { prepare, prove, trouble, reopen, nowMs } = options;
  let { db } = options;
  let statements = prepare(db);
  let patient = true;
  let troubledSinceMs: number | undefined;
  let closed = false;

  /** The store is already slow to answer: nobody has to wait for a lock that is known to be held. */
  function wait(kind: TroubleKind | undefined): void {
    const wanted = kind !== 'locked';
    if (wanted === patient) return;
    db.exec(`PRAGMA busy_timeout = ${wanted ? busyTimeoutMs : 0}`);
    patient = wanted;
  }

  function openAgain(open: () => SqliteDatabase): void {
    let fresh: SqliteDatabase | undefined;
    let prepared: Statements;
    try {
      fresh = open();
      prepared = prepare(fresh);
      // SQLite opens what it may only read without a word.
      prove(prepared);
    } catch {
      // The old one says what is wrong.
      close(fresh);
      return;
    }
    close(db);
    db = fresh;
    statements = prepared;
    patient = true;
  }

  function renewLog(removeLog: () => void): boolean {
    if (!reopen) return false;
    if (!closed) {
      if (withoutWaiting(db, () => checkpoint(db))) return false;
      removeLog();
      // Before the new one is opened, which else would share its index of the log.
      closed = true;
      db.close();
    }
    const fresh = reopen();
    db = fresh;
    closed = false;
    patient = true;
    statements = prepare(db);
    prove(statements);
    return true;
  }

  return {
    renewLog,
    close: () => void (closed || db.close()),
    database: () => db,
    statements: () => statements,
    adapt() {
      const kind = trouble();
      wait(kind);
      if (kind !== 'failing_disk' && kind !== 'unopenable' && kind !== 'read_only') {
        troubledSinceMs = undefined;
        return;
      }
      troubledSinceMs ??= nowMs();
      if (!reopen || nowMs() - troubledSinceMs < reopenAfterMs) return;
      troubledSinceMs = nowMs();
      openAgain(reopen);
    },
  };
}

/** Runs without waiting for anybody's lock, whatever the connection does otherwise. */
export function withoutWaiting<Value>(db: SqliteDatabase, run: () => Value): Value {
  const waits = db.prepare<{ timeout: number }>('PRAGMA busy_timeout').get()?.timeout ?? 0;
  db.exec('PRAGMA busy_timeout = 0');
  try {
    return run();
  } finally {
    db.exec(`PRAGMA busy_timeout = ${waits}`);
  }
}

/** @returns whether somebody reads the log, which then stays; throws SQLite's error */
function checkpoint(db: SqliteDatabase): boolean {
  return db.prepare<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy !== 0;
}

function close(db: SqliteDatabase | undefined): void {
  try {
    db?.close();
  } catch {
    // It is of no use any more; that is why it is closed.
  }
}
