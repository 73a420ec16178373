/**
 * Questions in another language than the posts: which of their words have to be crossed over, and
 * what then stands for them. Where a question and the posts are of one language nothing is done.
 */
import { scriptOf, type Script } from '../posts/read-post.ts';
import type { Dictionary } from './cross-dictionary.ts';
import {
  dictionaryWords,
  hasHan,
  toChinese,
  toEnglish,
  type Crossed,
  type OpenDictionary,
} from './cross-words.ts';
import type { PostIndex } from './post-index.ts';
import type { Concept } from './question-concepts.ts';
import type { Ranking } from './rank.ts';
import { stem } from './stem.ts';
import { queryWords, type QueryWord } from './tokenize.ts';

/** Posts of a language that are fewer than this share do not count as what the blog is written in. */
const leastShare = 0.2;

function shareOf(script: Script, index: PostIndex): number {
  let count = 0;
  for (const post of index.posts) if (post.script === script) count += 1;
  return count / Math.max(1, index.posts.length);
}

const scriptOfWord = (word: QueryWord): Script => (hasHan(word.term) ? 'cjk' : 'other');
const otherThan = (script: Script): Script => (script === 'cjk' ? 'other' : 'cjk');
const isTelling = (word: QueryWord): boolean => word.counted && /\p{L}/u.test(word.term);

/** The script whose posts a question is answered from: its own, where the blog has posts in it. */
export function scriptToAnswerIn(question: string, index: PostIndex): Script {
  const own = scriptOf(question);
  return shareOf(own, index) < leastShare ? otherThan(own) : own;
}

/** Which words of a question are to be looked for in the other language too. */
export function wordsToCross(
  question: string,
  words: readonly QueryWord[],
  index: PostIndex,
): ReadonlySet<QueryWord> {
  const shares = { cjk: shareOf('cjk', index), other: shareOf('other', index) };
  const asked = scriptOf(question);
  return new Set(
    words.filter((word) => {
      const script = scriptOfWord(word);
      if (!isTelling(word) || shares[otherThan(script)] < leastShare) return false;
      if (index.byPost.term(word.term) === undefined) return true;
      return script === asked && shares[script] < leastShare;
    }),
  );
}

/**
 * The dictionary as far as a question needs it: for Chinese, which it also cuts into words, and
 * for words of English that posts in Chinese have others for. Undefined where it is of no use.
 */
export async function openFor(
  question: string,
  index: PostIndex,
  read: () => Promise<Dictionary>,
): Promise<OpenDictionary | undefined> {
  // For Chinese the dictionary is needed anyway: only words of English are of interest then.
  const words = hasHan(question) ? queryWords(question, undefined, () => []) : queryWords(question);
  const crossing = wordsToCross(question, words, index);
  if (!hasHan(question) && crossing.size === 0) return undefined;
  const dictionary = await read();
  const isBack = [...crossing].some((word) => !hasHan(word.term));
  return isBack ? { dictionary, words: await dictionary.words() } : { dictionary };
}

const translate = (term: string, open: OpenDictionary, index: PostIndex): Crossed[] =>
  hasHan(term)
    ? toEnglish(term, open.dictionary, index.byPost)
    : toChinese(term, open, index.byPost);

/** What a word that is no entry says by the entries inside it, or one letter from it. */
const looseWeight = 0.6;

function translateLoosely(word: QueryWord, open: OpenDictionary, index: PostIndex): Crossed[] {
  const { term, surface } = word;
  const repairs = (): string[] =>
    index.byPost.term(term) === undefined
      ? [...(open.words?.misspelt(term) ?? []), ...index.spelling.repair(surface).map(stem)]
      : [];
  const meant = hasHan(term)
    ? dictionaryWords(term, open.dictionary).filter((part) => part !== term)
    : new Set(repairs());
  return [...meant]
    .flatMap((other) => translate(other, open, index))
    .map((crossed) => ({ ...crossed, weight: crossed.weight * looseWeight }));
}

export interface CrossedQuestion {
  /** Words of the question, where two make one entry put together: `正则` `表达式`, `hard` `disk`. */
  readonly words: readonly QueryWord[];
  /** What stands for a word in the other language; empty where it is not known. */
  readonly of: ReadonlyMap<QueryWord, readonly Crossed[]>;
}

/** Looks the words up; words that need no crossing stay as they are. */
export function crossQuestion(
  question: string,
  words: readonly QueryWord[],
  open: OpenDictionary,
  index: PostIndex,
): CrossedQuestion {
  const crossing = wordsToCross(question, words, index);
  const of = new Map<QueryWord, readonly Crossed[]>();
  const kept: QueryWord[] = [];
  const counted = words.filter((word) => word.counted);
  const joined = new Set<QueryWord>();
  for (const word of words) {
    if (joined.has(word)) continue;
    const next = counted[counted.indexOf(word) + 1];
    if (crossing.has(word) && next && crossing.has(next) && next.position === word.position + 1) {
      const isOfHan = hasHan(word.term);
      const term = word.term + (isOfHan ? '' : ' ') + next.term;
      const found = isOfHan === hasHan(next.term) ? translate(term, open, index) : [];
      if (found.length > 0) {
        joined.add(next);
        const both = { ...word, surface: '', term, weight: 1, parts: [] };
        of.set(both, found);
        kept.push(both);
        continue;
      }
    }
    kept.push(word);
    if (!crossing.has(word)) continue;
    const found = translate(word.term, open, index);
    of.set(word, found.length > 0 ? found : translateLoosely(word, open, index));
  }
  return { words: kept, of };
}

/** What a passage has to have of a question that had to be crossed over, by its score. */
const leastCrossed = { coverage: 0.42, score: 6.5, coverageOfLowScore: 0.6 };

/** Whether a question is, by half or more, in another language than the posts. */
function isMostlyCrossed(concepts: readonly Concept[]): boolean {
  const counted = concepts.filter(({ word }) => word.counted && word.weight >= 0.5);
  const crossed = counted.filter((concept) => concept.crossed);
  return crossed.length > 0 && crossed.length * 2 >= counted.length;
}

/**
 * Whether meaning tells if a question is answered: in English, and where question and posts are in
 * two languages. Of Chinese in Chinese, words tell it as well.
 *
 * @param script - of the posts that are to answer
 */
export const isJudgedByMeaning = (
  question: string,
  concepts: readonly Concept[],
  script: Script,
): boolean => (isMostlyCrossed(concepts) ? scriptOf(question) !== script : script !== 'cjk');

/**
 * Whether an answer is about a question in another language. A word stands there for several of
 * which each is in some post, so that a score alone says less: much of the question has to be in
 * one passage.
 */
export function isCrossedWell(
  concepts: readonly Concept[],
  ranking: Ranking,
  index: PostIndex,
): boolean {
  if (!isMostlyCrossed(concepts)) return true;
  const best = ranking.posts[0]?.score ?? 0;
  const score = best / Math.max(1, index.byPost.unknownIdf);
  return (
    ranking.passageCoverage >=
    (score >= leastCrossed.score ? leastCrossed.coverage : leastCrossed.coverageOfLowScore)
  );
}
