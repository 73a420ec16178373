import { mkdirSync } from 'node:fs';
import { chmod, lstat, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import { StartError } from '../start-error.ts';
import { sqliteFileName } from '../stores/sqlite-file.ts';
import { copyDatabase, type CopyCounts } from '../stores/sqlite-snapshot.ts';
import { troubleOf } from '../stores/sqlite-trouble.ts';
import { unfinishedFileName, unfinishedFolder } from '../stores/unfinished-copy.ts';
import { copyDurably, flush } from './copy-durably.ts';
import { openData, readError } from './data-folder.ts';
import { removeWhenInterrupted } from './remove-when-interrupted.ts';

/** A backup that was made. */
export interface Backup extends CopyCounts {
  /** Absolute path; itself a data folder. */
  readonly folder: string;
  /** Of all files in it. */
  readonly bytes: number;
}

/** What a data folder holds beside its database that cannot be made anew. */
const others = ['owner-token', 'assets'];

/** `contact-chat-backup-2026-11-23T05-12-09Z` */
export const defaultBackupName = (at: Date): string =>
  `contact-chat-backup-${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;

/**
 * Copies a data folder, whose server may be running and writing: one consistent state of the
 * database, the owner's token, the served versions. The copy appears whole, under its name, once
 * it is on durable storage. What a crash cut short lies beside it as `<name>.partial-…`, and no
 * server starts on that; a signal that ends the process removes it.
 *
 * @param folder - where the copy goes; must not exist nor lie in the data folder, its parent must exist
 * @throws StartError with a line that says how to mend it
 */
export async function backUp(dataDir: string, folder: string): Promise<Backup> {
  const target = resolve(folder);
  const parent = dirname(target);
  await refuseExisting(target);
  await requireFolder(parent);
  const db = await openData(dataDir);
  const partial = unfinishedFolder(target);
  const uninterrupted = removeWhenInterrupted(partial);
  try {
    await refuseInside(target, dataDir);
    // At once: one still being made would be left behind by a signal.
    mkdirSync(partial, { mode: 0o700 });
    const file = join(partial, unfinishedFileName);
    // Made before SQLite writes to it, so that nobody else may read it at any time.
    await (await open(file, 'wx', 0o600)).close();
    const counts = await copyDatabase(db, file);
    await flush(file);
    let { size: bytes } = await stat(file);
    for (const name of others) bytes += await copyDurably(join(dataDir, name), join(partial, name));
    await chmod(partial, 0o700);
    // Last: from here on it is a data folder.
    await rename(file, join(partial, sqliteFileName));
    await flush(partial);
    await refuseExisting(target);
    await rename(partial, target);
    await flush(parent);
    return { folder: target, bytes, ...counts };
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    if (error instanceof StartError) throw error;
    throw writeError(dataDir, parent, error);
  } finally {
    uninterrupted();
    db.close();
  }
}

async function refuseExisting(target: string): Promise<void> {
  const found = await lstat(target).catch(() => undefined);
  if (found) throw new StartError(`${target} exists already; name a folder that does not`);
}

/** Every copy would be part of the next one, and gone with the folder that it is a copy of. */
async function refuseInside(target: string, dataDir: string): Promise<void> {
  const place = join(await realpath(dirname(target)), basename(target));
  const way = relative(await realpath(dataDir), place);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return;
  throw new StartError(`${target} lies in the data folder; name a folder elsewhere`);
}

async function requireFolder(parent: string): Promise<void> {
  const found = await readdir(parent).catch((error: Error) => error);
  if (found instanceof Error) {
    throw new StartError(`The backup cannot be written to ${parent}: ${found.message}`, {
      cause: found,
    });
  }
}

function writeError(dataDir: string, parent: string, cause: unknown): StartError {
  const trouble = troubleOf(cause, { dataDir: parent, file: parent });
  switch (trouble?.kind) {
    case 'full':
    case 'failing_disk':
      return new StartError(`${trouble.advice} No backup was made.`, { cause });
    case 'damaged':
    case 'locked':
      return readError(dataDir, cause);
    case 'read_only':
    case 'unopenable':
    case 'moved':
    case 'log_gone':
    case 'memory':
    case undefined: {
      const why = cause instanceof Error ? cause.message : String(cause);
      return new StartError(`The backup cannot be written to ${parent}: ${why}`, { cause });
    }
  }
}
