import { describe, expect, it } from 'vitest';
import type { Answer, Question } from '../answerer-ports.ts';
import { StoreUnavailable, type Store } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import {
  chat,
  createTestChat,
  echo,
  heldAnswers,
  noonMs,
  textsOf,
  typesOf,
} from './chat-harness.ts';

const sorry = '抱歉，我暂时无法处理您的请求，请稍后再试。';

async function oweIn(store: Store, conversationId: string, id: string): Promise<void> {
  await store.append({
    conversationId,
    message: { id, sender: 'visitor', text: id, atMs: noonMs },
    owedAnswer: { holder: 'a server before this one', untilMs: noonMs },
  });
}

describe('answers', () => {
  it('are made one at a time in a conversation, in the order of the questions', async () => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer });
    const client = test.connect();
    for (const text of ['one', 'two', 'three']) client.send(chat(text, text));
    await test.settle();
    expect(asked.map(({ text }) => text)).toEqual(['one']);
    for (const index of [0, 1, 2]) {
      asked[index]?.release();
      await test.settle();
    }
    expect(textsOf(client.take())).toEqual(['about one', 'about two', 'about three']);
    expect(test.answers.pending()).toBe(0);
  });

  it('keep that order however they come to be known', async () => {
    const { asked, answer } = heldAnswers();
    const store = createMemoryStore();
    const test = createTestChat({ answer, store });
    for (const id of ['one', 'two', 'three']) await oweIn(store, 'c', id);
    const owed = (questionId: string, questionSeq: number): void =>
      test.answers.begin({
        conversationId: 'c',
        ...{ questionId, questionSeq, text: questionId, combinable: false },
      });
    owed('one', 1);
    owed('three', 3);
    owed('two', 2);
    for (const index of [0, 1, 2]) {
      await test.settle();
      asked[index]?.release();
    }
    expect(asked.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });

  it('that wait longer than their lease are made once', async () => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer });
    const client = test.connect();
    for (const text of ['one', 'two', 'three', 'four']) client.send(chat(text, text));
    for (const index of [0, 1, 2, 3]) {
      await test.advance(29_000);
      asked[index]?.release();
      await test.settle();
    }
    await test.advance(60_000);
    expect(asked.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four']);
    expect(textsOf(client.take())).toHaveLength(4);
  });

  it('of several conversations are made at once, as many as allowed', async () => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer });
    const clients = ['a', 'b', 'c'].map((text) => {
      const client = test.connect();
      client.send(chat(text, text));
      return client;
    });
    await test.settle();
    expect(asked.map(({ text }) => text)).toEqual(['a', 'b']);
    asked[1]?.release();
    await test.settle();
    expect(asked.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    expect(textsOf(clients[1]?.take() ?? [])).toEqual(['about b']);
    asked[0]?.release();
    asked[2]?.release();
    await test.answers.idle();
    expect(await test.store.owedWork()).toMatchObject({ answers: 0 });
  });

  it('begun anew in many conversations at once are no leak in the eyes of Node', async () => {
    const warnings: string[] = [];
    const hear = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', hear);
    const { answer } = heldAnswers();
    const test = createTestChat({ answer, combines: true, answersAtOnce: 20 });
    for (let visitor = 0; visitor < 20; visitor += 1) {
      const { client } = await test.connectHello();
      client.send(chat('one', 'a'));
      await test.settle();
      client.send(chat('two', 'b'));
    }
    await test.settle();
    await new Promise(setImmediate);
    process.off('warning', hear);
    expect(test.calledOff).toHaveLength(20);
    expect(warnings).toEqual([]);
  });

  it('see as much of what was said before as the answerer wants', async () => {
    const seen: Question[] = [];
    const test = createTestChat({
      historyMessages: 2,
      answer: (question) => {
        seen.push(question);
        return echo(question);
      },
    });
    const page = { url: 'https://blog.example.com/a' };
    const { client, session } = await test.connectHello({ lang: 'en', page });
    client.send(chat('one', 'a'));
    await test.settle();
    client.send(chat('two', 'b'));
    await test.settle();
    expect(seen[1]).toEqual({
      text: 'two',
      lang: 'en',
      conversationId: session.conversation_id,
      history: [
        { sender: 'visitor', text: 'one' },
        { sender: 'assistant', text: 'about one' },
      ],
      page,
      // Who asks, for limits on spending.
      visitor: '192.0.2.1',
    });
  });

  it.each<[string, () => Answer | Promise<Answer>]>([
    ['rejects', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['answers nothing', () => ({ text: ' ', citations: [], outcome: 'found' })],
  ])('an answerer that %s gives a polite sentence and a log line', async (_how, answer) => {
    const test = createTestChat({ answer });
    const client = test.connect();
    client.send(chat('x', 'a'));
    await test.settle();
    expect(client.take().at(-1)).toMatchObject({
      ...{ type: 'chat_message', id: 'ai:a', sender: 'assistant', message: sorry },
      in_reply_to: 'a',
    });
    expect(test.errors.map(({ stage }) => stage)).toEqual(['answer']);
    expect(await test.store.owedWork()).toMatchObject({ answers: 0 });
  });

  it('that take too long are given up, and their answerer is told to stop', async () => {
    const signals: AbortSignal[] = [];
    const test = createTestChat({
      answer: (_question, signal) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    });
    const client = test.connect({ lang: 'en' });
    client.send(chat('x', 'a'));
    client.send(chat('y', 'b'));
    await test.advance(29_999);
    expect(textsOf(client.take())).toEqual([]);
    expect(signals[0]?.aborted).toBe(false);
    await test.advance(1);
    expect(textsOf(client.take())).toEqual([
      'Sorry, I cannot handle your request right now. Please try again later.',
    ]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('are shown as being typed where they take a while', async () => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer });
    const { client } = await test.connectHello();
    client.send(chat('x', 'a'));
    await test.advance(299);
    expect(typesOf(client.take())).toEqual(['chat_message_received']);
    await test.advance(1);
    const sign = { type: 'typing', sender: 'assistant', active: true };
    expect(client.take()).toEqual([sign]);
    // Said again before the widget, which hears nothing, takes it down.
    await test.advance(12_000);
    expect(client.take()).toEqual([sign]);
    asked[0]?.release();
    await test.settle();
    expect(client.take()).toMatchObject([{ type: 'typing', active: false }, { id: 'ai:a' }]);
  });

  it('that cannot be stored are kept and stored when they can be', async () => {
    const inner = createMemoryStore();
    let broken = true;
    let made = 0;
    const test = createTestChat({
      store: {
        ...inner,
        append: (command) =>
          broken && command.settlesAnswer
            ? Promise.reject(new StoreUnavailable('no space'))
            : inner.append(command),
      },
      answer: (question) => {
        made += 1;
        return echo(question);
      },
    });
    const client = test.connect();
    client.send(chat('x', 'a'));
    await test.advance(5_000);
    expect(textsOf(client.take())).toEqual([]);
    broken = false;
    await test.advance(5_000);
    expect(textsOf(client.take())).toEqual(['about x']);
    expect(made).toBe(1);
  });

  it('that nobody is connected for wait in the history', async () => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer });
    const { client, session } = await test.connectHello();
    client.send(chat('x', 'a'));
    await test.settle();
    client.leave();
    asked[0]?.release();
    await test.settle();
    const { opening } = await test.connectHello({ token: session.token, last_seq: 1 });
    expect(opening.at(-1)).toMatchObject({ type: 'history', messages: [{ id: 'ai:a', seq: 2 }] });
  });
});

describe('answers that a server before this one owed', () => {
  it('are made once and in order, also between new questions', async () => {
    const store = createMemoryStore();
    await oweIn(store, 'c', 'one');
    await oweIn(store, 'c', 'two');
    await oweIn(store, 'd', 'three');
    const asked: string[] = [];
    const test = createTestChat({
      store,
      answer: (question) => {
        asked.push(question.text);
        return echo(question);
      },
    });
    await test.answers.recover();
    await test.answers.recover();
    await test.answers.idle();
    expect(asked.toSorted()).toEqual(['one', 'three', 'two']);
    const all = { afterSeq: 0, limit: 100, maxBytes: 1e6 };
    expect((await store.messages('c', all)).messages.map(({ id }) => id)).toEqual([
      ...['one', 'two', 'ai:one', 'ai:two'],
    ]);
    expect(await store.owedWork()).toMatchObject({ answers: 0 });
  });

  it('more of them than are claimed at a time are all made', async () => {
    const store = createMemoryStore();
    for (let index = 0; index < 250; index += 1) await oweIn(store, `c${index % 7}`, `q${index}`);
    const test = createTestChat({ store, answer: echo });
    await test.answers.recover();
    await test.answers.idle();
    expect(await store.owedWork()).toMatchObject({ answers: 0 });
  });

  it('are looked for from time to time, when a lease has run out', async () => {
    const store = createMemoryStore();
    const test = createTestChat({ store, answer: echo });
    await store.append({
      conversationId: 'c',
      message: { id: 'q', sender: 'visitor', text: 'q', atMs: noonMs },
      owedAnswer: { holder: 'another server', untilMs: noonMs + 20_000 },
    });
    await test.advance(19_000);
    expect(await store.owedWork()).toMatchObject({ answers: 1 });
    await test.advance(6_000);
    expect(await store.owedWork()).toMatchObject({ answers: 0 });
  });

  it('stay owed where the server stops first', async () => {
    const { answer } = heldAnswers();
    const test = createTestChat({ answer });
    const client = test.connect();
    client.send(chat('x', 'a'));
    await test.settle();
    test.answers.close();
    await test.settle();
    expect(await test.store.owedWork()).toMatchObject({ answers: 1 });
    expect(textsOf(client.take())).toEqual([]);
    expect(test.errors).toEqual([]);
  });
});
