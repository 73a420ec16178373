/**
 * What was read of a site, kept on disk: an unchanged blog costs little, and one that is down is
 * answered from as it was. A file an address, each written whole or not at all.
 */
import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { flush } from '../../commands/copy-durably.ts';
import { makeFolder } from '../../stores/make-folder.ts';
import type { WebDocument } from './web-document.ts';

/** To be raised whenever something else is read of the same bytes. */
const format = 2;
/** What was not asked for in so long belongs to no source any more, in milliseconds. */
const forgottenMs = 7 * 86_400_000;

export interface CachedDocument {
  /** As it was asked for. */
  readonly url: string;
  /** Where it was found in the end. */
  readonly finalUrl: string;
  readonly etag: string;
  readonly lastModified: string;
  /** What the sitemap said of it when it was read; empty where nothing did. */
  readonly lastmod: string;
  /** When it was read, in Unix milliseconds. */
  readonly readAtMs: number;
  /** Equal for equal documents. */
  readonly digest: string;
  readonly document: WebDocument;
}

export interface PageCache {
  read(url: string): Promise<CachedDocument | undefined>;
  /** Resolves when it is on durable storage; rejects where it cannot be. */
  write(entry: CachedDocument): Promise<void>;
  remove(url: string): Promise<void>;
  /** Removes what is none of these and was not written lately. */
  keepOnly(urls: ReadonlySet<string>): Promise<void>;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Equal for equal documents. */
export const digestOf = (document: WebDocument): string => hash(JSON.stringify(document));

/**
 * @param folder - of all caches; made where it is missing
 * @param source - the address that the owner typed: each has a folder of its own
 */
export function createPageCache(folder: string, source: string): PageCache {
  const own = resolve(folder, hash(source));
  const fileOf = (url: string): string => join(own, `${hash(url)}.json`);
  let made: Promise<void> | undefined;

  return {
    async read(url) {
      const text = await readFile(fileOf(url), 'utf8').catch(() => undefined);
      if (text === undefined) return undefined;
      try {
        const entry = JSON.parse(text) as CachedDocument & { format: number };
        return entry.format === format && entry.url === url ? entry : undefined;
      } catch {
        // A disk that lost what it had; it is read from the site again.
        return undefined;
      }
    },
    async write(entry) {
      made ??= makeFolder(own);
      await made.catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      const file = fileOf(entry.url);
      // Two processes may write the same: the server, and the command that shows what it reads.
      const fresh = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.new`;
      try {
        const handle = await open(fresh, 'wx', 0o600);
        try {
          await handle.writeFile(JSON.stringify({ format, ...entry }));
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(fresh, file);
      } catch (error) {
        await rm(fresh, { force: true }).catch(() => undefined);
        throw error;
      }
    },
    remove: (url) => rm(fileOf(url), { force: true }).catch(() => undefined),
    async keepOnly(urls) {
      const kept = new Set([...urls].map((url) => `${hash(url)}.json`));
      const names = await readdir(own).catch(() => []);
      for (const name of names) {
        if (kept.has(name)) continue;
        const path = join(own, name);
        const found = await stat(path).catch(() => undefined);
        if (found && Date.now() - found.mtimeMs > forgottenMs) await rm(path, { force: true });
      }
      // The names of new files are durable only with their folder.
      if (names.length > 0) await flush(own).catch(() => undefined);
    },
  };
}
