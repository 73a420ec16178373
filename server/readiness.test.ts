import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, expect, it, vi } from 'vitest';

import type { Answerer } from './answerer-ports.ts';
import type { Store } from './ports.ts';
import { createReadiness } from './readiness.ts';
import { createMemoryStore } from './stores/memory.ts';

afterEach(() => void vi.useRealTimers());

/** A store that works until it is told that it does not. */
function failingStore() {
  const state = { reason: '', checks: 0 };
  const store: Store = {
    ...createMemoryStore(),
    async check() {
      state.checks += 1;
      if (state.reason) throw new Error(state.reason);
    },
  };
  return { store, state };
}

it('asks the store at most once a second, and again after it [D14]', async () => {
  const clock = { nowMs: 5 };
  const { store, state } = failingStore();
  const notReady = createReadiness(
    store,
    undefined,
    () => false,
    () => clock.nowMs,
  );
  for (let times = 0; times < 9; times += 1) expect(await notReady()).toBeUndefined();
  expect(state.checks).toBe(1);
  state.reason = 'the disk is full';
  clock.nowMs += 1_001;
  expect(await notReady()).toBe('The store cannot write: the disk is full.');
  state.reason = '';
  clock.nowMs += 1_001;
  expect(await notReady()).toBeUndefined();
  expect(state.checks).toBe(3);
});

it('does not repeat what it knew when the wall clock is set back [D14]', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  const { store, state } = failingStore();
  const notReady = createReadiness(store, undefined, () => false);
  expect(await notReady()).toBeUndefined();
  state.reason = 'the disk is full';
  vi.setSystemTime(Date.now() - 3_600_000);
  await delay(1_100);
  expect(await notReady()).toBe('The store cannot write: the disk is full.');
});

it('says that it drains before anything else', async () => {
  const { store } = failingStore();
  expect(await createReadiness(store, undefined, () => true)()).toBe('The server is draining.');
});

it('is not ready without an index, and is as soon as there is one', async () => {
  const { store } = failingStore();
  let index: 'none' | 'built' = 'none';
  const answerer = {
    ready: () => (index === 'built' ? Promise.resolve() : Promise.reject(new Error('no folder'))),
  } as Answerer;
  const notReady = createReadiness(store, answerer, () => false);
  expect(await notReady()).toBe('The posts are being indexed.');
  await delay(0);
  expect(await notReady()).toBe('The posts cannot be read; the log says why.');
  index = 'built';
  await vi.waitFor(async () => expect(await notReady()).toBeUndefined());
});
