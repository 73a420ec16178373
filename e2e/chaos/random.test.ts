import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';

const draw = (seed: number, count = 20): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

describe('random choices', () => {
  it('are the same for a seed and others for another', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const one = createRandom(7);
    one.next();
    expect(one.fork('a').next()).toBe(createRandom(7).fork('a').next());
    expect(one.fork('a').next()).not.toBe(one.fork('b').next());
  });

  it('are spread evenly over their range', () => {
    const random = createRandom(1);
    const counts = [0, 0, 0, 0, 0];
    for (let index = 0; index < 10_000; index += 1) counts[random.between(0, 4)]! += 1;
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(200);
    expect(draw(3, 10_000).every((value) => value >= 0 && value < 1)).toBe(true);
  });

  it('follow their weights', () => {
    const random = createRandom(2);
    const counts = { often: 0, seldom: 0, never: 0 };
    for (let index = 0; index < 10_000; index += 1) {
      const one = random.weighted([
        [9, 'often'],
        [0, 'never'],
        [1, 'seldom'],
      ] as const);
      counts[one] += 1;
    }
    expect(counts.never).toBe(0);
    expect(counts.seldom).toBeGreaterThan(800);
    expect(counts.seldom).toBeLessThan(1_200);
    expect(() => random.pick([])).toThrow('nothing to pick');
  });
});
