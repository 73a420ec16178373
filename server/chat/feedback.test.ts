import { beforeEach, describe, expect, it } from 'vitest';
import { StoreUnavailable, type BusEvent, type Store } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { chat, createTestChat, echo } from './chat-harness.ts';

/** A visitor whose question `a` was answered. */
async function asked(options: Parameters<typeof createTestChat>[0] = {}) {
  const test = createTestChat({ answer: echo, ...options });
  const events: BusEvent[] = [];
  const { client, session } = await test.connectHello({ lang: 'en' });
  client.send(chat('x', 'a'));
  await test.settle();
  client.take();
  test.bus.subscribe((event) => void (event.type === 'feedback' && events.push(event)));
  const conversationId = session.conversation_id;
  const rate = async (id: string, value: 'up' | 'down') => {
    client.send({ type: 'feedback', id, value });
    await test.settle();
    return client.take();
  };
  const stored = async () => {
    const range = { afterSeq: 0, limit: 99, maxBytes: Number.MAX_SAFE_INTEGER };
    return (await test.store.messages(conversationId, range)).messages;
  };
  return { test, client, conversationId, events, rate, stored };
}

describe('what a visitor thinks of an answer', () => {
  let one: Awaited<ReturnType<typeof asked>>;
  beforeEach(async () => {
    one = await asked();
  });

  it('is stored without a word, told of, and may change', async () => {
    const { conversationId, events, rate, stored } = one;
    expect(await rate('ai:a', 'up')).toEqual([]);
    expect(await rate('ai:a', 'up')).toEqual([]);
    expect(await rate('ai:a', 'down')).toEqual([]);
    expect((await stored()).map(({ feedback }) => feedback)).toEqual([undefined, 'down']);
    const told = { type: 'feedback', conversationId, id: 'ai:a' };
    expect(events).toEqual([
      { ...told, value: 'up' },
      { ...told, value: 'up' },
      { ...told, value: 'down' },
    ]);
  });

  it('is refused for anything but an answer of the own conversation', async () => {
    const { test, conversationId, events, rate } = one;
    const other = await test.connectHello({ lang: 'en' });
    other.client.send(chat('x', 'theirs'));
    await test.store.append({
      conversationId,
      message: { id: 'from-the-owner', sender: 'owner', text: 'hello', atMs: 0 },
    });
    await test.settle();
    for (const id of ['ai:unknown', 'a', 'from-the-owner', 'ai:theirs', '__proto__']) {
      expect(await rate(id, 'down')).toMatchObject([
        {
          ...{ type: 'error', code: 'invalid_message', field: 'id', ref: id },
          message: 'There is no such answer to rate',
        },
      ]);
    }
    expect(events).toEqual([]);
  });

  it('is refused where nothing was stored, and of a client without hello', async () => {
    const { test } = one;
    const fresh = await test.connectHello({ lang: 'en' });
    fresh.client.take();
    fresh.client.send({ type: 'feedback', id: 'ai:a', value: 'up' });
    await test.settle();
    expect(fresh.client.take()).toMatchObject([{ code: 'invalid_message', field: 'id' }]);
    const plain = test.connect();
    plain.take();
    plain.send({ type: 'feedback', id: 'ai:a', value: 'up' });
    await test.settle();
    expect(plain.take()).toMatchObject([{ code: 'invalid_message', field: 'type' }]);
  });

  it('shows in no history, live or resumed', async () => {
    const { test, client, rate } = one;
    await rate('ai:a', 'up');
    client.send({ type: 'history_request' });
    await test.settle();
    const [history] = client.take();
    expect(history).toMatchObject({ type: 'history', messages: [{ id: 'a' }, { id: 'ai:a' }] });
    expect(JSON.stringify(history)).not.toMatch(/feedback|outcome/);
  });

  it('goes with what is erased, and comes too late for it', async () => {
    const { test, client, events } = one;
    client.send({ type: 'erase_me' });
    client.send({ type: 'feedback', id: 'ai:a', value: 'up' });
    await test.settle();
    expect(client.take()).toEqual([{ type: 'erased' }]);
    expect(client.closed).toMatchObject({ code: 1000 });
    expect(events).toEqual([]);
    expect(await test.store.answers({ list: 'up', limit: 9 })).toEqual({ answers: [] });
  });
});

it('counts as a frame like any other against a flood', async () => {
  const { client, test, rate } = await asked({ messagesPer10s: 2 });
  // Twenty, of which one was hello.
  for (let each = 0; each < 19; each += 1) expect(await rate('ai:a', 'up')).toEqual([]);
  expect(await rate('ai:a', 'down')).toMatchObject([{ code: 'rate_limited', ref: 'ai:a' }]);
  expect(client.closed).toBeUndefined();
  await test.advance(20_000);
  expect(await rate('ai:a', 'down')).toEqual([]);
});

it('is not taken for stored where the store is away, and may be said again', async () => {
  const memory = createMemoryStore();
  let away = true;
  const store: Store = {
    ...memory,
    setFeedback: (...rating) =>
      away
        ? Promise.reject(new StoreUnavailable('the disk is full'))
        : memory.setFeedback(...rating),
  };
  const { events, rate, stored } = await asked({ store });
  expect(await rate('ai:a', 'up')).toMatchObject([
    { code: 'store_unavailable', retryable: true, ref: 'ai:a' },
  ]);
  expect(events).toEqual([]);
  away = false;
  expect(await rate('ai:a', 'up')).toEqual([]);
  expect((await stored()).at(-1)).toMatchObject({ feedback: 'up', outcome: 'found' });
});

it('what came of a question is stored with its answer, a failure too', async () => {
  const test = createTestChat({
    channels: ['mail'],
    answer: ({ text }) => {
      if (text === 'fail') throw new Error('no answer');
      return { ...echo({ text, lang: 'en', history: [] }), outcome: 'not_covered' };
    },
  });
  const { client } = await test.connectHello({ lang: 'en' });
  const texts = ['odd', 'fail', 'I want to talk to a human'];
  for (const [index, text] of texts.entries()) client.send(chat(text, `q${index}`));
  await test.settle();
  const { conversations } = await test.store.conversations({ limit: 1 });
  const range = { afterSeq: 0, limit: 99, maxBytes: Number.MAX_SAFE_INTEGER };
  const { messages } = await test.store.messages(conversations[0]?.id ?? '', range);
  const outcomes = messages.filter(({ sender }) => sender === 'assistant');
  expect(outcomes.map(({ outcome }) => outcome)).toEqual([
    'not_covered',
    'failed',
    'human_request',
  ]);
});
