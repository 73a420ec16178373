import { describe, expect, it } from 'vitest';

import type { AnswerList } from '../inbox-ports.ts';
import type { AnswerOutcome, Store } from '../ports.ts';
import {
  allMessages,
  answer,
  noonMs,
  question,
  type WithStore,
} from './store.contract-fixtures.ts';

/** Asks, and answers so many milliseconds after noon. */
async function ask(
  store: Store,
  conversationId: string,
  id: string,
  { afterMs = 0, outcome }: { afterMs?: number; outcome?: AnswerOutcome } = {},
): Promise<void> {
  await store.append({ conversationId, message: question(id) });
  const message = { ...answer(id), atMs: noonMs + afterMs, ...(outcome ? { outcome } : {}) };
  await store.append({ conversationId, message });
}

const idsOf = async (store: Store, list: AnswerList): Promise<readonly string[]> =>
  (await store.answers({ list, limit: 99 })).answers.map((each) => each.answer.id);

const feedbackIn = async (store: Store, conversationId: string) =>
  (await allMessages(store, conversationId)).map(({ feedback }) => feedback);

export function describeAnswers(withStore: WithStore): void {
  describe('what visitors think of answers', () => {
    it(
      'is taken of the assistant’s messages alone, and the last word counts',
      withStore(async ({ store, reopen }) => {
        await ask(store, 'c', 'a');
        await store.append({
          conversationId: 'c',
          message: { id: 'o', sender: 'owner', text: 'from the owner', atMs: noonMs },
        });
        expect(await store.setFeedback('c', 'ai:a', 'up')).toBe(true);
        expect(await feedbackIn(store, 'c')).toEqual([undefined, 'up', undefined]);
        expect(await store.setFeedback('c', 'ai:a', 'down')).toBe(true);
        for (const [id, message] of [
          ['c', 'a'],
          ['c', 'o'],
          ['c', 'ai:b'],
          ['nobody', 'ai:a'],
        ] as const) {
          expect(await store.setFeedback(id, message, 'up')).toBe(false);
        }
        const later = reopen ? await reopen() : store;
        expect(await feedbackIn(later, 'c')).toEqual([undefined, 'down', undefined]);
        const again = await later.append({ conversationId: 'c', message: answer('a') });
        expect(again).toMatchObject({ status: 'duplicate', message: { feedback: 'down' } });
      }),
    );

    it(
      'draws no revision where it was said before',
      withStore(async ({ store }) => {
        await ask(store, 'c', 'a');
        await store.setFeedback('c', 'ai:a', 'up');
        const revision = await store.revision();
        expect(await store.setFeedback('c', 'ai:a', 'up')).toBe(true);
        expect(await store.revision()).toBe(revision);
        await store.setFeedback('c', 'ai:a', 'down');
        expect(await store.revision()).toBeGreaterThan(revision);
      }),
    );

    it(
      'is not taken of who is blocked, and goes with what is erased',
      withStore(async ({ store }) => {
        await ask(store, 'c', 'a', { outcome: 'not_covered' });
        await store.setFeedback('c', 'ai:a', 'down');
        await store.updateConversation('c', { blocked: true });
        expect(await store.setFeedback('c', 'ai:a', 'up')).toBe(false);
        expect(await feedbackIn(store, 'c')).toEqual([undefined, 'down']);
        await store.erase('c');
        expect(await store.setFeedback('c', 'ai:a', 'up')).toBe(false);
        expect(await store.answers({ list: 'down', limit: 9 })).toEqual({ answers: [] });
        expect(await store.answers({ list: 'not_covered', limit: 9 })).toEqual({ answers: [] });
        expect(await store.answerCounts(0)).toEqual({ up: 0, down: 0, not_covered: 0 });
      }),
    );

    it(
      'is counted in the conversation where it was of no help',
      withStore(async ({ store }) => {
        for (const id of ['a', 'b', 'c']) await ask(store, 'c', id);
        const count = async () => (await store.summary('c'))?.ratedDown;
        expect(await count()).toBeUndefined();
        for (const id of ['a', 'b']) await store.setFeedback('c', `ai:${id}`, 'down');
        await store.setFeedback('c', 'ai:c', 'up');
        expect(await count()).toBe(2);
        await store.setFeedback('c', 'ai:a', 'up');
        const { conversations } = await store.conversations({ limit: 9 });
        expect(conversations.map(({ ratedDown }) => ratedDown)).toEqual([1]);
      }),
    );
  });

  describe('lists of answers', () => {
    it(
      'hold what was rated, and what came of a question, each with the question',
      withStore(async ({ store, reopen }) => {
        await ask(store, 'c', 'a', { afterMs: 1, outcome: 'found' });
        await ask(store, 'c', 'b', { afterMs: 2, outcome: 'not_covered' });
        await ask(store, 'd', 'a', { afterMs: 3, outcome: 'smalltalk' });
        await store.setFeedback('c', 'ai:a', 'up');
        await store.setFeedback('c', 'ai:b', 'down');
        await store.setFeedback('d', 'ai:a', 'down');
        const later = reopen ? await reopen() : store;
        expect(await later.answers({ list: 'down', limit: 9 })).toMatchObject({
          answers: [
            {
              conversation: { id: 'd', ratedDown: 1, lastSeq: 2 },
              question: { id: 'a', text: 'question a' },
              answer: { id: 'ai:a', outcome: 'smalltalk', feedback: 'down' },
            },
            {
              conversation: { id: 'c' },
              question: { id: 'b' },
              answer: { id: 'ai:b', outcome: 'not_covered' },
            },
          ],
        });
        expect(await idsOf(later, 'up')).toEqual(['ai:a']);
        expect(await idsOf(later, 'not_covered')).toEqual(['ai:b']);
        await later.setFeedback('c', 'ai:b', 'up');
        expect(await idsOf(later, 'up')).toEqual(['ai:b', 'ai:a']);
        expect(await idsOf(later, 'not_covered')).toEqual(['ai:b']);
      }),
    );

    it(
      'list an answer to nothing that is stored without a question',
      withStore(async ({ store }) => {
        await store.append({
          conversationId: 'c',
          message: { ...answer('gone'), outcome: 'not_covered' },
        });
        const { answers } = await store.answers({ list: 'not_covered', limit: 9 });
        expect(answers).toMatchObject([{ answer: { id: 'ai:gone' } }]);
        expect(answers[0]).not.toHaveProperty('question');
      }),
    );

    it(
      'come in pages that neither repeat nor skip, also of one time',
      withStore(async ({ store }) => {
        for (const conversationId of ['c', 'd.%', 'e']) {
          for (const id of ['a', 'b', 'c']) {
            await ask(store, conversationId, id, { afterMs: 5, outcome: 'not_covered' });
            await store.setFeedback(conversationId, `ai:${id}`, 'down');
          }
        }
        for (const list of ['down', 'not_covered'] as const) {
          const seen: string[] = [];
          let before: string | undefined;
          do {
            const page = await store.answers({ list, limit: 2, ...(before ? { before } : {}) });
            seen.push(...page.answers.map((each) => `${each.conversation.id} ${each.answer.seq}`));
            before = page.cursor;
            // A mind that is changed meanwhile moves nothing.
            if (list === 'not_covered') await store.setFeedback('c', 'ai:a', 'up');
          } while (before !== undefined);
          const expected = ['e', 'd.%', 'c'].flatMap((id) => [6, 4, 2].map((at) => `${id} ${at}`));
          expect(seen).toEqual(expected);
        }
        const nonsense = await store.answers({ list: 'down', limit: 9, before: 'nonsense' });
        expect(nonsense).toEqual({ answers: [] });
      }),
    );

    it(
      'are counted since a time',
      withStore(async ({ store }) => {
        for (const [at, id] of ['a', 'b', 'c', 'd'].entries()) {
          await ask(store, 'c', id, { afterMs: at, outcome: at < 3 ? 'not_covered' : 'found' });
        }
        for (const id of ['a', 'b', 'd']) await store.setFeedback('c', `ai:${id}`, 'down');
        await store.setFeedback('c', 'ai:c', 'up');
        expect(await store.answerCounts(noonMs)).toEqual({ up: 1, down: 3, not_covered: 3 });
        expect(await store.answerCounts(noonMs + 1)).toEqual({ up: 1, down: 2, not_covered: 2 });
        expect(await store.answerCounts(noonMs + 4)).toEqual({ up: 0, down: 0, not_covered: 0 });
      }),
    );
  });
}
