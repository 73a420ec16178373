import { describe, expect, it } from 'vitest';

import type { ConversationSummary, Store } from '../ports.ts';
import type { WithStore } from './store.contract-fixtures.ts';
import { noonMs, question } from './store.contract-fixtures.ts';

async function wholeList(store: Store, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  for (let before: string | undefined; ;) {
    const page = await store.conversations({ limit, ...(before === undefined ? {} : { before }) });
    pages.push(page.conversations.map(({ id }) => id));
    if (page.cursor === undefined) return pages;
    expect(pages.length, 'pages without end').toBeLessThan(20);
    before = page.cursor;
  }
}

export function describeConversations(withStore: WithStore): void {
  describe('conversations', () => {
    it(
      'are made with the first message, and later facts replace earlier ones where given',
      withStore(async ({ store }) => {
        expect(await store.conversation('c')).toBeUndefined();
        await store.append({ conversationId: 'c', message: question('a') });
        expect(await store.conversation('c')).toEqual({
          id: 'c',
          createdAtMs: noonMs,
          updatedAtMs: noonMs,
          lastSeq: 1,
          readByVisitor: 0,
          readByOwner: 0,
          revision: expect.any(Number),
          view: 'assistant',
          blocked: false,
        });
        await store.append({
          conversationId: 'c',
          facts: {
            lang: 'zh-CN',
            userAgent: 'Python客户端',
            page: { url: 'https://blog.example/a', title: 'A' },
            user: 'u1',
            name: 'N',
            email: 'n@example.com',
            answering: 'owner',
          },
          message: question('b', 'b', noonMs + 10),
        });
        await store.append({
          conversationId: 'c',
          facts: { lang: 'en', page: { url: 'https://blog.example/b' } },
          message: question('c', 'c', noonMs + 20),
        });
        await store.append({ conversationId: 'c', message: question('d', 'd', noonMs + 30) });
        expect(await store.conversation('c')).toEqual({
          id: 'c',
          createdAtMs: noonMs,
          updatedAtMs: noonMs + 30,
          lastSeq: 4,
          answering: 'owner',
          lang: 'en',
          userAgent: 'Python客户端',
          page: { url: 'https://blog.example/b' },
          user: 'u1',
          name: 'N',
          email: 'n@example.com',
          readByVisitor: 0,
          readByOwner: 0,
          revision: expect.any(Number),
          view: 'mine',
          blocked: false,
        });
        // A message sent again brings no facts.
        await store.append({
          conversationId: 'c',
          facts: { lang: 'fr' },
          message: question('b', 'b'),
        });
        expect((await store.conversation('c'))?.lang).toBe('en');
      }),
    );

    it(
      'of a verified user are found by that user, who keeps the first',
      withStore(async ({ store }) => {
        expect(await store.conversationOfUser('u')).toBeUndefined();
        const begin = (conversationId: string) =>
          store.append({
            conversationId,
            facts: { user: 'u', name: conversationId },
            message: question('a'),
          });
        const both = await Promise.all([begin('one'), begin('two')]);
        expect(both.map(({ status }) => status)).toEqual(['stored', 'stored']);
        expect(await store.conversationOfUser('u')).toBe('one');
        expect(await store.conversation('two')).toMatchObject({ name: 'two', lastSeq: 1 });
        expect(await store.conversation('two')).not.toHaveProperty('user');
        await store.erase('one');
        expect(await store.conversationOfUser('u')).toBeUndefined();
      }),
    );

    it(
      'are listed newest first, in pages that neither repeat nor skip under equal times',
      withStore(async ({ store }) => {
        for (let index = 0; index < 9; index += 1) {
          const atMs = noonMs + Math.floor(index / 4) * 1_000;
          await store.append({ conversationId: `c${index}`, message: question('a', 'x', atMs) });
        }
        const expected = ['c8', 'c7', 'c6', 'c5', 'c4', 'c3', 'c2', 'c1', 'c0'];
        for (const limit of [1, 2, 3, 4, 9, 100]) {
          const pages = await wholeList(store, limit);
          expect(pages.flat(), `pages of ${limit}`).toEqual(expected);
          for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit);
        }
        // One that is written to moves to the front and is not met twice further back.
        const first = await store.conversations({ limit: 4 });
        await store.append({ conversationId: 'c0', message: question('b', 'y', noonMs + 9_000) });
        const rest = await store.conversations({ limit: 100, before: String(first.cursor) });
        expect(rest.conversations.map(({ id }) => id)).toEqual(['c4', 'c3', 'c2', 'c1']);
        expect(rest.cursor).toBeUndefined();
        const newest: ConversationSummary | undefined = (await store.conversations({ limit: 1 }))
          .conversations[0];
        expect(newest).toMatchObject({ id: 'c0', lastSeq: 2, lastMessage: { id: 'b', seq: 2 } });
      }),
    );

    it(
      'has nothing after a cursor that it did not make',
      withStore(async ({ store }) => {
        await store.append({ conversationId: 'c', message: question('a') });
        for (const before of ['', 'x', '%', '1.%', '99999999999999999999.c', "1.' OR 1=1 --"]) {
          expect(await store.conversations({ limit: 5, before }), before).toEqual({
            conversations: [],
          });
        }
      }),
    );

    it(
      'change who answers',
      withStore(async ({ store }) => {
        await store.append({ conversationId: 'c', message: question('a') });
        await store.updateConversation('c', { answering: 'owner' });
        expect((await store.conversation('c'))?.answering).toBe('owner');
        await store.handBack('c');
        expect(await store.conversation('c')).not.toHaveProperty('answering');
        expect(await store.updateConversation('nobody', { answering: 'owner' })).toBeUndefined();
        await store.handBack('nobody');
        expect(await store.conversation('nobody')).toBeUndefined();
      }),
    );

    it(
      'move each side’s read mark forward only, and not beyond the last message',
      withStore(async ({ store }) => {
        for (const id of ['a', 'b', 'c']) {
          await store.append({ conversationId: 'c', message: question(id) });
        }
        const marks = async () => {
          const conversation = await store.conversation('c');
          return [conversation?.readByVisitor, conversation?.readByOwner];
        };
        await store.markRead('c', 'visitor', 2);
        expect(await marks()).toEqual([2, 0]);
        await store.markRead('c', 'visitor', 1);
        await store.markRead('c', 'owner', 1);
        expect(await marks()).toEqual([2, 1]);
        await store.markRead('c', 'owner', 1_000_000);
        expect(await marks()).toEqual([2, 3]);
        await store.append({ conversationId: 'c', message: question('d') });
        expect(await marks()).toEqual([2, 3]);
        await store.markRead('nobody', 'owner', 1);
        expect(await store.conversation('nobody')).toBeUndefined();
      }),
    );
  });
}
