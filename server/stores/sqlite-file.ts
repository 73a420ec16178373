import { closeSync, existsSync, fsyncSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { StoreUnavailable } from '../ports.ts';
import { migrate } from './migrations.ts';
import type { SqliteDatabase, SqliteDriver } from './sqlite-driver.ts';
import { loadSqliteDriver } from './sqlite-driver.ts';
import { troubleOf } from './sqlite-trouble.ts';
import { refuseUnfinishedCopy } from './unfinished-copy.ts';

/** Name of the database in the data folder. */
export const sqliteFileName = 'contact-chat.sqlite';

// SQLite waits for a lock on the event loop's own thread. Nobody but a foreign tool ever holds
// one, so that the wait may be short, once the server is up; only a start may take its time.
const busyTimeoutAtStartMs = 5_000;
/** How long a write waits for a foreign lock, and everybody with it, in milliseconds. */
export const busyTimeoutMs = 250;
// Checking a larger file would delay the start by more than a second; its damage shows when it
// is read.
const checkedBytes = 256 * 1024 * 1024;

/**
 * Opens the database of a data folder, which exists, with today's tables. A file that is damaged,
 * or was emptied, is left as it is. The connection waits 5 s for foreign locks.
 * Rejects with `StoreUnavailable`, its message naming the file.
 */
export async function openSqliteFile(dataDir: string): Promise<SqliteDatabase> {
  refuseUnfinishedCopy(dataDir);
  const driver = await loadSqliteDriver();
  const file = join(dataDir, sqliteFileName);
  let db: SqliteDatabase | undefined;
  try {
    if (!makePrivateFile(dataDir, file)) refuseEmptied(dataDir, file);
    refuseDamaged(driver, file);
    db = driver.open(file);
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutAtStartMs}`);
    configure(db);
    migrate(db, file);
    return db;
  } catch (cause) {
    try {
      db?.close();
    } catch {
      // The first error says more.
    }
    const trouble = troubleOf(cause, { dataDir, file });
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = trouble?.advice ?? `The database ${file} cannot be opened: ${why}`;
    throw new StoreUnavailable(message, { cause });
  }
}

/** Opens further connections to a file that `openSqliteFile` opened; throws SQLite's errors. */
export async function reopenSqliteFile(file: string): Promise<() => SqliteDatabase> {
  const driver = await loadSqliteDriver();
  return () => {
    const db = driver.open(file);
    try {
      db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
      configure(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  };
}

/** SQLite takes an empty file for a new database, and deletes the log of the one that it was. */
function refuseEmptied(dataDir: string, file: string): void {
  if (statSync(file).size > 0) return;
  // A first start that was killed here leaves the file, and nothing that comes later.
  const used = [`${file}-wal`, join(dataDir, 'assets'), join(dataDir, 'owner-token')];
  if (!used.some((path) => existsSync(path))) return;
  throw new Error(
    'it is empty, although this folder was in use; put a backup in its place, or remove it to begin anew',
  );
}

/** Without the right to write: SQLite would bring the log into a damaged file when it is closed. */
function refuseDamaged(driver: SqliteDriver, file: string): void {
  if (statSync(file).size > checkedBytes) return;
  const db = driver.open(file, { readOnly: true });
  try {
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutAtStartMs}`);
    const found = db.prepare<{ quick_check: string }>('PRAGMA quick_check(1)').get()?.quick_check;
    if (found === 'ok') return;
    throw Object.assign(new Error(found?.replaceAll('\n', ' ') ?? 'it cannot be checked'), {
      errcode: 11, // SQLITE_CORRUPT
    });
  } finally {
    db.close();
  }
}

// SQLite would make the file readable for everybody that the umask allows; its log and index
// files take over the mode of the database. A new file's name is durable once its folder is.
/** @returns whether the file was not there */
function makePrivateFile(dataDir: string, file: string): boolean {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  if (process.platform === 'win32') return true; // folders cannot be opened there
  const folder = openSync(dataDir, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
  return true;
}

function configure(db: SqliteDatabase): void {
  const mode = db.prepare<{ journal_mode: string }>('PRAGMA journal_mode = WAL').get();
  if (mode?.journal_mode !== 'wal') {
    throw new Error('its file system has no shared memory, which the write-ahead log needs');
  }
  db.exec(`
    PRAGMA synchronous = FULL;
    -- On macOS alone a plain fsync leaves the data in the drive's cache.
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA foreign_keys = ON;
    -- What a visitor erased is overwritten, not only unlinked.
    PRAGMA secure_delete = ON;
    PRAGMA cache_size = -8000;
    PRAGMA journal_size_limit = 16777216;
  `);
}
