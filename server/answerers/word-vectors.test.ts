import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wordsDir } from '../paths.ts';
import { product } from '../vectors/product.ts';
import { stem } from './stem.ts';
import { readWordVectors, wordVectors } from './word-vectors.ts';

const bytes = readFileSync(join(wordsDir, 'word-vectors.bin'));
const vectors = wordVectors();
const { dimension } = vectors;

/** The cosine of two words. */
function like(left: string, right: string): number {
  const [one, other] = [left, right].map((word) => {
    const row = vectors.row(stem(word));
    if (row === undefined) throw new Error(`${word} is not in the table`);
    const numbers = vectors.directions.subarray(row * dimension, (row + 1) * dimension);
    return Float32Array.from(numbers, (value) => value * vectors.scale(row));
  });
  return product(one as Float32Array, 0, other as Float32Array, 0, dimension);
}

describe('the table of word vectors', () => {
  it('has directions and two weights for each word, numbered in 16 bits', () => {
    const words = vectors.directions.length / dimension;
    expect(words).toBeGreaterThan(30_000);
    expect(words).toBeLessThanOrEqual(65_536);
    for (const weights of [
      Float32Array.from({ length: vectors.words }, (_, row) => vectors.scale(row)),
      vectors.asked,
      vectors.said,
    ]) {
      expect(weights.length).toBe(words);
      expect(weights.every((weight) => weight > 0 && Number.isFinite(weight))).toBe(true);
    }
  });

  it('says that what means the same is alike', () => {
    for (const [one, same, other] of [
      ['delete', 'remove', 'paint'],
      ['picture', 'image', 'salary'],
      ['nightly', 'cron', 'font'],
      ['password', 'login', 'recipe'],
      ['slow', 'latency', 'garden'],
      ['cheap', 'cost', 'keyboard'],
    ] as const) {
      expect(like(one, same), `${one}, ${same}, ${other}`).toBeGreaterThan(like(one, other) + 0.1);
    }
    expect(like('server', 'server')).toBeCloseTo(1, 3);
  });

  it('counts a telling word more than one that says little', () => {
    const asked = (word: string): number => vectors.asked[vectors.row(stem(word)) ?? -1] ?? 0;
    expect(asked('kubernetes')).toBeGreaterThan(asked('use'));
    expect(asked('sourdough')).toBeGreaterThan(asked('way'));
  });

  it('knows nothing of what is no word', () => {
    for (const term of ['', '__proto__', '博客', 'x'.repeat(4_000), '\ud800']) {
      expect(vectors.row(term)).toBeUndefined();
    }
  });

  it('is refused where it is cut or no table', () => {
    expect(() => readWordVectors(bytes.subarray(0, bytes.length - 1))).toThrow();
    expect(() => readWordVectors(Buffer.from('no table'))).toThrow();
    expect(() => readWordVectors(Buffer.alloc(0))).toThrow();
  });
});
