import { describe, expect, it } from 'vitest';

import type { Store } from '../ports.ts';
import type { WithStore } from './store.contract-fixtures.ts';
import { noonMs, question } from './store.contract-fixtures.ts';

const odd = 'line\n\0 one:\u0001 half:\ud800 你好 👋';

export function describeOwner(withStore: WithStore): void {
  it(
    'keeps notes of conversations, each once, and deletes them with their conversation',
    withStore(async ({ store, reopen }) => {
      const note = (id: string, atMs = noonMs, text = odd) => ({ id, text, atMs });
      expect(await store.addNote('c', note('n'))).toEqual({ status: 'unknown' });
      for (const conversationId of ['c', 'd']) {
        await store.append({ conversationId, message: question('a') });
      }
      expect(await store.addNote('c', note('n'))).toEqual({ status: 'stored', note: note('n') });
      expect(await store.addNote('c', note('n', noonMs + 9))).toEqual({
        status: 'duplicate',
        note: note('n'),
      });
      expect(await store.addNote('c', note('n', noonMs, 'other'))).toEqual({ status: 'conflict' });
      await store.addNote('c', note('m', noonMs - 5));
      await store.addNote('d', note('n', noonMs, 'of d'));
      const later = reopen ? await reopen() : store;
      expect(await later.notes('c')).toEqual([note('m', noonMs - 5), note('n')]);
      expect(await later.deleteNote('c', 'm')).toBe(true);
      expect(await later.deleteNote('c', 'm')).toBe(false);
      await later.erase('c');
      expect(await later.notes('c')).toEqual([]);
      expect(await later.notes('d')).toEqual([note('n', noonMs, 'of d')]);
    }),
  );

  it(
    'keeps canned replies in the owner’s order',
    withStore(async ({ store, reopen }) => {
      expect(await store.cannedReplies()).toEqual([]);
      const replies = ['z', 'a'].map((id) => ({ id, title: `Title ${id}`, text: odd }));
      await store.setCannedReplies(replies);
      expect(await store.cannedReplies()).toEqual(replies);
      const later = reopen ? await reopen() : store;
      expect(await later.cannedReplies()).toEqual(replies);
      await later.setCannedReplies([]);
      expect(await later.cannedReplies()).toEqual([]);
    }),
  );

  it(
    'keeps logins until they end, one or all',
    withStore(async ({ store, reopen }) => {
      const login = (idHash: string, expiresAtMs = noonMs + 10) => ({
        idHash,
        tokenMark: 'mark',
        createdAtMs: noonMs,
        expiresAtMs,
        userAgent: odd,
      });
      for (const id of ['a', 'b', 'c', 'd']) await store.addLogin(login(id));
      const later = reopen ? await reopen() : store;
      expect(await later.login('a')).toEqual(login('a'));
      expect(await later.login('x')).toBeUndefined();
      await later.extendLogin('a', noonMs + 20);
      await later.extendLogin('x', noonMs + 20);
      expect(await later.login('x')).toBeUndefined();
      await later.forgetLogins(noonMs + 9);
      await later.deleteLogin('d');
      expect(await later.login('d')).toBeUndefined();
      expect(await later.login('b')).toEqual(login('b'));
      await later.forgetLogins(noonMs + 10);
      expect(await later.login('b')).toBeUndefined();
      expect(await later.login('a')).toEqual(login('a', noonMs + 20));
      await later.addLogin(login('f', noonMs + 30));
      await later.addLogin(login('g', noonMs + 25));
      await later.forgetLogins(noonMs + 10, 2);
      expect(await later.login('a')).toBeUndefined();
      expect(await later.login('f')).toEqual(login('f', noonMs + 30));
      await later.deleteLogin('f');
      await later.addLogin(login('e'));
      expect(await later.deleteLogins()).toBe(2);
      expect(await later.deleteLogins()).toBe(0);
      expect(await later.login('a')).toBeUndefined();
    }),
  );

  it(
    'keeps one push subscription for each endpoint',
    withStore(async ({ store, reopen }) => {
      const at = (endpoint: string, createdAtMs = noonMs) => ({
        endpoint,
        p256dh: `key of ${createdAtMs}`,
        auth: 'secret',
        createdAtMs,
      });
      expect(await store.pushSubscriptions()).toEqual([]);
      await store.addPushSubscription(at('https://push.example/1'));
      await store.addPushSubscription(at('https://push.example/2', noonMs + 1));
      await store.addPushSubscription(at('https://push.example/1', noonMs + 2));
      const later = reopen ? await reopen() : store;
      expect(await later.pushSubscriptions()).toEqual([
        at('https://push.example/2', noonMs + 1),
        at('https://push.example/1', noonMs + 2),
      ]);
      await later.deletePushSubscription('https://push.example/2');
      await later.deletePushSubscription('https://push.example/unknown');
      expect(await later.pushSubscriptions()).toEqual([at('https://push.example/1', noonMs + 2)]);
    }),
  );

  describe('notices that were given up', () => {
    const request = (store: Store, conversationId: string, id: string) =>
      store.append({
        conversationId,
        message: question(id),
        owedNotices: [{ channel: 'mail', notBeforeMs: 0, reason: 'contact_request' }],
      });
    const claim = (store: Store, nowMs: number) =>
      store.claimNotices({
        channel: 'mail',
        lease: { holder: 'me', untilMs: nowMs + 100 },
        nowMs,
        limit: 9,
      });
    const giveUp = async (store: Store, error: (id: string) => string) => {
      for (const { noticeId, message } of await claim(store, noonMs)) {
        const failure = { retryAtMs: undefined, error: error(message.id) };
        await store.noticesFailed([noticeId], failure);
      }
    };

    it(
      'are told newest first with what failed last, and with their conversation',
      withStore(async ({ store, reopen }) => {
        for (const id of ['a', 'b']) await request(store, 'c', id);
        await request(store, 'd', 'x');
        const [first] = await claim(store, noonMs);
        await store.noticesFailed([first?.noticeId ?? -1], { retryAtMs: noonMs, error: 'before' });
        expect(await store.failedNotices(9)).toEqual([]);
        expect(await store.summary('c')).not.toHaveProperty('failedNotices');
        const later = reopen ? await reopen() : store;
        if (!reopen) await claim(later, noonMs); // leased for those that follow
        const due = await claim(later, noonMs + 200);
        for (const { noticeId, message } of due) {
          const failure = { retryAtMs: undefined, error: `${message.id}: ${odd}` };
          await later.noticesFailed([noticeId], failure);
        }
        const failed = (id: string, conversationId: string, attempts: number) => ({
          noticeId: due.find(({ message }) => message.id === id)?.noticeId,
          conversationId,
          channel: 'mail',
          reason: 'contact_request',
          atMs: noonMs,
          attempts,
          error: `${id}: ${odd}`,
        });
        expect(await later.failedNotices(9)).toEqual([
          failed('x', 'd', 1),
          failed('b', 'c', 1),
          failed('a', 'c', 2),
        ]);
        expect(await later.failedNotices(1)).toHaveLength(1);
        expect((await later.summary('c'))?.failedNotices).toEqual({ count: 2, error: `b: ${odd}` });
      }),
    );

    it(
      'are due again at once, counted anew, or forgotten',
      withStore(async ({ store }) => {
        for (const id of ['a', 'b']) await request(store, 'c', id);
        await giveUp(store, () => 'x'.repeat(9_000));
        expect((await store.failedNotices(1))[0]?.error.length).toBeLessThan(1_000);
        expect(await store.retryFailedNotices(noonMs + 500)).toBe(2);
        expect(await store.failedNotices(9)).toEqual([]);
        expect(await store.summary('c')).not.toHaveProperty('failedNotices');
        expect(await claim(store, noonMs + 499)).toEqual([]);
        const again = await claim(store, noonMs + 500);
        expect(again).toMatchObject([{ attempts: 0 }, { attempts: 0 }]);
        const ids = again.map(({ noticeId }) => noticeId);
        await store.noticesFailed(ids, { retryAtMs: undefined, error: 'again' });
        expect(await store.dismissFailedNotices()).toBe(2);
        expect(await store.dismissFailedNotices()).toBe(0);
        expect(await store.retryFailedNotices(noonMs)).toBe(0);
        expect(await store.owedWork()).toEqual({ answers: 0, notices: 0, failedNotices: 0 });
      }),
    );
  });
}
