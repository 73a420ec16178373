import type { Answerer } from './answerer-ports.ts';
import type { Store } from './ports.ts';
import { StoreTrouble } from './stores/sqlite-trouble.ts';

// However often strangers ask, the store is asked this often.
const keptMs = 1_000;

const indexing = 'The posts are being indexed.';
// The failure is logged where it happens; strangers are told no path.
const unreadable = 'The posts cannot be read; the log says why.';

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
  // A failing answerer does not count, but one without anything to answer from does.
  let missing: string | undefined;
  let asked: Promise<void> | undefined;
  const look = (): void => {
    missing ??= indexing;
    asked ??= answerer?.ready().then(
      () => (missing = undefined),
      () => {
        missing = unreadable;
        asked = undefined;
      },
    );
  };
  if (answerer) look();
  let checkedMs = 0;
  let checked: Promise<string | undefined> | undefined;
  return async () => {
    if (isDraining()) return 'The server is draining.';
    if (missing !== undefined) {
      look();
      return missing;
    }
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
