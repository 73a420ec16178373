import { expect, it } from 'vitest';
import { lazily } from './lazily.ts';

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

it('comes once, and tells whoever waits for it, once', async () => {
  let loads = 0;
  const told: string[] = [];
  const first = (): void => void told.push('first');
  const lazy = lazily(async () => (loads += 1));
  expect(lazy.now).toBeUndefined();
  for (const id of ['a', 'b', 'a']) lazy.want(id, first);
  lazy.want('a', () => told.push('second'));
  await turn();
  expect([loads, lazy.now, told]).toEqual([1, 1, ['first', 'second']]);
  lazy.want('c', first);
  await turn();
  expect([loads, told.length]).toEqual([1, 2]);
});

it('is asked for again by something else only, after a failure', async () => {
  let loads = 0;
  let told = 0;
  const lazy = lazily(async () => {
    loads += 1;
    if (loads < 3) throw new Error('no network');
    return 'here';
  });
  const came = (): void => void (told += 1);
  lazy.want('a', came);
  lazy.want('b', came);
  await turn();
  // Drawn again and again meanwhile.
  for (const id of ['a', 'b', 'a', 'b']) lazy.want(id, came);
  await turn();
  expect([loads, told]).toEqual([1, 0]);
  lazy.want('c', came);
  await turn();
  lazy.want('d', came);
  await turn();
  expect([loads, lazy.now, told]).toEqual([3, 'here', 1]);
});
