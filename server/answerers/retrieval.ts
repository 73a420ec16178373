/**
 * Answers from the blog's own posts, without a language model: no key, no network, a few
 * milliseconds. The posts are read from a folder, indexed in memory and watched.
 */
import { watchFolder, type FolderWatch } from '../posts/watch-folder.ts';
import { createPostFolder, yieldToLoop } from '../posts/post-folder.ts';
import { scriptOf } from '../posts/read-post.ts';
import type { Answer, Answerer, OnError, Question } from '../ports.ts';
import { isCovered } from './abstain.ts';
import { composeAnswer } from './compose-answer.ts';
import { languageFor, ownSentences } from './own-sentences.ts';
import { findOverview, isOverview } from './overview.ts';
import { createIndexer, type PostIndex } from './post-index.ts';
import { questionConcepts } from './question-concepts.ts';
import { rank } from './rank.ts';
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
  /** Whether changed files are picked up; default true. */
  readonly watch?: boolean;
  /** Told of files left out and of failed updates, stage `posts`; the chat goes on. */
  readonly onError: OnError;
  /** Told after every build, the first included. */
  readonly onIndexed?: (summary: IndexSummary) => void;
}

/** Most of a question that is looked at, in UTF-16 units: the protocol's limit. */
const readChars = 8_000;
/** How long building may keep the event loop, in milliseconds. */
const turnMs = 8;

/** The answer of a built index. */
export function answerFrom(index: PostIndex, question: Pick<Question, 'text' | 'lang'>): Answer {
  const text = question.text.slice(0, readChars);
  const own = ownSentences[languageFor(text, question.lang)];
  const smallTalk = smallTalkOf(text);
  if (smallTalk) return { text: own.smallTalk[smallTalk], citations: [], outcome: 'smalltalk' };
  const concepts = questionConcepts(text, index);
  const script = scriptOf(text);
  const ranking = rank(concepts, index, script);
  const overview = isOverview(text) ? findOverview(index, script) : undefined;
  const found = overview
    ? [overview]
    : ranking && isCovered(ranking, index)
      ? ranking.posts
      : undefined;
  const composed = found && composeAnswer(found, concepts, index);
  return composed && composed.text !== ''
    ? { ...composed, outcome: 'found' }
    : { text: own.notCovered, citations: [], outcome: 'not_covered' };
}

/**
 * Starts reading at once. `ready()` rejects where the folder cannot be read.
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
  let current: PostIndex | undefined;
  let watching: FolderWatch | undefined;
  let nextPost: NodeJS.Timeout | undefined;

  async function build(): Promise<void> {
    const startedAt = performance.now();
    let turnEndsAt = startedAt + turnMs;
    const scan = await posts.scan(closed.signal);
    const index = await indexer.build(scan.posts, async () => {
      if (performance.now() < turnEndsAt) return;
      await yieldToLoop();
      closed.signal.throwIfAborted();
      turnEndsAt = performance.now() + turnMs;
    });
    closed.signal.throwIfAborted();
    // The first question compiles what the others run: better one that nobody waits for.
    const titles = index.posts.slice(0, 20).map((post) => post.title);
    answerFrom(index, { text: titles.join(' '), lang: 'en' });
    current = index;
    clearTimeout(nextPost);
    if (scan.nextPostAtMs !== undefined && options.watch !== false) {
      // A timer takes at most 2³¹ ms; looking once a day is often enough until the day.
      const delayMs = Math.min(Math.max(1_000, scan.nextPostAtMs - Date.now()), 86_400_000);
      nextPost = setTimeout(() => void update(), delayMs).unref();
    }
    onIndexed?.({
      posts: index.posts.length,
      passages: index.passages.length,
      tookMs: performance.now() - startedAt,
    });
  }

  // One update runs at a time; what changes meanwhile is seen by one more.
  let running: Promise<void> | undefined;
  let again = false;
  function update(): Promise<void> {
    again = running !== undefined;
    running ??= (async () => {
      do {
        again = false;
        try {
          await build();
        } catch (error) {
          if (!closed.signal.aborted) onError(error, { stage: 'posts' });
        }
      } while (again && !closed.signal.aborted);
      running = undefined;
    })();
    return running;
  }

  const first = (async () => {
    // Watching begins before reading, so that nothing changes unseen in between.
    if (options.watch !== false) {
      watching = await watchFolder(options.folder, {
        onChange: () => void first.then(update, () => undefined),
        onError,
      });
    }
    await build();
  })();
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
      if (!current) throw new Error('there is no index');
      return answerFrom(current, question);
    },
    describe() {
      if (!current) return 'posts are being read';
      const count = (number: number): string => number.toLocaleString('en-US');
      return `${count(current.posts.length)} posts, ${count(current.passages.length)} passages`;
    },
    async close() {
      closed.abort(new Error('the answerer was closed'));
      clearTimeout(nextPost);
      await first.catch(() => undefined);
      await watching?.close();
      await running;
    },
  };
}
