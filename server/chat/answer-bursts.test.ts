import { describe, expect, it } from 'vitest';
import type { ChatMessage, ServerMessage } from '../../shared/protocol.ts';
import { change } from '../owner/conversation-actions.ts';
import type { Store } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { chat, createTestChat, heldAnswers, noonMs, textsOf, typesOf } from './chat-harness.ts';

const answersOf = (messages: readonly ServerMessage[]): ChatMessage[] =>
  messages.flatMap((message) =>
    message.type === 'chat_message' && message.sender === 'assistant' ? message : [],
  );

async function talking(historyMessages?: number) {
  const { asked, answer, letAll } = heldAnswers();
  const test = createTestChat({
    answer,
    combines: true,
    ...(historyMessages === undefined ? {} : { historyMessages }),
  });
  const { client, session } = await test.connectHello();
  /** What was asked of the answerer, each as all texts that it covers. */
  const rounds = (): string[] =>
    asked.map(({ question }) => [...(question.burst ?? []), question.text].join('+'));
  return { test, asked, letAll, client, session, rounds };
}

async function owe(store: Store, id: string, combinable: boolean, text = id): Promise<void> {
  await store.append({
    conversationId: 'c',
    message: { id, sender: 'visitor', text, atMs: noonMs },
    owedAnswer: { holder: 'a server before this one', untilMs: noonMs },
    combinable,
  });
}

describe('several messages in a row', () => {
  it('are answered together: what is asked meanwhile calls off what is being made', async () => {
    const { test, asked, client, rounds } = await talking();
    client.send(chat('one', 'a'));
    await test.settle();
    client.send(chat('two', 'b'));
    await test.settle();
    expect(asked[0]?.signal.aborted).toBe(true);
    await test.advance(399);
    expect(rounds()).toEqual(['one']);
    await test.advance(1);
    expect(rounds()).toEqual(['one', 'one+two']);
    asked[1]?.release();
    await test.settle();
    const [answer, ...more] = answersOf(client.take());
    expect(more).toEqual([]);
    expect(answer).toMatchObject({ id: 'ai:b', in_reply_to: 'b', answers: ['a', 'b'] });
    expect(await test.store.owedWork()).toMatchObject({ answers: 0 });
    expect(test.calledOff).toEqual(['more_asked']);
    expect([test.answered, test.counts.questions]).toEqual([['found'], 2]);
    expect(test.errors).toEqual([]);
  });

  it('are waited for while they keep coming, and not for ever', async () => {
    const { test, client, rounds } = await talking();
    client.send(chat('0', 'q0'));
    await test.settle();
    for (let count = 1; count < 12; count += 1) {
      client.send(chat(`${count}`, `q${count}`));
      await test.advance(300);
    }
    expect(rounds()).toHaveLength(2);
    expect(rounds()[1]?.split('+').length).toBeGreaterThan(4);
  });

  it('get an answer even where they never end', async () => {
    const { test, asked, client } = await talking();
    let count = 0;
    const ask = async (): Promise<void> => {
      client.send(chat(`${(count += 1)}`, `q${count}`));
      await test.advance(1_000);
    };
    for (let round = 0; round < 6; round += 1) await ask();
    // Three times begun anew, and no more.
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true, true, false]);
    asked[3]?.release();
    await test.advance(1_000);
    expect(answersOf(client.take())).toMatchObject([{ id: 'ai:q4' }]);
    asked[4]?.release();
    await test.settle();
    expect(answersOf(client.take())).toMatchObject([{ id: 'ai:q6', answers: ['q5', 'q6'] }]);
  });

  it('do not throw away what can be read already', async () => {
    const { test, asked, client, rounds } = await talking();
    client.send(chat('one', 'a'));
    await test.settle();
    asked[0]?.progress?.delta('x'.repeat(401));
    await test.settle();
    client.send(chat('two', 'b'));
    await test.advance(1_000);
    expect(rounds()).toEqual(['one']);
    asked[0]?.release();
    await test.advance(1_000);
    asked[1]?.release();
    await test.settle();
    expect(answersOf(client.take()).map(({ id, answers }) => [id, answers])).toEqual([
      ['ai:a', undefined],
      ['ai:b', undefined],
    ]);
  });

  it('are shown being answered under the id of the last', async () => {
    const { test, asked, client } = await talking();
    client.send(chat('one', 'a'));
    await test.advance(400);
    asked[0]?.progress?.delta('So');
    client.send(chat('two', 'b'));
    await test.advance(400);
    asked[0]?.progress?.delta(' nobody hears this');
    asked[1]?.progress?.delta('Both');
    asked[1]?.release();
    await test.settle();
    const received = client.take();
    expect(
      received.flatMap((one) =>
        one.type === 'chat_message_delta' ? `${one.id} ${one.index} ${one.delta}` : [],
      ),
    ).toEqual(['ai:a 0 So', 'ai:b 0 Both']);
    expect(received.at(-1)).toMatchObject({ id: 'ai:b', answers: ['a', 'b'] });
  });

  it('are typed at without a break', async () => {
    const { test, asked, client } = await talking();
    client.send(chat('one', 'a'));
    await test.advance(400);
    client.send(chat('two', 'b'));
    await test.advance(1_000);
    asked[1]?.release();
    await test.settle();
    expect(typesOf(client.take())).toEqual([
      ...['chat_message_received', 'typing', 'chat_message_received', 'typing', 'chat_message'],
    ]);
  });

  it('that wait behind an answer that cannot be stopped are answered together next', async () => {
    const inner = createMemoryStore();
    let letOn = (): void => undefined;
    const { asked, answer } = heldAnswers();
    const test = createTestChat({
      answer,
      combines: true,
      store: {
        ...inner,
        append: async (command) => {
          if (command.message.id === 'ai:a') await new Promise<void>((done) => (letOn = done));
          return inner.append(command);
        },
      },
    });
    const { client } = await test.connectHello();
    client.send(chat('one', 'a'));
    await test.settle();
    asked[0]?.release();
    await test.settle();
    for (const id of ['b', 'c']) client.send(chat(id, id));
    await test.settle();
    letOn();
    await test.advance(1_000);
    asked[1]?.release();
    await test.settle();
    expect(answersOf(client.take()).map(({ id, answers }) => [id, answers])).toEqual([
      ['ai:a', undefined],
      ['ai:c', ['b', 'c']],
    ]);
  });

  it('with a wish for a person among them keep their order, and the wish its own answer', async () => {
    const { test, letAll, client, rounds } = await talking();
    client.send(chat('one', 'a'));
    client.send(chat('two', 'b'));
    client.send(chat('转人工', 'w'));
    client.send(chat('three', 'c'));
    await test.advance(1_000);
    letAll();
    await test.advance(1_000);
    expect(rounds().at(-1)).toBe('three');
    expect(answersOf(client.take()).map(({ id, answers }) => [id, answers])).toEqual([
      ['ai:b', ['a', 'b']],
      ['ai:w', undefined],
      ['ai:c', undefined],
    ]);
  });

  it('of a client without hello are answered one by one', async () => {
    const { asked, answer, letAll } = heldAnswers();
    const test = createTestChat({ answer, combines: true });
    const client = test.connect();
    for (const id of ['a', 'b', 'c']) client.send(chat(id, id));
    await test.advance(1_000);
    letAll();
    await test.settle();
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([false, false, false]);
    expect(textsOf(client.take())).toEqual(['about a', 'about b', 'about c']);
  });

  it('are answered one by one where the answerer does not combine', async () => {
    const { asked, answer, letAll } = heldAnswers();
    const test = createTestChat({ answer });
    const { client } = await test.connectHello();
    for (const id of ['a', 'b']) client.send(chat(id, id));
    await test.settle();
    letAll();
    await test.settle();
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([false, false]);
    expect(answersOf(client.take()).map(({ id, answers }) => [id, answers])).toEqual([
      ['ai:a', undefined],
      ['ai:b', undefined],
    ]);
  });

  it('stand in the history of what is asked later, with their answer, and not in their own', async () => {
    const { test, asked, client } = await talking(10);
    client.send(chat('zero', 'z'));
    await test.settle();
    asked[0]?.progress?.delta('x'.repeat(500));
    client.send(chat('one', 'a'));
    client.send(chat('two', 'b'));
    await test.settle();
    asked[0]?.release();
    await test.settle();
    client.send(chat('three', 'c'));
    await test.advance(1_000);
    const { question } = asked.at(-1) ?? {};
    expect(question?.burst).toEqual(['one', 'two']);
    expect(question?.history).toEqual([
      { sender: 'visitor', text: 'zero' },
      { sender: 'assistant', text: 'about zero' },
    ]);
    asked.at(-1)?.release();
  });
});

describe('questions that a server before this one owed', () => {
  it('are answered together where that was promised, and begun once [D6]', async () => {
    const store = createMemoryStore();
    for (const [id, combinable] of [
      ['a', true],
      ['b', true],
      ['c', false],
      ['d', true],
    ] as const) {
      await owe(store, id, combinable);
    }
    const { asked, answer, letAll } = heldAnswers();
    const test = createTestChat({ store, answer, combines: true });
    letAll();
    await test.answers.recover();
    await test.answers.idle();
    expect(asked.map(({ question }) => [...(question.burst ?? []), question.text])).toEqual([
      ['a', 'b'],
      ['c'],
      ['d'],
    ]);
    const { messages } = await store.messages('c', { afterSeq: 4, limit: 9, maxBytes: 1e6 });
    expect(messages.map(({ id, answers }) => [id, answers])).toEqual([
      ['ai:b', ['a', 'b']],
      ['ai:c', undefined],
      ['ai:d', undefined],
    ]);
  });
});

describe('somebody who takes over', () => {
  it('while several messages are answered together ends the answer to all of them', async () => {
    const { test, asked, client, session } = await talking();
    client.send(chat('one', 'a'));
    await test.settle();
    client.send(chat('two', 'b'));
    await test.advance(500);
    await change(test.desk, session.conversation_id, { answering: 'owner' });
    for (const held of asked) held.release();
    await test.advance(60_000);
    expect(answersOf(client.take())).toEqual([]);
    expect(test.calledOff).toEqual(['more_asked', 'taken_over']);
  });

  it('and hands back unheard of leaves to the assistant only what was asked since', async () => {
    const { test, asked, client, session, rounds } = await talking();
    client.send(chat('one', 'a'));
    await test.settle();
    // Told to the store alone.
    await test.store.updateConversation(session.conversation_id, { answering: 'owner' });
    await test.store.updateConversation(session.conversation_id, { answering: null });
    client.send(chat('two', 'b'));
    await test.advance(1_000);
    expect(rounds()).toEqual(['one', 'one+two']);
    asked[1]?.release();
    await test.settle();
    expect(rounds()).toEqual(['one', 'one+two', 'two']);
    asked[2]?.release();
    await test.settle();
    expect(answersOf(client.take()).map(({ id, answers }) => [id, answers])).toEqual([
      ['ai:b', undefined],
    ]);
    expect(await test.store.owedWork()).toMatchObject({ answers: 0 });
  });
});
