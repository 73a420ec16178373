import type { Timers } from '../ports.ts';

export interface Sleep {
  /** Resolves after a time, or when woken. Any number may sleep at once. */
  sleep(delayMs: number): Promise<void>;
  /** Ends all sleep now. */
  wake(): void;
}

export function createSleep(timers: Timers): Sleep {
  const sleepers = new Set<() => void>();
  return {
    sleep: (delayMs) =>
      new Promise((resolve) => {
        const end = (): void => {
          cancel();
          sleepers.delete(end);
          resolve();
        };
        const cancel = timers.after(delayMs, end);
        sleepers.add(end);
      }),
    wake() {
      for (const end of sleepers) end();
    },
  };
}
