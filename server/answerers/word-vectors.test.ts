import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wordsDir } from '../paths.ts';
import { product } from '../vectors/product.ts';
import { stem } from './stem.ts';
import { createWordVectors, readWordTable, wordVectors } from './word-vectors.ts';

const english = readFileSync(join(wordsDir, 'word-vectors.bin'));
const chinese = readFileSync(join(wordsDir, 'word-vectors-zh.bin'));
const vectors = wordVectors();
const neverFails = (error: Error): never => {
  throw error;
};
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
    const tables = [english, chinese].map(readWordTable);
    const all = tables.reduce((sum, { words }) => sum + words.length, 0);
    expect(all).toBeGreaterThan(60_000);
    expect(all).toBeLessThanOrEqual(65_536);
    expect(vectors.rows).toBe(65_536);
    for (const { words, directions, asked, said } of tables) {
      expect(directions.length).toBe(words.length * dimension);
      for (const weights of [asked, said]) {
        expect(weights.length).toBe(words.length);
        expect(weights.every((weight) => weight > 0 && Number.isFinite(weight))).toBe(true);
      }
    }
    for (const row of [vectors.row('server'), vectors.row('数据')]) {
      expect(vectors.scale(row ?? -1)).toBeGreaterThan(0);
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
    for (const term of ['', '__proto__', '客博', '博', '数据库', 'x'.repeat(4_000), '\ud800']) {
      expect(vectors.row(term)).toBeUndefined();
    }
  });

  it('has Chinese beside English, said of the same matters', () => {
    for (const [one, same, other] of [
      ['支付', '付款', '睡眠'],
      ['照片', '图像', '工资'],
      ['电池', 'battery', 'poem'],
      ['睡眠', 'sleep', 'compiler'],
      ['地图', 'map', 'salary'],
    ] as const) {
      expect(like(one, same), `${one}, ${same}, ${other}`).toBeGreaterThan(like(one, other) + 0.1);
    }
  });

  it('opens the Chinese part when a word of it is looked up, once', () => {
    let opened = 0;
    const both = createWordVectors(
      readWordTable(english),
      () => {
        opened += 1;
        return readWordTable(chinese);
      },
      neverFails,
    );
    expect(both.row('server')).toBe(vectors.row('server'));
    expect([both.row('数'), both.row('データ'), opened]).toEqual([undefined, undefined, 0]);
    expect(both.row('数据')).toBe(vectors.row('数据'));
    expect([both.row('客博'), opened]).toEqual([undefined, 1]);
  });

  it('is refused where it is cut or no table', () => {
    expect(() => readWordTable(english.subarray(0, english.length - 1))).toThrow(/not whole/);
    expect(() => readWordTable(Buffer.from('no table'))).toThrow(/not whole/);
    expect(() => readWordTable(Buffer.alloc(0))).toThrow(/not whole/);
  });

  it.each([
    ['missing', () => readFileSync(join(wordsDir, 'no-such-file'))],
    ['cut', () => chinese.subarray(0, chinese.length - 5)],
    ['far too large', () => english],
  ])('goes on in English where the Chinese part is %s, and says so once', (_, read) => {
    const told: string[] = [];
    let opened = 0;
    const open = (): ReturnType<typeof readWordTable> => {
      opened += 1;
      return readWordTable(read());
    };
    const words = createWordVectors(readWordTable(english), open, ({ message }) => {
      told.push(message);
    });
    for (const term of ['数据', '服务', '数据']) expect(words.row(term)).toBeUndefined();
    expect(words.row('server')).toBe(vectors.row('server'));
    expect(told).toEqual([expect.stringMatching(/install the package anew/)]);
    expect(opened).toBe(1);
  });
});
