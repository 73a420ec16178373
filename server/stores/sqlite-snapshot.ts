import { existsSync } from 'node:fs';

import { refuseNewer } from './migrations.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { loadSqliteDriver } from './sqlite-driver.ts';

const busyTimeoutMs = 10_000;

/** The folder has no database, or one that nothing was ever stored in. */
export class NoDatabase extends Error {
  override readonly name = 'NoDatabase';
}

/**
 * Opens the database of a data folder beside a server that may be running on it, whose lock it
 * leaves alone. The caller only reads, and closes it.
 * Rejects with `NoDatabase`, with code `STORE_TOO_NEW`, or with SQLite's error.
 */
export async function openBesideServer(file: string): Promise<SqliteDatabase> {
  if (!existsSync(file)) throw new NoDatabase(`There is no database ${file}.`);
  const { open } = await loadSqliteDriver();
  const db = open(file);
  try {
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    if (refuseNewer(db, file) === 0) throw new NoDatabase(`${file} holds nothing yet.`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** What a copy holds. */
export interface CopyCounts {
  readonly conversations: number;
  readonly messages: number;
}

/**
 * Writes one consistent state of an open database to an empty file, without log, free pages or
 * anything that was deleted, and reads the copy through. Not durable before the file is flushed.
 * Throws SQLite's error.
 */
export async function copyDatabase(db: SqliteDatabase, to: string): Promise<CopyCounts> {
  db.prepare('VACUUM INTO ?').run(to);
  const { open } = await loadSqliteDriver();
  const copy = open(to);
  try {
    const found = copy.prepare<{ quick_check: string }>('PRAGMA quick_check(1)').get();
    if (found?.quick_check !== 'ok') {
      throw Object.assign(new Error(found?.quick_check ?? 'the copy cannot be read'), {
        errcode: 11, // SQLITE_CORRUPT
      });
    }
    const counts = copy
      .prepare<CopyCounts>(`
        SELECT (SELECT count(*) FROM conversations) AS conversations,
          (SELECT count(*) FROM messages) AS messages`)
      .get();
    return { conversations: counts?.conversations ?? 0, messages: counts?.messages ?? 0 };
  } finally {
    copy.close();
  }
}
