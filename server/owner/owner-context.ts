import type { Answering } from '../../shared/protocol.ts';
import type { Bus, BusEvent, Clock, Store } from '../ports.ts';

/** What the owner's actions need. The store comes first, then what is told on the bus. */
export interface OwnerContext {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Who answers where nobody decided it in the conversation. */
  readonly defaultAnswering: Answering;
  /** @returns how many clients took it */
  readonly broadcast: (event: Extract<BusEvent, { type: 'broadcast' }>) => number;
  /** How many clients are connected just now. */
  readonly connected: () => number;
}
