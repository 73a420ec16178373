import type { Logger } from './observe/logger.ts';
import type { Clock, OnError, Store, Timers } from './ports.ts';
import { every } from './timers.ts';

const pruneMs = 3_600_000;
const dayMs = 86_400_000;

/** Deletes whole conversations that nobody wrote to for so many days: now, and every hour. */
export function keepFor(options: {
  /** Absent = for ever. */
  readonly days: number | undefined;
  readonly store: Pick<Store, 'prune'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly onError: OnError;
}): void {
  const { days, store, clock, timers, logger, onError } = options;
  if (days === undefined) return;
  const prune = (): void =>
    void store.prune(clock.now() - days * dayMs).then(
      (count) => count > 0 && logger.info({ conversations: count }, 'old conversations deleted'),
      (error: unknown) => onError(error, { stage: 'prune' }),
    );
  prune();
  every(timers, pruneMs, prune);
}
