/** A folder of posts on disk: which files are posts, and which of them have changed. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { OnError } from '../ports.ts';
import { configuredPermalink, isInPosts } from './generator-config.ts';
import { identifyFolder, type FolderIdentity } from './folder-identity.ts';
import { decodeText, readPost, type Post, type ReadPost } from './read-post.ts';
import type { Skipped } from './skipped.ts';

/** Files beyond this are no posts, in bytes. */
export const maxPostBytes = 2 * 1024 * 1024;
/** Folders nested deeper are not entered. */
const maxDepth = 32;

const isPostFile = (name: string): boolean =>
  /\.(?:md|markdown|mdx)$/i.test(name) && !/^licen[cs]e\b/i.test(name);

/** Whether anything of this name is left out: dot files, dot folders, `node_modules`. */
export const isIgnoredName = (name: string): boolean =>
  name.startsWith('.') || name === 'node_modules';

/** Scans of a folder that is replaced again and again while it is read. */
const scanAttempts = 3;

interface Listed {
  readonly paths: readonly string[];
  readonly folders: ReadonlyMap<string, FolderIdentity>;
}

interface Known {
  readonly stamp: string;
  readonly read: ReadPost;
}

type Looked =
  | { readonly path: string; readonly stamp: string; readonly read: ReadPost }
  | { readonly path: string; readonly stamp: string; readonly bytes: Uint8Array };

/** Files read at once; as many more are in memory while they are parsed. */
const readTogether = 16;
/** How long parsing may keep the event loop, in milliseconds. */
const turnMs = 8;

export interface PostFolder {
  /**
   * Reads what is new or changed since the last call. A file that cannot be read or parsed is
   * reported once and left out; the others stay. Rejects where the folder itself cannot be read.
   * MUST NOT be called again before it has settled.
   */
  scan(signal: AbortSignal): Promise<FolderScan>;
}

export interface FolderScan {
  /** Every post to be shown, by path. Unchanged posts are the same objects as before. */
  readonly posts: readonly Post[];
  /** Files that are no posts to be shown, by path. */
  readonly skipped: readonly Skipped[];
  /** When the next post appears or vanishes by its dates, in Unix milliseconds. */
  readonly nextChangeAtMs: number | undefined;
  /** Markdown files found, those that are not shown included. */
  readonly files: number;
  /** Every folder that was found, by its path inside; the folder itself is ``. */
  readonly folders: ReadonlyMap<string, FolderIdentity>;
}

/** Gives other work its turn. */
export const yieldToLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const unreadable = (error: unknown): ReadPost => ({
  ...{ status: 'hidden', reason: 'unreadable' },
  detail: error instanceof Error ? error.message : String(error),
});

/** When a post appears or vanishes without its file being changed, in Unix milliseconds. */
function nextChangeOf(read: ReadPost): number | undefined {
  switch (read.status) {
    case 'post':
      return read.untilMs;
    case 'future':
      return read.fromMs;
    case 'hidden':
      return undefined;
  }
}

function skippedFile(what: string, read: ReadPost): Skipped | undefined {
  switch (read.status) {
    case 'post':
      return undefined;
    case 'future':
      return { what, reason: 'future', detail: new Date(read.fromMs).toISOString().slice(0, 10) };
    case 'hidden':
      return { what, reason: read.reason, detail: read.detail ?? '' };
  }
}

/** Looks at files, some together and in order: at the next ones while these are worked on. */
async function* readAhead<Found>(
  paths: readonly string[],
  look: (path: string) => Promise<Found>,
): AsyncGenerator<readonly Found[]> {
  const lookFrom = (from: number): Promise<readonly Found[]> => {
    const found = Promise.all(paths.slice(from, from + readTogether).map(look));
    // A failure is met where they are waited for.
    found.catch(() => undefined);
    return found;
  };
  let coming = lookFrom(0);
  try {
    for (let from = 0; from < paths.length; from += readTogether) {
      const found = await coming;
      coming = lookFrom(from + readTogether);
      yield found;
    }
  } finally {
    // Whoever stops early is told nothing afterwards.
    await coming.catch(() => undefined);
  }
}

/**
 * @param options.folder - on disk
 * @param options.baseUrl - `POSTS_URL`
 * @param options.onError - told of every file that is left out, with stage `posts`
 */
export function createPostFolder(options: {
  readonly folder: string;
  readonly baseUrl: string;
  readonly onError: OnError;
  readonly now?: () => number;
}): PostFolder {
  const { folder, baseUrl, now = Date.now } = options;
  let known = new Map<string, Known>();
  /** How the blog's generator makes addresses, where it says so. */
  let permalink: string | undefined;
  /** What the last scan and this one have reported: what stays wrong is not told every time. */
  let told = new Set<string>();
  let telling = new Set<string>();

  const report = (path: string, error: unknown): void => {
    const reason = `${path}: ${error instanceof Error ? error.message : String(error)}`;
    if (!told.has(reason) && !telling.has(reason)) {
      options.onError(new Error(reason, { cause: error }), { stage: 'posts' });
    }
    telling.add(reason);
  };

  async function list(signal: AbortSignal): Promise<Listed> {
    const found: string[] = [];
    const folders = new Map<string, FolderIdentity>();
    const entered = new Set<string>();
    const enter = async (inside: string, depth: number): Promise<void> => {
      signal.throwIfAborted();
      const absolute = join(folder, inside);
      // A link to a folder above would otherwise be followed for ever.
      const identity = await identifyFolder(absolute);
      folders.set(inside, identity);
      if (entered.has(identity.realPath) || depth > maxDepth) return;
      entered.add(identity.realPath);
      for (const entry of await readdir(absolute, { withFileTypes: true })) {
        if (isIgnoredName(entry.name)) continue;
        const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
        const kind = entry.isSymbolicLink()
          ? await stat(join(folder, path)).catch(() => null)
          : entry;
        if (kind?.isDirectory()) {
          await enter(path, depth + 1).catch((error: unknown) => {
            signal.throwIfAborted();
            report(path, error);
          });
        } else if (kind?.isFile() && isPostFile(entry.name)) {
          found.push(path);
        }
      }
    };
    await enter('', 0);
    return { paths: found.sort(), folders };
  }

  function read(path: string, bytes: Uint8Array): ReadPost {
    // Text has no zero bytes, save in UTF-16, which says so in its first two.
    const isUtf16 = bytes[0] === 0xff ? bytes[1] === 0xfe : bytes[0] === 0xfe && bytes[1] === 0xff;
    if (!isUtf16 && bytes.subarray(0, 8_192).includes(0)) throw new Error('not a text, left out');
    const pattern = permalink !== undefined && isInPosts(folder, path) ? { permalink } : {};
    const post = readPost(path, decodeText(bytes), { baseUrl, nowMs: now(), ...pattern });
    if (post.status === 'post' && post.problem !== undefined) {
      report(path, `front matter ignored: ${post.problem}`);
    }
    return post;
  }

  /** What is known of a file, or its bytes where that is nothing or out of date. */
  async function look(path: string): Promise<Looked | undefined> {
    const stats = await stat(join(folder, path), { bigint: true }).catch(() => undefined);
    if (!stats) return undefined;
    const stamp = `${stats.mtimeNs}:${stats.ctimeNs}:${stats.size}:${stats.ino}:${permalink ?? ''}`;
    const before = known.get(path);
    const changesAtMs = before && nextChangeOf(before.read);
    const isDue = changesAtMs !== undefined && changesAtMs <= now();
    if (before?.stamp === stamp && !isDue) return { path, stamp, read: before.read };
    if (stats.size > maxPostBytes) {
      const error = new Error(`larger than ${maxPostBytes} bytes, left out`);
      report(path, error);
      return { path, stamp, read: unreadable(error) };
    }
    try {
      return { path, stamp, bytes: await readFile(join(folder, path)) };
    } catch (error) {
      report(path, error);
      // It may be readable at the next scan, without having changed.
      return { path, stamp: '', read: unreadable(error) };
    }
  }

  async function scanOnce(signal: AbortSignal): Promise<FolderScan> {
    const next = new Map<string, Known>();
    permalink = await configuredPermalink(folder);
    const { paths, folders } = await list(signal);
    for await (const looked of readAhead(paths, look)) {
      let turnEndsAt = performance.now() + turnMs;
      for (const file of looked) {
        signal.throwIfAborted();
        if (!file) continue;
        const { path, stamp } = file;
        let post: ReadPost;
        try {
          post = 'bytes' in file ? read(path, file.bytes) : file.read;
        } catch (error) {
          report(path, error);
          post = unreadable(error);
        }
        next.set(path, { stamp, read: post });
        if (performance.now() > turnEndsAt) {
          await yieldToLoop();
          turnEndsAt = performance.now() + turnMs;
        }
      }
    }
    known = next;
    const reads = [...next.values()].map((entry) => entry.read);
    const dueTimes = reads.flatMap((read) => nextChangeOf(read) ?? []);
    return {
      posts: reads.flatMap((read) => (read.status === 'post' ? [read.post] : [])),
      nextChangeAtMs: dueTimes.length === 0 ? undefined : Math.min(...dueTimes),
      skipped: [...next].flatMap(([path, entry]) => skippedFile(path, entry.read) ?? []),
      files: paths.length,
      folders,
    };
  }

  async function scan(signal: AbortSignal): Promise<FolderScan> {
    telling = new Set();
    for (let attempt = 1; ; attempt += 1) {
      const found = await scanOnce(signal);
      // Taken away or replaced meanwhile, what was read is half of the one and half of the other.
      const { mark } = await identifyFolder(folder);
      if (mark === found.folders.get('')?.mark || attempt === scanAttempts) {
        told = telling;
        return found;
      }
    }
  }

  return { scan };
}
