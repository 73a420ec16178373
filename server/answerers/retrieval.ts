/**
 * Answers from the blog's own posts, without a language model: no key, no network, a few
 * milliseconds.
 */
import { createFolderSource, type FolderSourceOptions } from '../posts/folder-source.ts';
import type { Answer, Answerer, Question } from '../answerer-ports.ts';
import type { PassageVectors } from '../vectors/passage-vectors.ts';
import { withNear } from '../vectors/with-near.ts';
import { findPosts } from './find-posts.ts';
import { createBlogIndex, type BlogIndex, type BlogIndexOptions } from './blog-index.ts';
import { composeAnswer } from './compose-answer.ts';
import type { OpenDictionary } from './cross-words.ts';
import { createDictionaryOpener, type DictionaryOptions } from './open-dictionary.ts';
import { languageFor, ownSentences } from './own-sentences.ts';
import type { PostIndex } from './post-index.ts';
import { smallTalkOf } from './smalltalk.ts';
import type { Asker, Spend } from './spend-guard.ts';

export interface RetrievalOptions
  extends FolderSourceOptions, Pick<BlogIndexOptions, 'onError' | 'onIndexed'> {}

/** Most of a question that is looked at, in UTF-16 units: the protocol's limit. */
const readChars = 8_000;

/** What is brought to a question besides the index. */
export interface AnswerHelp {
  /**
   * Passages that are near by meaning, best first: they change the order of what was found, and
   * whether anything was found is decided without them.
   */
  readonly near?: readonly number[];
  /** For Chinese, and for questions in another language than the posts. */
  readonly open?: OpenDictionary;
}

/** The answer of a built index. */
export function answerFrom(
  index: PostIndex,
  question: Pick<Question, 'text' | 'lang' | 'page'>,
  { near = [], open }: AnswerHelp = {},
): Answer {
  const text = question.text.slice(0, readChars);
  const own = ownSentences[languageFor(text, question.lang)];
  const smallTalk = smallTalkOf(text);
  if (smallTalk) return { text: own.smallTalk[smallTalk], citations: [], outcome: 'smalltalk' };
  const found = findPosts(text, index, { pageUrl: question.page?.url, open });
  const composed =
    found && composeAnswer(withNear(found.posts, near, index), found.concepts, index);
  return composed && composed.text !== ''
    ? { ...composed, outcome: 'found' }
    : { text: own.notCovered, citations: [], outcome: 'not_covered' };
}

/** Questions asked in advance. */
const warmUpQuestions = 48;
let isWarm = false;

/**
 * The first questions compile what the others run: titles of posts are asked before anybody asks,
 * many of them once in a process, and one of every later index. Each step asks one.
 */
export function* warmUp(index: PostIndex): Generator<undefined> {
  const questions = isWarm ? 1 : warmUpQuestions;
  const step = Math.max(1, Math.ceil(index.posts.length / questions));
  for (let at = 0; at < index.posts.length; at += step) {
    answerFrom(index, { text: index.posts[at]?.title ?? '', lang: 'en' });
    yield undefined;
  }
  isWarm = true;
}

export interface RetrievalParts extends DictionaryOptions {
  /** Closed together with the answerer. */
  readonly vectors?: PassageVectors;
  /** Counts what these cost, for the one who asks. */
  readonly spendFor?: (asker: Asker) => Spend;
}

/** Answers from a blog's index, which is closed with it, and so are the vectors. */
export function retrievalOver(blog: BlogIndex, parts: RetrievalParts = {}): Answerer {
  const { vectors } = parts;
  const openDictionary = createDictionaryOpener(parts);

  return {
    name: 'retrieval',
    ready: () => blog.ready(),
    async answer(question, { signal }) {
      const index = await blog.current(signal);
      if (smallTalkOf(question.text)) return answerFrom(index, question);
      const open = await openDictionary(question.text.slice(0, readChars), index);
      signal.throwIfAborted();
      const near = await vectors?.nearest(question.text, index, signal, parts.spendFor?.(question));
      return answerFrom(index, question, {
        ...(near && { near: near.numbers }),
        ...(open && { open }),
      });
    },
    describe: () => blog.describe(),
    async close() {
      await Promise.all([blog.close(), vectors?.close()]);
    },
  };
}

/**
 * Answers from a folder, which is read at once. `ready()` rejects where it cannot be read then,
 * and so do questions; with `watch` they are answered as soon as it can.
 *
 * @example
 * const answerer = createRetrievalAnswerer({ folder: './posts', baseUrl: '/', onError });
 * await answerer.ready();
 */
export const createRetrievalAnswerer = (options: RetrievalOptions): Answerer =>
  retrievalOver(createBlogIndex({ ...options, source: createFolderSource(options), warmUp }), {
    onError: options.onError,
  });
