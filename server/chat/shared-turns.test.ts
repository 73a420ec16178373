import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noonMs } from './chat-harness.ts';
import { createSharedTurns } from './shared-turns.ts';

const minuteMs = 60_000;

describe('the turns of conversations', () => {
  it('are shared by what is written until they come, and spaced', () => {
    const turns = createSharedTurns();
    const dueS = (atS: number): number => atS + turns.take('c', 'a', noonMs + atS * 1_000) / 1_000;
    expect([0, 0, 1, 20, 30, 31, 100, 179, 180, 181].map(dueS)).toEqual([
      ...[0, 30, 30, 30, 180, 180, 180, 180, 330, 330],
    ]);
    // After a silence it begins anew.
    expect(dueS(2_000)).toBe(2_000);
    expect(dueS(2_010)).toBe(2_030);
  });

  it('take six of an address in any ten minutes, none waits twice, and neighbours come in between', () => {
    const writes = fc.array(
      fc.record({
        conversation: fc.constantFrom('c', 'd', 'e'),
        pauseMs: fc.integer({ min: 0, max: minuteMs }),
        refunded: fc.boolean(),
      }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(writes, (all) => {
        const turns = createSharedTurns();
        const due = new Set<string>();
        let nowMs = noonMs;
        for (const { conversation, pauseMs, refunded } of all) {
          nowMs += pauseMs;
          const dueMs = nowMs + turns.take(conversation, 'a', nowMs);
          // Three conversations with a turn to come at most, six turns in ten minutes.
          expect(dueMs - nowMs).toBeLessThanOrEqual(10 * minuteMs);
          if (refunded) turns.refund(conversation, dueMs);
          else due.add(`${dueMs} ${conversation}`);
        }
        const times = [...due].map((each) => Number.parseInt(each, 10)).toSorted((x, y) => x - y);
        times.forEach((dueMs, index) => {
          const seventh = times[index + 6];
          if (seventh !== undefined) expect(seventh - dueMs).toBeGreaterThanOrEqual(10 * minuteMs);
        });
      }),
    );
  });

  it('given back cost nothing, but not while others share them', () => {
    const turns = createSharedTurns();
    for (let again = 0; again < 100; again += 1) {
      expect(turns.take('c', 'a', noonMs)).toBe(0);
      turns.refund('c', noonMs);
    }
    turns.refund('nobody', noonMs);
    turns.take('c', 'a', noonMs);
    turns.take('c', 'a', noonMs);
    turns.take('c', 'a', noonMs);
    turns.refund('c', noonMs + 30_000);
    expect(turns.take('c', 'a', noonMs)).toBe(30_000);
  });

  it('are forgotten after a silence, and bounded before', () => {
    const turns = createSharedTurns();
    for (let index = 0; index < 60_000; index += 1) turns.take(`c${index}`, `a${index}`, noonMs);
    expect(turns.size()).toBe(50_000);
    turns.sweep(noonMs + 9 * minuteMs);
    expect(turns.size()).toBe(50_000);
    turns.sweep(noonMs + 10 * minuteMs);
    expect(turns.size()).toBe(0);
  });
});
