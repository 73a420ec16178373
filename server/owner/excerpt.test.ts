import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf, matchEnd, matchStart } from './excerpt.ts';
import { folded, hasAll } from '../stores/search-text.ts';
import { searchWords } from './search-words.ts';

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

  it('marks a word whatever form its sigma takes', () => {
    for (const query of ['ΔΡΟΜΟΣ', 'δρομος', 'δρομοσ']) {
      expect(shown('Ο ΔΡΟΜΟΣ, ο δρομος', ...searchWords(query)), query).toBe(
        'Ο [ΔΡΟΜΟΣ], ο [δρομος]',
      );
    }
    expect(shown('οδυσσέας', ...searchWords('ΣΣΈΑΣ'))).toBe('οδυ[σσέας]');
  });

  it('finds its place in a long text whose letters fold to many', () => {
    const before = 'ﷺ'.repeat(2_000);
    const after = 'ﬁ'.repeat(1_000);
    const excerpt = shown(`${before} first ﬁne\nday last ${after}`, 'fine day', 'last');
    expect(excerpt).toMatch(/^…ﷺ* ?first \[ﬁne\nday\] \[last\] ﬁ+…$/);
    expect(shown(`${after}${before}`, 'صلى الله')).toMatch(/^…ﬁ+\[ﷺ+\]…$/);
    // The last of several words may begin within what is shown and end outside of it.
    const long = 'y'.repeat(150);
    const cut = shown(`${'x '.repeat(900)}needle ${long}${' z'.repeat(900)}`, 'needle', long);
    expect(cut).toMatch(/^…[x ]+\[needle\] \[y+\]…$/);
  });

  it('is the same wherever the place lies in a long text', () => {
    for (let lead = 100; lead < 420; lead += 3) {
      const excerpt = shown(
        `${'ﬁ'.repeat(lead)} needle in hay ${'ﬁ'.repeat(400)}`,
        'needle',
        'hay',
      );
      expect(excerpt).toMatch(/^…ﬁ* ?\[needle\] in \[hay\] ﬁ+…$/);
    }
  });

  it('is cut around the first place, and says so', () => {
    const text = `${'x'.repeat(500)} needle ${'y'.repeat(500)}`;
    const excerpt = shown(text, 'needle');
    expect(excerpt).toMatch(/^…x+ \[needle\] y+…$/);
    expect(excerpt.length).toBeLessThan(170);
    expect(shown(`${'x'.repeat(500)} needle`, 'needle')).toMatch(/^…x+ \[needle\]$/);
    for (let lead = 0; lead < 12; lead += 1) {
      const end = `${'👩‍👩‍👧‍👦'.repeat(60)}${'a'.repeat(lead)}needle`;
      expect(shown(end, 'needle')).toMatch(/\[needle\]$/);
    }
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

  it('marks what was found anywhere in any long text', () => {
    const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
    const text = fc.string({ unit: 'grapheme', minLength: 150, maxLength: 800, size: 'max' });
    fc.assert(
      fc.property(text, fc.nat(), (any, at) => {
        const whole = any.replace(/[\ue000\ue001]/gu, '');
        const all = [...characters.segment(whole)].map(({ segment }) => segment);
        const from = at % all.length;
        const [word = ''] = searchWords(
          `"${all
            .slice(from, from + 3)
            .join('')
            .replace(/["“”„]/gu, '')}`,
        );
        if (word === '' || !hasAll(whole, [word])) return;
        expect(excerptOf(whole, [word])).toContain(matchStart);
      }),
      // Making a case of this size smaller takes minutes.
      { numRuns: 300, endOnFailure: true },
    );
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
