import { describe, expect, it } from 'vitest';

import type { NewMessage } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { wireBytes } from './message-page.ts';
import type { WithStore } from './store.contract-fixtures.ts';
import { allMessages, answer, noonMs, question } from './store.contract-fixtures.ts';

const plenty = { limit: 100, maxBytes: 1_000_000 };

export function describeMessages(withStore: WithStore): void {
  describe('messages', () => {
    it(
      'count 1, 2, 3 … in each conversation, whatever is written beside it',
      withStore(async ({ store }) => {
        const writes = Array.from({ length: 60 }, (_, index) =>
          store.append({ conversationId: `c${index % 3}`, message: question(`m${index}`) }),
        );
        for (const result of await Promise.all(writes)) expect(result.status).toBe('stored');
        for (const conversationId of ['c0', 'c1', 'c2']) {
          const messages = await allMessages(store, conversationId);
          expect(messages.map(({ seq }) => seq)).toEqual(
            Array.from({ length: 20 }, (_, i) => i + 1),
          );
          const numbers = messages.map(({ id }) => Number(id.slice(1)));
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        }
      }),
    );

    it(
      'come back with everything they were given',
      withStore(async ({ store, reopen }) => {
        const whole: NewMessage = {
          id: 'ai:x',
          sender: 'assistant',
          text: 'a\0b\u0001c\ud800 你好 👋\u2028',
          atMs: noonMs,
          clientTimestamp: '2025-01-01T12:00:00.123456',
          kind: 'contact_request',
          inReplyTo: 'x',
          answers: ['w', 'x'],
          citations: [{ title: 'Ein “Titel”', url: '/posts/a#b' }],
          contact: { name: 'N', email: 'n@example.com', page: { url: 'https://blog.example/' } },
        };
        const stored = await store.append({ conversationId: 'c', message: whole });
        const { clientTimestamp: _, contact: __, ...visible } = whole;
        expect(stored).toEqual({
          status: 'stored',
          message: { ...visible, seq: 1 },
          leased: false,
        });
        const later = reopen ? await reopen() : store;
        expect(await allMessages(later, 'c')).toEqual([{ ...visible, seq: 1 }]);
        expect(await later.append({ conversationId: 'c', message: whole })).toEqual({
          status: 'duplicate',
          message: { ...visible, seq: 1 },
        });
      }),
    );

    it(
      'are stored once, however often they are sent',
      withStore(async ({ store, reopen }) => {
        const again = () => store.append({ conversationId: 'c', message: question('a') });
        const first = await Promise.all([again(), again(), again()]);
        expect(first.map(({ status }) => status)).toEqual(['stored', 'duplicate', 'duplicate']);
        await store.append({ conversationId: 'c', message: question('b') });
        // A later time is no other message.
        const late = { ...question('a'), atMs: noonMs + 5_000 };
        expect(await store.append({ conversationId: 'c', message: late })).toMatchObject({
          status: 'duplicate',
          message: { seq: 1, atMs: noonMs },
        });
        expect((await store.conversation('c'))?.updatedAtMs).toBe(noonMs);
        if (reopen) {
          const reopened = await reopen();
          expect(
            await reopened.append({ conversationId: 'c', message: question('a') }),
          ).toMatchObject({ status: 'duplicate', message: { seq: 1 } });
          expect(
            await reopened.append({ conversationId: 'c', message: question('c') }),
          ).toMatchObject({ status: 'stored', message: { seq: 3 } });
        }
      }),
    );

    it(
      'with a known id and another text, sender or kind are a conflict and change nothing',
      withStore(async ({ store }) => {
        await store.append({ conversationId: 'c', message: question('a') });
        const others: NewMessage[] = [
          { ...question('a'), text: 'something else' },
          { ...question('a'), sender: 'owner' },
          { ...question('a'), kind: 'contact_request' },
        ];
        for (const message of others) {
          const result = await store.append({
            conversationId: 'c',
            facts: { name: 'changed' },
            message: { ...message, atMs: noonMs + 9 },
            owedAnswer: { holder: 'h', untilMs: noonMs },
            owedNotices: [{ channel: 'mail', notBeforeMs: 0, reason: 'contact_request' }],
          });
          expect(result).toEqual({ status: 'conflict' });
        }
        expect(await allMessages(store, 'c')).toEqual([{ ...question('a'), seq: 1 }]);
        expect(await store.conversation('c')).toMatchObject({ lastSeq: 1, updatedAtMs: noonMs });
        expect(await store.conversation('c')).not.toHaveProperty('name');
        expect(await store.owedWork()).toEqual({ answers: 0, notices: 0, failedNotices: 0 });
        // The id is the conversation's own.
        expect(
          await store.append({ conversationId: 'd', message: question('a', 'other') }),
        ).toMatchObject({ status: 'stored' });
      }),
    );

    it(
      'of one turn resolve in the order of the calls, reads among them',
      withStore(async ({ store }) => {
        const order: string[] = [];
        const note = (name: string) => () => void order.push(name);
        await Promise.all([
          store.append({ conversationId: 'c', message: question('a') }).then(note('append a')),
          store.messages('c', { afterSeq: 0, ...plenty }).then(note('read')),
          store.markRead('c', 'owner', 1).then(note('mark')),
          store.append({ conversationId: 'c', message: question('a', '!') }).then(note('conflict')),
          store.conversation('c').then(note('read again')),
          store.erase('c').then(note('erase')),
          store.append({ conversationId: 'c', message: question('b') }).then(note('erased')),
          store.check().then(note('check')),
        ]);
        expect(order).toEqual([
          'append a',
          'read',
          'mark',
          'conflict',
          'read again',
          'erase',
          'erased',
          'check',
        ]);
      }),
    );
  });

  describe('pages', () => {
    const fill = (count: number) =>
      Array.from({ length: count }, (_, index) => question(`m${index + 1}`));
    const seqs = (page: { readonly messages: readonly { readonly seq: number }[] }) =>
      page.messages.map(({ seq }) => seq);

    it(
      'go forward from a seq and back before one, always ascending',
      withStore(async ({ store }) => {
        for (const message of fill(7)) await store.append({ conversationId: 'c', message });
        const maxBytes = 1_000_000;
        const cases = [
          { range: { afterSeq: 0, limit: 3, maxBytes }, seqs: [1, 2, 3], more: true },
          { range: { afterSeq: 4, limit: 3, maxBytes }, seqs: [5, 6, 7], more: false },
          { range: { afterSeq: 7, limit: 3, maxBytes }, seqs: [], more: false },
          { range: { afterSeq: 99, limit: 3, maxBytes }, seqs: [], more: false },
          { range: { beforeSeq: 8, limit: 3, maxBytes }, seqs: [5, 6, 7], more: true },
          { range: { beforeSeq: 4, limit: 3, maxBytes }, seqs: [1, 2, 3], more: false },
          { range: { beforeSeq: 1, limit: 3, maxBytes }, seqs: [], more: false },
          {
            range: { beforeSeq: Number.MAX_SAFE_INTEGER, limit: 2, maxBytes },
            seqs: [6, 7],
            more: true,
          },
        ];
        for (const { range, ...expected } of cases) {
          const page = await store.messages('c', range);
          expect({ seqs: seqs(page), more: page.more }, JSON.stringify(range)).toEqual(expected);
        }
        expect(await store.messages('nobody', { afterSeq: 0, limit: 3, maxBytes })).toEqual({
          messages: [],
          more: false,
        });
      }),
    );

    it(
      'stay within their bytes, except that one message always comes',
      withStore(async ({ store }) => {
        // 3,000 bytes in UTF-8, half as many in UTF-16.
        const text = '你'.repeat(1_000);
        for (const message of fill(6)) {
          await store.append({ conversationId: 'c', message: { ...message, text } });
        }
        const maxBytes = 10_000;
        const forward = await store.messages('c', { afterSeq: 0, limit: 100, maxBytes });
        const back = await store.messages('c', { beforeSeq: 7, limit: 100, maxBytes });
        expect([seqs(forward), forward.more]).toEqual([[1, 2, 3], true]);
        expect([seqs(back), back.more]).toEqual([[4, 5, 6], true]);
        const bytes = forward.messages.reduce((sum, message) => sum + wireBytes(message), 0);
        expect(bytes).toBeLessThan(maxBytes);
        const tiny = { limit: 100, maxBytes: 1 };
        expect(await store.messages('c', { afterSeq: 2, ...tiny })).toMatchObject({
          messages: [{ seq: 3 }],
          more: true,
        });
        expect(await store.messages('c', { beforeSeq: 2, ...tiny })).toMatchObject({
          messages: [{ seq: 1 }],
          more: false,
        });
      }),
    );
  });

  describe('erasing', () => {
    it(
      'deletes a conversation with all that hangs on it, and its id is void',
      withStore(async ({ store, reopen }) => {
        await store.append({
          conversationId: 'c',
          facts: { user: 'u' },
          message: question('a'),
          owedAnswer: { holder: 'h', untilMs: noonMs },
          owedNotices: [{ channel: 'mail', notBeforeMs: 0, reason: 'contact_request' }],
        });
        await store.append({ conversationId: 'c', message: answer('a') });
        await store.append({ conversationId: 'd', message: question('a') });
        await store.setFeedback('c', 'ai:a', 'up');
        // In the same turn too, and again.
        const [, same] = await Promise.all([
          store.erase('c'),
          store.append({ conversationId: 'c', message: question('b') }),
        ]);
        expect(same).toEqual({ status: 'erased' });
        await store.erase('c');
        const later = reopen ? await reopen() : store;
        expect(await later.isErased('c')).toBe(true);
        expect(await later.isErased('d')).toBe(false);
        expect(await later.conversation('c')).toBeUndefined();
        expect(await later.conversationOfUser('u')).toBeUndefined();
        expect(await allMessages(later, 'c')).toEqual([]);
        expect(await later.owedWork()).toEqual({ answers: 0, notices: 0, failedNotices: 0 });
        expect(await later.setFeedback('c', 'ai:a', 'up')).toBe(false);
        for (const facts of [undefined, { name: 'N' }]) {
          const back = await later.append({
            conversationId: 'c',
            message: question('a'),
            ...(facts ? { facts } : {}),
          });
          expect(back).toEqual({ status: 'erased' });
        }
        expect(await allMessages(later, 'd')).toHaveLength(1);
      }),
    );

    it(
      'voids an id under which nothing was stored yet',
      withStore(async ({ store }) => {
        await store.erase('new');
        expect(await store.isErased('new')).toBe(true);
        expect(await store.append({ conversationId: 'new', message: question('a') })).toEqual({
          status: 'erased',
        });
      }),
    );

    it(
      'by age takes whole conversations last written to before a time',
      withStore(async ({ store }) => {
        const at = (conversationId: string, id: string, atMs: number) =>
          store.append({ conversationId, message: question(id, 'x', atMs) });
        await at('old', 'a', 1_000);
        await at('revived', 'a', 1_000);
        await at('revived', 'b', 3_000);
        await at('edge', 'a', 2_000);
        for (let index = 0; index < 250; index += 1) await at(`old${index}`, 'a', 1_500);
        expect(await store.prune(2_000)).toBe(251);
        expect(await store.prune(2_000)).toBe(0);
        expect(await store.conversation('old')).toBeUndefined();
        expect(await allMessages(store, 'revived')).toHaveLength(2);
        expect(await allMessages(store, 'edge')).toHaveLength(1);
        expect(await store.isErased('old')).toBe(true);
        expect(await at('old249', 'a', 5_000)).toEqual({ status: 'erased' });
      }),
    );
  });

  it(
    'keeps each secret as it was first made',
    withStore(async ({ store, reopen }) => {
      const [one, same, other] = await Promise.all([
        store.secret('tokens'),
        store.secret('tokens'),
        store.secret('sessions'),
      ]);
      expect(one).toHaveLength(32);
      expect(same).toEqual(one);
      expect(other).not.toEqual(one);
      one.fill(0); // what a caller does with its copy is its own affair
      expect(await store.secret('tokens')).toEqual(same);
      if (reopen) expect(await (await reopen()).secret('tokens')).toEqual(same);
    }),
  );

  it(
    'refuses everything once it is closed, and closes twice as once',
    withStore(async ({ store }) => {
      const last = store.append({ conversationId: 'c', message: question('a') });
      await Promise.all([store.close(), store.close()]);
      expect(await last).toMatchObject({ status: 'stored' });
      await expect(
        store.append({ conversationId: 'c', message: question('b') }),
      ).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(store.conversation('c')).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(store.check()).rejects.toBeInstanceOf(StoreUnavailable);
    }),
  );
}
