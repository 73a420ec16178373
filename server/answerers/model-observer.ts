import type { ModelFailure } from './model-port.ts';
import type { GuardedBy } from './spend-guard.ts';

/** Told of calls of language models. No call throws. */
export interface ModelObserver {
  /** What became of a call; `called_off` where nobody wanted the answer any more. */
  called(result: 'answered' | 'not_covered' | 'called_off' | ModelFailure): void;
  spent(kind: 'prompt' | 'completion' | 'embedding', tokens: number): void;
  /** A limit kept an answer from the model. */
  guarded(limit: GuardedBy): void;
}
