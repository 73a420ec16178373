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

describe('occurrences', () => {
  const fields = [
    { weight: 2, lengthPenalty: 0.5 },
    { weight: 1, lengthPenalty: 0 },
  ];
  /** Of documents, for each field the pieces it is given in, terms divided by blanks. */
  function build(documents: readonly (readonly (readonly string[])[])[]) {
    const terms = createTermNumbers();
    const all = createBm25Builder(fields, terms);
    for (const document of documents) {
      all.add(
        document.map((pieces) =>
          pieces.map((piece) =>
            Uint32Array.from(piece === '' ? [] : piece.split(' '), (term) => terms.add(term)),
          ),
        ),
      );
    }
    return all.finish();
  }

  it('count by how many there are, and by their fields', () => {
    const built = build([
      [['x'], ['tea']],
      [['x'], ['tea tea tea']],
      [['tea'], ['']],
      [['x'], ['milk']],
    ]);
    expect([...(built.term('tea')?.documents ?? [])]).toEqual([0, 1, 2]);
    const [once = 0, often = 0, inTitle = 0] = built.term('tea')?.scores ?? [];
    // idf × sum × (k1 + 1) / (k1 + sum); titles are of one length here, so that nothing is held
    // against them.
    const idf = built.term('tea')?.idf ?? 0;
    for (const [score, sum] of [
      [once, 1],
      [often, 3],
      [inTitle, 2],
    ] as const) {
      expect(score).toBeCloseTo((idf * sum * 2.2) / (1.2 + sum), 4);
    }
  });

  it('are the same in one piece and in many', () => {
    const one = build([
      [['a b'], ['c a d a']],
      [['c'], ['b']],
    ]);
    const many = build([
      [
        ['a', 'b'],
        ['c a', '', 'd a'],
      ],
      [
        ['', 'c'],
        ['b', ''],
      ],
    ]);
    for (const term of 'abcd') expect(many.term(term)).toEqual(one.term(term));
  });

  it('are found in many documents, and where there are none', () => {
    const built = build(Array.from({ length: 3_000 }, (_, at) => [['x'], [`w${at % 7} y`]]));
    expect(built.size).toBe(3_000);
    expect(built.term('w3')?.documents).toHaveLength(429);
    expect(build([]).term('x')).toBeUndefined();
  });
});
