/**
 * Gives Chinese words the directions of what they are called in English, and writes them as
 * `words/word-vectors-zh.bin`:
 *
 *     node scripts/run-ts.mjs scripts/word-vectors/chinese.ts <jieba.dict.utf8> <out>
 *
 * The list says how often words are used (`word count kind`, a line each); the dictionary that
 * questions are looked up in says what they are called. Words of two characters alone: those are
 * what posts in Chinese are indexed by.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { sharedDictionary } from '../../server/answerers/cross-dictionary.ts';
import { ownTerms } from '../../server/answerers/cross-terms.ts';
import { simplify } from '../../server/answerers/simplified.ts';
import { stopWordsZh, weakWordsZh } from '../../server/answerers/stop-words.ts';
import { wordVectors } from '../../server/answerers/word-vectors.ts';

const most = 25_000;
/** The likeliest meaning counts most; words of the trade before those of the dictionary. */
const weights = { own: 1.2, dictionary: 0.85, later: 0.85 };
const mostMeanings = 8;
const weakWeight = 0.3;

const [list, out] = process.argv.slice(2);
if (list === undefined || out === undefined) throw new Error('usage: chinese.ts <list> <out>');

const vectors = wordVectors();
const { dimension } = vectors;
const dictionary = await sharedDictionary();
const own = ownTerms().toEnglish;

interface Meaning {
  readonly direction: Float32Array;
  readonly asked: number;
  readonly said: number;
}

function add(to: Float32Array, from: ArrayLike<number>, by: number): void {
  for (let at = 0; at < dimension; at += 1) to[at] = (to[at] ?? 0) + (from[at] ?? 0) * by;
}

/** What English terms with blanks between them mean; undefined where none is known. */
function meaningOf(terms: string): Meaning | undefined {
  const rows = terms.split(' ').flatMap((term) => vectors.row(term) ?? []);
  if (rows.length === 0) return undefined;
  const sum = new Float32Array(dimension);
  for (const row of rows) {
    const numbers = vectors.directions.subarray(row * dimension, (row + 1) * dimension);
    add(sum, numbers, vectors.scale(row) * (vectors.said[row] ?? 0));
  }
  const length = Math.hypot(...sum) || 1;
  const mean = (of: Float32Array): number =>
    rows.reduce((total, row) => total + (of[row] ?? 0), 0) / rows.length;
  const direction = sum.map((value) => value / length);
  return { direction, asked: mean(vectors.asked), said: mean(vectors.said) };
}

function meaningOfWord(word: string): Meaning | undefined {
  const terms = [
    ...(own.get(word) ?? []).map((term) => [term, weights.own] as const),
    ...dictionary
      .meanings(word)
      .map((term, at) => [term, weights.dictionary * weights.later ** at] as const),
  ];
  const direction = new Float32Array(dimension);
  let [all, asked, said] = [0, 0, 0];
  for (const [term, weight] of terms.slice(0, mostMeanings)) {
    const meaning = meaningOf(term);
    if (!meaning) continue;
    add(direction, meaning.direction, weight);
    asked += meaning.asked * weight;
    said += meaning.said * weight;
    all += weight;
  }
  if (all === 0 || direction.every((value) => value === 0)) return undefined;
  const share = weakWordsZh.has(word) ? weakWeight : 1;
  return { direction, asked: (asked / all) * share, said: (said / all) * share };
}

const words = readFileSync(list, 'utf8')
  .split('\n')
  .map((line) => line.split(' '))
  .filter(([word = '']) => /^\p{sc=Han}{2}$/u.test(word) && !stopWordsZh.has(word))
  .sort(([, left], [, right]) => Number(right) - Number(left))
  // As posts are indexed.
  .map(([word = '']) => simplify(word));
const found = new Map<string, Meaning>();
for (const word of words) {
  if (found.size === most) break;
  if (found.has(word)) continue;
  const meaning = meaningOfWord(word);
  if (meaning) found.set(word, meaning);
}

const meanings = [...found.values()];
const names = Buffer.from(`${[...found.keys()].join('\n')}\n`);
const header = { words: found.size, dimension, listBytes: names.length };
const floats = (of: 'asked' | 'said'): Buffer =>
  Buffer.from(Float32Array.from(meanings, (meaning) => meaning[of]).buffer);
const directions = meanings.map(({ direction }) => {
  const longest = Math.max(...direction.map(Math.abs));
  return Buffer.from(Int8Array.from(direction, (value) => (value / longest) * 127).buffer);
});
writeFileSync(
  out,
  Buffer.concat([
    Buffer.from(`${JSON.stringify(header)}\n`),
    names,
    floats('asked'),
    floats('said'),
    ...directions,
  ]),
);
process.stdout.write(`${found.size} words, ${words[0]} … ${[...found.keys()].at(-1)}\n`);
