import { randomBytes } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';
import { readStaticFolder, type StaticFolder } from './static-files.ts';

/** Every version of the script that was ever served from this data folder. */
export interface ServedVersions {
  /** Files of the version running now. */
  readonly current: StaticFolder;
  /** Whether the data folder holds other content under this version than this build has. */
  readonly differs: boolean;
  /** Files of a version by its number, read when first asked for; empty where never served. */
  files(version: string): Promise<StaticFolder>;
}

const versionPattern = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

/**
 * Keeps the script of this version beside the earlier ones, so that pages with a fixed version
 * in their `<script src>` work for ever.
 *
 * @param clientDir - the build's folder of scripts
 * @param assetsDir - `DATA_DIR/assets`, which has one folder `v<version>` a version
 * @throws StartError naming `DATA_DIR`, where that folder cannot be read or written
 */
export async function keepServedVersions(
  clientDir: string,
  assetsDir: string,
  version: string,
): Promise<ServedVersions> {
  const built = await readStaticFolder(clientDir);
  const before = await keep(built, clientDir, assetsDir, version).catch((cause: Error) => {
    throw new StartError(
      `DATA_DIR: ${assetsDir}, which keeps the scripts that were served, cannot be read or written (${cause.message}); give the user that runs the server access to it, or move it away so that it is made anew`,
      { cause },
    );
  });
  const entry = (folder: StaticFolder): string | undefined => folder.get('contact-chat.js')?.etag;
  const loaded = new Map<string, Promise<StaticFolder>>();
  return {
    current: built,
    differs: before.size > 0 && entry(before) !== entry(built),
    files(wanted) {
      if (!versionPattern.test(wanted)) return Promise.resolve(new Map());
      const known = loaded.get(wanted);
      if (known) return known;
      const files = readStaticFolder(join(assetsDir, `v${wanted}`)).then((folder) => {
        // A version that is not there is asked for again when it may be.
        if (folder.size === 0) loaded.delete(wanted);
        return folder;
      });
      files.catch(() => loaded.delete(wanted));
      loaded.set(wanted, files);
      return files;
    },
  };
}

/** Brings a build's files into the data folder; returns what was there of this version before. */
async function keep(
  built: StaticFolder,
  clientDir: string,
  assetsDir: string,
  version: string,
): Promise<StaticFolder> {
  const kept = join(assetsDir, `v${version}`);
  const before = await readStaticFolder(kept);
  if (before.size === 0 && built.size > 0) {
    await mkdir(assetsDir).catch(ignoreExisting);
    // Whole or not at all: a folder that was half copied would be served for ever.
    const partial = join(assetsDir, `.partial-${randomBytes(6).toString('hex')}`);
    await cp(clientDir, partial, { recursive: true });
    await rename(partial, kept).catch(async (error: NodeJS.ErrnoException) => {
      await rm(partial, { recursive: true, force: true });
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  }
  // Another build of the same version: its chunks, named by their content, join what is kept.
  for (const name of before.size > 0 ? built.keys() : []) {
    for (const path of before.has(name) ? [] : [name, `${name}.br`, `${name}.gz`]) {
      await copyFile(join(clientDir, path), join(kept, path)).catch(ignoreMissing);
    }
  }
  for (const name of await readdir(assetsDir).catch(() => [])) {
    if (name.startsWith('.partial-')) await rm(join(assetsDir, name), { recursive: true });
  }
  return before;
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** Not every file has a compressed form. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
