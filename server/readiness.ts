import type { Answerer, Store } from './ports.ts';
import { StoreTrouble } from './stores/sqlite-trouble.ts';

// However often strangers ask, the store is asked this often.
const keptMs = 1_000;

/**
 * Why the server cannot do its work; what the store said is kept for a second.
 *
 * @param nowMs - milliseconds on a clock that never jumps; default: `performance.now`
 */
export function createReadiness(
  store: Store,
  answerer: Answerer | undefined,
  isDraining: () => boolean,
  nowMs: () => number = () => performance.now(),
): () => Promise<string | undefined> {
  let indexed = answerer === undefined;
  void answerer?.ready().then(
    () => (indexed = true),
    // The failure is logged where it happens; a failing answerer does not count.
    () => (indexed = true),
  );
  let checkedMs = 0;
  let checked: Promise<string | undefined> | undefined;
  return async () => {
    if (isDraining()) return 'The server is draining.';
    if (!indexed) return 'The posts are being indexed.';
    if (!checked || nowMs() - checkedMs > keptMs) {
      checkedMs = nowMs();
      checked = store.check().then(
        () => undefined,
        // Strangers may read it: the cause, and no path.
        (error: unknown) =>
          `The store cannot write: ${error instanceof StoreTrouble ? error.reason : (error as Error).message}.`,
      );
    }
    return checked;
  };
}
