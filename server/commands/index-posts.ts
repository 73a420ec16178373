import { createIndexer } from '../answerers/post-index.ts';
import { choosePostSource } from '../posts/choose-source.ts';
import { yieldToLoop } from '../posts/post-folder.ts';
import { languageOf } from '../posts/post-language.ts';
import type { Skipped } from '../posts/skipped.ts';
import { StartError } from '../start-error.ts';

/** What there is to answer from. */
export interface IndexReport {
  /** The folder or the address. */
  readonly source: string;
  /** How the posts were found: `a feed of 10 posts`; empty for a folder. */
  readonly found: string;
  readonly posts: number;
  readonly passages: number;
  /** Posts by language, the most frequent first. */
  readonly languages: Readonly<Record<string, number>>;
  readonly skipped: readonly Skipped[];
  /** What else should be mended. */
  readonly problems: readonly string[];
  readonly readMs: number;
  readonly indexMs: number;
  /** Of this process, the index included. */
  readonly memoryBytes: number;
  /** Why there is nothing to answer from; absent where there is something. */
  readonly whyEmpty?: string;
}

export interface IndexOptions {
  /** A folder, or an http(s) address. */
  readonly posts: string;
  readonly postsUrl: string;
  readonly dataDir: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * Reads posts and indexes them as the server does, with the same copies of what was read before;
 * a server may run meanwhile.
 *
 * @throws StartError where nothing can be read; the line says how to mend it
 */
export async function indexPosts(options: IndexOptions): Promise<IndexReport> {
  const { signal } = options;
  const problems: string[] = [];
  const source = choosePostSource({
    ...options,
    watch: false,
    onError: (error) => problems.push(error instanceof Error ? error.message : String(error)),
  });
  try {
    const startedAt = performance.now();
    const scan = await source.scan(signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new StartError(`POSTS: ${(error as Error).message}`, { cause: error });
    });
    const readAt = performance.now();
    const index = await createIndexer().build(scan.posts, async () => {
      await yieldToLoop();
      signal.throwIfAborted();
    });
    const indexedAt = performance.now();
    const languages = new Map<string, number>();
    for (const post of scan.posts) {
      const language = languageOf(post);
      languages.set(language, (languages.get(language) ?? 0) + 1);
    }
    return {
      source: options.posts,
      found: scan.found ?? '',
      posts: index.posts.length,
      passages: index.passages.length,
      languages: Object.fromEntries([...languages].sort((one, other) => other[1] - one[1])),
      skipped: scan.skipped ?? [],
      problems,
      readMs: Math.round(readAt - startedAt),
      indexMs: Math.round(indexedAt - readAt),
      memoryBytes: process.memoryUsage().rss,
      ...(scan.whyEmpty === undefined ? {} : { whyEmpty: scan.whyEmpty }),
    };
  } finally {
    await source.close();
  }
}
