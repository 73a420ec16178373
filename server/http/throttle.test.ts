import { describe, expect, it } from 'vitest';
import { createThrottle } from './throttle.ts';

describe('a throttle', () => {
  const rate = { limit: 2, windowMs: 1_000 };

  it('counts each sender by itself', () => {
    const throttle = createThrottle(rate);
    expect([throttle.take('a', 0), throttle.take('a', 0)]).toEqual([0, 0]);
    expect(throttle.take('a', 0)).toBeGreaterThan(0);
    expect(throttle.take('b', 0)).toBe(0);
    expect(throttle.take('a', 2_000)).toBe(0);
  });

  it('remembers no more senders than it may, the idle ones first to go', () => {
    const throttle = createThrottle(rate, 3);
    throttle.take('idle', 0);
    for (const key of ['a', 'b']) for (let n = 0; n < 3; n += 1) throttle.take(key, 5_000);
    throttle.take('c', 5_000);
    expect(throttle.take('a', 5_000)).toBeGreaterThan(0);
    throttle.take('d', 5_000);
    // Full of busy ones: the one seen first is forgotten, the rest is not.
    expect(throttle.take('b', 5_000)).toBeGreaterThan(0);
    expect(throttle.take('a', 5_000)).toBe(0);
  });
});
