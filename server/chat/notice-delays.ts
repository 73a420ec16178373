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
  /** When the newest ones are due, ascending; Unix milliseconds. */
  readonly dueMs: number[];
  /** When one was last taken. */
  takenMs: number;
}

export interface NoticeDelays {
  /** Takes a turn. @returns how many milliseconds from now it is */
  take(address: string, nowMs: number): number;
  /** Gives the newest turn back. */
  refund(address: string): void;
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
    const fresh: Turns = { dueMs: [], takenMs: nowMs };
    addresses.delete(address);
    addresses.set(address, fresh);
    if (addresses.size > maxAddresses) {
      const [first] = addresses.keys();
      if (first !== undefined) addresses.delete(first);
    }
    return fresh;
  }

  return {
    take(address, nowMs) {
      const turns = turnsOf(address, nowMs);
      const { dueMs } = turns;
      const before = dueMs.at(-noticesAtOnce);
      const dueAtMs = Math.min(
        Math.max(nowMs, dueMs.at(-1) ?? 0, before === undefined ? 0 : before + windowMs),
        nowMs + longestDelayMs,
      );
      turns.takenMs = nowMs;
      dueMs.push(dueAtMs);
      if (dueMs.length > noticesAtOnce + spareTurns) dueMs.shift();
      return dueAtMs - nowMs;
    },
    refund: (address) => void addresses.get(address)?.dueMs.pop(),
    sweep(nowMs) {
      for (const [address, { dueMs }] of addresses) {
        if ((dueMs.at(-1) ?? 0) + windowMs <= nowMs) addresses.delete(address);
      }
    },
    size: () => addresses.size,
  };
}
