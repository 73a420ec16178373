import type { SqliteDatabase } from './sqlite-driver.ts';
import { busyTimeoutMs } from './sqlite-file.ts';
import type { TroubleKind } from './sqlite-trouble.ts';

/** A connection that is made anew where the old one is of no use any more. */
export interface SqliteConnection<Statements> {
  database(): SqliteDatabase;
  statements(): Statements;
  /** Before a transaction: fits the connection to the trouble that there is, if any. */
  adapt(): void;
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

  return {
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

function close(db: SqliteDatabase | undefined): void {
  try {
    db?.close();
  } catch {
    // It is of no use any more; that is why it is closed.
  }
}
