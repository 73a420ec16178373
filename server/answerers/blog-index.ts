/**
 * The blog as it is answered from: posts of a source, indexed in memory, and again whenever the
 * source says that something may have changed.
 */
import { yieldToLoop } from '../posts/post-folder.ts';
import type { PostScan, PostSource } from '../posts/post-source.ts';
import type { Post } from '../posts/read-post.ts';
import type { OnError } from '../ports.ts';
import { createIndexer, type PostIndex } from './post-index.ts';

export interface IndexSummary {
  readonly posts: number;
  readonly passages: number;
  /** Reading and indexing together, in milliseconds. */
  readonly tookMs: number;
}

export interface BlogIndexOptions {
  /** Closed together with the index. */
  readonly source: PostSource;
  /**
   * Told of posts left out, of a build without any post and of failed updates (once while they
   * fail for the same reason), stage `posts`; the chat goes on.
   */
  readonly onError: OnError;
  /** Told after every build, the first included; where no post has changed there is none. */
  readonly onIndexed?: (summary: IndexSummary) => void;
  /**
   * Run on every new index: the first step before anybody else sees it, the others one by one
   * between other work.
   */
  readonly warmUp?: (index: PostIndex) => Iterable<undefined>;
}

export interface BlogIndex {
  /**
   * Resolves with the newest index; waits for the first one. Rejects where there is none and why,
   * and when the signal aborts.
   */
  current(signal: AbortSignal): Promise<PostIndex>;
  /** Resolves when the first index is built; rejects with why it cannot be yet. */
  ready(): Promise<void>;
  /** `577 posts, 2,310 passages` */
  describe(): string;
  close(): Promise<void>;
}

/** How long building may keep the event loop, in milliseconds. */
const turnMs = 8;

const isSame = (before: readonly Post[], now: readonly Post[]): boolean =>
  before.length === now.length && now.every((post, at) => post === before[at]);

/** What two failures for the same reason have in common. */
const kindOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

/**
 * Starts reading at once. `ready()` rejects where the source cannot be read then; as soon as it
 * can, the index is there all the same. A source that cannot be read later is answered from as
 * it was.
 *
 * @example
 * const blog = createBlogIndex({ source: createFolderSource({ folder, baseUrl: '/', onError }), onError });
 * const index = await blog.current(signal);
 */
export function createBlogIndex(options: BlogIndexOptions): BlogIndex {
  const { source, onError, onIndexed } = options;
  const indexer = createIndexer();
  const closed = new AbortController();
  let current: PostIndex | undefined;
  /** Why the last build failed; undefined where it did not. */
  let failure: unknown;

  async function build(): Promise<void> {
    const startedAt = performance.now();
    const scan = await source.scan(closed.signal);
    closed.signal.throwIfAborted();
    if (!current || !isSame(current.posts, scan.posts)) await index(scan, startedAt);
  }

  async function index(scan: PostScan, startedAt: number): Promise<void> {
    let turnEndsAt = performance.now() + turnMs;
    const built = await indexer.build(scan.posts, async () => {
      if (performance.now() < turnEndsAt) return;
      await yieldToLoop();
      closed.signal.throwIfAborted();
      turnEndsAt = performance.now() + turnMs;
    });
    closed.signal.throwIfAborted();
    const warmUp = options.warmUp?.(built)[Symbol.iterator]();
    warmUp?.next();
    current = built;
    if (scan.whyEmpty !== undefined) onError(new Error(scan.whyEmpty), { stage: 'posts' });
    onIndexed?.({
      posts: built.posts.length,
      passages: built.passages.length,
      tookMs: performance.now() - startedAt,
    });
    if (warmUp) void goOn(warmUp);
  }

  async function goOn(warmUp: Iterator<undefined>): Promise<void> {
    try {
      do await yieldToLoop();
      while (!closed.signal.aborted && warmUp.next().done !== true);
    } catch (error) {
      onError(error, { stage: 'posts' });
    }
  }

  async function attempt(): Promise<void> {
    try {
      await build();
      failure = undefined;
    } catch (error) {
      failure = error;
      throw error;
    }
  }

  // One update runs at a time; what changes meanwhile is seen by one more.
  let running: Promise<void> | undefined;
  let again = false;
  function update(): Promise<void> {
    again = running !== undefined;
    running ??= (async () => {
      do {
        again = false;
        const before = failure;
        await attempt().catch((error: unknown) => {
          // A source that stays away is told of once.
          const isNew = before === undefined || kindOf(before) !== kindOf(error);
          if (isNew && !closed.signal.aborted) onError(error, { stage: 'posts' });
        });
      } while (again && !closed.signal.aborted);
      running = undefined;
    })();
    return running;
  }

  const first = attempt();
  // Whoever asks for `ready` gets the failure; until then it is no unhandled rejection.
  first.catch(() => undefined);
  source.onChange(() => void first.then(update, update));

  const untilAborted = async <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> => {
    signal.throwIfAborted();
    let stop = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([work, aborted]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };

  return {
    async ready() {
      if (current) return;
      await (running ?? first);
      if (!current) throw failure;
    },
    async current(signal) {
      if (!current) await untilAborted(first, signal);
      signal.throwIfAborted();
      if (!current) throw new Error('there is no index', { cause: failure });
      return current;
    },
    describe() {
      if (!current)
        return failure === undefined ? 'posts are being read' : 'no posts could be read';
      const count = (number: number): string => number.toLocaleString('en-US');
      return `${count(current.posts.length)} posts, ${count(current.passages.length)} passages`;
    },
    async close() {
      closed.abort(new Error('the index was closed'));
      await source.close();
      await first.catch(() => undefined);
      await running;
    },
  };
}
