import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMemoryStore } from '../stores/memory.ts';
import { openSqliteStore } from '../stores/sqlite.ts';
import { chat, createTestChat, echo, heldAnswers, noonMs, textsOf } from './chat-harness.ts';

const hourMs = 3_600_000;

describe('a clock that jumps', () => {
  it.each([
    ['five hours on', 5],
    ['five hours back', -5],
    ['a year on', 24 * 365],
    ['a year back', -24 * 365],
  ])(
    '%s while an answer is made: it is made once, and the next ones in order [D6]',
    async (_, hours) => {
      const { asked, answer } = heldAnswers();
      const test = createTestChat({ answer });
      const client = test.connect();
      for (const text of ['one', 'two']) client.send(chat(text, text));
      await test.settle();
      test.setClock(noonMs + hours * hourMs);
      // Several looks at what is owed, by the new time.
      await test.advance(12_000);
      client.send(chat('three', 'three'));
      for (const index of [0, 1, 2]) {
        await test.advance(6_000);
        asked[index]?.release();
        await test.settle();
      }
      test.setClock(noonMs);
      await test.advance(120_000);
      expect(asked.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
      expect(textsOf(client.take())).toEqual(['about one', 'about two', 'about three']);
      expect(await test.store.owedWork()).toMatchObject({ answers: 0 });
    },
  );

  it('back an hour right before a server dies keeps nobody waiting for its leases [D6]', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'contact-chat-leases-'));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    const open = () => openSqliteStore({ dataDir, onError: () => undefined });
    const before = await open();
    for (const id of ['one', 'two']) {
      await before.append({
        conversationId: 'c',
        message: { id, sender: 'visitor', text: id, atMs: noonMs + hourMs },
        owedAnswer: { holder: 'a server before', untilMs: noonMs + hourMs + 60_000 },
      });
    }
    await before.close();
    const store = await open();
    onTestFinished(() => store.close());
    const test = createTestChat({ answer: echo, store });
    await test.answers.recover();
    await test.answers.idle();
    const page = await store.messages('c', { afterSeq: 0, limit: 10, maxBytes: 10_000 });
    expect(page.messages.map(({ id }) => id)).toEqual(['one', 'two', 'ai:one', 'ai:two']);
  });
});

describe('two instances on one store', () => {
  it('one takes over what the other holds too long: stored once, whoever is first [D6]', async () => {
    const store = createMemoryStore();
    const [first, second] = [heldAnswers(), heldAnswers()];
    const here = createTestChat({ store, answer: first.answer, holder: 'here' });
    const there = createTestChat({ store, answer: second.answer, holder: 'there' });
    const { client, session } = await here.connectHello();
    for (const text of ['one', 'two']) client.send(chat(text, text));
    await here.settle();
    // Leases hold: nothing is taken over, and nothing is begun out of order.
    await there.answers.recover();
    await there.settle();
    expect(second.asked).toEqual([]);
    there.setClock(noonMs + 61_000);
    await there.answers.recover();
    await there.settle();
    expect(second.asked.map(({ text }) => text)).toEqual(['one']);
    second.asked[0]?.release();
    await there.settle();
    first.asked[0]?.release();
    await here.settle();
    first.asked[1]?.release();
    await here.settle();
    second.asked[1]?.release();
    await there.settle();
    const range = { afterSeq: 0, limit: 10, maxBytes: 10_000 };
    const page = await store.messages(session.conversation_id, range);
    expect(page.messages.map(({ id }) => id)).toEqual(['one', 'two', 'ai:one', 'ai:two']);
    expect(await store.owedWork()).toMatchObject({ answers: 0 });
  });
});
