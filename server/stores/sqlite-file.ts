import { closeSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';

import { StoreUnavailable } from '../ports.ts';
import { migrate } from './migrations.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { loadSqliteDriver } from './sqlite-driver.ts';

/** Name of the database in the data folder. */
export const sqliteFileName = 'contact-chat.sqlite';

// SQLite waits for a lock on the event loop's own thread. Nobody but a foreign tool ever holds
// one, so that the wait may be short; only a start may take its time.
const busyTimeoutAtStartMs = 5_000;
const busyTimeoutMs = 250;

/**
 * Opens the database of a data folder, which exists, with today's tables.
 * Rejects with `StoreUnavailable`, its message naming the file.
 */
export async function openSqliteFile(dataDir: string): Promise<SqliteDatabase> {
  const driver = await loadSqliteDriver();
  const file = join(dataDir, sqliteFileName);
  let db: SqliteDatabase | undefined;
  try {
    makePrivateFile(dataDir, file);
    db = driver.open(file);
    configure(db);
    migrate(db, file);
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    return db;
  } catch (cause) {
    try {
      db?.close();
    } catch {
      // The first error says more.
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StoreUnavailable(`The database ${file} cannot be opened: ${why}`, { cause });
  }
}

// SQLite would make the file readable for everybody that the umask allows; its log and index
// files take over the mode of the database. A new file's name is durable once its folder is.
function makePrivateFile(dataDir: string, file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  if (process.platform === 'win32') return; // folders cannot be opened there
  const folder = openSync(dataDir, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function configure(db: SqliteDatabase): void {
  db.exec(`PRAGMA busy_timeout = ${busyTimeoutAtStartMs}`);
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
