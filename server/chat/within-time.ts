import type { Timers } from '../ports.ts';

/**
 * Runs until done, too late or called off; rejects then at once, and whoever ignores the signal
 * is not waited for.
 *
 * @param until.timeoutMs - milliseconds after which it is too late
 * @param until.calledOff - its reason is what the promise rejects with
 */
export function withinTime<Value>(
  run: (signal: AbortSignal) => Promise<Value>,
  until: {
    readonly timers: Timers;
    readonly timeoutMs: number;
    readonly calledOff: AbortSignal;
  },
): Promise<Value> {
  const { timers, timeoutMs, calledOff } = until;
  const control = new AbortController();
  return new Promise<Value>((resolve, reject) => {
    const end = (reason: Error): void => {
      control.abort(reason);
      reject(reason);
    };
    const onCalledOff = (): void => end(calledOff.reason as Error);
    if (calledOff.aborted) {
      onCalledOff();
      return;
    }
    const cancel = timers.after(timeoutMs, () =>
      end(new Error(`No answer within ${timeoutMs} ms`)),
    );
    calledOff.addEventListener('abort', onCalledOff, { once: true });
    void run(control.signal)
      .then(resolve, reject)
      .finally(() => {
        cancel();
        calledOff.removeEventListener('abort', onCalledOff);
      });
  });
}

/** Resolves after so many milliseconds, or when it is called off. */
export function pause(timers: Timers, delayMs: number, calledOff: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      calledOff.removeEventListener('abort', end);
      resolve();
    };
    const cancel = timers.after(delayMs, end);
    if (calledOff.aborted) end();
    else calledOff.addEventListener('abort', end, { once: true });
  });
}
