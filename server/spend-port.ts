/** What language models may cost and have cost, in tokens, so that strangers cannot spend at will. */

/** Tokens counted on a day. */
export interface Spend {
  /** Of everybody together. */
  readonly day: number;
  /** Of this visitor. */
  readonly visitor: number;
}

/** What is counted, and for whom. */
export interface SpendOf {
  /** `2026-11-29`, in UTC. */
  readonly day: string;
  /**
   * An opaque key: a conversation's id, or whatever stands for somebody without one. Not to be
   * an address in full, since it is stored as it is.
   */
  readonly visitor: string;
}

/** Days of which spending is remembered, the newest of all included. */
export const spendDaysKept = 8;

/**
 * A counter that outlives the process. Whoever wants to spend reserves first and corrects
 * afterwards: then any number of answers at once stay within a limit, and a crash in between
 * leaves more counted than was spent, never less.
 *
 *     const { reserved } = await store.reserveSpend({ day, visitor, tokens: 2_000, limits });
 *     if (!reserved) return sorry;
 *     …
 *     await store.addSpend({ day, visitor, tokens: spent - 2_000 });
 *
 * Erasing or pruning a conversation forgets what was counted under its id, and nothing is counted
 * under it later; the day keeps its sum, or erasing would be a way to spend more. Days are
 * forgotten as new ones begin, `spendDaysKept` of them stay.
 */
export interface SpendStore {
  /** Zeroes where nothing was counted. */
  spendOf(of: SpendOf): Promise<Spend>;
  /** Counts tokens, or takes them back where negative; never below 0. */
  addSpend(spend: SpendOf & { readonly tokens: number }): Promise<void>;
  /**
   * Counts tokens where both sums stay within their limits with them, or nothing. `spend` is what
   * is counted after it.
   */
  reserveSpend(
    wanted: SpendOf & {
      readonly tokens: number;
      /** `Infinity` for none. */
      readonly limits: Spend;
    },
  ): Promise<{ readonly reserved: boolean; readonly spend: Spend }>;
}
