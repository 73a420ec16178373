import { describe, expect, it } from 'vitest';
import { createBm25Builder } from './bm25-index.ts';
import { createTermNumbers } from './term-numbers.ts';

const numbers = createTermNumbers();
const builder = createBm25Builder([{ weight: 1, lengthPenalty: 0.5 }], numbers);
for (const text of [
  'hard disk full',
  'hard cheese',
  'disk of hard steel',
  'soft disk',
  'nothing',
]) {
  builder.add([[text.split(' ').map((term) => numbers.add(term))]]);
}
const index = builder.finish();
const documents = (term: string): number[] => [...(index.term(term)?.documents ?? [])];

describe('terms asked for together', () => {
  it('are in documents that have all of them', () => {
    expect(documents('hard')).toEqual([0, 1, 2]);
    expect(documents('hard disk')).toEqual([0, 2]);
    expect(documents('hard disk steel')).toEqual([2]);
  });

  it('say more than each of them, and score no more than the weaker', () => {
    const both = index.term('hard disk');
    const alone = index.term('hard');
    expect(both?.idf).toBeGreaterThan(alone?.idf ?? Number.POSITIVE_INFINITY);
    for (const score of both?.scores ?? []) expect(score).toBeGreaterThan(0);
  });

  it('are not there where no document has them all', () => {
    expect(index.term('soft cheese')).toBeUndefined();
    expect(index.term('hard unheard')).toBeUndefined();
    expect(index.term('unheard hard')).toBeUndefined();
    expect(index.term(' ')).toBeUndefined();
  });

  it('are not found by terms that got their number after the index was built', () => {
    numbers.add('later');
    expect(index.term('later')).toBeUndefined();
  });

  it('are found again however many others are asked for', () => {
    for (let at = 0; at < 1_000; at += 1) index.term(`hard w${at}`);
    expect(documents('hard disk')).toEqual([0, 2]);
  });
});
