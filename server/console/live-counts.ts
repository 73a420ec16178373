/** How many conversations each view holds, read seldom and told where it changed. */
import type { ViewCounts } from '../../shared/console-protocol.ts';
import type { OnError, Store, Timers } from '../ports.ts';

/** Numbers are told at most this often, in milliseconds. */
export const countsMs = 1_000;
/** They are read at most this often while much is written, in milliseconds. */
const readMs = 250;

export interface LiveCounts {
  /** As last read; zeros before `refresh` was called. */
  now(): ViewCounts;
  /** Reads them anew where something was written since, unless that was done just now. */
  refresh(): Promise<void>;
  /** Something was written. */
  stale(): void;
  /** Begins to look every `countsMs` whether they have changed, until `stop`. Idempotent. */
  start(): void;
  stop(): void;
}

/**
 * @param connected - how many clients are connected
 * @param onChange - other numbers than those that `now` gave before
 */
export function createLiveCounts(options: {
  readonly store: Pick<Store, 'viewCounts'>;
  readonly timers: Timers;
  readonly connected: () => number;
  readonly onChange: (counts: ViewCounts) => void;
  readonly onError: OnError;
}): LiveCounts {
  const { store, timers, connected } = options;
  let counts: ViewCounts = { waiting: 0, mine: 0, assistant: 0, done: 0, connected: 0 };
  /** Ascends with every write; what was read tells of those up to `readAt`. */
  let writes = 1;
  let readAt = 0;
  let told = counts;
  let reading: Promise<void> | undefined;
  let resting = false;
  let cancel: (() => void) | undefined;

  async function read(): Promise<void> {
    const asOf = writes;
    const views = await store.viewCounts();
    counts = { ...views, connected: connected() };
    readAt = asOf;
    resting = true;
    timers.after(readMs, () => (resting = false));
  }

  async function refresh(): Promise<void> {
    if (readAt < writes && !resting)
      await (reading ??= read().finally(() => (reading = undefined)));
    if (counts.connected !== connected()) counts = { ...counts, connected: connected() };
  }

  async function look(): Promise<void> {
    await refresh();
    const names = Object.keys(counts) as (keyof ViewCounts)[];
    if (!cancel || names.every((name) => counts[name] === told[name])) return;
    told = counts;
    options.onChange(counts);
  }

  function lookLater(): void {
    cancel = timers.after(countsMs, () => {
      look()
        .catch((error: unknown) => options.onError(error, { stage: 'console counts' }))
        .finally(() => cancel && lookLater());
    });
  }

  return {
    now: () => counts,
    refresh,
    stale: () => void (writes += 1),
    start() {
      if (cancel) return;
      told = counts;
      lookLater();
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}
