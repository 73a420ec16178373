/** What passages and questions mean, by the directions of their words; and how alike they are. */
import { product } from '../vectors/product.ts';
import type { WordVectors } from './word-vectors.ts';

/** Rows of a passage's words by where they stand, −1 for a word that is not in the table. */
export interface PassageRows {
  readonly title: readonly number[];
  readonly headings: readonly number[];
  readonly prose: readonly number[];
  readonly code: readonly number[];
}

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

/** Adds the directions of words, each as long as it says something. */
function addWords(to: Float32Array, rows: readonly number[], vectors: WordVectors): void {
  const { dimension, directions, scales, said } = vectors;
  for (const row of rows) {
    if (row < 0) continue;
    const by = (scales[row] as number) * (said[row] as number);
    const start = row * dimension;
    for (let at = 0; at < dimension; at += 1) {
      to[at] = (to[at] as number) + (directions[start + at] as number) * by;
    }
  }
}

/** Adds a direction, of length 1 before, times `share`. */
function addUnit(to: Float32Array, direction: Float32Array, share: number): void {
  let squares = 0;
  for (const value of direction) squares += value * value;
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

export function passageMeaning(parts: PassageRows, vectors: WordVectors): PassageMeaning {
  const together = new Float32Array(vectors.dimension);
  const all = new Set<number>();
  for (const part of ['title', 'headings', 'prose', 'code'] as const) {
    const rows = part === 'code' ? parts.code.slice(0, mostCode) : parts[part];
    const sum = new Float32Array(vectors.dimension);
    addWords(sum, rows, vectors);
    addUnit(together, sum, shares[part]);
    for (const row of rows) if (row >= 0) all.add(row);
  }
  return { direction: unit(together), rows: Uint16Array.from(all) };
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
  const { dimension, directions, scales, asked } = vectors;
  const known = terms.map((term) => vectors.row(term) ?? -1).filter((row) => row >= 0);
  const rows = [...new Set(known)].slice(0, mostAsked);
  if (rows.length === 0) return undefined;
  const sum = new Float32Array(dimension);
  addWords(sum, rows, vectors);
  const words = new Float32Array(rows.length * dimension);
  const weights = Float32Array.from(rows, (row) => asked[row] as number);
  const all = weights.reduce((total, weight) => total + weight, 0);
  for (const [number, row] of rows.entries()) {
    weights[number] = (weights[number] as number) / all;
    for (let at = 0; at < dimension; at += 1) {
      words[number * dimension + at] =
        (directions[row * dimension + at] as number) * (scales[row] as number);
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
  { dimension, directions, scales }: WordVectors,
): (rows: Uint16Array) => number {
  const asked = weights.length;
  const known = new Map<number, Float32Array>();
  function likeness(row: number): Float32Array {
    const like = new Float32Array(asked);
    const scale = scales[row] as number;
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
