import type { Answerer, Store } from './ports.ts';
import { StoreTrouble } from './stores/sqlite-trouble.ts';

/** Why the server cannot do its work; the store is asked at most once a second. */
export function createReadiness(
  store: Store,
  answerer: Answerer | undefined,
  isDraining: () => boolean,
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
    if (!checked || Date.now() - checkedMs > 1_000) {
      checkedMs = Date.now();
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
