import type { OnError } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import type { StorePlace, StoreTrouble, TroubleKind } from './sqlite-trouble.ts';
import { isFull, troubleOf } from './sqlite-trouble.ts';

/** Whether a store works, and one line when it ceases to and one when it works again. */
export interface StoreHealth {
  /** What is wrong, until a write has shown that it is not any more. */
  trouble(): StoreTrouble | undefined;
  /** Calls failed: what their callers are to be told. `writes` of them were writes. */
  failed(
    cause: unknown,
    failure: { readonly stage: string; readonly writes: number },
  ): StoreUnavailable;
  /** Something was written and is durable. */
  succeeded(): void;
}

export interface StoreHealthOptions {
  readonly place: StorePlace;
  /** Hears of the first of failures in a row: with a `StoreTrouble`, where the owner can mend it. */
  readonly onError: OnError;
  /** Gets a line for the owner when a trouble that was reported is over. */
  readonly onRecovered?: ((line: string) => void) | undefined;
  /** Milliseconds on a clock that never jumps; default: `performance.now`. */
  readonly nowMs?: () => number;
}

// A lock that comes and goes every second is one thing to be told of, not sixty.
const quietMs = 60_000;

export function createStoreHealth(options: StoreHealthOptions): StoreHealth {
  const { place, onError, onRecovered, nowMs = () => performance.now() } = options;
  let current:
    | { trouble: StoreTrouble; readonly sinceMs: number; refused: number; told: boolean }
    | undefined;
  const toldMs = new Map<TroubleKind, number>();
  /** Other failures in a row were reported. */
  let failing = false;

  /** @returns whether the owner hears of it */
  function tell(trouble: StoreTrouble, stage: string): boolean {
    const lastMs = toldMs.get(trouble.kind);
    if (lastMs !== undefined && nowMs() - lastMs < quietMs) return false;
    toldMs.set(trouble.kind, nowMs());
    onError(trouble, { stage });
    return true;
  }

  return {
    trouble: () => current?.trouble,

    failed(cause, { stage, writes }) {
      const trouble = troubleOf(cause, place);
      if (!trouble) {
        const error = unavailable(cause);
        if (!failing) onError(error, { stage });
        failing = true;
        return error;
      }
      if (current?.trouble.kind === trouble.kind) {
        current.refused += writes;
        return trouble;
      }
      // A damaged file stays damaged, whatever else happens to it.
      if (current?.trouble.kind === 'damaged') return current.trouble;
      const told = tell(trouble, stage);
      current = {
        trouble,
        sinceMs: current?.sinceMs ?? nowMs(),
        refused: (current?.refused ?? 0) + writes,
        told: told || (current?.told ?? false),
      };
      return trouble;
    },

    succeeded() {
      failing = false;
      if (!current || current.trouble.kind === 'damaged') return;
      if (current.trouble.kind === 'full' && isFull(place.dataDir)) return;
      const seconds = Math.ceil((nowMs() - current.sinceMs) / 1_000);
      const { refused, told, trouble } = current;
      current = undefined;
      if (!told) return;
      onRecovered?.(
        `The store works again: for ${seconds} s ${trouble.reason}, and ${refused} writes were refused.`,
      );
    },
  };
}

const unavailable = (cause: unknown): StoreUnavailable =>
  new StoreUnavailable(
    `The store is unavailable: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
