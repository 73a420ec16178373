import { describe, expect, it } from 'vitest';

import type { Lease, Store } from '../ports.ts';
import type { WithStore } from './store.contract-fixtures.ts';
import { allMessages, answer, noonMs, question } from './store.contract-fixtures.ts';

const lease = (holder: string, untilMs: number): Lease => ({ holder, untilMs });
const none = { answers: 0, notices: 0, failedNotices: 0 };

const ask = (store: Store, conversationId: string, id: string, owedAnswer: Lease, atMs = noonMs) =>
  store.append({ conversationId, message: question(id, `text of ${id}`, atMs), owedAnswer });

const claim = async (store: Store, holder: string, nowMs: number, limit = 10) => {
  const claimed = await store.claimAnswers({ lease: lease(holder, nowMs + 100), nowMs, limit });
  return claimed.map(({ questionId }) => questionId);
};

export function describeOwed(withStore: WithStore): void {
  describe('owed answers', () => {
    it(
      'are held from the start, then claimed oldest first with what the answerer needs',
      withStore(async ({ store }) => {
        const facts = { lang: 'en', page: { url: 'https://blog.example/', title: 'Blog' } };
        await store.append({
          conversationId: 'c',
          facts,
          message: question('a', 'why?'),
          owedAnswer: lease('me', noonMs + 100),
        });
        await ask(store, 'd', 'b', lease('me', noonMs + 50));
        await ask(store, 'c', 'c', lease('me', noonMs + 100));
        expect(await claim(store, 'other', noonMs + 49)).toEqual([]);
        expect(await claim(store, 'me', noonMs + 49)).toEqual([]);
        expect(await claim(store, 'other', noonMs + 50)).toEqual(['b']);
        const claimed = await store.claimAnswers({
          lease: lease('other', noonMs + 999),
          nowMs: noonMs + 100,
          limit: 1,
        });
        expect(claimed).toEqual([
          {
            ...{ conversationId: 'c', questionId: 'a', questionSeq: 1, text: 'why?' },
            ...{ combinable: false, ...facts },
          },
        ]);
        expect(await claim(store, 'other', noonMs + 100)).toEqual(['c']);
        expect(await store.owedWork()).toEqual({ ...none, answers: 3 });
      }),
    );

    it(
      'are not leased, nor handed out, behind an earlier one that another holds',
      withStore(async ({ store }) => {
        expect(await ask(store, 'c', 'a', lease('me', noonMs + 100))).toMatchObject({
          leased: true,
        });
        expect(await ask(store, 'c', 'b', lease('other', noonMs + 100))).toMatchObject({
          status: 'stored',
          leased: false,
        });
        expect(await ask(store, 'c', 'c', lease('me', noonMs + 100))).toMatchObject({
          leased: true,
        });
        expect(await ask(store, 'd', 'a', lease('other', noonMs + 100))).toMatchObject({
          leased: true,
        });
        // `b` is free, and behind `a`.
        expect(await claim(store, 'other', noonMs + 50)).toEqual([]);
        expect(await claim(store, 'me', noonMs + 50)).toEqual(['b']);
        // A lease that ran out holds nobody up.
        expect(
          await ask(store, 'c', 'd', lease('third', noonMs + 300), noonMs + 200),
        ).toMatchObject({ leased: true });
        expect(await claim(store, 'third', noonMs + 200)).toEqual(['a', 'b', 'c', 'a']);
      }),
    );

    it(
      'are handed to one of two who claim in the same turn',
      withStore(async ({ store }) => {
        await ask(store, 'c', 'a', lease('gone', noonMs));
        await ask(store, 'd', 'b', lease('gone', noonMs));
        const [first, second] = await Promise.all([
          claim(store, 'x', noonMs, 1),
          claim(store, 'y', noonMs),
        ]);
        expect([first, second]).toEqual([['a'], ['b']]);
      }),
    );

    it(
      'are done with the answer, and an answer given twice is a duplicate',
      withStore(async ({ store }) => {
        await ask(store, 'c', 'a', lease('me', noonMs));
        await ask(store, 'c', 'b', lease('me', noonMs));
        const settle = (text?: string) =>
          store.append({ conversationId: 'c', message: answer('a', text), settlesAnswer: true });
        expect(await settle()).toMatchObject({ status: 'stored', message: { seq: 3 } });
        expect(await settle()).toMatchObject({ status: 'duplicate', message: { seq: 3 } });
        expect(await settle('another answer')).toEqual({ status: 'conflict' });
        expect(await claim(store, 'me', noonMs)).toEqual(['b']);
        expect(await allMessages(store, 'c')).toHaveLength(3);
      }),
    );

    it(
      'are done where the answer is there already',
      withStore(async ({ store }) => {
        await ask(store, 'c', 'a', lease('me', noonMs));
        await store.append({ conversationId: 'c', message: answer('a') });
        expect(await store.owedWork()).toEqual({ ...none, answers: 1 });
        const settled = await store.append({
          conversationId: 'c',
          message: answer('a'),
          settlesAnswer: true,
        });
        expect(settled).toMatchObject({ status: 'duplicate', message: { seq: 2 } });
        expect(await store.owedWork()).toEqual(none);
      }),
    );

    it(
      'outlive the server that owed them, whose leases end when the next one opens the store',
      withStore(async ({ store, reopen }) => {
        const forever = lease('first server', Number.MAX_SAFE_INTEGER);
        await store.append({
          conversationId: 'c',
          message: question('a'),
          owedAnswer: forever,
          owedNotices: [{ channel: 'mail', notBeforeMs: 0, reason: 'contact_request' }],
        });
        await store.claimNotices({ channel: 'mail', lease: forever, nowMs: noonMs, limit: 1 });
        expect(await claim(store, 'second server', noonMs)).toEqual([]);
        if (!reopen) return;
        const next = await reopen();
        expect(await next.owedWork()).toEqual({ answers: 1, notices: 1, failedNotices: 0 });
        expect(await claim(next, 'second server', noonMs)).toEqual(['a']);
        const notices = await next.claimNotices({
          channel: 'mail',
          lease: lease('second server', noonMs),
          nowMs: noonMs,
          limit: 1,
        });
        expect(notices).toHaveLength(1);
      }),
    );
  });

  describe('owed notices', () => {
    it(
      'of a yes follow from what the answer before it came to, as stored',
      withStore(async ({ store }) => {
        const yes = (id: string) =>
          store.append({
            conversationId: 'c',
            message: question(id, 'yes'),
            noticesAfterNotCovered: [
              { channel: 'mail', reason: 'human_request', notBeforeMs: noonMs },
            ],
          });
        const notices = async () => (await store.owedWork()).notices;
        await yes('a');
        await store.append({ conversationId: 'c', message: { ...answer('a'), outcome: 'found' } });
        await yes('b');
        expect(await notices()).toBe(0);
        const unsure = { ...answer('b'), outcome: 'not_covered' } as const;
        await store.append({ conversationId: 'c', message: unsure });
        await yes('c');
        await yes('d');
        expect(await notices()).toBe(1);
        await store.append({
          conversationId: 'c',
          message: { ...answer('d'), outcome: 'not_covered' },
          facts: { answering: 'owner' },
        });
        await yes('e');
        expect(await notices()).toBe(1);
      }),
    );

    const request = (store: Store, conversationId: string, id: string, notBeforeMs = noonMs) =>
      store.append({
        conversationId,
        message: { ...question(id), kind: 'contact_request', contact: { email: 'v@example.com' } },
        owedNotices: [
          { channel: 'mail', notBeforeMs, reason: 'contact_request' },
          { channel: 'hook', notBeforeMs, reason: 'contact_request' },
        ],
      });
    const due = (store: Store, nowMs: number, channel = 'mail', limit = 10) =>
      store.claimNotices({ channel, lease: lease('me', nowMs + 100), nowMs, limit });

    it(
      'are due at their time, on their channel, with what the owner needs to answer',
      withStore(async ({ store }) => {
        await store.append({
          conversationId: 'c',
          facts: { name: 'N', email: 'old@example.com', userAgent: 'UA', lang: 'en' },
          message: question('z'),
        });
        await request(store, 'c', 'a', noonMs + 10);
        expect(await due(store, noonMs + 9)).toEqual([]);
        expect(await due(store, noonMs + 10, 'telegram')).toEqual([]);
        const [notice, ...others] = await due(store, noonMs + 10);
        expect(others).toEqual([]);
        expect(notice).toEqual({
          noticeId: expect.any(Number),
          channel: 'mail',
          reason: 'contact_request',
          attempts: 0,
          createdAtMs: noonMs,
          conversationId: 'c',
          message: { ...question('a'), kind: 'contact_request', seq: 2 },
          contact: { name: 'N', email: 'v@example.com', userAgent: 'UA' },
          lang: 'en',
        });
        expect(await store.owedWork()).toEqual({ ...none, notices: 2 });
      }),
    );

    it(
      'are leased: nobody gets them before the lease runs out',
      withStore(async ({ store }) => {
        for (const id of ['a', 'b', 'c']) await request(store, 'c', id);
        const ids = async (nowMs: number, limit: number) =>
          (await due(store, nowMs, 'mail', limit)).map(({ message }) => message.id);
        expect(await ids(noonMs, 2)).toEqual(['a', 'b']);
        expect(await ids(noonMs + 99, 10)).toEqual(['c']);
        expect(await ids(noonMs + 100, 10)).toEqual(['a', 'b']);
      }),
    );

    it(
      'come again at the time they were put off to, until they are done or given up',
      withStore(async ({ store }) => {
        await request(store, 'c', 'a');
        const id = async (nowMs: number) => (await due(store, nowMs))[0]?.noticeId ?? -1;
        const error = `refused ${'x'.repeat(5_000)}`;
        const first = await id(noonMs);
        await store.noticesFailed([first, first], { retryAtMs: noonMs + 50, error });
        expect(await id(noonMs + 49)).toBe(-1);
        expect(await due(store, noonMs + 50)).toMatchObject([{ noticeId: first, attempts: 1 }]);
        await store.noticesFailed([first], { retryAtMs: undefined, error });
        expect(await id(noonMs + 1_000_000)).toBe(-1);
        expect(await store.owedWork()).toEqual({ answers: 0, notices: 1, failedNotices: 1 });
        // Neither what was given up nor what is unknown comes back.
        await store.noticesFailed([first, 999_999], { retryAtMs: noonMs, error });
        expect(await id(noonMs + 1_000_000)).toBe(-1);
        expect(await store.noticesSentSince('mail', 0)).toEqual([]);
      }),
    );

    it(
      'once done are gone, and it is known when they went out',
      withStore(async ({ store, reopen }) => {
        for (const id of ['a', 'b']) await request(store, 'c', id);
        await request(store, 'd', 'a');
        const ids = (await due(store, noonMs)).map(({ noticeId }) => noticeId);
        // Two messages of one conversation in one notice; a third notice later.
        await store.noticesDone(ids.slice(0, 2), noonMs + 5);
        await store.noticesDone(ids.slice(2), noonMs + 3);
        await store.noticesDone([...ids, 999_999], noonMs + 70);
        await store.noticesFailed(ids, { retryAtMs: noonMs, error: 'too late' });
        expect(await due(store, noonMs + 1_000_000)).toEqual([]);
        const [again] = await due(store, noonMs, 'hook', 1);
        await store.noticesDone([again?.noticeId ?? -1], noonMs + 8);
        expect(await store.owedWork()).toEqual({ ...none, notices: 2 });
        const sent = [
          { conversationId: 'd', atMs: noonMs + 3 },
          { conversationId: 'c', atMs: noonMs + 5 },
        ];
        expect(await store.noticesSentSince('mail', noonMs)).toEqual(sent);
        expect(await store.noticesSentSince('mail', noonMs + 4)).toEqual(sent.slice(1));
        expect(await store.noticesSentSince('mail', noonMs + 6)).toEqual([]);
        expect(await store.noticesSentSince('hook', noonMs)).toHaveLength(1);
        // Erasing must not make room for more notices than the limits allow.
        const later = reopen ? await reopen() : store;
        await later.erase('c');
        expect(await later.noticesSentSince('mail', noonMs)).toEqual(sent);
      }),
    );

    it(
      'are counted by channel until they are done or given up, leased and postponed ones too',
      withStore(async ({ store }) => {
        const counted = async () =>
          (await store.channelsOwed()).toSorted((a, b) => (a.channel < b.channel ? -1 : 1));
        expect(await counted()).toEqual([]);
        const owe = (id: string, atMs: number) =>
          store.append({
            conversationId: 'c',
            message: question(id, id, atMs),
            owedNotices: [
              { channel: 'mail', notBeforeMs: noonMs + 1_000, reason: 'contact_request' },
              { channel: 'old mail', notBeforeMs: noonMs, reason: 'contact_request' },
            ],
          });
        await owe('a', noonMs);
        await owe('b', noonMs + 5);
        const mail = { channel: 'mail', notices: 2, oldestMs: noonMs };
        expect(await counted()).toEqual([mail, { ...mail, channel: 'old mail' }]);

        const [first, second] = await due(store, noonMs + 5, 'old mail');
        const ids = [first?.noticeId ?? -1];
        await store.noticesFailed(ids, { retryAtMs: undefined, error: 'gone' });
        const left = { channel: 'old mail', notices: 1, oldestMs: noonMs + 5 };
        expect(await counted()).toEqual([mail, left]);
        await store.noticesFailed([second?.noticeId ?? -1], { retryAtMs: noonMs + 9, error: '' });
        expect(await counted()).toEqual([mail, left]);
        await store.noticesDone([second?.noticeId ?? -1], noonMs + 10);
        expect(await counted()).toEqual([mail]);
        await store.erase('c');
        expect(await counted()).toEqual([]);
      }),
    );

    it(
      'have ids that never come back',
      withStore(async ({ store, reopen }) => {
        await request(store, 'c', 'a');
        const old = (await due(store, noonMs)).map(({ noticeId }) => noticeId);
        await store.erase('c');
        const later = reopen ? await reopen() : store;
        await request(later, 'd', 'a');
        const fresh = (await due(later, noonMs)).map(({ noticeId }) => noticeId);
        expect(fresh).toHaveLength(1);
        expect(old).not.toContain(fresh[0]);
      }),
    );
  });
}
