import { join, resolve } from 'node:path';

import { withEnvFile } from '../config.ts';
import { StartError } from '../start-error.ts';
import type { SqliteDatabase } from '../stores/sqlite-driver.ts';
import { sqliteFileName } from '../stores/sqlite-file.ts';
import { NoDatabase, openBesideServer } from '../stores/sqlite-snapshot.ts';
import { troubleOf } from '../stores/sqlite-trouble.ts';

/**
 * The data folder of the server that would start here. Nothing else of the configuration matters
 * for a command on it, and nothing else is checked.
 * @throws StartError where the `.env` file cannot be read
 */
export function configuredDataFolder(): string {
  const environment = withEnvFile(process.env, '.env');
  if (!environment.ok) throw new StartError(environment.error.message);
  return resolve(environment.value['DATA_DIR']?.trim() || './data');
}

/**
 * Opens the database of a data folder beside its server.
 * @throws StartError with a line that says why it cannot be read
 */
export async function openData(dataDir: string): Promise<SqliteDatabase> {
  const file = join(dataDir, sqliteFileName);
  try {
    return await openBesideServer(file);
  } catch (cause) {
    if (cause instanceof NoDatabase) {
      throw new StartError(
        `DATA_DIR: ${cause.message} Set DATA_DIR to the folder of a server that has run.`,
        { cause },
      );
    }
    throw readError(dataDir, cause);
  }
}

/** Why a database cannot be read, as a line for its owner. */
export function readError(dataDir: string, cause: unknown): StartError {
  const file = join(dataDir, sqliteFileName);
  const why = cause instanceof Error ? cause.message : String(cause);
  const advice = troubleOf(cause, { dataDir, file })?.advice;
  return new StartError(`DATA_DIR: ${advice ?? `${file} cannot be read: ${why}`}`, { cause });
}
