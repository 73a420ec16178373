import type { OnError } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';

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

/**
 * One group commit over one database. Promises settle in the order of the calls. A write that
 * throws is undone alone; where the transaction itself fails, all its writes reject with
 * `StoreUnavailable` and the next group starts afresh. Of failures in a row `onError` hears of the
 * first alone, since a full disk refuses everything that comes: a write that succeeds ends the row.
 * @param afterCommit called after every successful commit, once its promises are settled
 */
export function groupCommits(
  db: SqliteDatabase,
  options: { readonly onError: OnError; readonly afterCommit?: () => void },
): GroupCommit {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  let waiting: Entry[] = [];
  let failing = false;
  let closed = false;

  function reportFirst(error: StoreUnavailable, stage: string): void {
    if (failing) return;
    failing = true;
    options.onError(error, { stage });
  }

  function flush(): void {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    const writes = group.filter((entry) => entry.kind === 'write');
    const committed = commitAll(writes);
    for (const entry of group) settle(entry);
    if (!committed) return;
    try {
      options.afterCommit?.();
    } catch (error) {
      options.onError(error, { stage: 'store.after_commit' });
    }
  }

  function commitAll(writes: readonly Entry[]): boolean {
    try {
      if (!runPlainly(writes)) runGuarded(writes);
      if (writes.some(({ outcome }) => outcome?.ok)) failing = false;
      return true;
    } catch (cause) {
      tryToRollBack();
      const error = unavailable(cause);
      for (const write of writes) write.outcome = { ok: false, error };
      reportFirst(error, 'store.commit');
      return false;
    }
  }

  /** Without savepoints, which cost as much as a write. False where a write threw: nothing was done. */
  function runPlainly(writes: readonly Entry[]): boolean {
    beginAfresh();
    for (const write of writes) {
      try {
        write.outcome = { ok: true, value: write.run() };
      } catch {
        tryToRollBack();
        return false;
      }
    }
    commit.run();
    return true;
  }

  /** Each write in a savepoint, so that those that throw do not take the others with them. */
  function runGuarded(writes: readonly Entry[]): void {
    beginAfresh();
    for (const write of writes) {
      db.exec('SAVEPOINT one_write');
      try {
        write.outcome = { ok: true, value: write.run() };
      } catch (cause) {
        // Throws where SQLite has undone the whole transaction by itself (disk full, I/O error).
        db.exec('ROLLBACK TO one_write');
        const error = unavailable(cause);
        write.outcome = { ok: false, error };
        reportFirst(error, 'store.write');
      }
      db.exec('RELEASE one_write');
    }
    commit.run();
  }

  function beginAfresh(): void {
    try {
      begin.run();
    } catch {
      // A failed commit may have left its transaction open.
      tryToRollBack();
      begin.run();
    }
  }

  function tryToRollBack(): void {
    try {
      rollback.run();
    } catch {
      // SQLite ends the transaction by itself after some errors.
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

function settle(entry: Entry): void {
  const outcome = entry.outcome ?? attempt(entry.run);
  if (outcome.ok) entry.resolve(outcome.value);
  else entry.reject(outcome.error);
}

function attempt(read: () => unknown): Outcome {
  try {
    return { ok: true, value: read() };
  } catch (cause) {
    return { ok: false, error: unavailable(cause) };
  }
}

const unavailable = (cause: unknown): StoreUnavailable =>
  new StoreUnavailable(
    `The store is unavailable: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
