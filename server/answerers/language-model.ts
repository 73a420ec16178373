/**
 * Answers that a language model writes from the blog's passages, and from nothing else: where it
 * cannot be asked, may not be asked or does not keep to the passages, the posts answer.
 */
import type { Answer, Answerer, AnswerProgress, Question } from '../answerer-ports.ts';
import { fuseRankings } from '../vectors/fuse-rankings.ts';
import type { PassageVectors } from '../vectors/passage-vectors.ts';
import { allowedAddresses } from './allowed-addresses.ts';
import { createModelCaller, type AskModelOptions, type ModelOutcome } from './ask-model.ts';
import type { BlogIndex } from './blog-index.ts';
import { choosePassages, type GivenPassage } from './choose-passages.ts';
import { findPassages } from './find-passages.ts';
import { groundedPrompt } from './grounded-prompt.ts';
import { citationsOf } from './judge-answer.ts';
import { unreachableNote } from './model-sentences.ts';
import { createDictionaryOpener, type DictionaryOptions } from './open-dictionary.ts';
import { languageFor, ownSentences } from './own-sentences.ts';
import type { PostIndex } from './post-index.ts';
import { postsAnswer } from './posts-answer.ts';
import { answerFrom } from './retrieval.ts';
import { smallTalkOf } from './smalltalk.ts';
import { embeddingSpend } from './spend-guard.ts';

export interface LanguageModelOptions
  extends Omit<AskModelOptions, 'timeouts'>, Pick<DictionaryOptions, 'readDictionary'> {
  /** Closed together with the answerer. */
  readonly blog: BlogIndex;
  /** Finds passages by meaning too; closed together with the answerer. */
  readonly vectors?: PassageVectors | undefined;
  /** For `AnswererUsage`. */
  readonly tokensPerDay: number;
  /** Letters and digits that nobody can guess, other ones each time. */
  readonly nonce: () => string;
  readonly timeouts?: Partial<AskModelOptions['timeouts']>;
}

/** Until the first token, from one to the next, and for all attempts together, in milliseconds. */
const defaultTimeouts = { firstMs: 25_000, betweenMs: 15_000, wholeMs: 45_000 };
/** The same for another time in all, in milliseconds. */
export const timeoutsWithin = (wholeMs: number): typeof defaultTimeouts => {
  const part = (ms: number): number => Math.round((ms * wholeMs) / defaultTimeouts.wholeMs);
  const { firstMs, betweenMs } = defaultTimeouts;
  return { firstMs: part(firstMs), betweenMs: part(betweenMs), wholeMs };
};
/** For finding passages and for the posts' own answer, on top. */
const marginMs = 10_000;
const historyMessages = 20;
/** Most of a conversation that words of another language are looked for in, in UTF-16 units. */
const readChars = 8_000;

/** The questions of a burst that ask something, oldest first; the last one stands for small talk. */
function asking(question: Question): readonly string[] {
  const all = [...(question.burst ?? []), question.text];
  const real = all.filter((text) => smallTalkOf(text) === undefined);
  return real.length > 0 ? real : [question.text];
}

export function createLanguageModelAnswerer(options: LanguageModelOptions): Answerer {
  const { blog, guard, model, observer } = options;
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const askModel = createModelCaller({ ...options, timeouts });
  const openDictionary = createDictionaryOpener(options);
  const spendFor = embeddingSpend(guard, observer);

  /** What the model wrote, where it rests on what it was given. */
  function judge(
    outcome: Extract<ModelOutcome, { status: 'written' }>,
    asked: string,
    passages: readonly GivenPassage[],
    index: PostIndex,
    progress: AnswerProgress | undefined,
  ): Answer | undefined {
    const citations = citationsOf(outcome.answer, asked, passages, index);
    if (citations.length > 0) {
      observer.called('answered');
      return { text: outcome.answer.text, citations, outcome: 'found' };
    }
    observer.called('not_covered');
    if (outcome.answer.text !== '') progress?.restart();
    return undefined;
  }

  async function answer(
    question: Question,
    { signal, progress }: { signal: AbortSignal; progress?: AnswerProgress },
  ): Promise<Answer> {
    const index = await blog.current(signal);
    const questions = asking(question);
    const text = questions.at(-1) ?? question.text;
    if (smallTalkOf(text)) return answerFrom(index, { text, lang: question.lang });
    const language = languageFor(text, question.lang);
    const notCovered: Answer = {
      text: ownSentences[language].notCovered,
      citations: [],
      outcome: 'not_covered',
    };
    const burst = questions.slice(0, -1);
    const heard = [...question.history.map((message) => message.text), ...questions].join('\n');
    const open = await openDictionary(heard.slice(-readChars), index);
    signal.throwIfAborted();
    const found = findPassages(index, { ...question, text, burst }, open);
    const near = await options.vectors?.nearest(
      found.lookedUp.join('\n'),
      index,
      signal,
      spendFor(question),
    );
    const isCovered = found.covered || near?.standsOut === true;
    // Words that tell nothing about the question have no say in the order either.
    const rankings = found.covered ? [found.ranked, near?.numbers ?? []] : [near?.numbers ?? []];
    const ranked = near ? fuseRankings(rankings).map(({ item }) => item) : found.ranked;
    const passages = isCovered ? choosePassages(index, { ranked }) : [];
    if (passages.length === 0) return notCovered;

    const outcome = await askModel({
      prompt: groundedPrompt({
        question: { text, burst, history: question.history },
        ...{ passages, language, nonce: options.nonce() },
      }),
      passages: passages.length,
      allowsUrl: allowedAddresses(passages),
      ...{ asker: question, signal, progress },
    });
    if (outcome.status === 'written') {
      return judge(outcome, questions.join('\n'), passages, index, progress) ?? notCovered;
    }
    const posts = postsAnswer(index, found.lookedUp, question.lang, open);
    if (outcome.status === 'guarded' || posts.outcome !== 'found') return posts;
    return { ...posts, text: `${unreachableNote[language]}\n\n${posts.text}` };
  }

  return {
    name: 'openai',
    historyMessages,
    combines: true,
    timeoutMs: timeouts.wholeMs + marginMs,
    answer,
    async usage() {
      return {
        model: model.name,
        tokensToday: await guard.today(),
        tokensPerDay: options.tokensPerDay,
        guardedToday: guard.guardedToday(),
      };
    },
    describe: () => `${blog.describe()}, ${model.name}`,
    ready: () => blog.ready(),
    async close() {
      await Promise.all([blog.close(), options.vectors?.close()]);
    },
  };
}
