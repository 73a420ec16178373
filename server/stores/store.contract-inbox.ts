import { describe, expect, it } from 'vitest';

import type { WaitingReason } from '../../shared/console-protocol.ts';
import type { AppendCommand, Store } from '../ports.ts';
import type { WithStore } from './store.contract-fixtures.ts';
import { allMessages, answer, noonMs, question } from './store.contract-fixtures.ts';

const lease = { holder: 'me', untilMs: noonMs + 100 };
const mail = (reason: 'human_request' | 'visitor_message') =>
  [{ channel: 'mail', notBeforeMs: 0, reason }] as const;

const ask = (store: Store, id: string, more: Partial<AppendCommand> = {}) =>
  store.append({ conversationId: 'c', message: question(id), ...more });
const reply = (store: Store, id: string) =>
  store.append({
    conversationId: 'c',
    message: { id, sender: 'owner', text: `reply ${id}`, atMs: noonMs },
    takesOver: true,
  });

/** Where the conversation stands: its view, and why it waits. */
async function stands(store: Store): Promise<string> {
  const { view, waiting } = (await store.conversation('c')) ?? {};
  return waiting === undefined ? String(view) : `${view}: ${waiting}`;
}

const owed = async (store: Store) => (await store.owedWork()).answers;

export function describeInbox(withStore: WithStore): void {
  describe('views', () => {
    it(
      'are left for the strongest reason to wait, and the newest among equals',
      withStore(async ({ store }) => {
        const steps: readonly (readonly [WaitingReason | undefined, string])[] = [
          [undefined, 'assistant'],
          ['visitor_message', 'waiting: visitor_message'],
          ['assistant_unsure', 'waiting: assistant_unsure'],
          [undefined, 'waiting: assistant_unsure'],
          ['visitor_message', 'waiting: visitor_message'],
          ['human_request', 'waiting: human_request'],
          ['assistant_unsure', 'waiting: human_request'],
          ['contact_request', 'waiting: contact_request'],
          ['visitor_message', 'waiting: contact_request'],
          ['human_request', 'waiting: human_request'],
        ];
        for (const [index, [waiting, expected]] of steps.entries()) {
          await ask(store, `m${index}`, waiting ? { waiting } : {});
          expect(await stands(store), `after ${index}`).toBe(expected);
        }
      }),
    );

    it(
      'follow what the owner changes, in one transaction',
      withStore(async ({ store }) => {
        await ask(store, 'a', { waiting: 'human_request' });
        const change = async (update: Parameters<Store['updateConversation']>[1]) => {
          const summary = await store.updateConversation('c', update);
          expect(summary).toEqual(await store.summary('c'));
          return stands(store);
        };
        expect(await change({ answering: 'owner' })).toBe('mine');
        expect(await change({ done: true, blocked: true, readByOwner: 9 })).toBe('done');
        expect(await store.conversation('c')).toMatchObject({ blocked: true, readByOwner: 1 });
        expect(await store.blockedConversations()).toEqual(['c']);
        expect(await change({ done: false, readByOwner: 0 })).toBe('mine');
        expect(await change({ answering: null, blocked: false })).toBe('assistant');
        expect(await store.blockedConversations()).toEqual([]);
        expect(await store.conversation('c')).toMatchObject({
          readByOwner: 1,
          updatedAtMs: noonMs,
        });
        await ask(store, 'b', { waiting: 'contact_request' });
        expect(await change({ readByOwner: 2 })).toBe('waiting: contact_request');
        expect(await change({ answering: null })).toBe('assistant');
        await ask(store, 'd', { waiting: 'contact_request' });
        expect(await change({ done: true })).toBe('done');
        expect(await change({ done: false })).toBe('assistant');
        expect(await store.updateConversation('nobody', { done: true })).toBeUndefined();
      }),
    );

    it(
      'of what is done are left with the visitor’s next message, and with a wish for a person',
      withStore(async ({ store }) => {
        await ask(store, 'a');
        const done = () => store.updateConversation('c', { done: true });
        await done();
        await ask(store, 'a');
        await store.append({
          conversationId: 'c',
          message: answer('a'),
          waiting: 'assistant_unsure',
        });
        expect((await store.conversation('c'))?.view).toBe('done');
        await ask(store, 'b');
        expect(await stands(store)).toBe('waiting: assistant_unsure');
        await done();
        await store.append({
          conversationId: 'c',
          message: { id: 's', sender: 'system', text: 's', atMs: noonMs },
          waiting: 'human_request',
        });
        expect(await stands(store)).toBe('waiting: human_request');
      }),
    );

    it(
      'are left by a visitor who hands back, as far as they wished for a person',
      withStore(async ({ store }) => {
        await ask(store, 'a', { facts: { answering: 'nobody' }, waiting: 'human_request' });
        await store.handBack('c');
        expect(await stands(store)).toBe('assistant');
        expect(await store.conversation('c')).not.toHaveProperty('answering');
        await ask(store, 'b', { facts: { answering: 'owner' }, waiting: 'contact_request' });
        await store.handBack('c');
        expect(await stands(store)).toBe('waiting: contact_request');
        await store.handBack('nobody');
        expect(await store.conversation('nobody')).toBeUndefined();
      }),
    );

    it(
      'list and count what they hold, and a user is found in them',
      withStore(async ({ store, reopen }) => {
        const before = await store.viewCounts();
        const begin = (conversationId: string, n: number, more: Partial<AppendCommand> = {}) =>
          store.append({ conversationId, message: question('a', 'a', noonMs + n), ...more });
        await begin('a1', 1);
        await begin('a2', 2, { facts: { user: 'u' } });
        await begin('w1', 3, { waiting: 'visitor_message' });
        await begin('w2', 4, { waiting: 'visitor_message' });
        await begin('w3', 5, { waiting: 'visitor_message' });
        await begin('gone', 6, { waiting: 'visitor_message' });
        await begin('m1', 7, { facts: { answering: 'owner' } });
        await begin('d1', 8);
        await store.updateConversation('d1', { done: true });
        await store.erase('gone');
        const later = reopen ? await reopen() : store;
        const ids = async (query: Omit<Parameters<Store['conversations']>[0], 'limit'>) =>
          (await later.conversations({ limit: 9, ...query })).conversations.map(({ id }) => id);
        expect(await ids({ view: 'waiting' })).toEqual(['w3', 'w2', 'w1']);
        expect(await ids({ view: 'mine' })).toEqual(['m1']);
        expect(await ids({ view: 'done' })).toEqual(['d1']);
        expect(await ids({ view: 'assistant' })).toEqual(['a2', 'a1']);
        expect(await ids({ user: 'u' })).toEqual(['a2']);
        expect(await ids({ user: 'u', view: 'done' })).toEqual([]);
        expect(await ids({ user: 'nobody' })).toEqual([]);
        const first = await later.conversations({ limit: 2, view: 'waiting' });
        expect(await ids({ view: 'waiting', before: String(first.cursor) })).toEqual(['w1']);
        expect(await later.viewCounts()).toEqual({
          waiting: before.waiting + 3,
          mine: before.mine + 1,
          assistant: before.assistant + 2,
          done: before.done + 1,
        });
      }),
    );
  });

  describe('who answers', () => {
    it(
      'is the owner from their reply on, and no answer is owed any more',
      withStore(async ({ store }) => {
        for (const id of ['a', 'b'])
          await ask(store, id, { owedAnswer: lease, waiting: 'human_request' });
        expect(await reply(store, 'o')).toMatchObject({
          status: 'stored',
          leased: false,
          answering: 'owner',
        });
        expect(await stands(store)).toBe('mine');
        expect(await owed(store)).toBe(0);
        // The running answer comes too late, and leaves no trace.
        const late = { conversationId: 'c', message: answer('a'), settlesAnswer: true } as const;
        expect(await store.append({ ...late, waiting: 'assistant_unsure' })).toEqual({
          status: 'not_owed',
        });
        expect(await stands(store)).toBe('mine');
        expect(await allMessages(store, 'c')).toHaveLength(3);
        // A reply that is sent again does not take over anew.
        await store.updateConversation('c', { answering: null });
        expect(await reply(store, 'o')).toMatchObject({ status: 'duplicate' });
        expect(await stands(store)).toBe('assistant');
      }),
    );

    it(
      'is the owner who takes over without a word',
      withStore(async ({ store }) => {
        await ask(store, 'a', { owedAnswer: lease });
        await store.append({ conversationId: 'd', message: question('a'), owedAnswer: lease });
        await store.updateConversation('c', { answering: 'owner' });
        expect(await owed(store)).toBe(1);
        expect(
          await store.append({ conversationId: 'c', message: answer('a'), settlesAnswer: true }),
        ).toEqual({ status: 'not_owed' });
      }),
    );

    it(
      'decides what a message causes, by what was stored before it',
      withStore(async ({ store }) => {
        const more = {
          owedAnswer: lease,
          owedNotices: mail('human_request'),
          unlessAssistant: { owedNotices: mail('visitor_message'), waiting: 'visitor_message' },
        } as const;
        const reasons = async () => {
          const claim = { channel: 'mail', lease, nowMs: noonMs, limit: 9 };
          return (await store.claimNotices(claim)).map(({ reason }) => reason);
        };
        expect(await ask(store, 'a', { ...more, facts: { answering: 'owner' } })).toMatchObject({
          leased: true,
          answering: 'owner',
        });
        expect([await owed(store), await stands(store)]).toEqual([1, 'mine']);
        expect(await reasons()).toEqual(['human_request']);
        expect(await ask(store, 'b', more)).toMatchObject({ leased: false, answering: 'owner' });
        expect([await owed(store), await stands(store)]).toEqual([1, 'waiting: visitor_message']);
        expect(await reasons()).toEqual(['visitor_message']);
        // Where nothing else is said, all but the answer is caused as it was.
        await store.append({
          conversationId: 'd',
          facts: { answering: 'nobody' },
          message: question('a'),
        });
        const silent = await store.append({
          conversationId: 'd',
          message: question('b'),
          owedAnswer: lease,
          owedNotices: mail('human_request'),
          waiting: 'contact_request',
        });
        expect(silent).toMatchObject({ leased: false, answering: 'nobody' });
        expect(await reasons()).toEqual(['human_request']);
        await store.handBack('c');
        const back = await ask(store, 'e', more);
        expect(back).toMatchObject({ status: 'stored', leased: true });
        expect(back).not.toHaveProperty('answering');
      }),
    );

    it(
      'of questions is not asked where the answer is known or was never owed',
      withStore(async ({ store }) => {
        const settle = (conversationId: string, id: string, text?: string) =>
          store.append({ conversationId, message: answer(id, text), settlesAnswer: true });
        expect(await settle('c', 'a')).toEqual({ status: 'not_owed' });
        expect(await store.conversation('c')).toBeUndefined();
        await ask(store, 'a', { owedAnswer: lease });
        expect(await settle('c', 'b')).toEqual({ status: 'not_owed' });
        expect(await settle('c', 'a')).toMatchObject({ status: 'stored' });
        expect(await settle('c', 'a')).toMatchObject({ status: 'duplicate' });
        expect(await settle('c', 'a', 'other')).toEqual({ status: 'conflict' });
        await store.erase('c');
        expect(await settle('c', 'a')).toEqual({ status: 'erased' });
      }),
    );
  });

  it(
    'stores nothing of a blocked visitor, and says so before all else',
    withStore(async ({ store, reopen }) => {
      await ask(store, 'a', { owedAnswer: lease });
      await store.updateConversation('c', { blocked: true });
      const later = reopen ? await reopen() : store;
      const before = await later.summary('c');
      for (const [id, text] of [
        ['a', 'question a'],
        ['a', 'another text'],
        ['b', 'b'],
      ] as const) {
        expect(
          await later.append({
            conversationId: 'c',
            message: question(id, text),
            owedAnswer: lease,
            owedNotices: mail('human_request'),
            waiting: 'human_request',
          }),
        ).toEqual({ status: 'blocked' });
      }
      expect(await later.summary('c')).toEqual(before);
      // Nor is anything answered that was asked before.
      expect(await later.owedWork()).toMatchObject({ answers: 0, notices: 0 });
      expect(
        await later.append({ conversationId: 'c', message: answer('a'), settlesAnswer: true }),
      ).toEqual({ status: 'not_owed' });
      await later.updateConversation('c', { blocked: false });
      expect(await ask(later, 'b')).toMatchObject({ status: 'stored', message: { seq: 2 } });
    }),
  );
}
