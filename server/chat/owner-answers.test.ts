import { describe, expect, it } from 'vitest';
import { change, reply } from '../owner/conversation-actions.ts';
import { createMemoryStore } from '../stores/memory.ts';
import {
  chat,
  createTestChat,
  dueOn,
  echo,
  noonMs,
  textsOf,
  typesOf,
  type TestChat,
} from './chat-harness.ts';

const answerAs = (text: string) => ({ id: undefined, text, takesOver: true });
const all = { afterSeq: 0, limit: 100, maxBytes: 1e6 };

/** Ids of all that is stored, in order. */
async function storedIds(test: TestChat, conversationId: string): Promise<string[]> {
  return (await test.store.messages(conversationId, all)).messages.map(({ id }) => id);
}

describe('while the owner answers', () => {
  it('the assistant is silent, and an owner who is away is told at once', async () => {
    const test = createTestChat({ answer: echo, channels: ['mail', 'hook'], ownerOnline: true });
    const { client, session } = await test.connectHello();
    client.send(chat('one', 'a'));
    await test.settle();
    await reply(test.desk, session.conversation_id, answerAs('hello'));
    client.send(chat('two', 'b'));
    await test.settle();
    // An owner who is there has half a minute to read it.
    expect(await test.store.owedWork()).toMatchObject({ answers: 0, notices: 2 });
    expect(await dueOn(test, 'mail', noonMs + 29_999)).toEqual([]);
    expect(await dueOn(test, 'mail', noonMs + 30_000)).toEqual(['b']);
    expect(await test.store.conversation(session.conversation_id)).toMatchObject({
      ...{ answering: 'owner', waiting: 'visitor_message', view: 'waiting' },
    });
    test.setOwnerOnline(false);
    await test.advance(30_000);
    client.send(chat('three', 'c'));
    await test.settle();
    expect(await dueOn(test, 'hook', noonMs + 30_000)).toEqual(['b', 'c']);
    expect(test.notices).toHaveLength(2);
    expect(textsOf(client.take())).toEqual(['about one', 'hello']);
  });

  it.each(['hello', 'plain'])(
    'a %s client that has not heard of it is not answered by the assistant',
    async (kind) => {
      const test = createTestChat({ answer: echo, channels: ['mail'] });
      const client = test.connect();
      if (kind === 'hello') client.send({ type: 'hello', protocol: 1 });
      client.send(chat('one', 'a'));
      await test.settle();
      client.take();
      const [conversation] = (await test.store.conversations({ limit: 1 })).conversations;
      const id = conversation?.id ?? '';
      // Nothing is told on the bus, so this connection still believes in the assistant.
      await test.store.updateConversation(id, { answering: 'owner' });
      client.send(chat('转人工', 'b'));
      client.send(chat('three', 'c'));
      await test.settle();
      expect(typesOf(client.take())).toEqual(
        kind === 'hello'
          ? ['chat_message_received', 'handler', 'chat_message_received']
          : ['chat_message_received', 'chat_message_received'],
      );
      expect(await storedIds(test, id)).toEqual(['a', 'ai:a', 'b', 'c']);
      expect(await test.store.owedWork()).toMatchObject({ answers: 0, notices: 2 });
      expect(test.notices).toHaveLength(2);
    },
  );

  it.each(['hello', 'plain'])(
    'a %s client that has not heard of handing back is answered by the assistant [D6]',
    async (kind) => {
      const test = createTestChat({ answer: echo, channels: ['mail'] });
      const client = test.connect();
      if (kind === 'hello') client.send({ type: 'hello', protocol: 1 });
      client.send(chat('one', 'a'));
      await test.settle();
      const [conversation] = (await test.store.conversations({ limit: 1 })).conversations;
      const id = conversation?.id ?? '';
      await change(test.desk, id, { answering: 'owner' });
      client.take();
      await test.store.updateConversation(id, { answering: null });
      client.send(chat('two', 'b'));
      await test.settle();
      expect(typesOf(client.take())).toEqual(
        kind === 'hello'
          ? ['chat_message_received', 'handler', 'chat_message']
          : ['chat_message_received', 'chat_message'],
      );
      expect(await test.store.owedWork()).toMatchObject({ answers: 0, notices: 0 });
    },
  );

  it('what was heard while a message was stored is newer than what the store said of it', async () => {
    const inner = createMemoryStore();
    let letOn = (): void => undefined;
    const test = createTestChat({
      answer: echo,
      store: {
        ...inner,
        append: async (command) => {
          const result = await inner.append(command);
          if (command.message.id === 'b') await new Promise<void>((done) => (letOn = done));
          return result;
        },
      },
    });
    const { client, session } = await test.connectHello();
    client.send(chat('one', 'a'));
    await test.settle();
    client.take();
    client.send(chat('two', 'b'));
    await test.settle();
    await change(test.desk, session.conversation_id, { answering: 'owner' });
    letOn();
    await test.settle();
    expect(typesOf(client.take())).toEqual(['handler', 'chat_message_received']);
  });

  it('who hands back is answered by the assistant again, from the next question on [D6]', async () => {
    const test = createTestChat({ answer: echo });
    const { client, session } = await test.connectHello();
    const second = await test.connectHello({ token: session.token });
    client.send(chat('one', 'a'));
    await test.settle();
    await change(test.desk, session.conversation_id, { answering: 'owner' });
    client.send(chat('two', 'b'));
    await test.settle();
    await change(test.desk, session.conversation_id, { answering: 'assistant' });
    // Everybody knows already.
    await change(test.desk, session.conversation_id, { answering: 'assistant' });
    client.send(chat('three', 'c'));
    await test.advance(120_000);
    const handlers = [
      { type: 'handler', answering: 'owner' },
      { type: 'handler', answering: 'assistant' },
    ];
    for (const tab of [client, second.client]) {
      const received = tab.take();
      expect(received.filter(({ type }) => type === 'handler')).toEqual(handlers);
      expect(textsOf(received.filter((one) => 'in_reply_to' in one))).toEqual([
        ...['about one', 'about three'],
      ]);
    }
  });

  it('the visitor who hands back tells every tab of theirs', async () => {
    const test = createTestChat({ answer: echo });
    const { client, session } = await test.connectHello();
    const second = await test.connectHello({ token: session.token });
    client.send(chat('one', 'a'));
    await test.settle();
    await reply(test.desk, session.conversation_id, answerAs('hello'));
    for (const tab of [client, second.client]) tab.take();
    second.client.send({ type: 'human_request', active: false });
    await test.settle();
    for (const tab of [client, second.client]) {
      expect(tab.take()).toEqual([{ type: 'handler', answering: 'assistant' }]);
    }
    // Whoever asks is told in any case.
    second.client.send({ type: 'human_request', active: false });
    await test.settle();
    expect(client.take()).toEqual([]);
    expect(second.client.take()).toEqual([{ type: 'handler', answering: 'assistant' }]);
    client.send(chat('two', 'b'));
    await test.settle();
    expect(textsOf(client.take())).toEqual(['about two']);
  });
});
