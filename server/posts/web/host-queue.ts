/** Requests to a host take turns: few at a time, and not one right after the other. */
import { setTimeout as delay } from 'node:timers/promises';

export interface HostQueue {
  /** Runs a task when the host's turn comes. Rejects where the signal aborts before. */
  run<Value>(host: string, signal: AbortSignal, task: () => Promise<Value>): Promise<Value>;
  /** At least so long between two requests to a host, and then one at a time, in milliseconds. */
  slowDown(host: string, gapMs: number): void;
  /** Nothing is asked of the host until then, in milliseconds from now. */
  pause(host: string, ms: number): void;
}

interface Turns {
  active: number;
  limit: number;
  gapMs: number;
  /** When the next request may begin, on the clock of `performance.now`. */
  nextAt: number;
  readonly waiting: (() => void)[];
}

/**
 * @param options.gapMs - between the beginnings of two requests to a host
 * @param options.atOnce - requests to a host at a time
 */
export function createHostQueue(options: {
  readonly gapMs: number;
  readonly atOnce: number;
}): HostQueue {
  const hosts = new Map<string, Turns>();
  const turnsOf = (host: string): Turns => {
    const found = hosts.get(host);
    if (found) return found;
    const turns = {
      active: 0,
      limit: options.atOnce,
      gapMs: options.gapMs,
      nextAt: 0,
      waiting: [],
    };
    hosts.set(host, turns);
    return turns;
  };

  async function take(turns: Turns, signal: AbortSignal): Promise<void> {
    while (turns.active >= turns.limit) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const end = (): void => {
          signal.removeEventListener('abort', end);
          resolve();
        };
        turns.waiting.push(end);
        signal.addEventListener('abort', end, { once: true });
      });
    }
    signal.throwIfAborted();
    turns.active += 1;
  }

  return {
    async run(host, signal, task) {
      const turns = turnsOf(host);
      await take(turns, signal);
      try {
        for (let now = performance.now(); now < turns.nextAt; now = performance.now()) {
          await delay(Math.ceil(turns.nextAt - now), undefined, { signal });
        }
        turns.nextAt = performance.now() + turns.gapMs;
        return await task();
      } finally {
        turns.active -= 1;
        turns.waiting.shift()?.();
      }
    },
    slowDown(host, gapMs) {
      const turns = turnsOf(host);
      turns.gapMs = Math.max(options.gapMs, gapMs);
      turns.limit = 1;
    },
    pause(host, ms) {
      const turns = turnsOf(host);
      turns.nextAt = Math.max(turns.nextAt, performance.now() + ms);
    },
  };
}
