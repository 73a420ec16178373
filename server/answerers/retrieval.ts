/**
 * Answers from the blog's own posts, without a language model: no key, no network, a few
 * milliseconds. The posts are read from a folder, indexed in memory and watched.
 */
import { watchFolder } from '../posts/watch-folder.ts';
import { createPostFolder, yieldToLoop, type FolderScan } from '../posts/post-folder.ts';
import type { Post } from '../posts/read-post.ts';
import type { Answer, Answerer, OnError, Question } from '../ports.ts';
import { composeAnswer } from './compose-answer.ts';
import { languageFor, ownSentences } from './own-sentences.ts';
import { findPosts } from './find-posts.ts';
import { createIndexer, type PostIndex } from './post-index.ts';
import { questionConcepts } from './question-concepts.ts';
import { smallTalkOf } from './smalltalk.ts';

export interface IndexSummary {
  readonly posts: number;
  readonly passages: number;
  /** Reading and indexing together, in milliseconds. */
  readonly tookMs: number;
}

export interface RetrievalOptions {
  /** Of Markdown files, read with its subfolders. */
  readonly folder: string;
  /** `POSTS_URL`: base of the addresses cited, with or without its last slash. */
  readonly baseUrl: string;
  /**
   * Whether changes are picked up: edited files, another folder put in place of this one, and a
   * folder that was missing. Default true.
   */
  readonly watch?: boolean;
  /**
   * Told of files left out, of a build without any post and of failed updates (once while they
   * fail for the same reason), stage `posts`; the chat goes on.
   */
  readonly onError: OnError;
  /** Told after every build, the first included; where no post has changed there is none. */
  readonly onIndexed?: (summary: IndexSummary) => void;
}

/** Most of a question that is looked at, in UTF-16 units: the protocol's limit. */
const readChars = 8_000;
/** How long building may keep the event loop, in milliseconds. */
const turnMs = 8;

/** The answer of a built index. */
export function answerFrom(
  index: PostIndex,
  question: Pick<Question, 'text' | 'lang' | 'page'>,
): Answer {
  const text = question.text.slice(0, readChars);
  const own = ownSentences[languageFor(text, question.lang)];
  const smallTalk = smallTalkOf(text);
  if (smallTalk) return { text: own.smallTalk[smallTalk], citations: [], outcome: 'smalltalk' };
  const concepts = questionConcepts(text, index);
  const found = findPosts(text, concepts, index, question.page?.url);
  const composed = found && composeAnswer(found, concepts, index);
  return composed && composed.text !== ''
    ? { ...composed, outcome: 'found' }
    : { text: own.notCovered, citations: [], outcome: 'not_covered' };
}

const isSame = (before: readonly Post[], now: readonly Post[]): boolean =>
  before.length === now.length && now.every((post, at) => post === before[at]);

/** What two failures for the same reason have in common. */
const kindOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

/**
 * Starts reading at once. `ready()` rejects where the folder cannot be read then, and so do
 * questions; with `watch` they are answered as soon as it can. A folder that cannot be read later
 * is answered from as it was.
 *
 * @example
 * const answerer = createRetrievalAnswerer({ folder: './posts', baseUrl: '/', onError });
 * await answerer.ready();
 */
export function createRetrievalAnswerer(options: RetrievalOptions): Answerer {
  const { onError, onIndexed } = options;
  const posts = createPostFolder(options);
  const indexer = createIndexer();
  const closed = new AbortController();
  const watches = options.watch !== false;
  let current: PostIndex | undefined;
  /** Why the last build failed; undefined where it did not. */
  let failure: unknown;
  let nextPost: NodeJS.Timeout | undefined;

  const watching = watches
    ? watchFolder(options.folder, { onChange: () => void first.then(update, update), onError })
    : undefined;

  async function build(): Promise<void> {
    const startedAt = performance.now();
    const scan = await posts.scan(closed.signal).catch((error: unknown) => {
      watching?.scanned(undefined);
      throw error;
    });
    closed.signal.throwIfAborted();
    watching?.scanned(scan);
    if (!current || !isSame(current.posts, scan.posts)) await index(scan, startedAt);
    clearTimeout(nextPost);
    if (scan.nextPostAtMs !== undefined && watches) {
      // A timer takes at most 2³¹ ms; looking once a day is often enough until the day.
      const delayMs = Math.min(Math.max(1_000, scan.nextPostAtMs - Date.now()), 86_400_000);
      nextPost = setTimeout(() => void update(), delayMs).unref();
    }
  }

  async function index(scan: FolderScan, startedAt: number): Promise<void> {
    let turnEndsAt = performance.now() + turnMs;
    const built = await indexer.build(scan.posts, async () => {
      if (performance.now() < turnEndsAt) return;
      await yieldToLoop();
      closed.signal.throwIfAborted();
      turnEndsAt = performance.now() + turnMs;
    });
    closed.signal.throwIfAborted();
    // The first question compiles what the others run: better one that nobody waits for.
    const titles = built.posts.slice(0, 20).map((post) => post.title);
    answerFrom(built, { text: titles.join(' '), lang: 'en' });
    current = built;
    if (built.posts.length === 0) {
      const what =
        scan.files === 0
          ? `no Markdown files in ${options.folder}`
          : `none of the ${scan.files} Markdown files in ${options.folder} is a post to be shown`;
      onError(new Error(what), { stage: 'posts' });
    }
    onIndexed?.({
      posts: built.posts.length,
      passages: built.passages.length,
      tookMs: performance.now() - startedAt,
    });
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
          // A folder that stays away is told of once.
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
    name: 'retrieval',
    ready: () => first,
    async answer(question, { signal }) {
      if (!current) await untilAborted(first, signal);
      signal.throwIfAborted();
      if (!current) throw new Error('there is no index', { cause: failure });
      return answerFrom(current, question);
    },
    describe() {
      if (!current)
        return failure === undefined ? 'posts are being read' : 'no posts could be read';
      const count = (number: number): string => number.toLocaleString('en-US');
      return `${count(current.posts.length)} posts, ${count(current.passages.length)} passages`;
    },
    async close() {
      closed.abort(new Error('the answerer was closed'));
      clearTimeout(nextPost);
      await watching?.close();
      await first.catch(() => undefined);
      await running;
    },
  };
}
