import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wordsDir } from '../paths.ts';
import { findPosts } from './find-posts.ts';
import { questionConcepts } from './question-concepts.ts';
import { answerFrom } from './retrieval.ts';
import { indexOf } from './small-blog.fixture.ts';
import { stem } from './stem.ts';
import { insteadOfPhrase, insteadOfWord, isHead, phrasesIn } from './thesaurus.ts';

const terms = (word: string): string[] => insteadOfWord(word).map((one) => one.terms.join(' '));

/** The stemmer knows it already. */
const isFormOf = (other: string, head: string): boolean =>
  /^[a-z]+$/.test(other) && /^[a-z]+$/.test(head) && stem(other) === stem(head);

describe('the thesaurus', () => {
  const lines = readFileSync(join(wordsDir, 'thesaurus.tsv'), 'utf8').trimEnd().split('\n');

  it('has a line a head, sorted, of a head and what is said instead', () => {
    const heads = lines.map((line) => line.split('\t')[0] ?? '');
    expect(heads.length).toBeGreaterThan(10_000);
    expect(new Set(heads).size).toBe(heads.length);
    const sorted = heads.toSorted((left, right) =>
      Buffer.compare(Buffer.from(left), Buffer.from(right)),
    );
    expect(heads).toEqual(sorted);
    const wrong = lines.filter((line) => {
      const [head, others, ...more] = line.split('\t');
      const list = others?.split(', ') ?? [];
      return (
        more.length > 0 ||
        line !== line.toLowerCase() ||
        list.some((other) => other.trim() !== other || other === '' || other === head) ||
        list.some((other) => isFormOf(other, head ?? '')) ||
        list.length > 12 ||
        (head?.split(' ') ?? []).some((word) => ['a', 'an', 'the'].includes(word)) ||
        new Set(list).size !== list.length
      );
    });
    expect(wrong).toEqual([]);
  });

  it('knows plain words for terms, terms for plain words, likeliest first', () => {
    expect(terms('undo')).toContain('revert');
    expect(terms('vm')).toContain('virtual machin');
    expect(terms('省电')).toContain('节能');
    const weights = insteadOfWord('undo').map(({ weight }) => weight);
    expect(weights).toEqual(weights.toSorted((left, right) => right - left));
    for (const weight of weights) expect(weight).toBeGreaterThanOrEqual(0.5);
  });

  it('knows words in any form, and keeps words apart that only share a stem', () => {
    expect(terms('undid')).toEqual([]);
    expect(terms('squashing')).toEqual(terms('squash'));
    expect(terms('id')).toContain('identifi');
    for (const [word, other] of [
      ['aws', 'terribl'],
      ['excel', 'great'],
      ['intern', 'worldwid'],
      ['animate', 'pet'],
      ['rails', 'train'],
    ] as const) {
      expect(terms(word), word).not.toContain(other);
    }
  });

  it('knows expressions, also as one word, and by the words in them that say something', () => {
    const [first] = insteadOfWord('vm').filter(({ joined }) => joined !== undefined);
    expect(first).toMatchObject({ terms: ['virtual', 'machin'], joined: 'virtualmachin' });
    expect(insteadOfPhrase('get rid of').map((one) => one.terms[0])).toContain('delet');
  });

  it('knows nothing of what is no word, and is not fooled by names of properties', () => {
    for (const key of ['', ' ', '__proto__', 'constructor', 'x'.repeat(4_000), '\ud800']) {
      expect(insteadOfWord(key)).toEqual([]);
      expect(insteadOfPhrase(key)).toEqual([]);
      expect(isHead(key)).toBe(false);
    }
  });

  it.each([
    ['How do I get rid of an old branch?', 'get rid of'],
    ['PUT IT ONLINE', 'put onlin'],
    ["it doesn't work", 'doesnt work'],
  ])('finds the expression of %s', (question, phrase) => {
    expect(phrasesIn(question)).toContain(phrase);
  });

  it('looks at no more of a word than a word has', () => {
    for (const wall of [
      'y'.repeat(7_990) + 'ational',
      `a${'.'.repeat(7_998)}x`,
      'a+'.repeat(4_000),
    ]) {
      expect(phrasesIn(`${wall} get rid of`)).toEqual(['get rid of']);
      expect(insteadOfWord(wall)).toEqual([]);
    }
  });

  it('takes the longest expression, and a wall of text in its stride', () => {
    expect(phrasesIn('make sure of it')).toEqual(['make sure']);
    expect(phrasesIn('make sure it works')).toEqual(['make sure work']);
    expect(phrasesIn('get rid of '.repeat(10_000))).toContain('get rid of');
    expect(phrasesIn('')).toEqual([]);
  });
});

const blog = await indexOf({
  'squash.md': '# Squashing commits\n\nMerge several commits into one: `git rebase -i HEAD~3`.',
  'revert.md': '# Reverting a merge\n\n`git revert -m 1 <hash>` makes a commit with the opposite.',
  'cron.md': '# A cron job for copies\n\nSchedule the script with cron, every night at three.',
  'fonts.md': '# Fonts that read well\n\nA serif for long texts, with a line height of 1.6.',
  'tea.md': '# Green tea\n\nWater of 70 degrees, two minutes, no more.',
});
const found = (question: string): readonly (string | undefined)[] =>
  findPosts(question, blog)?.posts.map(({ passage }) => blog.posts[passage.post]?.path) ?? [];

describe('a question widened by it', () => {
  const standingIn = (question: string, widened: boolean): string[] =>
    questionConcepts(question, blog, { widened }).flatMap(({ alternatives }) =>
      alternatives.map(({ term }) => term),
    );

  it('asks for what the blog says instead, only where it is to', () => {
    expect(standingIn('do it periodically', true)).toEqual(['schedul', 'cron']);
    expect(standingIn('do it periodically', false)).toEqual([]);
  });

  it('never counts a stand-in as much as the word itself', () => {
    const [merge] = questionConcepts('merge', blog, { widened: true });
    const [own, ...others] = merge?.alternatives ?? [];
    expect(own).toEqual({ term: 'merg', weight: 1 });
    const [daily] = questionConcepts('daily', blog, { widened: true });
    expect(daily?.alternatives.map(({ term }) => term)).toContain('cron');
    for (const { weight } of [...others, ...(daily?.alternatives ?? [])]) {
      expect(weight).toBeLessThan(1);
    }
  });

  it('finds what shares no word with it, after what its own words find', () => {
    const question = 'merge commits periodically';
    expect(found(question).slice(0, 3)).toEqual(['squash.md', 'revert.md', 'cron.md']);
    const cited = answerFrom(blog, { text: question, lang: 'en' }).citations.map(({ url }) => url);
    expect(cited).not.toContain('/blog/tea');
    expect(cited).not.toContain('/blog/fonts');
  });

  it('keeps first what its own words find', () => {
    expect(found('cron job at night')[0]).toBe('cron.md');
    expect(found('how hot should the water be for green tea')[0]).toBe('tea.md');
  });

  it('takes no word of the question for a stand-in of another', async () => {
    const garden = await indexOf({
      'a.md': '# A conflict with my neighbour\n\nAbout the hedge, and how to merge two gardens.',
    });
    const concepts = questionConcepts('merge conflict', garden, { widened: true });
    expect(concepts.map(({ alternatives }) => alternatives.map(({ term }) => term))).toEqual([
      ['merg'],
      ['conflict'],
    ]);
    expect(concepts.some(({ hasStandIns }) => hasStandIns)).toBe(false);
  });

  it('is still refused where the blog has nothing', () => {
    for (const question of ['how do I register a company', '怎么申请护照', 'who won the final']) {
      expect(found(question)).toEqual([]);
    }
  });
});
