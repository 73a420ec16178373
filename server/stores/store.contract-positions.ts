import { describe, expect, it } from 'vitest';

import type { WithStore } from './store.contract-fixtures.ts';
import { question } from './store.contract-fixtures.ts';

export function describePositions(withStore: WithStore): void {
  describe('positions', () => {
    it(
      'hold where a message stands, and nowhere else [D5]',
      withStore(async ({ store }) => {
        const { epoch } = store;
        await store.append({ conversationId: 'c', message: question('a') });
        await store.append({ conversationId: 'c', message: question('b') });
        const holds = (id: string, seq: number, of = epoch) =>
          store.positionHolds(id, { seq, epoch: of });
        expect(await Promise.all([1, 2].map((seq) => holds('c', seq)))).toEqual([true, true]);
        for (const seq of [0, -1, 3, 1.5, Number.MAX_SAFE_INTEGER, Number.NaN]) {
          expect(await holds('c', seq), String(seq)).toBe(false);
        }
        expect(await holds('nobody', 1)).toBe(false);
        for (const unknown of ['', 'x', epoch.toLowerCase() + epoch, `${epoch}\0`, '\ud800']) {
          expect(await holds('c', 1, unknown), unknown).toBe(false);
        }
        await store.erase('c');
        expect(await holds('c', 1)).toBe(false);
      }),
    );

    it(
      'see every write that was asked for before, in the same turn too',
      withStore(async ({ store }) => {
        const [, holds] = await Promise.all([
          store.append({ conversationId: 'c', message: question('a') }),
          store.positionHolds('c', { seq: 1, epoch: store.epoch }),
        ]);
        expect(holds).toBe(true);
      }),
    );

    it(
      'of earlier starts hold under the epoch of then and under those that follow [D5]',
      withStore(async ({ store, reopen }) => {
        const first = store.epoch;
        await store.append({ conversationId: 'c', message: question('a') });
        if (!reopen) return expect(first).not.toBe('');
        const second = await reopen();
        expect(second.epoch).not.toBe(first);
        await second.append({ conversationId: 'c', message: question('b') });
        const third = await reopen();
        const holds = (seq: number, epoch: string) => third.positionHolds('c', { seq, epoch });
        expect(await holds(1, first)).toBe(true);
        expect(await holds(1, second.epoch)).toBe(true);
        expect(await holds(2, second.epoch)).toBe(true);
        expect(await holds(2, third.epoch)).toBe(true);
        // Nobody can have seen it then: a copy of that time was restored, and grew again.
        expect(await holds(2, first)).toBe(false);
        return undefined;
      }),
    );
  });
}
