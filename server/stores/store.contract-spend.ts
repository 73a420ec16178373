import { describe, expect, it } from 'vitest';

import { spendDaysKept } from '../spend-port.ts';
import type { WithStore } from './store.contract-fixtures.ts';
import { noonMs, question } from './store.contract-fixtures.ts';

const day = '2026-11-29';
const visitor = 'v';
const unlimited = { day: Infinity, visitor: Infinity };

export function describeSpend(withStore: WithStore): void {
  describe('what language models cost', () => {
    it(
      'is summed up by day and by visitor, through a restart',
      withStore(async ({ store, reopen }) => {
        expect(await store.spendOf({ day, visitor })).toEqual({ day: 0, visitor: 0 });
        await store.addSpend({ day, visitor, tokens: 100 });
        await store.addSpend({ day, visitor: 'w', tokens: 30 });
        await store.addSpend({ day: '2026-11-30', visitor, tokens: 5 });
        const later = reopen ? await reopen() : store;
        expect(await later.spendOf({ day, visitor })).toEqual({ day: 130, visitor: 100 });
        expect(await later.spendOf({ day, visitor: 'x' })).toEqual({ day: 130, visitor: 0 });
        await later.addSpend({ day, visitor, tokens: -40 });
        expect(await later.spendOf({ day, visitor })).toEqual({ day: 90, visitor: 60 });
        await later.addSpend({ day, visitor: 'w', tokens: -1_000 });
        expect(await later.spendOf({ day, visitor: 'w' })).toEqual({ day: 0, visitor: 0 });
      }),
    );

    it(
      'is reserved within both limits, however many ask at once',
      withStore(async ({ store }) => {
        const reserve = (name: string, limits: { day: number; visitor: number }) =>
          store.reserveSpend({ day, visitor: name, tokens: 10, limits });
        const limits = { day: 100, visitor: 35 };
        const asked = Array.from({ length: 20 }, (_, index) => reserve(`v${index % 2}`, limits));
        const granted = (await Promise.all(asked)).filter(({ reserved }) => reserved);
        expect(granted).toHaveLength(6);
        expect(await reserve('v0', limits)).toEqual({
          reserved: false,
          spend: { day: 60, visitor: 30 },
        });
        expect(await reserve('v0', { day: 70, visitor: 40 })).toEqual({
          reserved: true,
          spend: { day: 70, visitor: 40 },
        });
        expect(await reserve('fresh', { day: 79, visitor: 1_000 })).toEqual({
          reserved: false,
          spend: { day: 70, visitor: 0 },
        });
        expect(await reserve('fresh', unlimited)).toMatchObject({ reserved: true });
      }),
    );

    it(
      'is forgotten with the conversation whose id it was counted under, but for the day’s sum',
      withStore(async ({ store, reopen }) => {
        for (const id of ['c', 'd', 'old']) {
          const atMs = id === 'old' ? noonMs - 1_000 : noonMs;
          await store.append({ conversationId: id, message: question('a', 'a', atMs) });
          await store.addSpend({ day, visitor: id, tokens: 10 });
        }
        await store.erase('c');
        await store.prune(noonMs);
        // An answer that was being made is settled late.
        await store.addSpend({ day, visitor: 'c', tokens: 3 });
        await store.reserveSpend({ day, visitor: 'c', tokens: 4, limits: unlimited });
        const later = reopen ? await reopen() : store;
        expect(await later.spendOf({ day, visitor: 'c' })).toEqual({ day: 37, visitor: 0 });
        expect(await later.spendOf({ day, visitor: 'old' })).toEqual({ day: 37, visitor: 0 });
        expect(await later.spendOf({ day, visitor: 'd' })).toEqual({ day: 37, visitor: 10 });
      }),
    );

    it(
      'is kept for the newest days',
      withStore(async ({ store }) => {
        const days = Array.from(
          { length: spendDaysKept + 3 },
          (_, index) => `2026-12-${String(index + 1).padStart(2, '0')}`,
        );
        for (const one of days) await store.addSpend({ day: one, visitor, tokens: 1 });
        const kept = [];
        for (const one of days) {
          const spent = await store.spendOf({ day: one, visitor });
          expect(spent.day).toBe(spent.visitor);
          if (spent.day > 0) kept.push(one);
        }
        expect(kept).toEqual(days.slice(-spendDaysKept));
      }),
    );
  });
}
