/** Limits on what strangers can spend with a language model: tokens a day, and of one visitor. */
import { createHmac } from 'node:crypto';
import { isLoopbackKey } from '../http/trusted-proxies.ts';
import type { Question } from '../answerer-ports.ts';
import type { OnError } from '../ports.ts';
import type { SpendOf, SpendStore } from '../spend-port.ts';
import type { ModelObserver } from './model-observer.ts';

/** Which limit was reached; `store` where it cannot be counted just now. */
export type GuardedBy = 'day' | 'visitor' | 'store';

export interface SpendGuardOptions {
  readonly store: SpendStore;
  /** Keys what addresses are stored as. */
  readonly secret: Uint8Array;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Infinity for none. */
  readonly tokensPerDay: number;
  readonly tokensPerVisitor: number;
  readonly onError: OnError;
}

/** Whoever something is spent for. */
export type Asker = Pick<Question, 'visitor' | 'conversationId'>;

export interface SpendGuard {
  /**
   * Counts tokens before they are spent; what is not settled, since the process died, stays
   * counted.
   *
   * @param options.isExtra - the answer comes all the same: a refusal is no guarded answer
   */
  reserve(
    asker: Asker,
    tokens: number,
    options?: { readonly isExtra?: boolean },
  ): Promise<Reserved>;
  /** Tokens counted today, in UTC. */
  today(): Promise<number>;
  /** How often something was refused today, since the process started. */
  guardedToday(): number;
}

/** Counts tokens before they are spent. */
export type Spend = (tokens: number) => Promise<Reserved>;

export type Reserved =
  | {
      readonly granted: true;
      /** Corrects the count to what was spent; never rejects. */
      settle(tokens: number): Promise<void>;
    }
  | { readonly granted: false; readonly by: GuardedBy };

/** Who asks without a conversation or an address counts towards the day alone. */
const nobody = 'nobody';
const keyLength = 22;

export function createSpendGuard(options: SpendGuardOptions): SpendGuard {
  const { store, tokensPerDay, onError } = options;
  let guarded = { day: '', times: 0 };
  const today = (): string => new Date(options.now()).toISOString().slice(0, 10);

  /** A visitor's key is an address or the like: what is stored of it tells nobody which. */
  function keyOf({ visitor, conversationId }: Asker) {
    // Loopback stands for everybody behind a proxy that does not say who they are.
    if (visitor === undefined || isLoopbackKey(visitor)) return conversationId ?? nobody;
    const digest = createHmac('sha256', options.secret).update(visitor).digest('base64url');
    return `by:${digest.slice(0, keyLength)}`;
  }

  function refuse(by: GuardedBy, isExtra: boolean): Reserved {
    if (isExtra) return { granted: false, by };
    const day = today();
    guarded = { day, times: guarded.day === day ? guarded.times + 1 : 1 };
    return { granted: false, by };
  }

  return {
    async reserve(asker, tokens, { isExtra = false } = {}) {
      const of: SpendOf = { day: today(), visitor: keyOf(asker) };
      const visitorLimit = of.visitor === nobody ? Infinity : options.tokensPerVisitor;
      try {
        const limits = { day: tokensPerDay, visitor: visitorLimit };
        const { reserved, spend } = await store.reserveSpend({ ...of, tokens, limits });
        if (!reserved)
          return refuse(spend.day + tokens > tokensPerDay ? 'day' : 'visitor', isExtra);
      } catch (error) {
        onError(error, { stage: 'spend guard' });
        return refuse('store', isExtra);
      }
      return {
        granted: true,
        async settle(spent) {
          if (spent === tokens) return;
          await store
            .addSpend({ ...of, tokens: Math.ceil(spent) - tokens })
            .catch((error: unknown) => onError(error, { stage: 'spend guard' }));
        },
      };
    },
    async today() {
      return (await store.spendOf({ day: today(), visitor: nobody })).day;
    },
    guardedToday: () => (guarded.day === today() ? guarded.times : 0),
  };
}

/** Counts what finding passages by meaning costs, for the one who asks. */
export const embeddingSpend =
  (guard: SpendGuard, observer: ModelObserver) =>
  (asker: Asker): Spend =>
  async (tokens) => {
    const reserved = await guard.reserve(asker, tokens, { isExtra: true });
    if (reserved.granted) observer.spent('embedding', tokens);
    return reserved;
  };
