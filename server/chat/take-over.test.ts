import { describe, expect, it } from 'vitest';
import { change, remove, reply } from '../owner/conversation-actions.ts';
import { StoreUnavailable } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import {
  chat,
  createTestChat,
  echo,
  heldAnswers,
  textsOf,
  typesOf,
  type TestChat,
} from './chat-harness.ts';

const answerAs = (text: string) => ({ id: undefined, text, takesOver: true });
const all = { afterSeq: 0, limit: 100, maxBytes: 1e6 };

/** Ids of all that is stored, in order; of the owner's messages the text. */
async function stored(test: TestChat, conversationId: string): Promise<string[]> {
  const { messages } = await test.store.messages(conversationId, all);
  return messages.map(({ id, sender, text }) => (sender === 'owner' ? text : id));
}

describe('an owner who takes over', () => {
  it('by writing ends the running answer at once, and those that wait [D6]', async () => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer });
    const { client, session } = await test.connectHello();
    for (const text of ['one', 'two', 'three']) client.send(chat(text, text));
    await test.advance(300);
    client.take();
    await reply(test.desk, session.conversation_id, answerAs('it is me'));
    await test.settle();
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect(client.take()).toMatchObject([
      { type: 'chat_message', sender: 'owner', message: 'it is me', seq: 4 },
      { type: 'handler', answering: 'owner' },
      { type: 'read', sender: 'owner' },
      { type: 'typing', sender: 'assistant', active: false },
    ]);
    // An answerer that does not stop changes nothing.
    asked[0]?.release();
    await test.advance(120_000);
    expect(asked).toHaveLength(1);
    expect(client.take()).toEqual([]);
    expect(await stored(test, session.conversation_id)).toEqual([
      ...['one', 'two', 'three'],
      'it is me',
    ]);
    expect(await test.store.owedWork()).toMatchObject({ answers: 0 });
    expect(test.answers.pending()).toBe(0);
    expect([test.answered, test.errors]).toEqual([[], []]);
  });

  it('without writing does the same', async () => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer });
    const { client, session } = await test.connectHello();
    client.send(chat('one', 'one'));
    await test.settle();
    await change(test.desk, session.conversation_id, { answering: 'owner' });
    await test.settle();
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(typesOf(client.take())).toEqual(['chat_message_received', 'handler']);
    expect(test.answers.pending()).toBe(0);
  });

  it('and is not asked whether it was heard: an answer that is owed no more is not stored [D6]', async () => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer });
    const { client, session } = await test.connectHello();
    client.send(chat('one', 'one'));
    await test.settle();
    // Nothing is told on the bus.
    await test.store.updateConversation(session.conversation_id, { answering: 'owner' });
    asked[0]?.release();
    await test.settle();
    expect(typesOf(client.take())).toEqual(['chat_message_received']);
    expect(await stored(test, session.conversation_id)).toEqual(['one']);
    expect([test.answered, test.errors, test.answers.pending()]).toEqual([[], [], 0]);
  });

  it('while an answer waits for the store is not answered over when that comes back', async () => {
    const inner = createMemoryStore();
    let tried = 0;
    const test = createTestChat({
      answer: echo,
      store: {
        ...inner,
        append: (command) => {
          if (!command.settlesAnswer) return inner.append(command);
          tried += 1;
          return Promise.reject(new StoreUnavailable('no space'));
        },
      },
    });
    const { client, session } = await test.connectHello();
    client.send(chat('one', 'one'));
    await test.advance(1_000);
    const before = tried;
    expect(before).toBeGreaterThan(0);
    await change(test.desk, session.conversation_id, { answering: 'owner' });
    await test.advance(30_000);
    expect([tried, test.answers.pending()]).toEqual([before, 0]);
  });

  it('leaves other conversations to the assistant', async () => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer });
    const [mine, other] = [await test.connectHello(), await test.connectHello()];
    mine.client.send(chat('mine', 'a'));
    other.client.send(chat('other', 'b'));
    await test.settle();
    await reply(test.desk, mine.session.conversation_id, answerAs('hello'));
    asked[1]?.release();
    await test.settle();
    expect(textsOf(other.client.take())).toEqual(['about other']);
    expect(textsOf(mine.client.take())).toEqual(['hello']);
  });

  it('ends what has not been begun, too', async () => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer });
    const sessions = [];
    for (const text of ['a', 'b', 'c']) {
      const { client, session } = await test.connectHello();
      client.send(chat(text, text));
      sessions.push({ client, session });
    }
    await test.settle();
    expect(asked.map(({ text }) => text)).toEqual(['a', 'b']);
    const third = sessions[2];
    await change(test.desk, third?.session.conversation_id ?? '', { answering: 'owner' });
    for (const held of asked) held.release();
    await test.answers.idle();
    expect(asked).toHaveLength(2);
    expect(textsOf(third?.client.take() ?? [])).toEqual([]);
  });

  it('while a wish for them is answered: no word of telling the owner follows their own', async () => {
    const inner = createMemoryStore();
    let letOn = (): void => undefined;
    const test = createTestChat({
      answer: echo,
      channels: ['mail'],
      store: {
        ...inner,
        append: async (command) => {
          if (command.settlesAnswer) await new Promise<void>((done) => (letOn = done));
          return inner.append(command);
        },
      },
    });
    const { client, session } = await test.connectHello();
    client.send(chat('转人工', 'a'));
    await test.settle();
    await reply(test.desk, session.conversation_id, answerAs('I am here'));
    letOn();
    await test.settle();
    expect(textsOf(client.take())).toEqual(['I am here']);
    expect(await test.store.conversation(session.conversation_id)).toMatchObject({ view: 'mine' });
  });

  it.each([
    ['deletes', remove],
    ['blocks', (desk: TestChat['desk'], id: string) => change(desk, id, { blocked: true })],
  ])('and one who %s ends it as well', async (_what, act) => {
    const { asked, answer } = heldAnswers();
    const test = createTestChat({ answer });
    const { client, session } = await test.connectHello();
    client.send(chat('one', 'one'));
    client.send(chat('two', 'two'));
    await test.settle();
    await act(test.desk, session.conversation_id);
    await test.settle();
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect(test.answers.pending()).toBe(0);
    expect(test.errors).toEqual([]);
  });
});

it('a wish for the owner ends nothing that was asked before it [D6]', async () => {
  const { asked, answer } = heldAnswers();
  const test = createTestChat({ answer, channels: ['mail'] });
  const { client, session } = await test.connectHello();
  for (const text of ['one', 'two']) client.send(chat(text, text));
  client.send({ type: 'human_request' });
  await test.settle();
  expect(asked[0]?.signal.aborted).toBe(false);
  asked[0]?.release();
  await test.settle();
  asked[1]?.release();
  await test.settle();
  expect(textsOf(client.take()).slice(1)).toEqual(['about one', 'about two']);
  expect(await test.store.conversation(session.conversation_id)).toMatchObject({
    ...{ answering: 'owner', waiting: 'human_request' },
  });
});
