import {
  isIdle,
  newSlidingWindow,
  take,
  waitFor,
  type RateLimit,
  type SlidingWindow,
} from '../chat/sliding-window.ts';

/** Counts by sender, in bounded memory. */
export interface Throttle {
  /** Counts one. @returns 0, or the milliseconds after which one is allowed */
  take(key: string, nowMs: number): number;
  /** What `take` would return, without counting. */
  wait(key: string, nowMs: number): number;
}

/**
 * @param maxKeys - senders that are remembered; above it the idle ones are forgotten, then those
 *   seen first
 */
export function createThrottle(rate: RateLimit, maxKeys = 10_000): Throttle {
  const windows = new Map<string, SlidingWindow>();

  function makeRoom(nowMs: number): void {
    if (windows.size < maxKeys) return;
    for (const [key, window] of windows) if (isIdle(window, rate, nowMs)) windows.delete(key);
    for (const key of windows.keys()) {
      if (windows.size < maxKeys) return;
      windows.delete(key);
    }
  }

  return {
    wait(key, nowMs) {
      const window = windows.get(key);
      return window ? waitFor(window, rate, nowMs) : 0;
    },
    take(key, nowMs) {
      let window = windows.get(key);
      if (!window) {
        makeRoom(nowMs);
        window = newSlidingWindow();
        windows.set(key, window);
      }
      return take(window, rate, nowMs);
    },
  };
}
