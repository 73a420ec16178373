import { describe, expect, it } from 'vitest';
import type { Found } from './rank.ts';
import { withStandIns } from './with-stand-ins.ts';

const found = (post: number, score: number): Found =>
  ({ passage: { post }, number: post * 10, score }) as unknown as Found;
const postsOf = (list: readonly Found[]): number[] => list.map(({ passage }) => passage.post);

describe('posts of own words and of stand-ins together', () => {
  const own = [found(1, 40), found(2, 30), found(3, 20), found(4, 10)];

  it('begin with the best two by own words, then take turns, each post once', () => {
    const others = [found(5, 8), found(1, 6), found(4, 4), found(6, 2)];
    expect(postsOf(withStandIns(own, others))).toEqual([1, 2, 5, 3, 4, 6]);
  });

  it('have scores of one scale', () => {
    const scores = withStandIns(own, [found(5, 8), found(6, 2)]).map(({ score }) => score);
    expect(scores).toEqual([40, 30, 30, 20, 10, 10]);
  });

  it('are those of one list where the other is empty', () => {
    expect(withStandIns(own, [])).toEqual(own);
    expect(withStandIns([], own)).toEqual(own);
    expect(withStandIns([], [])).toEqual([]);
  });

  it('are few where few are found', () => {
    expect(postsOf(withStandIns([found(1, 4)], [found(2, 2), found(1, 1)]))).toEqual([1, 2]);
  });
});
