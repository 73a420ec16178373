import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimits } from './limits.ts';
import { isIdle, newSlidingWindow, refund, take, type RateLimit } from './sliding-window.ts';

const start = Date.UTC(2025, 0, 1);
const tenIn10s: RateLimit = { limit: 10, windowMs: 10_000 };

/** Takes as often as it may at each of these times. */
function takenAt(rate: RateLimit, times: readonly number[]): number[] {
  const window = newSlidingWindow();
  return times.filter((atMs) => take(window, rate, atMs) === 0);
}

describe('a sliding window', () => {
  it('never lets more than the limit pass in any span of its length', () => {
    const rate = fc.record({
      limit: fc.integer({ min: 1, max: 20 }),
      windowMs: fc.integer({ min: 1, max: 20_000 }),
    });
    const gaps = fc.array(fc.nat({ max: 2_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(rate, gaps, fc.boolean(), ({ limit, windowMs }, steps, dense) => {
        let now = start;
        const times = steps.map((gap) => (now += dense ? gap % 7 : gap));
        const taken = takenAt({ limit, windowMs }, times);
        for (const [index, atMs] of taken.entries()) {
          const past = taken[index - limit];
          if (past !== undefined) expect(atMs - past).toBeGreaterThanOrEqual(windowMs);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('lets the limit pass at once, and again after the time it names', () => {
    const rate = fc.record({
      limit: fc.integer({ min: 1, max: 50 }),
      windowMs: fc.integer({ min: 1, max: 3_600_000 }),
    });
    fc.assert(
      fc.property(rate, fc.nat({ max: 1e9 }), (limits, offset) => {
        const window = newSlidingWindow();
        const now = start + offset;
        for (let count = 0; count < limits.limit; count += 1) {
          expect(take(window, limits, now)).toBe(0);
        }
        const waitMs = take(window, limits, now);
        expect(waitMs).toBeGreaterThan(0);
        expect(waitMs).toBeLessThanOrEqual(limits.windowMs * 1.05 + 1);
        expect(take(window, limits, now + Math.ceil(waitMs))).toBe(0);
      }),
    );
  });

  it('does not count what was refused', () => {
    const times = Array.from({ length: 200 }, (_, index) => start + index * 100);
    // 20 s at ten a second: twice the limit, and at most a twentieth less.
    expect(takenAt(tenIn10s, times).length).toBeGreaterThanOrEqual(19);
  });

  it('gives back what was taken in vain', () => {
    const window = newSlidingWindow();
    for (let count = 0; count < 100; count += 1) {
      expect(take(window, tenIn10s, start)).toBe(0);
      refund(window);
    }
    refund(window);
    for (let count = 0; count < 10; count += 1) expect(take(window, tenIn10s, start)).toBe(0);
    expect(take(window, tenIn10s, start)).toBeGreaterThan(0);
  });

  it('does not lock anybody out when the clock is set back', () => {
    const window = newSlidingWindow();
    for (let count = 0; count < 10; count += 1) take(window, tenIn10s, start);
    // A little: what was counted stays counted.
    expect(take(window, tenIn10s, start - 1_000)).toBeGreaterThan(0);
    expect(take(window, tenIn10s, start - 3_600_000)).toBe(0);
  });

  it('is idle when all of it has passed', () => {
    const window = newSlidingWindow();
    expect(isIdle(window, tenIn10s, start)).toBe(true);
    take(window, tenIn10s, start);
    expect(isIdle(window, tenIn10s, start + 9_000)).toBe(false);
    expect(isIdle(window, tenIn10s, start + 11_000)).toBe(true);
  });
});

describe('limits', () => {
  const rate: RateLimit = { limit: 2, windowMs: 1_000 };

  it('refused by the address, a message does not count for its conversation', () => {
    const limits = createLimits(rate);
    for (let index = 0; index < 20; index += 1) limits.takeMessage(`c${index}`, 'a', start);
    expect(limits.takeMessage('mine', 'a', start)).toBeGreaterThan(0);
    expect(limits.takeMessage('mine', 'b', start)).toBe(0);
    expect(limits.takeMessage('mine', 'b', start)).toBe(0);
    expect(limits.takeMessage('mine', 'b', start)).toBeGreaterThan(0);
  });

  it('of a connection end with it, and sweeping forgets only what has passed', () => {
    const limits = createLimits(rate);
    for (let index = 0; index < 20; index += 1) limits.takeFrame('k', start);
    expect(limits.takeFrame('k', start)).toBeGreaterThan(0);
    limits.forgetConnection('k');
    expect(limits.takeFrame('k', start)).toBe(0);
    limits.takeMessage('c', 'a', start);
    limits.takeMessage('c', 'a', start);
    limits.sweep(start + 500);
    expect(limits.takeMessage('c', 'a', start + 500)).toBeGreaterThan(0);
    limits.sweep(start + 2_000);
    expect(limits.takeMessage('c', 'a', start + 2_000)).toBe(0);
  });
});
