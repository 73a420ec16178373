/** Time that stands still until a test moves it. */
import type { Clock, Timers } from '../ports.ts';

export interface DrivenTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
  /** Moves time on, timer by timer. */
  advance(ms: number): Promise<void>;
  /** Sets the clock without time passing, as administrators and NTP do. */
  setClock(nowMs: number): void;
}

export function createDrivenTime(startMs: number): DrivenTime {
  /** Passed since the start; the clock may be set, this only ascends. */
  let elapsedMs = 0;
  let clockOffsetMs = startMs;
  const pending = new Set<{ dueMs: number; callback: () => void }>();

  async function settle(): Promise<void> {
    for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  return {
    clock: { now: () => clockOffsetMs + elapsedMs },
    timers: {
      after(delayMs, callback) {
        const timer = { dueMs: elapsedMs + Math.max(0, delayMs), callback };
        pending.add(timer);
        return () => void pending.delete(timer);
      },
    },
    settle,
    async advance(ms) {
      const endMs = elapsedMs + ms;
      await settle();
      for (;;) {
        const due = [...pending].filter(({ dueMs }) => dueMs <= endMs);
        const [next] = due.sort((a, b) => a.dueMs - b.dueMs);
        if (!next) break;
        pending.delete(next);
        elapsedMs = Math.max(elapsedMs, next.dueMs);
        next.callback();
        await settle();
      }
      elapsedMs = endMs;
    },
    setClock: (nowMs) => void (clockOffsetMs = nowMs - elapsedMs),
  };
}
