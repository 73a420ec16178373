import { describe, expect, it } from 'vitest';

import type { Store } from '../ports.ts';
import type { WithStore } from './store.contract-fixtures.ts';
import { answer, noonMs, question } from './store.contract-fixtures.ts';

const since = async (store: Store, revision: number, limit = 100) => {
  const found = await store.changedSince({ revision, limit });
  return { ...found, conversations: found.conversations.map(({ id }) => id) };
};
const nothing = { conversations: [], deleted: [], complete: true };
const tooMuch = { conversations: [], deleted: [], complete: false };
const begin = (store: Store, conversationId: string, atMs = noonMs) =>
  store.append({
    conversationId,
    message: question('a', 'a', atMs),
    owedNotices: [{ channel: 'mail', notBeforeMs: 0, reason: 'contact_request' }],
  });

export function describeRevisions(withStore: WithStore): void {
  describe('revisions', () => {
    it(
      'are drawn by everything that changes a conversation, and by nothing else',
      withStore(async ({ store }) => {
        await begin(store, 'c');
        await store.append({ conversationId: 'c', message: answer('a') });
        const claim = { holder: 'x', untilMs: noonMs + 1 };
        const [notice] = await store.claimNotices({
          channel: 'mail',
          lease: claim,
          nowMs: noonMs,
          limit: 1,
        });
        const ids = [notice?.noticeId ?? -1];
        const giveUp = () => store.noticesFailed(ids, { retryAtMs: undefined, error: 'gone' });
        const note = { id: 'n', text: 'a note', atMs: noonMs };
        const changes: Readonly<Record<string, () => Promise<unknown>>> = {
          message: () => store.append({ conversationId: 'c', message: question('b') }),
          'read by the visitor': () => store.markRead('c', 'visitor', 1),
          'read by the owner': () => store.markRead('c', 'owner', 1),
          'taken over': () => store.updateConversation('c', { answering: 'owner' }),
          'handed back': () => store.handBack('c'),
          done: () => store.updateConversation('c', { done: true }),
          blocked: () => store.updateConversation('c', { blocked: true }),
          read: () => store.updateConversation('c', { readByOwner: 2 }),
          unblocked: () => store.updateConversation('c', { blocked: false }),
          feedback: () => store.setFeedback('c', 'ai:a', 'up'),
          'another mind': () => store.setFeedback('c', 'ai:a', 'down'),
          'blocked again': () => store.updateConversation('c', { blocked: true }),
          note: () => store.addNote('c', note),
          'note deleted': () => store.deleteNote('c', 'n'),
          'given up': giveUp,
          'tried again': () => store.retryFailedNotices(noonMs),
          'given up again': giveUp,
          dismissed: () => store.dismissFailedNotices(),
        };
        let last = await store.revision();
        for (const [name, change] of Object.entries(changes)) {
          await change();
          const { revision = 0 } = (await store.conversation('c')) ?? {};
          expect(revision, name).toBeGreaterThan(last);
          expect(await store.revision(), name).toBe(revision);
          expect(await since(store, last), name).toEqual({ ...nothing, conversations: ['c'] });
          expect(await since(store, revision), name).toEqual(nothing);
          last = revision;
        }
        const nothings = [
          () => store.append({ conversationId: 'c', message: question('z') }), // blocked
          () => store.markRead('c', 'visitor', 1),
          () => store.updateConversation('c', { done: true, readByOwner: 1 }),
          () => store.updateConversation('c', {}),
          () => store.handBack('c'),
          () => store.setFeedback('c', 'a', 'up'),
          () => store.setFeedback('c', 'ai:a', 'up'), // blocked
          () => store.deleteNote('c', 'n'),
          () => store.addNote('nobody', note),
          () => store.noticesFailed(ids, { retryAtMs: noonMs, error: '' }),
          () => store.retryFailedNotices(noonMs),
          () => store.dismissFailedNotices(),
          () => store.erase('nobody'),
        ];
        for (const nothingHappens of nothings) {
          await nothingHappens();
          expect(await store.revision(), String(nothingHappens)).toBe(last);
        }
        await store.erase('c');
        expect(await store.revision()).toBeGreaterThan(last);
        expect(await since(store, last)).toEqual({ ...nothing, deleted: ['c'] });
        expect(await since(store, await store.revision())).toEqual(nothing);
      }),
    );

    it(
      'tell in ascending order what changed, each conversation once',
      withStore(async ({ store, reopen }) => {
        const start = await store.revision();
        await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => begin(store, id)));
        await store.markRead('b', 'owner', 1);
        await store.erase('d');
        await store.updateConversation('a', { done: true });
        const later = reopen ? await reopen() : store;
        const all = { conversations: ['c', 'e', 'b', 'a'], deleted: ['d'], complete: true };
        expect(await since(later, start)).toEqual(all);
        expect(await since(later, start, 5)).toEqual(all);
        expect(await since(later, start, 4)).toEqual(tooMuch);
        const [first, second] = (await later.changedSince({ revision: start, limit: 9 }))
          .conversations;
        expect(first).toEqual(await later.summary('c'));
        expect(await since(later, second?.revision ?? 0)).toEqual({
          ...all,
          conversations: ['b', 'a'],
        });
        // What is written after a start is above all that was told before it.
        const told = await later.revision();
        await begin(later, 'f');
        expect(await since(later, told)).toEqual({ ...nothing, conversations: ['f'] });
      }),
    );

    it(
      'that were never drawn are told apart, and pruning makes the lists stale',
      withStore(async ({ store }) => {
        await begin(store, 'old', noonMs - 1);
        await begin(store, 'new');
        const before = await store.revision();
        expect(await since(store, before + 1)).toEqual(tooMuch);
        expect(await since(store, Number.MAX_SAFE_INTEGER)).toEqual(tooMuch);
        await store.prune(noonMs);
        expect(await since(store, before)).toEqual(tooMuch);
        expect(await since(store, 0)).toEqual(tooMuch);
        const after = await store.revision();
        expect(after).toBeGreaterThan(before);
        expect(await since(store, after)).toEqual(nothing);
        await store.prune(noonMs);
        expect(await store.revision()).toBe(after);
      }),
    );
  });
}
