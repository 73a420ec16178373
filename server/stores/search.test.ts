import { expect, it } from 'vitest';

import type { Conversation } from '../ports.ts';
import type { SearchSource } from './search.ts';
import { searchSteps } from './search.ts';

const conversation = (id: string, atMs: number): Conversation => ({
  ...{ id, createdAtMs: atMs, updatedAtMs: atMs, lastSeq: 30, revision: 1, name: 'needle' },
  ...{ readByVisitor: 0, readByOwner: 0, view: 'assistant', blocked: false },
});

it('a conversation of which much is found is summed up once', () => {
  const all = [conversation('b', 2), conversation('a', 1)];
  const asked: string[] = [];
  const source: SearchSource = {
    revision: () => 1,
    conversations: () => all,
    changed: () => [],
    messages: (_, beforeSeq) =>
      Array.from({ length: beforeSeq - 1 }, (__, n) => ({
        ...{ seq: beforeSeq - 1 - n, atMs: 0, text: 'needle' },
      })),
    notes: () => [{ conversationId: 'a', id: 'n', atMs: 0, text: 'needle' }],
    summary(id) {
      asked.push(id);
      const known = all.find((one) => one.id === id);
      return known && { ...known, unread: 0 };
    },
    message: (_, seq) => ({ id: `m${seq}`, seq, sender: 'visitor', text: 'needle', atMs: 0 }),
  };
  const steps = searchSteps(() => source, { words: ['needle'], limit: 100 });
  let step = steps.next();
  while (!step.done) step = steps.next();
  expect(step.value.hits).toHaveLength(63);
  expect(asked.toSorted()).toEqual(['a', 'b']);
});
