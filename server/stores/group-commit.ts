import { StoreUnavailable } from '../ports.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { sqliteCode } from './sqlite-driver.ts';
import { StoreTrouble } from './sqlite-trouble.ts';
import type { StoreHealth } from './store-health.ts';

const sqliteBusy = 5;

type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: StoreUnavailable };

interface Entry {
  readonly kind: 'read' | 'write';
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreUnavailable) => void;
  outcome: Outcome | undefined;
}

/** Gathers the writes of one turn of the event loop into one transaction. */
export interface GroupCommit {
  /**
   * Runs a write within the transaction of this turn, perhaps twice, and resolves with what it
   * returned once that is on durable storage. It must change nothing but the database.
   */
  write<Value>(run: () => Value): Promise<Value>;
  /** Runs a read: at once, or after the writes of this turn that were asked for before it. */
  read<Value>(run: () => Value): Promise<Value>;
  /** Commits what is waiting, then refuses everything. */
  close(): void;
}

export interface GroupCommitOptions {
  /** The connection to use now. */
  readonly database: () => SqliteDatabase;
  readonly health: StoreHealth;
  /** Throws where no transaction is to be begun. */
  readonly beforeTransaction: () => void;
  /** After each commit: throws where it cannot be relied on. */
  readonly verifyCommitted: () => void;
  /** A write that changes something, for a store that has to prove that it works again. */
  readonly prove: () => void;
  /** Called after every successful commit, once its promises are settled. */
  readonly afterCommit: () => void;
}

/**
 * One group commit over one database. Promises settle in the order of the calls. A write that
 * throws is undone alone; where the transaction itself fails, all its writes reject with
 * `StoreUnavailable` and the next group starts afresh. `health` hears of every failure.
 */
export function groupCommits(options: GroupCommitOptions): GroupCommit {
  const { database, health, beforeTransaction, verifyCommitted, prove, afterCommit } = options;
  let waiting: Entry[] = [];
  let closed = false;

  function flush(): void {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    const writes = group.filter((entry) => entry.kind === 'write');
    const committed = commitAll(writes);
    for (const entry of group) settle(entry);
    if (committed) afterCommit();
  }

  function commitAll(writes: readonly Entry[]): boolean {
    const proving = health.trouble() !== undefined;
    try {
      beforeTransaction();
      let sound = true;
      if (!runPlainly(writes, proving)) sound = runGuarded(writes, proving);
      verifyCommitted();
      if (sound && (proving || writes.some(({ outcome }) => outcome?.ok))) health.succeeded();
      return true;
    } catch (cause) {
      tryToRollBack();
      const error = health.failed(cause, { stage: 'store.commit', writes: writes.length });
      for (const write of writes) write.outcome = { ok: false, error };
      return false;
    }
  }

  /** Without savepoints, which cost as much as a write. False where a write threw: nothing was done. */
  function runPlainly(writes: readonly Entry[], proving: boolean): boolean {
    beginAfresh();
    if (proving) prove();
    for (const write of writes) {
      try {
        write.outcome = { ok: true, value: write.run() };
      } catch {
        tryToRollBack();
        return false;
      }
    }
    database().exec('COMMIT');
    return true;
  }

  /**
   * Each write in a savepoint, so that those that throw do not take the others with them.
   * @returns whether no write failed for want of a working store
   */
  function runGuarded(writes: readonly Entry[], proving: boolean): boolean {
    const db = database();
    let sound = true;
    beginAfresh();
    if (proving) prove();
    for (const write of writes) {
      db.exec('SAVEPOINT one_write');
      try {
        write.outcome = { ok: true, value: write.run() };
      } catch (cause) {
        // Throws where SQLite has undone the whole transaction by itself (disk full, I/O error).
        db.exec('ROLLBACK TO one_write');
        const error = health.failed(cause, { stage: 'store.write', writes: 1 });
        if (error instanceof StoreTrouble) sound = false;
        write.outcome = { ok: false, error };
      }
      db.exec('RELEASE one_write');
    }
    db.exec('COMMIT');
    return sound;
  }

  function beginAfresh(): void {
    try {
      database().exec('BEGIN IMMEDIATE');
    } catch (error) {
      if (sqliteCode(error) === sqliteBusy) throw error;
      // A failed commit may have left its transaction open.
      tryToRollBack();
      database().exec('BEGIN IMMEDIATE');
    }
  }

  function tryToRollBack(): void {
    try {
      database().exec('ROLLBACK');
    } catch {
      // SQLite ends the transaction by itself after some errors.
    }
  }

  function settle(entry: Entry): void {
    const outcome = entry.outcome ?? attempt(entry.run);
    if (outcome.ok) entry.resolve(outcome.value);
    else entry.reject(outcome.error);
  }

  function attempt(read: () => unknown): Outcome {
    const trouble = health.trouble();
    // Parts of a damaged file may still be read, and may lack rows without a sign of it.
    if (trouble?.kind === 'damaged') return { ok: false, error: trouble };
    try {
      return { ok: true, value: read() };
    } catch (cause) {
      return { ok: false, error: health.failed(cause, { stage: 'store.read', writes: 0 }) };
    }
  }

  function ask<Value>(kind: Entry['kind'], run: () => Value): Promise<Value> {
    if (closed) return Promise.reject(new StoreUnavailable('The store is closed.'));
    return new Promise<Value>((resolve, reject) => {
      const entry = { kind, run, resolve: resolve as Entry['resolve'], reject, outcome: undefined };
      if (kind === 'read' && waiting.length === 0) settle(entry);
      else if (waiting.push(entry) === 1) setImmediate(flush);
    });
  }

  return {
    write: (run) => ask('write', run),
    read: (run) => ask('read', run),
    close() {
      if (closed) return;
      closed = true;
      flush();
    },
  };
}
