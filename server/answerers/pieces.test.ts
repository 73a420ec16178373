import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forEachPiece } from './pieces.ts';

/** What the pieces are, said by a regular expression alone; slower. */
const unspaced =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}ー々';
const letter = `(?:(?![${unspaced}])[\\p{L}\\p{N}\\p{M}_])`;
const whole = new RegExp(
  `([${unspaced}]+)|([^\\W_]\\+\\+(?!\\+)|[A-Za-z]#)(?![\\p{L}\\p{N}])|${letter}+(?:[.\\-'’]${letter}+)*`,
  'gu',
);

function expected(text: string): string[] {
  return [...text.matchAll(whole)].map(([raw, run, special]) => {
    if (run !== undefined) return `run ${run}`;
    return special === undefined ? `word ${raw}` : `special ${special}`;
  });
}

function found(text: string): string[] {
  const all: string[] = [];
  forEachPiece(text, {
    word: (raw) => all.push(`word ${raw}`),
    run: (raw) => all.push(`run ${raw}`),
    special: (raw) => all.push(`special ${raw}`),
  });
  return all;
}

const parts = [
  ...[
    'a',
    'Z',
    '7',
    '_',
    '+',
    '++',
    '#',
    '.',
    '-',
    "'",
    '’',
    ' ',
    '\n',
    '(',
    '/',
    'C++',
    'c#',
    'F#',
  ],
  ...[
    'é',
    'ß',
    'ё',
    '部',
    '署',
    'ー',
    'カ',
    '한',
    'ไ',
    '𝒳',
    '😀',
    '\u0301',
    '\ud83d',
    '\u00a0',
    '，',
    '٣',
  ],
];

it('are those of the whole expression, whatever stands beside what', () => {
  const text = fc.array(fc.constantFrom(...parts), { maxLength: 16 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text, (any) => {
      expect(found(any)).toEqual(expected(any));
    }),
    { numRuns: 20_000 },
  );
});

it('are found in any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (any) => {
      expect(found(any)).toEqual(expected(any));
    }),
    { numRuns: 3_000 },
  );
});
