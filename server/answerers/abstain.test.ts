import { describe, expect, it } from 'vitest';
import {
  isCoveredByStandIns,
  isMeant,
  isWellMet,
  mayBeCoveredByStandIns,
  mayBeMeant,
} from './abstain.ts';
import type { Meant } from './by-meaning.ts';
import { findPosts } from './find-posts.ts';
import type { PostIndex } from './post-index.ts';
import type { Concept } from './question-concepts.ts';
import type { Ranking } from './rank.ts';
import { indexOf, smallBlog } from './small-blog.fixture.ts';

const rarest = 6;
const index = { byPost: { unknownIdf: rarest } } as unknown as PostIndex;

/** Scores and mass as multiples of the rarest word's. */
const ranking = (coverage: number, score: number, asked = 4, telling = asked): Ranking => ({
  posts: [{ score: score * rarest }] as unknown as Ranking['posts'],
  passageCoverage: coverage,
  mass: 1.5 * rarest,
  ...{ asked, telling },
});
const standIns = [{ hasStandIns: true }] as unknown as Concept[];
const none = [{}] as unknown as Concept[];

const well = ranking(0.6, 5);
const fairly = ranking(0.55, 3.2);
const barely = ranking(0.45, 3);
const poorly = ranking(0.3, 2);

describe('whether what is found answers', () => {
  it('needs less of the question’s own words than of stand-ins', () => {
    expect([well, fairly, barely, poorly].map((found) => isWellMet(found, index))).toEqual([
      ...[true, true, false, false],
    ]);
    const answered = [well, fairly, barely, poorly].map((found) =>
      isCoveredByStandIns(found, standIns, index),
    );
    expect(answered).toEqual([true, false, false, false]);
  });

  it('needs less where a language model still judges', () => {
    const asked = [well, fairly, barely, poorly].map((found) =>
      mayBeCoveredByStandIns(found, standIns, index),
    );
    expect(asked).toEqual([true, true, true, false]);
  });

  it('is not asked of one or two words that nothing stands in for', () => {
    const short = ranking(0.9, 6, 2);
    expect(isWellMet(short, index)).toBe(false);
    expect(isCoveredByStandIns(short, none, index)).toBe(false);
    expect(mayBeCoveredByStandIns(short, none, index)).toBe(false);
    expect(isCoveredByStandIns(short, standIns, index)).toBe(true);
    expect(isCoveredByStandIns(well, none, index)).toBe(true);
  });

  it('is never so where no word says what the question is about', () => {
    const empty = ranking(1, 9, 4, 0);
    expect(isWellMet(empty, index)).toBe(false);
    expect(isCoveredByStandIns(empty, standIns, index)).toBe(false);
  });
});

describe('whether what is found by meaning answers', () => {
  const near: Meant = { posts: [], like: 0.6, words: 0.85 };
  const far: Meant = { posts: [], like: 0.3, words: 0.6 };

  it('is told by likeness where words leave it open', () => {
    expect([well, fairly, barely, poorly].map((found) => isMeant(found, near, index))).toEqual([
      ...[true, true, true, false],
    ]);
    expect([well, fairly, barely, poorly].map((found) => isMeant(found, far, index))).toEqual([
      ...[true, false, false, false],
    ]);
  });

  it('needs less where a language model still judges', () => {
    expect([well, fairly, barely, poorly].map((found) => mayBeMeant(found, far, index))).toEqual([
      ...[true, true, false, false],
    ]);
  });

  it('is never so where no word says what the question is about', () => {
    const whole: Meant = { posts: [], like: 1, words: 1 };
    expect(isMeant(ranking(1, 9, 4, 0), whole, index)).toBe(false);
    expect(mayBeMeant(ranking(1, 9, 4, 0), whole, index)).toBe(false);
  });
});

it('a page that is open is no evidence that it answers', async () => {
  const blog = await indexOf(smallBlog);
  const question = 'in this post, what do you think about isolation and quantity?';
  expect(findPosts(question, blog, { pageUrl: '/blog/en/deploying' })).toBeUndefined();
});
