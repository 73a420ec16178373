import { describe, expect, it } from 'vitest';
import { createSpelling, isOneEdit, isTwoEdits } from './spelling.ts';

describe('one edit', () => {
  it.each([
    ['recieve', 'receive'],
    ['comand', 'command'],
    ['exeption', 'exception'],
    ['happend', 'happened'],
    ['colur', 'colour'],
    ['boook', 'book'],
    ['cat', 'car'],
  ])('leads from %s to %s and back', (left, right) => {
    expect(isOneEdit(left, right)).toBe(true);
    expect(isOneEdit(right, left)).toBe(true);
  });

  it.each([
    ['same', 'same'],
    ['abcd', 'badc'],
    ['word', 'ward-'],
    ['abc', 'abcde'],
    ['abcd', 'adcb'],
    ['', 'ab'],
  ])('does not lead from %s to %s', (left, right) => {
    expect(isOneEdit(left, right)).toBe(false);
  });
});

describe('two edits', () => {
  it.each([
    ['kuberntes', 'kubernetes'],
    ['enviromnet', 'environment'],
    ['athentication', 'authentication'],
    ['postgerslq', 'postgresql'],
    ['same', 'same'],
    ['', 'ab'],
  ])('lead from %s to %s and back', (left, right) => {
    expect(isTwoEdits(left, right)).toBe(true);
    expect(isTwoEdits(right, left)).toBe(true);
  });

  it.each([
    ['certificate', 'certified'],
    ['', 'abc'],
    ['abcdef', 'badcfe'],
  ])('do not lead from %s to %s', (left, right) => {
    expect(isTwoEdits(left, right)).toBe(false);
  });
});

describe('spelling', () => {
  const spelling = createSpelling(
    new Map([
      ['command', 9],
      ['commend', 1],
      ['receive', 3],
      ['constructor', 2],
      ['car', 5],
    ]),
  );
  it('offers words of the blog, the more frequent first', () => {
    expect(spelling.repair('commnd')).toEqual(['command', 'commend']);
    expect(spelling.repair('recieve')).toEqual(['receive']);
    expect(spelling.repair('costructer')).toEqual(['constructor']);
  });
  it('offers nothing for short words, words in the blog’s vocabulary far away, and no words', () => {
    for (const word of ['cat', 'kubernetes', '', '__proto__', 'x'.repeat(4_000), '12345', '部署']) {
      expect(spelling.repair(word)).toEqual([]);
    }
  });
});
