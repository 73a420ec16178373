import { describe, expect, it } from 'vitest';
import { createReturnDelays } from './return-delays.ts';

/** Numbers in [0, 1) that look random and are the same in every run. */
function steadyRandom(): () => number {
  let state = 42;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
const drawn = (count: number): number[] => {
  const next = createReturnDelays(count, steadyRandom());
  return Array.from({ length: count }, next);
};

describe('delays after which clients come back [D13]', () => {
  it.each([1, 2, 50, 2_000, 20_000])('differ for each of %i', (count) => {
    const delays = drawn(count);
    expect(new Set(delays).size).toBe(count);
    for (const delay of delays) {
      expect(delay).toBeGreaterThanOrEqual(4_000);
      expect(delay).toBeLessThanOrEqual(30_000);
    }
  });

  it('are even: no second has more than its share', () => {
    const perSecond = new Map<number, number>();
    for (const delay of drawn(2_000)) {
      const second = Math.floor(delay / 1_000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    expect(perSecond.size).toBe(10);
    for (const clients of perSecond.values()) expect(clients).toBe(200);
  });

  it('do not follow the order of the clients', () => {
    const delays = drawn(200);
    const rising = delays.filter((delay, index) => delay > (delays[index - 1] ?? 0)).length;
    expect(rising).toBeGreaterThan(60);
    expect(rising).toBeLessThan(140);
  });

  it('have an end for 100,000, and for more than were expected', () => {
    for (const delay of drawn(100_000)) expect(delay).toBeLessThanOrEqual(30_000);
    const next = createReturnDelays(1, steadyRandom());
    for (let late = 0; late < 100; late += 1) {
      const delay = next();
      expect(delay).toBeGreaterThanOrEqual(4_000);
      expect(delay).toBeLessThanOrEqual(5_000);
    }
  });
});
