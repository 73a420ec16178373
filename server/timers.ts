import type { Timers } from './ports.ts';

/** Timers that never keep the process alive and all end together. */
export function createTimers(): Timers & { stop(): void } {
  const running = new Set<NodeJS.Timeout>();
  return {
    after(delayMs, callback) {
      const timer = setTimeout(() => {
        running.delete(timer);
        callback();
      }, delayMs);
      timer.unref();
      running.add(timer);
      return () => {
        running.delete(timer);
        clearTimeout(timer);
      };
    },
    stop() {
      for (const timer of running) clearTimeout(timer);
      running.clear();
    },
  };
}

/** Works again and again, with a pause of `intervalMs` milliseconds before each time. */
export function every(timers: Timers, intervalMs: number, work: () => void): void {
  timers.after(intervalMs, () => {
    work();
    every(timers, intervalMs, work);
  });
}
