/**
 * The server's time: what the inbox shows of times was measured by the server's clock, and the
 * device's may be hours off. Learnt from the `Date` of its answers (RFC 9110, 6.6.1), which names
 * whole seconds.
 */
export interface ServerClock {
  /** Unix milliseconds. */
  nowMs(): number;
  /** @param askedMs - when the question went out, by the clock of the device */
  heard(date: string | null, askedMs: number): void;
}

/** Less than this is no difference: of the second's fraction, and of the way here. */
const toleranceMs = 3_000;
/** An answer that took so long says little. */
const maxWayMs = 10_000;

export function createServerClock(deviceMs: () => number = Date.now): ServerClock {
  let offsetMs = 0;
  return {
    nowMs: () => deviceMs() + offsetMs,
    heard(date, askedMs) {
      const atMs = Date.parse(date ?? '');
      const gotMs = deviceMs();
      if (Number.isNaN(atMs) || gotMs < askedMs || gotMs - askedMs > maxWayMs) return;
      const found = atMs + 500 - (askedMs + gotMs) / 2;
      if (Math.abs(found) <= toleranceMs) offsetMs = 0;
      // One that hardly differs changes nothing: times must not run back and forth.
      else if (Math.abs(found - offsetMs) > toleranceMs) offsetMs = Math.round(found);
    },
  };
}

/** The clock of the server whose inbox this is. */
export const serverClock = createServerClock();
