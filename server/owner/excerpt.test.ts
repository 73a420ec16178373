import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf, matchEnd, matchStart } from './excerpt.ts';
import { folded } from './search-words.ts';

/** With brackets in the place of the marks, which nobody can read. */
const shown = (text: string, ...words: string[]): string =>
  excerptOf(text, words).replaceAll(matchStart, '[').replaceAll(matchEnd, ']');

describe('an excerpt', () => {
  it('marks every word where it stands, whatever its case', () => {
    expect(shown('Where is my Invoice? The INVOICE of May.', 'invoice', 'may')).toBe(
      'Where is my [Invoice]? The [INVOICE] of [May].',
    );
    expect(shown('我想转人工，谢谢', '转人工')).toBe('我想[转人工]，谢谢');
    expect(shown('abcabc', 'abc', 'bca')).toBe('[abcabc]');
    expect(shown('last\nMay', 'last may')).toBe('[last\nMay]');
  });

  it('marks what was written in another form', () => {
    expect(shown('a ﬁne Ｆｕｌｌ day', 'fine', 'full')).toBe('a [ﬁne] [Ｆｕｌｌ] day');
    expect(shown('cafe\u0301 au lait', 'café')).toBe('[cafe\u0301] au lait');
  });

  it('is cut around the first place, and says so', () => {
    const text = `${'x'.repeat(500)} needle ${'y'.repeat(500)}`;
    const excerpt = shown(text, 'needle');
    expect(excerpt).toMatch(/^…x+ \[needle\] y+…$/);
    expect(excerpt.length).toBeLessThan(170);
    expect(shown(`${'x'.repeat(500)} needle`, 'needle')).toMatch(/^…x+ \[needle\]$/);
  });

  it('cannot be fooled by marks in the text', () => {
    const text = `a${matchStart}b${matchEnd}c`;
    expect(shown(text, 'c')).toBe('ab[c]');
  });

  it('never cuts a character in two', () => {
    const family = '👩‍👩‍👧‍👦';
    for (let lead = 0; lead < 12; lead += 1) {
      const text = `${'a'.repeat(lead)}${family.repeat(60)}needle${family.repeat(60)}`;
      const excerpt = excerptOf(text, ['needle']);
      const parts = excerpt.replace(/[…a]/g, '').split(`${matchStart}needle${matchEnd}`);
      expect(parts.map((part) => part.replaceAll(family, ''))).toEqual(['', '']);
    }
  });

  it('holds for any text and word: well-formed, a part of the text, marks in pairs', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 400 });
    fc.assert(
      fc.property(text, text, fc.nat(), (before, after, at) => {
        const whole = `${before}${after}`;
        const word = folded([...whole].slice(at % 50, (at % 50) + 3).join('')).trim();
        const excerpt = excerptOf(whole, word === '' ? ['x'] : [word]);
        const bare = excerpt.replace(/[\ue000\ue001]/g, '');
        expect(excerpt.isWellFormed()).toBe(true);
        expect(whole.replace(/[\ue000\ue001]/gu, '')).toContain(bare.replace(/^…|…$/g, ''));
        const marks = excerpt.replace(/[^\ue000\ue001]/gu, '');
        expect(marks).toMatch(/^(?:\ue000\ue001)*$/);
      }),
      { numRuns: 200 },
    );
  });
});
