import { assert, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { readExcerpt } from './marked-excerpt.ts';

it('tells what was found from what stands around it', () => {
  expect(readExcerpt('a \uE000b\uE001 c \uE000d\uE001')).toEqual([
    { text: 'a ', found: false },
    { text: 'b', found: true },
    { text: ' c ', found: false },
    { text: 'd', found: true },
  ]);
});

it('copes with signs that do not pair', () => {
  expect(readExcerpt('\uE001a\uE000\uE000b')).toEqual([
    { text: 'a', found: false },
    { text: 'b', found: true },
  ]);
});

it('loses no text and shows no sign', () => {
  assert(
    property(string({ unit: 'binary' }), string(), (one, other) => {
      const pieces = readExcerpt(`${one}\uE000${other}\uE001`);
      expect(pieces.map(({ text }) => text).join('')).toBe(
        (one + other).replace(/[\uE000\uE001]/g, ''),
      );
    }),
  );
});
