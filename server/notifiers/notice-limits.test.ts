import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelWaitMs, conversationWaitMs, retryAtMs } from './notice-limits.ts';

const limits = { perMinute: 3, perHour: 5 };
const sent = (...times: number[]) =>
  times.map((atMs, index) => ({ conversationId: `c${index}`, atMs }));

describe('channelWaitMs', () => {
  const nowMs = 10_000_000;

  it('is 0 below the limit, else until the oldest that counts leaves the window', () => {
    expect(channelWaitMs([], [], nowMs, limits)).toBe(0);
    expect(channelWaitMs(sent(nowMs - 1, nowMs - 2), [], nowMs, limits)).toBe(0);
    const full = sent(nowMs - 50_000, nowMs - 40_000, nowMs);
    expect(channelWaitMs(full, [], nowMs, limits)).toBe(10_000);
    const over = sent(nowMs - 50_000, nowMs - 40_000, nowMs - 30_000, nowMs);
    expect(channelWaitMs(over, [], nowMs, limits)).toBe(20_000);
  });

  it('counts tries to the minute, not to the hour', () => {
    expect(channelWaitMs(sent(nowMs), [nowMs, nowMs - 20_000], nowMs, limits)).toBe(40_000);
    const tries = [1, 2, 3, 4, 5, 6].map((minutes) => nowMs - minutes * 100_000);
    expect(channelWaitMs([], tries, nowMs, limits)).toBe(0);
  });

  it('counts rows of one delivery once', () => {
    const joined = [1, 2, 3, 4].map(() => ({ conversationId: 'c', atMs: nowMs - 5 }));
    expect(channelWaitMs(joined, [], nowMs, limits)).toBe(0);
  });

  it('never lets more than its limits through, whatever the demand', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 60 }), (pauses) => {
        const delivered: number[] = [];
        let atMs = 1;
        for (const pause of pauses) {
          atMs += pause;
          for (let wait = 1; wait > 0; atMs += wait) {
            wait = channelWaitMs(sent(...delivered), [], atMs, limits);
          }
          delivered.push(atMs);
        }
        for (const start of delivered) {
          const within = (ms: number) =>
            delivered.filter((time) => time >= start && time < start + ms).length;
          expect(within(60_000)).toBeLessThanOrEqual(limits.perMinute);
          expect(within(3_600_000)).toBeLessThanOrEqual(limits.perHour);
        }
      }),
    );
  });
});

describe('conversationWaitMs', () => {
  it('is what is left of the gap after the last delivery of that conversation', () => {
    const both = sent(1_000, 2_000);
    expect(conversationWaitMs(both, 'c0', 5_000, 30_000)).toBe(26_000);
    expect(conversationWaitMs(both, 'c1', 5_000, 30_000)).toBe(27_000);
    expect(conversationWaitMs(both, 'c9', 5_000, 30_000)).toBe(0);
    expect(conversationWaitMs(both, 'c0', 31_000, 30_000)).toBe(0);
    // The clock was set back since: that says nothing of how long ago it was.
    expect(conversationWaitMs(both, 'c0', 500, 30_000)).toBe(0);
  });
});

describe('retryAtMs', () => {
  const day = 24 * 3_600_000;
  const failed = {
    attempts: 0,
    createdAtMs: 0,
    nowMs: 0,
    retryAfterMs: undefined,
    random: 0.5,
    giveUpAfterMs: day,
  };

  it('doubles up to half an hour, also after very many attempts', () => {
    const delays = [0, 1, 2, 8, 9, 1_000_000].map((attempts) => retryAtMs({ ...failed, attempts }));
    expect(delays).toEqual([5_000, 10_000, 20_000, 1_280_000, 1_800_000, 1_800_000]);
  });

  it('heeds what the channel asked for where that is longer', () => {
    expect(retryAtMs({ ...failed, retryAfterMs: 60_000 })).toBe(60_000);
    expect(retryAtMs({ ...failed, retryAfterMs: 1_000 })).toBe(5_000);
    expect(retryAtMs({ ...failed, retryAfterMs: Number.MAX_VALUE })).toBe(6 * 3_600_000);
  });

  it('tries a last time when the day is over, then no more', () => {
    expect(retryAtMs({ ...failed, attempts: 20, nowMs: day - 1_000 })).toBe(day);
    expect(retryAtMs({ ...failed, nowMs: day })).toBeUndefined();
  });
});
