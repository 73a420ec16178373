/** At most `limit` in any span of `windowMs` milliseconds. */
export interface RateLimit {
  readonly limit: number;
  readonly windowMs: number;
}

/** What one sender did lately: counts by slice of time, in constant memory. */
export interface SlidingWindow {
  /** Index of the newest slice that has a count. */
  newest: number;
  total: number;
  readonly counts: Uint32Array;
}

/**
 * The window is cut into this many slices and one more, which is passing out of it: never more
 * than the limit in any window, and at most a twentieth of it too strict.
 */
const slices = 20;

export const newSlidingWindow = (): SlidingWindow => ({
  newest: 0,
  total: 0,
  counts: new Uint32Array(slices + 1),
});

/** Counts one, unless it is too many. @returns 0, or the milliseconds after which one is allowed */
export function take(window: SlidingWindow, rate: RateLimit, nowMs: number): number {
  const waitMs = waitFor(window, rate, nowMs);
  if (waitMs > 0) return waitMs;
  const at = window.newest % (slices + 1);
  window.counts[at] = (window.counts[at] ?? 0) + 1;
  window.total += 1;
  return 0;
}

/** What `take` would return, without counting. */
export function waitFor(
  window: SlidingWindow,
  { limit, windowMs }: RateLimit,
  nowMs: number,
): number {
  const sliceMs = windowMs / slices;
  const slice = advance(window, Math.floor(nowMs / sliceMs));
  if (window.total < limit) return 0;
  for (let age = slices; age >= 0; age -= 1) {
    const old = slice - age;
    if (old >= 0 && window.counts[old % (slices + 1)]) {
      return Math.max(1, (old + slices + 1) * sliceMs - nowMs);
    }
  }
  return windowMs;
}

/** Takes one back that was counted in vain. */
export function refund(window: SlidingWindow): void {
  const at = window.newest % (slices + 1);
  const count = window.counts[at] ?? 0;
  if (count === 0) return;
  window.counts[at] = count - 1;
  window.total -= 1;
}

/** Whether nothing is counted any more, so that the window can be forgotten. */
export function isIdle(window: SlidingWindow, { windowMs }: RateLimit, nowMs: number): boolean {
  const age = Math.floor(nowMs / (windowMs / slices)) - window.newest;
  return window.total === 0 || Math.abs(age) > slices;
}

/**
 * Drops the slices that have left the window. A clock that went back a little changes nothing; one
 * that was set back further begins anew, or its owner would wait until the old time comes again.
 */
function advance(window: SlidingWindow, slice: number): number {
  if (slice <= window.newest && window.newest - slice <= slices) return window.newest;
  if (Math.abs(slice - window.newest) > slices) {
    window.counts.fill(0);
    window.total = 0;
  } else {
    for (let passed = window.newest + 1; passed <= slice; passed += 1) {
      const at = passed % (slices + 1);
      window.total -= window.counts[at] ?? 0;
      window.counts[at] = 0;
    }
  }
  window.newest = slice;
  return slice;
}
