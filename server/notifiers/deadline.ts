/** A limit in time for a delivery, whatever the other side does. */
import { NoticeFailed } from '../notifier-ports.ts';

/**
 * Runs something that stops when its signal aborts, which happens after `timeoutMs` milliseconds
 * or with `outer`. Waits for it to have stopped.
 *
 * `AbortSignal.any([outer, AbortSignal.timeout(…)])` is not enough: the reason decides what is
 * reported, and the timer must go when the work is done.
 *
 * @throws NoticeFailed where time ran out or `outer` aborted; else what `run` rejects with
 */
export async function withDeadline<Value>(
  outer: AbortSignal,
  timeoutMs: number,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const stop = new AbortController();
  const stopWithOuter = (): void => stop.abort(new NoticeFailed('the delivery was stopped'));
  const stopLate = (): void =>
    stop.abort(new NoticeFailed(`no answer within ${timeoutMs / 1000} s`));
  if (outer.aborted) stopWithOuter();
  outer.addEventListener('abort', stopWithOuter, { once: true });
  const timer = setTimeout(stopLate, timeoutMs);
  try {
    stop.signal.throwIfAborted();
    return await run(stop.signal);
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', stopWithOuter);
  }
}
