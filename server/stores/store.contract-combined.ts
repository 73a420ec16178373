import { describe, expect, it } from 'vitest';

import type { Store } from '../ports.ts';
import type { WithStore } from './store.contract-fixtures.ts';
import { allMessages, answer, noonMs, question } from './store.contract-fixtures.ts';

const ask = (store: Store, conversationId: string, id: string, combinable?: boolean) =>
  store.append({
    conversationId,
    message: question(id),
    owedAnswer: { holder: 'me', untilMs: noonMs },
    ...(combinable === undefined ? {} : { combinable }),
  });

const claim = (store: Store) =>
  store.claimAnswers({
    lease: { holder: 'me', untilMs: noonMs + 1 },
    nowMs: noonMs,
    limit: 10,
  });

export function describeCombined(withStore: WithStore): void {
  describe('answers owed to several questions', () => {
    it(
      'may be one where that was said when they were asked, also after a restart',
      withStore(async ({ store, reopen }) => {
        await ask(store, 'c', 'a', true);
        await ask(store, 'c', 'b', false);
        await ask(store, 'c', 'c');
        await ask(store, 'c', 'd', true);
        const later = reopen ? await reopen() : store;
        const owed = await claim(later);
        expect(owed.map(({ combinable }) => combinable)).toEqual([true, false, false, true]);
      }),
    );

    it(
      'are left alone where one of them is owed no more, and it is said which are',
      withStore(async ({ store }) => {
        for (const id of ['a', 'b', 'c']) await ask(store, 'c', id, true);
        await store.append({ conversationId: 'c', message: answer('b'), settlesAnswer: true });
        const together = {
          conversationId: 'c',
          message: { ...answer('c'), answers: ['a', 'b', 'c'] },
          settlesAnswer: true,
        };
        expect(await store.append(together)).toEqual({
          ...{ status: 'not_owed', stillOwed: ['a', 'c'] },
        });
        expect(await allMessages(store, 'c')).toHaveLength(4);
        expect((await claim(store)).map(({ questionId }) => questionId)).toEqual(['a', 'c']);
        const rest = { ...together, message: { ...together.message, answers: ['a', 'c'] } };
        expect(await store.append(rest)).toMatchObject({ status: 'stored' });
        expect(await store.append(rest)).toMatchObject({ status: 'duplicate' });
      }),
    );

    it(
      'are done together where one answer covers several, and in its conversation alone',
      withStore(async ({ store }) => {
        for (const id of ['a', 'b', 'c']) await ask(store, 'c', id);
        await ask(store, 'd', 'a');
        await store.append({
          conversationId: 'c',
          message: { ...answer('b'), answers: ['a', 'b'] },
          settlesAnswer: true,
        });
        const left = await claim(store);
        expect(left.map(({ conversationId, questionId }) => conversationId + questionId)).toEqual([
          'cc',
          'da',
        ]);
      }),
    );
  });
}
