import { describe, expect, it } from 'vitest';
import { createComparison, createPassageReader, noMeaning, questionMeaning } from './meanings.ts';
import { stem } from './stem.ts';
import { createTermNumbers } from './term-numbers.ts';
import { wordVectors } from './word-vectors.ts';

const vectors = wordVectors();
/** Terms by their number, and their rows in the table. */
const terms = createTermNumbers((term) => rows.push(vectors.row(term) ?? -1));
const rows: number[] = [];
const numbersOf = (text: string): Uint32Array =>
  Uint32Array.from(text.split(' '), (word) => terms.add(stem(word)));
const meaningOf = createPassageReader(vectors, rows);
const nothing = new Uint32Array();
const meaning = (prose: string, title = '') =>
  meaningOf({
    ...{ title: numbersOf(title), headings: nothing, code: nothing },
    prose: numbersOf(prose),
  });
const asked = (text: string) => {
  const found = questionMeaning(text.split(' ').map(stem), vectors);
  if (!found) throw new Error('nothing is known');
  return found;
};
const length = (direction: Float32Array): number => Math.hypot(...direction);

describe('what a passage means', () => {
  it('is a direction of length 1, and its words, each once', () => {
    const { direction, rows } = meaning('the backup copies the database every night backup');
    expect(length(direction)).toBeCloseTo(1, 5);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('is not changed by code after its first words', () => {
    const prose = numbersOf('backup the database every night');
    const many = (last: string): Uint32Array => numbersOf(`${'cron '.repeat(60)}${last}`);
    const [one, other] = ['tea', 'salary'].map((last) =>
      meaningOf({ ...{ title: nothing, headings: nothing, prose }, code: many(last) }),
    );
    expect(one?.direction).toEqual(other?.direction);
    expect(one?.rows).toEqual(other?.rows);
  });

  it('is nothing where no word is known, or it is in another language', () => {
    for (const { direction, rows } of [meaning('zxqvy wbblt'), meaning(''), noMeaning(vectors)]) {
      expect(length(direction)).toBe(0);
      expect(rows).toHaveLength(0);
    }
  });
});

describe('the words of a question, each compared with those of a passage', () => {
  const shrink = createComparison(asked('shrink a looping picture'), vectors);

  it('are better said by words that mean the same than by others', () => {
    const said = shrink(meaning('compress the animated gif image').rows);
    expect(said).toBeGreaterThan(shrink(meaning('brew green tea in a pot').rows) + 0.1);
  });

  it('are said wholly by themselves, and not at all by nothing', () => {
    expect(shrink(meaning('shrink looping picture').rows)).toBeCloseTo(1, 2);
    expect(shrink(noMeaning(vectors).rows)).toBe(0);
  });

  it('are unknown where the table has none of them', () => {
    expect(questionMeaning(['zxqvy', '客博', ''], vectors)).toBeUndefined();
    expect(questionMeaning([], vectors)).toBeUndefined();
  });

  it('are at most so many, however long the question is', () => {
    const all = questionMeaning(
      Array.from(
        { length: 5_000 },
        (_, at) => ['database', 'photo', 'tea', `w${at}`][at % 4] ?? '',
      ),
      vectors,
    );
    expect(all?.weights.length).toBeLessThanOrEqual(24);
    expect(all?.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
  });
});
