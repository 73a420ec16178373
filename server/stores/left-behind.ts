/** Stores as released versions left them, for tests. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadSqliteDriver } from './sqlite-driver.ts';
import { sqliteFileName } from './sqlite-file.ts';

const fixtures = new URL('fixtures/', import.meta.url);

/** Runs a test with a folder of its own, which is removed. */
export async function withFolder(test: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'contact-chat-migrate-'));
  try {
    await test(dataDir);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Makes the database that a released version left, by the number of its schema. */
export async function leaveBehind(dataDir: string, schema: number): Promise<string> {
  const file = join(dataDir, sqliteFileName);
  const { open } = await loadSqliteDriver();
  const db = open(file);
  db.exec(await readFile(new URL(`schema-${schema}.sql`, fixtures), 'utf8'));
  db.close();
  return file;
}
