/** What passages and questions mean, by the directions of their words; and how alike they are. */
import { product } from '../vectors/product.ts';
import type { WordVectors } from './word-vectors.ts';

/** How much the parts of a passage say of what it means. */
const shares = { title: 0.5, headings: 0.5, prose: 1, code: 0.3 };
/** Words of code after so many say what the first ones said. */
const mostCode = 60;

export interface PassageMeaning {
  /** Of length 1, or of nothing but 0 where no word is known. */
  readonly direction: Float32Array;
  /** Rows of its words, each once. */
  readonly rows: Uint16Array;
}

/** Terms of a passage, as numbers, by where they stand. */
export interface PassageTerms {
  readonly title: Uint32Array;
  readonly headings: Uint32Array;
  readonly prose: Uint32Array;
  readonly code: Uint32Array;
  /** In a post in English, a word of Chinese is an example and means nothing. Default false. */
  readonly isChinese?: boolean;
}

/** Adds the direction of a word, as long as it says something. */
function addWord(to: Float32Array, row: number, vectors: WordVectors): void {
  const { dimension, directions, said } = vectors;
  const by = vectors.scale(row) * (said[row] as number);
  const start = row * dimension;
  for (let at = 0; at < dimension; at += 1) {
    to[at] = (to[at] as number) + (directions[start + at] as number) * by;
  }
}

/** Adds a direction, of length 1 before, times `share`. */
function addUnit(to: Float32Array, direction: Float32Array, share: number): void {
  const squares = product(direction, 0, direction, 0, direction.length);
  if (squares === 0) return;
  const by = share / Math.sqrt(squares);
  for (let at = 0; at < to.length; at += 1) {
    to[at] = (to[at] as number) + (direction[at] as number) * by;
  }
}

const unit = (direction: Float32Array): Float32Array => {
  const whole = new Float32Array(direction.length);
  addUnit(whole, direction, 1);
  return whole;
};

/**
 * Works out what passages mean, one after the other.
 *
 * @param rows - of a term's number, its row in the table; −1 for a term that is not in it
 */
export function createPassageReader(
  vectors: WordVectors,
  rows: readonly number[],
): (passage: PassageTerms) => PassageMeaning {
  const sum = new Float32Array(vectors.dimension);
  const together = new Float32Array(vectors.dimension);
  /** Of each row, the passage that had it last. */
  const lastIn = new Uint32Array(vectors.rows);
  const once: number[] = [];
  let passage = 0;
  /** Rows from here on are not looked at. */
  let end = vectors.rows;
  // A plain loop: the words of a whole blog pass here.
  function addPart(terms: Uint32Array, share: number, most = terms.length): void {
    sum.fill(0);
    for (let at = 0; at < terms.length && at < most; at += 1) {
      const row = rows[terms[at] as number] ?? -1;
      if (row < 0 || row >= end) continue;
      addWord(sum, row, vectors);
      if (lastIn[row] === passage) continue;
      lastIn[row] = passage;
      once.push(row);
    }
    addUnit(together, sum, share);
  }
  return ({ title, headings, prose, code, isChinese = false }) => {
    passage += 1;
    end = isChinese ? vectors.rows : vectors.chineseFrom;
    together.fill(0);
    once.length = 0;
    addPart(title, shares.title);
    addPart(headings, shares.headings);
    addPart(prose, shares.prose);
    addPart(code, shares.code, mostCode);
    return { direction: unit(together), rows: Uint16Array.from(once) };
  };
}

/** Of a passage in another language than the table's. */
export const noMeaning = ({ dimension }: WordVectors): PassageMeaning => ({
  direction: new Float32Array(dimension),
  rows: new Uint16Array(),
});

/** Words of a question that are looked at. */
const mostAsked = 24;

export interface QuestionMeaning {
  readonly direction: Float32Array;
  /** Directions of its words, of length 1, one after the other. */
  readonly words: Float32Array;
  /** How much each word counts; 1 all together. */
  readonly weights: Float32Array;
}

/** @returns undefined where no word is known */
export function questionMeaning(
  terms: readonly string[],
  vectors: WordVectors,
): QuestionMeaning | undefined {
  const { dimension, directions, asked } = vectors;
  const known = terms.map((term) => vectors.row(term) ?? -1).filter((row) => row >= 0);
  const rows = [...new Set(known)].slice(0, mostAsked);
  if (rows.length === 0) return undefined;
  const sum = new Float32Array(dimension);
  for (const row of rows) addWord(sum, row, vectors);
  const words = new Float32Array(rows.length * dimension);
  const weights = Float32Array.from(rows, (row) => asked[row] as number);
  const all = weights.reduce((total, weight) => total + weight, 0);
  for (const [number, row] of rows.entries()) {
    weights[number] = (weights[number] as number) / all;
    for (let at = 0; at < dimension; at += 1) {
      words[number * dimension + at] =
        (directions[row * dimension + at] as number) * vectors.scale(row);
    }
  }
  return { direction: unit(sum), words, weights };
}

/**
 * How well the words of a passage say what a question's words mean: for each the one most like it,
 * weighed. A word of several passages is compared once.
 */
export function createComparison(
  { words, weights }: QuestionMeaning,
  { dimension, directions, scale: scaleOf }: WordVectors,
): (rows: Uint16Array) => number {
  const asked = weights.length;
  const known = new Map<number, Float32Array>();
  function likeness(row: number): Float32Array {
    const like = new Float32Array(asked);
    const scale = scaleOf(row);
    for (let word = 0; word < asked; word += 1) {
      like[word] = product(words, word * dimension, directions, row * dimension, dimension) * scale;
    }
    known.set(row, like);
    return like;
  }
  return (rows) => {
    const best = new Float32Array(asked);
    for (const row of rows) {
      const like = known.get(row) ?? likeness(row);
      for (let word = 0; word < asked; word += 1) {
        if ((like[word] as number) > (best[word] as number)) best[word] = like[word] as number;
      }
    }
    let sum = 0;
    for (let word = 0; word < asked; word += 1) {
      sum += (best[word] as number) * (weights[word] as number);
    }
    return sum;
  };
}
