/** An address may have this many notices sent in any window of this length. */
const noticesAtOnce = 6;
const windowMs = 10 * 60_000;
/** However many it causes, each of them is due within this time, and then tried for long enough. */
const longestDelayMs = 6 * 3_600_000;
/** Turns that are remembered beyond those that count, so that many can be given back at once. */
const spareTurns = 58;
/** More addresses than this are not remembered; the one that came first is forgotten. */
const maxAddresses = 50_000;

interface Turns {
  /** When the last ones are due, ascending; Unix milliseconds. */
  readonly dueMs: number[];
  /** Before this, turns that are not remembered may count, and none is taken any more. */
  fullUntilMs: number;
  /** When one was last taken. */
  takenMs: number;
}

export interface NoticeDelays {
  /**
   * Takes the first free turn.
   *
   * @param notBeforeMs - Unix milliseconds; default: now
   * @returns how many milliseconds from now it is
   */
  take(address: string, nowMs: number, notBeforeMs?: number): number;
  /** Gives a turn back that is due at this time; default: the last. */
  refund(address: string, dueMs?: number): void;
  /** Forgets who has waited out all turns. */
  sweep(nowMs: number): void;
  /** Addresses remembered. */
  size(): number;
}

/**
 * The notices of an address take turns: six in any ten minutes, each further one later. None is
 * refused, and what one address causes takes nothing from the others.
 */
export function createNoticeDelays(): NoticeDelays {
  const addresses = new Map<string, Turns>();

  function turnsOf(address: string, nowMs: number): Turns {
    const known = addresses.get(address);
    // A clock that was set back far begins anew, or turns would be counted from a time to come.
    if (known && nowMs >= known.takenMs - windowMs) return known;
    const fresh: Turns = { dueMs: [], fullUntilMs: 0, takenMs: nowMs };
    addresses.delete(address);
    addresses.set(address, fresh);
    if (addresses.size > maxAddresses) {
      const [first] = addresses.keys();
      if (first !== undefined) addresses.delete(first);
    }
    return fresh;
  }

  return {
    take(address, nowMs, notBeforeMs = nowMs) {
      const turns = turnsOf(address, nowMs);
      const { dueMs } = turns;
      const fromMs = Math.max(notBeforeMs, turns.fullUntilMs);
      const dueAtMs = Math.min(firstFree(dueMs, fromMs), nowMs + longestDelayMs);
      turns.takenMs = nowMs;
      const after = dueMs.findIndex((each) => each > dueAtMs);
      dueMs.splice(after < 0 ? dueMs.length : after, 0, dueAtMs);
      if (dueMs.length > noticesAtOnce + spareTurns) {
        turns.fullUntilMs = (dueMs.shift() ?? 0) + windowMs;
      }
      return dueAtMs - nowMs;
    },
    refund(address, due) {
      const dueMs = addresses.get(address)?.dueMs ?? [];
      const index = due === undefined ? dueMs.length - 1 : dueMs.lastIndexOf(due);
      if (index >= 0) dueMs.splice(index, 1);
    },
    sweep(nowMs) {
      for (const [address, { dueMs }] of addresses) {
        if ((dueMs.at(-1) ?? 0) + windowMs <= nowMs) addresses.delete(address);
      }
    },
    size: () => addresses.size,
  };
}

/** The first time from `fromMs` on at which one more turn is not too many, in any window. */
function firstFree(dueMs: readonly number[], fromMs: number): number {
  let freeMs = fromMs;
  // Wherever six lie too close together around it, it goes behind the window of the first of them.
  for (let first = 0; first + noticesAtOnce <= dueMs.length; first += 1) {
    const firstMs = dueMs[first] ?? 0;
    const lastMs = dueMs[first + noticesAtOnce - 1] ?? 0;
    if (freeMs < firstMs + windowMs && lastMs < freeMs + windowMs && lastMs - firstMs < windowMs) {
      freeMs = firstMs + windowMs;
    }
  }
  return freeMs;
}
