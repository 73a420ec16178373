import { describe, expect, it } from 'vitest';
import type { SpendStore } from '../spend-port.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { createSpendGuard, type SpendGuard, type SpendGuardOptions } from './spend-guard.ts';

const noonMs = Date.UTC(2026, 10, 29, 12);
const visitor = '203.0.113.7';

function guardOver(options: Partial<SpendGuardOptions> = {}) {
  const keys: string[] = [];
  const errors: unknown[] = [];
  const inner = options.store ?? createMemoryStore();
  const store: SpendStore = {
    spendOf: (of) => inner.spendOf(of),
    addSpend: (spend) => (keys.push(spend.visitor), inner.addSpend(spend)),
    reserveSpend: (wanted) => (keys.push(wanted.visitor), inner.reserveSpend(wanted)),
  };
  const guard = createSpendGuard({
    ...{ secret: new Uint8Array(32).fill(1), now: () => noonMs },
    ...{ tokensPerDay: 1_000, tokensPerVisitor: 300 },
    onError: (error) => void errors.push(error),
    ...options,
    store,
  });
  return { guard, keys, errors };
}

const granted = async (guard: SpendGuard, asker: object, tokens: number): Promise<boolean> =>
  (await guard.reserve(asker, tokens)).granted;

describe('the guard on spending', () => {
  it('counts what is reserved, then what was spent', async () => {
    const { guard } = guardOver();
    const reserved = await guard.reserve({ visitor }, 200);
    expect(await guard.today()).toBe(200);
    if (reserved.granted) await reserved.settle(120.4);
    expect(await guard.today()).toBe(121);
    // More was spent than reserved.
    const more = await guard.reserve({ visitor }, 100);
    if (more.granted) await more.settle(150);
    expect(await guard.today()).toBe(271);
  });

  it('refuses a visitor, whatever conversations they begin, and nobody else', async () => {
    const { guard } = guardOver();
    expect(await granted(guard, { visitor, conversationId: 'a' }, 300)).toBe(true);
    expect(await guard.reserve({ visitor, conversationId: 'b' }, 10)).toEqual({
      ...{ granted: false, by: 'visitor' },
    });
    expect(await granted(guard, { visitor: '203.0.113.8', conversationId: 'b' }, 10)).toBe(true);
    expect(guard.guardedToday()).toBe(1);
  });

  it('counts no answer as guarded that comes all the same', async () => {
    const { guard } = guardOver();
    expect(await granted(guard, { visitor }, 300)).toBe(true);
    const extra = await guard.reserve({ visitor }, 10, { isExtra: true });
    expect(extra).toEqual({ granted: false, by: 'visitor' });
    expect(guard.guardedToday()).toBe(0);
    expect(await guard.today()).toBe(300);
  });

  it('refuses everybody where the day is used up', async () => {
    const { guard } = guardOver();
    for (const name of ['1', '2', '3'])
      expect(await granted(guard, { visitor: name }, 300)).toBe(true);
    expect(await guard.reserve({ visitor: '4' }, 101)).toEqual({ granted: false, by: 'day' });
    expect(await granted(guard, { visitor: '4' }, 100)).toBe(true);
  });

  it('counts this machine, which may stand for everybody, by conversation', async () => {
    const { guard } = guardOver();
    const asker = { visitor: '127.0.0.1', conversationId: 'a' };
    expect(await granted(guard, asker, 300)).toBe(true);
    expect(await granted(guard, asker, 1)).toBe(false);
    expect(await granted(guard, { ...asker, conversationId: 'b' }, 300)).toBe(true);
    // Without either only the day limits.
    expect(await granted(guard, { visitor: '127.0.0.1' }, 400)).toBe(true);
    expect(await granted(guard, {}, 1)).toBe(false);
  });

  it('begins anew with the day, in UTC', async () => {
    let nowMs = noonMs;
    const { guard } = guardOver({ now: () => nowMs });
    await guard.reserve({ visitor }, 300);
    expect(await granted(guard, { visitor }, 1)).toBe(false);
    nowMs = Date.UTC(2026, 10, 30);
    expect(await guard.today()).toBe(0);
    expect(guard.guardedToday()).toBe(0);
    expect(await granted(guard, { visitor }, 300)).toBe(true);
  });

  it('settles on the day of the reservation', async () => {
    let nowMs = noonMs;
    const { guard } = guardOver({ now: () => nowMs });
    const reserved = await guard.reserve({ visitor }, 300);
    nowMs = Date.UTC(2026, 10, 30);
    if (reserved.granted) await reserved.settle(100);
    expect(await guard.today()).toBe(0);
    nowMs = noonMs;
    expect(await guard.today()).toBe(100);
  });

  it('has no limits where there are none', async () => {
    const { guard } = guardOver({ tokensPerDay: Infinity, tokensPerVisitor: Infinity });
    expect(await granted(guard, { visitor }, 1_000_000_000)).toBe(true);
  });

  it('stores no address', async () => {
    const { guard, keys } = guardOver();
    const reserved = await guard.reserve({ visitor, conversationId: 'conv' }, 10);
    if (reserved.granted) await reserved.settle(5);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(keys.join()).not.toMatch(/203|113|conv/);
    const other = guardOver({ secret: new Uint8Array(32).fill(2) });
    await other.guard.reserve({ visitor }, 10);
    expect(other.keys[0]).not.toBe(keys[0]);
  });

  it('spends nothing that cannot be counted', async () => {
    const store = createMemoryStore();
    const { guard, errors } = guardOver({ store });
    const reserved = await guard.reserve({ visitor }, 10);
    await store.close();
    if (reserved.granted) await reserved.settle(5);
    expect(await guard.reserve({ visitor }, 10)).toEqual({ granted: false, by: 'store' });
    expect(errors).toHaveLength(2);
  });
});
