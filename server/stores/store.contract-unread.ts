import { describe, expect, it } from 'vitest';

import type { Store } from '../ports.ts';
import type { WithStore } from './store.contract-fixtures.ts';
import { answer, noonMs, question } from './store.contract-fixtures.ts';

const ask = (store: Store, id: string) =>
  store.append({ conversationId: 'c', message: question(id) });
const reply = (store: Store, id: string) =>
  store.append({
    conversationId: 'c',
    message: { id, sender: 'owner', text: `reply ${id}`, atMs: noonMs },
    takesOver: true,
  });

export function describeUnread(withStore: WithStore): void {
  describe('summaries', () => {
    it(
      'count what the owner has not read of the visitor',
      withStore(async ({ store }) => {
        for (const id of ['a', 'b']) await ask(store, id);
        await store.append({ conversationId: 'c', message: answer('a') });
        await ask(store, 'c');
        const unread = async () => (await store.summary('c'))?.unread;
        expect(await unread()).toBe(3);
        await store.markRead('c', 'owner', 2);
        expect(await unread()).toBe(1);
        await reply(store, 'o');
        expect(await unread()).toBe(0);
        expect(await store.summary('c')).toMatchObject({
          lastMessage: { id: 'o' },
          readByOwner: 5,
        });
        expect(await store.summary('nobody')).toBeUndefined();
      }),
    );

    it(
      'count no more than the first 999 that are unread',
      withStore(async ({ store }) => {
        const all = Array.from({ length: 1_003 }, (_, n) => ask(store, `m${n}`));
        await Promise.all(all);
        const unread = async () => (await store.summary('c'))?.unread;
        expect(await unread()).toBe(999);
        expect((await store.conversations({ limit: 1 })).conversations[0]?.unread).toBe(999);
        await store.markRead('c', 'owner', 4);
        expect(await unread()).toBe(999);
        await store.markRead('c', 'owner', 5);
        expect(await unread()).toBe(998);
      }),
    );
  });
}
