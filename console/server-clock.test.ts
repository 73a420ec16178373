import { describe, expect, it } from 'vitest';
import { createServerClock } from './server-clock.ts';

const hourMs = 3_600_000;

describe('the server’s time', () => {
  const at = (skewMs: number) => {
    let nowMs = Date.UTC(2026, 0, 1);
    const clock = createServerClock(() => nowMs);
    const answer = (wayMs = 100, more = 0): void => {
      const asked = nowMs;
      nowMs += wayMs;
      clock.heard(new Date(nowMs - wayMs / 2 - skewMs + more).toUTCString(), asked);
    };
    return { clock, answer, offMs: () => clock.nowMs() - nowMs };
  };

  it('is known to about a second, however wrong the device is', () => {
    for (const skewMs of [2 * hourMs, -2 * hourMs, 400 * 24 * hourMs]) {
      const { answer, offMs } = at(skewMs);
      answer();
      expect(Math.abs(offMs() + skewMs)).toBeLessThanOrEqual(1_000);
    }
  });

  it('does not run back and forth with the fractions of seconds', () => {
    const { answer, offMs } = at(hourMs);
    answer();
    const first = offMs();
    for (let time = 0; time < 20; time += 1) answer(137, time * 60);
    expect(offMs()).toBe(first);
  });

  it('is the device’s where both agree, and where nothing useful was heard', () => {
    const { clock, answer, offMs } = at(900);
    answer();
    clock.heard(null, 0);
    clock.heard('yesterday', 0);
    expect(offMs()).toBe(0);
    const slow = at(hourMs);
    slow.answer(30_000);
    expect(slow.offMs()).toBe(0);
  });
});
