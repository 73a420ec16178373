import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../server/stores/sqlite.ts';
import { contactNotices } from './contact-notices.ts';
import type { HistoryEvent } from './history.ts';
import { createRandom } from './random.ts';
import { readStoredState } from './stored-state.ts';
import { startWebhookReceiver } from './webhook-receiver.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'contact-chat-chaos-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('what the store holds in the end', () => {
  it('is read as it was written, with what is owed', async () => {
    const store = await openSqliteStore({
      dataDir: folder,
      onError(error) {
        throw error;
      },
    });
    const lease = { holder: 'h', untilMs: 1 };
    const text = 'a\u0000b \u0001 中文 🙂';
    const question = { id: 'q', sender: 'visitor', text, atMs: 1 } as const;
    await store.append({ conversationId: 'c', message: question, owedAnswer: lease });
    const request = { ...question, id: 'r', kind: 'contact_request' } as const;
    const owedNotices = [
      { channel: 'webhook', reason: 'contact_request', notBeforeMs: 0 } as const,
    ];
    await store.append({ conversationId: 'c', message: request, owedNotices });
    const answer = { ...question, id: 'ai:q', sender: 'assistant', inReplyTo: 'q' } as const;
    await store.append({ conversationId: 'd', message: answer });
    await store.close();

    const state = await readStoredState(folder);
    expect(state.conversations).toEqual([
      {
        id: 'c',
        messages: [
          { seq: 1, id: 'q', sender: 'visitor', text },
          { seq: 2, id: 'r', sender: 'visitor', text, kind: 'contact_request' },
        ],
      },
      {
        id: 'd',
        messages: [{ seq: 1, id: 'ai:q', sender: 'assistant', text, inReplyTo: 'q' }],
      },
    ]);
    expect([...state.owedNotices]).toEqual(['c r']);
    expect(state.owedAnswers).toBe(1);
    expect(state.integrity).toBe('ok');
  });
});

describe('the owner’s end', () => {
  const post = (url: string, id: string): Promise<number> =>
    fetch(url, {
      method: 'POST',
      body: JSON.stringify({ conversation_id: 'c', messages: [{ id }, { id: `${id}-2` }] }),
      signal: AbortSignal.timeout(4_000),
    }).then(
      (response) => response.status,
      () => 0,
    );

  it('fails now and then, counts only what it took, and is well once healed', async () => {
    const receiver = await startWebhookReceiver(createRandom(3));
    try {
      const outcomes = new Map<string, number>();
      for (let index = 0; index < 20; index += 1) {
        outcomes.set(`c m${index}`, await post(receiver.url, `m${index}`));
      }
      expect(new Set(outcomes.values()).size).toBeGreaterThan(2);
      for (const [place, status] of outcomes) {
        expect(receiver.taken.has(place)).toBe(status === 204);
        expect(receiver.taken.has(`${place}-2`)).toBe(status === 204);
      }
      expect(receiver.posts).toBe(20);
      receiver.heal();
      for (let index = 0; index < 10; index += 1) expect(await post(receiver.url, 'x')).toBe(204);
    } finally {
      await receiver.close();
    }
  });
});

describe('contact requests', () => {
  const events: HistoryEvent[] = ['a', 'b', 'c', 'd'].flatMap((id) => [
    { type: 'typed', id, text: id, kind: 'contact_request' },
    ...(id === 'd' ? [] : [{ type: 'acknowledged', id, seq: 1, duplicate: false } as const]),
  ]);
  const stored = (ids: readonly string[]) =>
    ids.map((id) => ({ id: `of-${id}`, messages: [{ seq: 1, id, sender: 'visitor', text: id }] }));

  it('that were acknowledged have been notified, or are owed, or are missing', () => {
    const histories = [{ client: 'c0', events }];
    const conversations = stored(['a', 'b', 'c']);
    const taken = new Set(['of-a a']);
    expect(
      contactNotices(histories, taken, { conversations, owedNotices: new Set(['of-b b']) }),
    ).toEqual({ acknowledged: 3, delivered: 1, owed: 1, missing: ['of-c c'] });
    expect(
      contactNotices(histories, taken, { conversations: stored(['a']), owedNotices: new Set() })
        .missing,
    ).toEqual(['(nowhere) b', '(nowhere) c']);
  });
});
