import { describe, expect, it } from 'vitest';
import type { ServerMessage } from '../../shared/protocol.ts';
import type { Store, StoredMessage } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { chat, createTestChat, echo, noonMs, typesOf } from './chat-harness.ts';

const seqsOf = (messages: readonly ServerMessage[]): (number | undefined)[] =>
  messages.flatMap((message) => ('seq' in message ? [message.seq] : []));

async function withTwoTabs() {
  const test = createTestChat();
  const one = await test.connectHello({ tab: 'one' });
  const two = await test.connectHello({ tab: 'two', token: one.session.token });
  const conversationId = one.session.conversation_id;
  async function storeReply(id: string): Promise<StoredMessage> {
    const message = { id, sender: 'owner', text: id, atMs: noonMs } as const;
    const result = await test.store.append({ conversationId, message });
    if (result.status !== 'stored') throw new Error(result.status);
    return result.message;
  }
  const publish = (message: StoredMessage): void =>
    test.bus.publish({ type: 'message', conversationId, message });
  return { test, one: one.client, two: two.client, conversationId, storeReply, publish };
}

describe('two tabs of a conversation', () => {
  it('see the messages of each other, and never their own', async () => {
    const { test, one, two } = await withTwoTabs();
    one.send(chat('from one', 'a'));
    await test.settle();
    two.send(chat('from two', 'b'));
    await test.settle();
    expect(one.take()).toMatchObject([
      { type: 'chat_message_received', id: 'a', seq: 1 },
      { type: 'chat_message', id: 'b', seq: 2, sender: 'visitor', message: 'from two' },
    ]);
    expect(two.take()).toMatchObject([
      { type: 'chat_message', id: 'a', seq: 1, sender: 'visitor', message: 'from one' },
      { type: 'chat_message_received', id: 'b', seq: 2 },
    ]);
  });

  it('get the messages of both in one order, however they cross', async () => {
    const { test, one, two } = await withTwoTabs();
    for (let index = 0; index < 20; index += 1) {
      one.send(chat(`one ${index}`, `a${index}`));
      two.send(chat(`two ${index}`, `b${index}`));
    }
    await test.settle();
    await test.settle();
    const seqs = Array.from({ length: 40 }, (_, index) => index + 1);
    const [toOne, toTwo] = [one.take(), two.take()];
    expect(seqsOf(toOne)).toEqual(seqs);
    expect(seqsOf(toTwo)).toEqual(seqs);
    const order = (messages: readonly ServerMessage[]): unknown[] =>
      messages.map((message) => ('id' in message ? message.id : ''));
    expect(order(toOne)).toEqual(order(toTwo));
    expect(toOne.filter(({ type }) => type === 'chat_message_received')).toHaveLength(20);
  });

  it('see who typed and read, but not themselves', async () => {
    const { test, one, two, conversationId } = await withTwoTabs();
    one.send(chat('x', 'a'));
    await test.settle();
    one.take();
    two.take();
    // More than there is cannot be read.
    one.send({ type: 'read', seq: 1_000_000 });
    one.send({ type: 'typing', active: true });
    test.bus.publish({ type: 'typing', conversationId, sender: 'owner', active: true });
    test.bus.publish({ type: 'read', conversationId, sender: 'owner', seq: 1 });
    await test.settle();
    expect(one.take()).toEqual([
      { type: 'typing', sender: 'owner', active: true },
      { type: 'read', sender: 'owner', seq: 1 },
    ]);
    expect(two.take()).toEqual(
      expect.arrayContaining([
        { type: 'read', sender: 'visitor', seq: 1 },
        { type: 'read', sender: 'owner', seq: 1 },
      ]),
    );
    expect((await test.store.conversation(conversationId))?.readByVisitor).toBe(1);
  });

  it('of one page load: the newer socket takes over', async () => {
    const test = createTestChat();
    const first = await test.connectHello({ tab: 'same' });
    const second = await test.connectHello({ tab: 'same', token: first.session.token });
    const other = await test.connectHello({ tab: 'same' });
    expect(first.client.closed).toMatchObject({ code: 4009 });
    expect([second.client.closed, other.client.closed]).toEqual([undefined, undefined]);
  });

  it('are both told when all is erased, and the token is void', async () => {
    const { test, one, two, conversationId } = await withTwoTabs();
    one.send(chat('x', 'a'));
    one.send({ type: 'erase_me' });
    await test.settle();
    expect(typesOf(one.take())).toEqual(['chat_message_received', 'erased']);
    expect(typesOf(two.take())).toEqual(['chat_message', 'erased']);
    expect([one.closed?.code, two.closed?.code]).toEqual([1000, 1000]);
    expect(await test.store.conversation(conversationId)).toBeUndefined();
    const token = test.context.tokens.sign(conversationId, noonMs);
    const { session } = await test.connectHello({ token });
    expect(session.resumed).toBe(false);
    expect(session.conversation_id).not.toBe(conversationId);
  });
});

describe('live events are a hint', () => {
  it('a lost one is read from the store when the next arrives', async () => {
    const { test, one, storeReply, publish } = await withTwoTabs();
    await storeReply('lost 1');
    await storeReply('lost 2');
    publish(await storeReply('heard'));
    await test.settle();
    expect(one.take()).toMatchObject([{ seq: 1 }, { seq: 2 }, { seq: 3, message: 'heard' }]);
  });

  it('late and doubled ones change nothing', async () => {
    const { test, one, storeReply, publish } = await withTwoTabs();
    const first = await storeReply('1');
    const second = await storeReply('2');
    publish(second);
    publish(first);
    await test.settle();
    publish(second);
    publish(first);
    await test.settle();
    expect(seqsOf(one.take())).toEqual([1, 2]);
  });

  it('an acknowledgement waits until all before it is there', async () => {
    const { test, one, storeReply } = await withTwoTabs();
    await storeReply('unheard');
    one.send(chat('mine', 'm'));
    await test.settle();
    expect(one.take()).toMatchObject([
      { type: 'chat_message', seq: 1, message: 'unheard' },
      { type: 'chat_message_received', seq: 2, id: 'm' },
    ]);
  });

  it('what is heard while the store is being read is not lost', async () => {
    const inner = createMemoryStore();
    const reads: (() => void)[] = [];
    const store: Store = {
      ...inner,
      // What was stored when it was asked, told a good while later.
      messages: async (id, range) => {
        const page = await inner.messages(id, range);
        await new Promise<void>((resolve) => reads.push(resolve));
        return page;
      },
    };
    const test = createTestChat({ store });
    const { client, session } = await test.connectHello();
    const conversationId = session.conversation_id;
    const reply = async (id: string, heard: boolean): Promise<void> => {
      const message = { id, sender: 'owner', text: id, atMs: noonMs } as const;
      const result = await store.append({ conversationId, message });
      if (result.status !== 'stored') throw new Error(result.status);
      if (heard) test.bus.publish({ type: 'message', conversationId, message: result.message });
    };
    await reply('unheard', false);
    await reply('heard', true);
    await test.settle();
    expect(reads).toHaveLength(1);
    await reply('heard meanwhile', true);
    await reply('and this', true);
    while (reads.length > 0) {
      reads.shift()?.();
      await test.settle();
    }
    expect(seqsOf(client.take())).toEqual([1, 2, 3, 4]);
    await reply('live again', true);
    expect(seqsOf(client.take())).toEqual([5]);
  });

  it('more than a page is caught up with', async () => {
    const { test, one, storeReply, publish } = await withTwoTabs();
    for (let index = 1; index < 250; index += 1) await storeReply(`lost ${index}`);
    publish(await storeReply('heard'));
    await test.settle();
    await test.settle();
    expect(seqsOf(one.take())).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
  });

  it('a store that cannot be read costs the position, said by 4201', async () => {
    const store = createMemoryStore();
    let failing = false;
    const test = createTestChat({
      store: {
        ...store,
        messages: (id, range) =>
          failing ? Promise.reject(new Error('disk')) : store.messages(id, range),
      },
    });
    const { client, session } = await test.connectHello();
    failing = true;
    const message = { id: 'x', sender: 'owner', text: 'x', atMs: 0, seq: 5 } as const;
    test.bus.publish({ type: 'message', conversationId: session.conversation_id, message });
    await test.settle();
    expect(client.closed?.code).toBe(4201);
  });
});

describe('what clients without hello are not told', () => {
  it('stays so for a plain client whose conversation was gone over', async () => {
    const test = createTestChat({ answer: echo });
    const client = test.connect();
    client.send(chat('a', 'a'));
    await test.settle();
    client.take();
    const [conversation] = (await test.store.conversations({ limit: 1 })).conversations;
    const conversationId = conversation?.id ?? '';
    const append = (id: string, sender: 'visitor' | 'owner') =>
      test.store.append({ conversationId, message: { id, sender, text: id, atMs: 0 } });
    await append('own', 'visitor');
    const result = await append('reply', 'owner');
    if (result.status !== 'stored') throw new Error(result.status);
    test.bus.publish({ type: 'message', conversationId, message: result.message });
    await test.settle();
    expect(client.take()).toMatchObject([{ type: 'chat_message', sender: 'owner', seq: 4 }]);
  });
});
