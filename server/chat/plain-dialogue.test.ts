import { describe, expect, it } from 'vitest';
import type { ClientMessage } from '../../shared/protocol.ts';
import { chat, contact, createTestChat, echo, textsOf, typesOf } from './chat-harness.ts';

describe('a client without handshake', () => {
  it('gets the dialogue of the guide', async () => {
    const test = createTestChat({ answer: echo });
    const client = test.connect();
    expect(client.take()).toEqual([
      {
        type: 'connection_established',
        message: 'WebSocket连接已建立',
        client_id: expect.stringMatching(/./),
        timestamp: '2025-01-01T12:00:00.000Z',
        protocol: 1,
      },
    ]);
    client.send(contact('请联系我', 'r1'));
    await test.settle();
    expect(client.take()).toEqual([
      {
        type: 'contact_request_received',
        id: 'r1',
        seq: 1,
        message: '联系请求已收到，博主将尽快回复您',
        timestamp: '2025-01-01T12:00:00.000Z',
        request_id: 'r1',
        status: 'received',
      },
    ]);
    client.send(chat('你好', 'm1'));
    await test.settle();
    expect(client.take()).toEqual([
      {
        type: 'chat_message_received',
        id: 'm1',
        seq: 2,
        message: '消息已收到',
        timestamp: '2025-01-01T12:00:00.000Z',
        message_id: 'm1',
      },
      {
        type: 'chat_message',
        id: 'ai:m1',
        seq: 3,
        sender: 'assistant',
        message: 'about 你好',
        timestamp: '2025-01-01T12:00:00.000Z',
        in_reply_to: 'm1',
      },
    ]);
    client.send({ type: 'ping' });
    client.sendText(' {"type" : "ping", "x": 1} ');
    expect(typesOf(client.take())).toEqual(['pong', 'pong']);
    expect(test.errors).toEqual([]);
  });

  it('is given ids where it names none, and every message its own', async () => {
    const test = createTestChat({ answer: echo });
    const client = test.connect();
    client.send(chat('a'));
    client.send(chat('a'));
    await test.settle();
    const received = client.take().slice(1);
    expect(typesOf(received).toSorted()).toEqual([
      ...['chat_message', 'chat_message'],
      ...['chat_message_received', 'chat_message_received'],
    ]);
    const ids = received.flatMap((message) =>
      'message_id' in message ? [message.message_id] : [],
    );
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => /^[A-Za-z0-9_-]{1,64}$/.test(id))).toBe(true);
  });

  it('is spoken to in the language it asks for', async () => {
    const test = createTestChat({ answer: echo });
    const client = test.connect({ lang: 'en' });
    client.send(chat('a'));
    client.sendText('nonsense');
    await test.settle();
    expect(client.take()).toMatchObject([
      { message: 'WebSocket connection established' },
      { type: 'chat_message_received', message: 'Message received' },
      { type: 'error', message: 'The message is not valid JSON' },
      { type: 'chat_message' },
    ]);
  });

  it('reads citations as lines of the text, with whole addresses', async () => {
    const citations = [
      { title: '部署', url: '/zh/deploy#nginx' },
      { title: 'Stack', url: 'https://blog.example.com/stack' },
    ];
    const test = createTestChat({
      answer: () => ({ text: '这样。', citations, outcome: 'found' }),
    });
    const client = test.connect();
    client.send(chat('如何部署？'));
    await test.settle();
    const answer = client.take().at(-1);
    expect(answer).toMatchObject({ type: 'chat_message', citations });
    expect(textsOf(answer ? [answer] : [])).toEqual([
      '这样。\n\n参考：\n- 部署: https://chat.example.com/zh/deploy#nginx\n- Stack: https://blog.example.com/stack',
    ]);
  });

  it('gets replies and broadcasts of the owner as chat_message, and nothing else of what happens', async () => {
    const test = createTestChat({ answer: echo });
    const client = test.connect();
    client.send(chat('hi', 'm1'));
    await test.settle();
    client.take();
    const [conversation] = (await test.store.conversations({ limit: 1 })).conversations;
    const conversationId = conversation?.id ?? '';
    const append = async (id: string, sender: 'owner' | 'visitor', seq: number): Promise<void> => {
      const message = { id, sender, text: id, atMs: 0 };
      const result = await test.store.append({ conversationId, message });
      if (result.status !== 'stored') throw new Error(result.status);
      expect(result.message.seq).toBe(seq);
      test.bus.publish({ type: 'message', conversationId, message: result.message });
    };
    await append('o1', 'owner', 3);
    await append('v1', 'visitor', 4);
    test.bus.publish({ type: 'typing', conversationId, sender: 'owner', active: true });
    test.bus.publish({ type: 'read', conversationId, sender: 'owner', seq: 1 });
    test.bus.publish({ type: 'handler', conversationId, answering: 'owner' });
    test.bus.publish({
      ...{ type: 'delta', conversationId, id: 'x', inReplyTo: 'y', index: 0 },
      delta: 'z',
    });
    const broadcast = { type: 'broadcast', id: 'b', text: 'to all', atMs: 0 } as const;
    expect(test.connections.broadcast(broadcast)).toBe(1);
    await append('o2', 'owner', 5);
    await test.settle();
    const received = client.take();
    expect(typesOf(received)).toEqual(['chat_message', 'chat_message', 'chat_message']);
    expect(textsOf(received)).toEqual(['o1', 'to all', 'o2']);
    expect(received[1]).not.toHaveProperty('seq');
  });

  it.each<ClientMessage>([
    { type: 'history_request' },
    { type: 'typing', active: true },
    { type: 'read', seq: 0 },
    { type: 'human_request' },
    { type: 'feedback', id: 'x', value: 'up' },
    { type: 'erase_me' },
  ])('may not send $type before hello, and goes on', async (message) => {
    const test = createTestChat({ answer: echo });
    const client = test.connect();
    client.send(message);
    client.send(chat('on'));
    await test.settle();
    expect(client.take().slice(1)).toMatchObject([
      { type: 'error', code: 'invalid_message', field: 'type', message: '请先发送 hello' },
      { type: 'chat_message_received' },
      { type: 'chat_message', message: 'about on' },
    ]);
  });

  it('is a conversation of its own', async () => {
    const test = createTestChat({ answer: echo });
    const [one, other] = [test.connect(), test.connect()];
    one.send(chat('a', 'same'));
    other.send(chat('b', 'same'));
    await test.settle();
    expect(textsOf(one.take())).toEqual(['about a']);
    expect(textsOf(other.take())).toEqual(['about b']);
    expect((await test.store.conversations({ limit: 10 })).conversations).toHaveLength(2);
  });

  it('leaves no trace in the store before its first message', async () => {
    const test = createTestChat({ answer: echo });
    const client = test.connect();
    client.send({ type: 'ping' });
    client.sendText('{"type":"chat_message"}');
    client.send({ type: 'hello', protocol: 1 });
    client.send({ type: 'typing', active: true });
    await test.settle();
    expect((await test.store.conversations({ limit: 10 })).conversations).toEqual([]);
  });

  it('learns what was wrong, and what was meant, in every error', async () => {
    const test = createTestChat();
    const client = test.connect();
    client.take();
    client.sendText('{');
    client.sendText('[]');
    client.sendText('{"type":"dance","id":"d"}');
    client.send({ ...chat('x', 'm'), timestamp: 'noon' } as ClientMessage);
    client.send(chat('x'.repeat(4001), 'l'));
    client.sendBinary();
    const common = { type: 'error', timestamp: '2025-01-01T12:00:00.000Z', retryable: false };
    expect(client.take()).toEqual([
      { ...common, code: 'invalid_json', message: '消息格式错误，必须是有效的JSON' },
      { ...common, code: 'invalid_message', message: '消息格式错误，必须是JSON对象' },
      {
        ...common,
        ...{ code: 'unknown_type', message: '未知的消息类型: dance', ref: 'd', field: 'type' },
      },
      {
        ...common,
        ...{ code: 'invalid_message', message: '消息格式错误：字段 timestamp 缺失或无效' },
        ...{ ref: 'm', field: 'timestamp' },
      },
      {
        ...common,
        ...{ code: 'message_too_long', message: '消息过长，最多 4000 个字符' },
        ...{ ref: 'l', field: 'message' },
      },
      { ...common, code: 'binary_unsupported', message: '不支持二进制消息，请发送JSON文本' },
    ]);
    expect(client.closed).toBeUndefined();
    client.sendTooLarge();
    expect(client.take()).toEqual([
      { ...common, code: 'frame_too_large', message: '数据帧过大，最多 65536 字节' },
    ]);
    expect(client.closed).toMatchObject({ code: 1009 });
  });
});
