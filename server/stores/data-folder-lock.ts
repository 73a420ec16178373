import { join, resolve } from 'node:path';

import type { SqliteDatabase } from './sqlite-driver.ts';
import { makeFolder } from './make-folder.ts';
import { loadSqliteDriver, sqliteCode } from './sqlite-driver.ts';
import { troubleOf } from './sqlite-trouble.ts';

/** Name of the file that is locked. It stays when the lock goes, is empty and blocks nobody. */
export const lockFileName = 'server.lock';

const sqliteBusy = 5;

/** Held until released. */
export interface DataFolderLock {
  /** Lets another server have the folder. Idempotent. */
  release(): void;
}

// A lock that nobody points to would be collected as garbage, and be gone.
const held = new Set<SqliteDatabase>();

/**
 * Makes a data folder if need be, readable for its owner alone, and takes it for this server.
 *
 * The lock is that of an open transaction on an SQLite file of its own: the operating system
 * drops it when the process ends, however it ends, and no file is left that says otherwise. Nothing
 * else in this process may open that file: under POSIX closing it would drop the lock.
 *
 * Rejects with `code` `DATA_DIR_IN_USE` where a server, this one included, has it already, and
 * with `DATA_DIR_NOT_WRITABLE` where it cannot be made or written.
 */
export async function lockDataFolder(dataDir: string): Promise<DataFolderLock> {
  const folder = resolve(dataDir);
  const driver = await loadSqliteDriver();
  let db: SqliteDatabase | undefined;
  try {
    await makeFolder(folder);
    db = driver.open(join(folder, lockFileName));
    db.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    db?.close();
    throw sqliteCode(cause) === sqliteBusy ? inUse(folder, cause) : notWritable(folder, cause);
  }
  const lock = db;
  held.add(lock);
  return {
    release() {
      if (held.delete(lock)) lock.close();
    },
  };
}

const inUse = (folder: string, cause: unknown): Error =>
  Object.assign(
    new Error(
      `Another contact-chat server is using the data folder ${folder}: stop it, or set DATA_DIR to another folder.`,
      { cause },
    ),
    { code: 'DATA_DIR_IN_USE' },
  );

function notWritable(folder: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  const trouble = troubleOf(cause, { dataDir: folder, file: join(folder, lockFileName) });
  return Object.assign(
    new Error(
      trouble?.kind === 'full'
        ? trouble.advice
        : `The data folder ${folder} cannot be written (${why}): give the user that runs the server write access to it, or set DATA_DIR to another folder.`,
      { cause },
    ),
    { code: 'DATA_DIR_NOT_WRITABLE' },
  );
}
