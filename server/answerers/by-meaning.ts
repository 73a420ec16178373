/** Posts in the order that words and meaning give them together. */
import type { Script } from '../posts/read-post.ts';
import { product } from '../vectors/product.ts';
import { createComparison, questionMeaning } from './meanings.ts';
import { hasHan } from './cross-words.ts';
import type { PostIndex } from './post-index.ts';
import type { Concept } from './question-concepts.ts';
import { bestNumbers, type Found } from './rank.ts';
import type { QueryWord } from './tokenize.ts';
import { wordVectors, type WordVectors } from './word-vectors.ts';

/**
 * How much likeness counts beside the score of words, which is 1 for the best post: that of the
 * whole passage, and that of the question's words to the passage's, one by one. What Chinese words
 * mean is known at second hand, by their English names.
 */
const weightsOf: Readonly<Record<Script, { readonly whole: number; readonly words: number }>> = {
  other: { whole: 1, words: 0.75 },
  cjk: { whole: 0.5, words: 0.75 },
};
/** How well the words of a passage that has nothing to do with it say a question's. */
const usualWords = 0.55;
/** So many are looked at word by word: a model gets no more passages. */
const lookedPosts = 8;
/** Of what a question says, so much has to be known, or its meaning is a guess. */
const leastKnown = 0.6;

/** A word itself, a long one of Chinese in pairs, or else what the blog has for it. */
function termsOfWord(
  word: QueryWord,
  alternatives: Concept['alternatives'],
  isKnown: (term: string) => boolean,
): readonly string[] {
  if (isKnown(word.term)) return [word.term];
  const pairs = hasHan(word.term) ? word.parts.filter(isKnown) : [];
  if (pairs.length > 0) return pairs;
  const other = alternatives.find(({ term }) => isKnown(term));
  return other ? [other.term] : [];
}

/**
 * Terms that say what a question means: its own, or what the blog has for one that is not known.
 *
 * @returns none where too few are known
 */
function termsOf(concepts: readonly Concept[], vectors: WordVectors): string[] {
  const terms: string[] = [];
  const isKnown = (term: string): boolean => vectors.row(term) !== undefined;
  let all = 0;
  let known = 0;
  for (const { word, alternatives } of concepts) {
    if (!word.counted || word.isJoined) continue;
    all += word.weight;
    const found = termsOfWord(word, alternatives, isKnown);
    if (found.length === 0) continue;
    known += word.weight;
    terms.push(...found);
  }
  return known >= all * leastKnown ? terms : [];
}

interface Near {
  /** Of each post, the number of the passage that is nearest. */
  readonly numbers: Int32Array;
  /** The cosine of what that and the question mean; 0 where it is lower. */
  readonly likes: Float32Array;
}

function nearestOfPosts(direction: Float32Array, index: PostIndex, script: Script): Near {
  const { firstPassages, directions } = index;
  const dimension = direction.length;
  const numbers = Int32Array.from(firstPassages);
  const likes = new Float32Array(firstPassages.length);
  // Plain loops: all passages of a blog pass here.
  for (let post = 0; post < likes.length; post += 1) {
    // Of pages that a blog has in two languages, those of the question's are to be found.
    if (index.posts[post]?.script !== script) continue;
    const end = firstPassages[post + 1] ?? index.passages.length;
    for (let at = firstPassages[post] ?? 0; at < end; at += 1) {
      const like = product(direction, 0, directions, at * dimension, dimension);
      if (like <= (likes[post] as number)) continue;
      likes[post] = like;
      numbers[post] = at;
    }
  }
  return { numbers, likes };
}

/**
 * Whether nothing is known of what a post means, since it is in a language without a table: where
 * it is the first by words, others cannot be said to come nearer.
 */
function isStrange(post: number, index: PostIndex): boolean {
  for (let at = index.firstPassages[post] ?? 0; index.passages[at]?.post === post; at += 1) {
    if (index.passages[at]?.rows.length !== 0) return false;
  }
  return true;
}

const byScore = (left: Found, right: Found): number =>
  right.score - left.score || left.number - right.number;

export interface Meant {
  /** As many as were looked at closely, best first, with scores on the scale of those given. */
  readonly posts: readonly Found[];
  /** How near the first is: the cosine of what it and the question mean, 0–1. */
  readonly like: number;
  /** How well its words say the question's, one by one, 0–1. */
  readonly words: number;
}

/**
 * Puts posts in the order of words and meaning together, and adds such as only meaning has found.
 *
 * @param found - by words, best first
 * @param script - of the posts that are to answer
 * @returns undefined where too little is known of what the question means
 */
export function byMeaning(
  found: readonly Found[],
  concepts: readonly Concept[],
  index: PostIndex,
  script: Script,
): Meant | undefined {
  const vectors = wordVectors();
  const weights = weightsOf[script];
  const meaning = questionMeaning(termsOf(concepts, vectors), vectors);
  const [first] = found;
  if (!meaning || !first || first.score <= 0 || isStrange(first.passage.post, index)) {
    return undefined;
  }
  const best = first.score;
  const { numbers, likes } = nearestOfPosts(meaning.direction, index, script);
  const meaningful = likes.filter((like) => like > 0);
  if (meaningful.length === 0) return undefined;
  // What any post of this blog is like says nothing: shares of scores are to tell what comes near.
  const usual = meaningful.reduce((sum, like) => sum + like, 0) / meaningful.length;
  const scores = likes.map((like) => weights.whole * like);
  const ofWords = new Map(found.map((one) => [one.passage.post, one]));
  for (const [post, { score }] of ofWords) scores[post] = (scores[post] ?? 0) + score / best;
  const compare = createComparison(meaning, vectors);
  const scored = bestNumbers(scores, lookedPosts).flatMap((post) => {
    const nearest = numbers[post] ?? 0;
    const number = ofWords.get(post)?.number ?? nearest;
    const passage = index.passages[number];
    const other = index.passages[nearest];
    if (!passage || !other) return [];
    const own = compare(passage.rows);
    const words = other === passage ? own : Math.max(own, compare(other.rows));
    const score = (scores[post] ?? 0) + weights.words * words;
    return { passage, number, score, words, like: likes[post] ?? 0 };
  });
  scored.sort(byScore);
  const [nearest] = scored;
  if (!nearest) return undefined;
  const telling = (score: number): number =>
    Math.max(0, score - weights.whole * usual - weights.words * usualWords);
  const highest = telling(nearest.score) || 1;
  const posts = scored.map(({ passage, number, score }) => ({
    passage,
    number,
    score: (best * telling(score)) / highest,
  }));
  return { posts, like: nearest.like, words: nearest.words };
}
