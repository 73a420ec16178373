import { expect, it } from 'vitest';
import { withJournal } from './journal.ts';
import type { Keep } from './keep.ts';

/** `localStorage` as browsers have it: its keys are its properties. */
function createStorage(): Storage {
  const methods = {
    getItem: (key: string) => (Object.hasOwn(storage, key) ? storage[key] : null),
    setItem: (key: string, value: string) => void (storage[key] = value),
    removeItem: (key: string) => void delete storage[key],
  };
  const storage = Object.create(methods) as Storage & Record<string, string>;
  return storage;
}

/** A device whose writes arrive when `arrive` is called, and never if the tab dies before. */
function createSlowKeep() {
  const kept = new Map<string, unknown>();
  let waiting: (() => void)[] = [];
  const keep: Keep = {
    durable: true,
    all: async () => kept,
    set: (key, value) =>
      new Promise((done) => {
        waiting.push(() => {
          if (value === undefined) kept.delete(key);
          else kept.set(key, value);
          done();
        });
      }),
    update: async (_key, change) => change(undefined),
    clear: async () => kept.clear(),
    rest: () => undefined,
  };
  return {
    keep,
    arrive: async () => {
      for (const write of waiting) write();
      waiting = [];
      await new Promise((done) => setImmediate(done));
    },
  };
}

it('holds what a tab that closes has written and the device has not [D8]', async () => {
  const storage = createStorage();
  const dying = createSlowKeep();
  void withJournal(dying.keep, 'chat', () => storage).set('out:a', { text: 'hello' });
  const next = withJournal(createSlowKeep().keep, 'chat', () => storage);
  expect([...((await next.all()) ?? [])]).toEqual([['out:a', { text: 'hello' }]]);
});

it('is empty once the device has it, and keeps what was written last meanwhile', async () => {
  const storage = createStorage();
  const { keep, arrive } = createSlowKeep();
  const journaled = withJournal(keep, 'chat', () => storage);
  void journaled.set('draft', 'one');
  void journaled.set('draft', 'two');
  expect((await journaled.all())?.get('draft')).toBe('two');
  await arrive();
  expect(Object.keys(storage)).toEqual([]);
  expect((await journaled.all())?.get('draft')).toBe('two');
  void journaled.set('draft', undefined);
  await arrive();
  expect([...((await journaled.all()) ?? [])]).toEqual([]);
});

it('stays as long as the device gives no answer [D8]', async () => {
  const storage = createStorage();
  const { keep, arrive } = createSlowKeep();
  const journaled = withJournal({ ...keep, durable: false }, 'chat', () => storage);
  void journaled.set('out:a', 1);
  await arrive();
  expect(Object.keys(storage)).toEqual(['chat:out:a']);
  void journaled.set('out:a', undefined);
  await arrive();
  expect(Object.keys(storage)).toEqual([]);
});

it('is cleared with the rest, leaves what is not its own, and may be refused', async () => {
  const storage = createStorage();
  storage.setItem('theme', 'dark');
  const { keep } = createSlowKeep();
  void withJournal(keep, 'chat', () => storage).set('out:a', 1);
  await withJournal(keep, 'chat', () => storage).clear();
  expect(Object.keys(storage)).toEqual(['theme']);
  const blocked = withJournal(keep, 'chat', () => {
    throw new Error('SecurityError');
  });
  void blocked.set('out:a', 1);
  expect([...((await blocked.all()) ?? [])]).toEqual([]);
});
