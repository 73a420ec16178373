import { describe, expect, it } from 'vitest';
import { wordsAlike } from './alike.ts';
import { simplify } from './simplified.ts';
import { findLine } from './word-table.ts';

describe('a line of a sorted table', () => {
  const lines = ['a\tone', 'ab\ttwo', 'b\t', 'ß\tthree', '博客\tblog,blogger'];
  it.each([`${lines.join('\n')}\n`, lines.join('\n')])('is found by its whole key', (text) => {
    const table = Buffer.from(text);
    expect(['a', 'ab', 'b', 'ß', '博客'].map((key) => findLine(table, key))).toEqual([
      'one',
      'two',
      '',
      'three',
      'blog,blogger',
    ]);
    for (const key of ['', '0', 'aa', 'abc', 'c', '博', '客', '𠮷']) {
      expect(findLine(table, key)).toBeUndefined();
    }
  });

  it('is not found in an empty table', () => {
    expect(findLine(Buffer.alloc(0), 'a')).toBeUndefined();
  });
});

describe('the tables', () => {
  it('know English words used alike, without forms of the word itself', () => {
    const alike = wordsAlike('teach');
    expect(alike.map(({ word }) => word)).toContain('learn');
    expect(alike.map(({ word }) => word)).not.toContain('teaching');
    expect(alike.length).toBeLessThanOrEqual(8);
    for (const { like } of alike) {
      expect(like).toBeGreaterThanOrEqual(0.6);
      expect(like).toBeLessThanOrEqual(1);
    }
  });

  it('know nothing of what is no word', () => {
    for (const key of ['', '__proto__', 'a\tb', 'a\nb', 'x'.repeat(4_000), '\ud800']) {
      expect(wordsAlike(key)).toEqual([]);
    }
  });

  it('make traditional characters simplified ones, of the same length', () => {
    expect(simplify('資料庫備份 of 程式')).toBe('资料库备份 of 程式');
    expect(simplify('部署服务器')).toBe('部署服务器');
  });
});
