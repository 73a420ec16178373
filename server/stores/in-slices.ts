/** Runs long work beside everything else that the event loop has to do. */
export interface Slices {
  /**
   * Runs the steps until they end, a few milliseconds in each turn of the event loop; works that
   * run at the same time take turns. Rejects with what a step or `run` throws, or with the
   * signal's reason.
   *
   * @param run - runs one slice, and throws what it throws
   */
  <Value>(
    steps: Generator<undefined, Value, undefined>,
    run: (slice: () => boolean) => Promise<boolean>,
    signal?: AbortSignal,
  ): Promise<Value>;
}

/** How long a slice holds the event loop, in milliseconds: then the step that runs is the last. */
export const sliceMs = 3;

export function inSlices(): Slices {
  let turn: Promise<void> = Promise.resolve();
  // Two works never share a turn, else each of them would hold up the loop in turn.
  const nextTurn = (): Promise<void> =>
    (turn = turn.then(() => new Promise((resolve) => setImmediate(resolve))));

  return async (steps, run, signal) => {
    for (;;) {
      await nextTurn();
      signal?.throwIfAborted();
      let step = undefined as IteratorResult<undefined, unknown> | undefined;
      const ended = await run(() => {
        const untilMs = performance.now() + sliceMs;
        do step = steps.next();
        while (!step.done && performance.now() < untilMs);
        return step.done === true;
      });
      if (ended && step?.done) return step.value as never;
    }
  };
}
