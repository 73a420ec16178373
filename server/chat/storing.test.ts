import { describe, expect, it } from 'vitest';
import { StoreUnavailable, type Store } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { noonMs, chat, contact, createTestChat, echo, typesOf } from './chat-harness.ts';

/** A store whose writes fail while `broken` says so. */
function breakable() {
  const inner = createMemoryStore();
  const state = { broken: false, error: new StoreUnavailable('no space') as Error };
  const store: Store = {
    ...inner,
    append: (command) => (state.broken ? Promise.reject(state.error) : inner.append(command)),
    conversation: (id) => (state.broken ? Promise.reject(state.error) : inner.conversation(id)),
  };
  return { store, state };
}

describe('the same id again', () => {
  it('is stored once and acknowledged each time with its seq', async () => {
    const test = createTestChat();
    const { client, session } = await test.connectHello();
    client.send(chat('x', 'a'));
    client.send(chat('y', 'b'));
    client.send(chat('x', 'a'));
    client.send(chat('x', 'a'));
    await test.settle();
    expect(client.take()).toMatchObject([
      { id: 'a', seq: 1 },
      { id: 'b', seq: 2 },
      { id: 'a', seq: 1, message_id: 'a', duplicate: true },
      { id: 'a', seq: 1, duplicate: true },
    ]);
    expect((await test.store.conversation(session.conversation_id))?.lastSeq).toBe(2);
  });

  it('from another socket too, and the first answer is the only one', async () => {
    const test = createTestChat({ answer: echo });
    const one = await test.connectHello();
    const two = await test.connectHello({ token: one.session.token });
    one.client.send(chat('x', 'a'));
    await test.settle();
    two.client.send(chat('x', 'a'));
    await test.settle();
    expect(two.client.take()).toMatchObject([
      { type: 'chat_message', id: 'a', seq: 1 },
      { type: 'chat_message', id: 'ai:a', seq: 2 },
      { type: 'chat_message_received', id: 'a', seq: 1, duplicate: true },
    ]);
  });

  it('of a contact request is acknowledged as one, and tells the owner once', async () => {
    const test = createTestChat({ channels: ['mail'] });
    const { client } = await test.connectHello();
    client.send(contact('x', 'a'));
    client.send(contact('x', 'a'));
    await test.settle();
    expect(client.take()).toMatchObject([
      { type: 'contact_request_received', request_id: 'a', seq: 1 },
      { type: 'contact_request_received', request_id: 'a', seq: 1, duplicate: true },
    ]);
    expect(await test.store.owedWork()).toMatchObject({ notices: 1, answers: 0 });
  });

  it('with another text is a conflict, and the connection lives on', async () => {
    const test = createTestChat();
    const { client } = await test.connectHello();
    client.send(chat('x', 'a'));
    client.send(chat('y', 'a'));
    client.send(contact('x', 'a'));
    client.send(chat('z', 'b'));
    await test.settle();
    const conflict = { type: 'error', code: 'id_conflict', ref: 'a', retryable: false };
    expect(client.take()).toMatchObject([{ seq: 1 }, conflict, conflict, { seq: 2 }]);
  });

  it('costs nothing of the rate limit', async () => {
    const test = createTestChat({ messagesPer10s: 2 });
    const { client } = await test.connectHello();
    for (let again = 0; again < 10; again += 1) {
      client.send(chat('x', 'a'));
      await test.settle();
    }
    client.send(chat('y', 'b'));
    await test.settle();
    expect(new Set(typesOf(client.take()))).toEqual(new Set(['chat_message_received']));
  });
});

describe('a store that fails', () => {
  it('acknowledges nothing; the same message goes through later', async () => {
    const { store, state } = breakable();
    const test = createTestChat({ store, answer: echo, messagesPer10s: 1 });
    const { client } = await test.connectHello();
    state.broken = true;
    for (let tried = 0; tried < 3; tried += 1) {
      client.send(chat('x', 'a'));
      await test.settle();
    }
    const failed = { type: 'error', code: 'store_unavailable', ref: 'a', retryable: true };
    expect(client.take()).toMatchObject([failed, failed, failed]);
    state.broken = false;
    client.send(chat('x', 'a'));
    await test.settle();
    expect(client.take()).toMatchObject([
      { type: 'chat_message_received', id: 'a', seq: 1 },
      { type: 'chat_message', id: 'ai:a' },
    ]);
    expect(client.closed).toBeUndefined();
    // The store reports its own failure, once; a line for every frame would fill a full disk.
    expect(test.errors).toEqual([]);
  });

  it('lets hello be said again', async () => {
    const { store, state } = breakable();
    const test = createTestChat({ store });
    const { session } = await test.connectHello();
    const client = test.connect();
    const hello = { type: 'hello', protocol: 1, token: session.token } as const;
    state.broken = true;
    client.send(hello);
    await test.settle();
    expect(client.take().slice(1)).toMatchObject([{ type: 'error', code: 'store_unavailable' }]);
    state.broken = false;
    client.send(hello);
    await test.settle();
    expect(typesOf(client.take())).toEqual(['session', 'history']);
  });

  it('that fails in an unknown way is a fault of the server, and logged', async () => {
    const { store, state } = breakable();
    state.error = new TypeError('oops');
    state.broken = true;
    const test = createTestChat({ store });
    const client = test.connect({ lang: 'en' });
    client.send(chat('x', 'a'));
    await test.settle();
    expect(client.take().slice(1)).toMatchObject([
      { type: 'error', code: 'internal', ref: 'a', retryable: true },
    ]);
    expect(test.errors).toMatchObject([{ stage: 'append', error: state.error }]);
  });
});

describe('rate limits', () => {
  it('refuse what is too much, say how long to wait, and forget nothing that was stored', async () => {
    const test = createTestChat({ messagesPer10s: 3 });
    const client = test.connect({ lang: 'en' });
    for (let index = 1; index <= 4; index += 1) client.send(chat(`m${index}`, `m${index}`));
    await test.settle();
    const received = client.take().slice(1);
    expect(received.slice(0, 3)).toMatchObject([{ id: 'm1' }, { id: 'm2' }, { id: 'm3' }]);
    const refused = received[3];
    expect(refused).toMatchObject({ type: 'error', code: 'rate_limited', ref: 'm4' });
    if (refused?.type !== 'error' || refused.retry_after_ms === undefined) throw new Error();
    expect(refused.message).toBe(
      `Too many messages; please try again in ${Math.ceil(refused.retry_after_ms / 1000)} s`,
    );
    await test.advance(refused.retry_after_ms);
    client.send(chat('m4', 'm4'));
    await test.settle();
    expect(client.take()).toMatchObject([{ type: 'chat_message_received', id: 'm4', seq: 4 }]);
  });

  it('count an address ten times over its conversations', async () => {
    const test = createTestChat({ messagesPer10s: 1 });
    const clients = Array.from({ length: 11 }, () => test.connect({ address: '192.0.2.7' }));
    clients.forEach((client) => client.send(chat('x')));
    const elsewhere = test.connect({ address: '192.0.2.8' });
    elsewhere.send(chat('x'));
    await test.settle();
    const last = clients.map((client) => client.take().at(-1)?.type);
    expect(last.slice(0, 10)).toEqual(Array(10).fill('chat_message_received'));
    expect(last[10]).toBe('error');
    expect(elsewhere.take().at(-1)?.type).toBe('chat_message_received');
  });

  it('let ten times as many other frames pass, and every ping', async () => {
    const test = createTestChat({ messagesPer10s: 2 });
    const { client } = await test.connectHello();
    for (let index = 0; index < 19; index += 1) client.sendText('{');
    client.sendText('{');
    client.send({ type: 'typing', active: true });
    client.sendBinary();
    for (let index = 0; index < 100; index += 1) client.send({ type: 'ping' });
    const received = client.take();
    const codes = received.map((message) => (message.type === 'error' ? message.code : ''));
    expect(codes.filter((code) => code === 'invalid_json')).toHaveLength(19);
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(3);
    expect(received.filter(({ type }) => type === 'pong')).toHaveLength(100);
    expect(client.closed).toBeUndefined();
  });

  it('also holds for ids that are sent again and again', async () => {
    const test = createTestChat({ messagesPer10s: 3 });
    const { client } = await test.connectHello();
    client.send(chat('x', 'a'));
    await test.settle();
    client.take();
    // Ten times as many frames as messages: one was hello, the others are repetitions.
    for (let index = 0; index < 40; index += 1) client.send(chat(index % 2 ? 'x' : 'y', 'a'));
    await test.settle();
    const answers = client.take();
    expect(answers.filter((answer) => 'duplicate' in answer)).toHaveLength(14);
    const refused = answers.filter(
      (answer) => answer.type === 'error' && answer.code === 'rate_limited',
    );
    expect(refused).toHaveLength(11);
    expect(refused[0]).toMatchObject({ ref: 'a' });
  });

  it('notices do not refuse a contact request', async () => {
    const test = createTestChat({ channels: ['mail', 'hook'] });
    const client = test.connect();
    for (let index = 0; index < 30; index += 1) client.send(contact(`call ${index}`));
    await test.settle();
    expect(
      typesOf(client.take()).filter((type) => type === 'contact_request_received'),
    ).toHaveLength(30);
    expect(await test.store.owedWork()).toMatchObject({ notices: 60 });
  });
});

describe('an erased conversation', () => {
  it('sends a socket that was left over away to resume: it is given another', async () => {
    const test = createTestChat({ answer: echo });
    const { client, session } = await test.connectHello();
    await test.store.erase(session.conversation_id);
    client.send(chat('x', 'a'));
    await test.settle();
    expect(client.take()).toEqual([]);
    expect(client.closed?.code).toBe(4201);
    const again = test.connect();
    again.send({ type: 'hello', protocol: 1, token: session.token, last_seq: 3 });
    await test.settle();
    const [, given] = again.take();
    expect(given).toMatchObject({ type: 'session', resumed: false, last_seq: 0 });
    expect(given).not.toMatchObject({ conversation_id: session.conversation_id });
    again.send(chat('x', 'a'));
    await test.settle();
    expect(again.take()).toMatchObject([
      { type: 'chat_message_received', id: 'a', seq: 1 },
      { type: 'chat_message', id: 'ai:a' },
    ]);
  });

  it('is replaced under a client without hello, which goes on', async () => {
    const test = createTestChat({ answer: echo });
    const client = test.connect();
    client.send(chat('one', 'a'));
    await test.settle();
    const { conversations } = await test.store.conversations({ limit: 10 });
    const [old] = conversations;
    await test.store.prune(noonMs + 1_000_000);
    client.take();
    client.send(chat('two', 'b'));
    await test.settle();
    expect(client.take()).toMatchObject([
      { type: 'chat_message_received', id: 'b', seq: 1 },
      { type: 'chat_message', id: 'ai:b', message: 'about two' },
    ]);
    const [fresh] = (await test.store.conversations({ limit: 10 })).conversations;
    expect(fresh?.id).not.toBe(old?.id);
    expect(fresh).toMatchObject({ lang: 'zh-CN', lastSeq: 2 });
  });

  it('owes nothing any more', async () => {
    let release = (): void => undefined;
    const test = createTestChat({
      channels: ['mail'],
      answer: (question) => new Promise((resolve) => (release = () => resolve(echo(question)))),
    });
    const { client, session } = await test.connectHello();
    client.send(chat('x', 'a'));
    client.send(contact('y', 'b'));
    await test.settle();
    expect(await test.store.owedWork()).toMatchObject({ answers: 1, notices: 1 });
    client.send({ type: 'erase_me' });
    await test.settle();
    release();
    await test.settle();
    expect(await test.store.owedWork()).toEqual({ answers: 0, notices: 0, failedNotices: 0 });
    expect(await test.store.conversation(session.conversation_id)).toBeUndefined();
    expect(typesOf(client.take()).at(-1)).toBe('erased');
  });
});
