import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connect, type WsClient } from './ws-client.ts';

const questions = [
  '你好，这个博客系统是怎么构建的？',
  '能介绍一下使用的技术栈吗？',
  '如何部署到生产环境？',
  '你好，我想了解这个项目',
];
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const id = /^[A-Za-z0-9_-]{1,64}$/;
const lone = String.fromCharCode(0xd83d);

/** As Python's `datetime.now().isoformat()` says it. */
const pythonTime = '2025-01-01T12:00:00.123456';
const message = { type: 'chat_message', message: 'x', timestamp: pythonTime };

/** Bad messages: what is sent, the code and the field of the error, and its text where the guide has one. */
const bad: readonly (readonly [string | Uint8Array, string, string | undefined, string?])[] = [
  ['not json', 'invalid_json', undefined, '消息格式错误，必须是有效的JSON'],
  ['', 'invalid_json', undefined, '消息格式错误，必须是有效的JSON'],
  ['[]', 'invalid_message', undefined],
  ['null', 'invalid_message', undefined],
  ['{}', 'invalid_message', 'type'],
  ['{"type":"dance"}', 'unknown_type', 'type', '未知的消息类型: dance'],
  ['{"type":"__proto__"}', 'unknown_type', 'type', '未知的消息类型: __proto__'],
  ['{"__proto__":{"type":"ping"}}', 'invalid_message', 'type'],
  [JSON.stringify({ ...message, timestamp: { toString: 1 } }), 'invalid_message', 'timestamp'],
  [JSON.stringify({ ...message, message: 5 }), 'invalid_message', 'message'],
  [JSON.stringify({ ...message, message: ' \u3000\n' }), 'invalid_message', 'message'],
  [JSON.stringify({ ...message, timestamp: 'yesterday' }), 'invalid_message', 'timestamp'],
  [JSON.stringify({ ...message, message: '中'.repeat(4001) }), 'message_too_long', 'message'],
  [JSON.stringify({ ...message, message: `a${lone}b` }), 'invalid_message', 'message'],
  ['['.repeat(32_000) + ']'.repeat(32_000), 'invalid_message', undefined],
  [new Uint8Array([0xff, 0x00, 0x7b]), 'binary_unsupported', undefined],
];

async function badMessages(client: WsClient): Promise<void> {
  for (const [frame, code, field, text] of bad) {
    client.sendRaw(frame);
    const error = await client.next('error');
    expect(error).toMatchObject({ code, retryable: false });
    expect(error.field).toBe(field);
    expect(error.timestamp).toMatch(isoTime);
    expect(error.message).not.toBe('');
    if (text !== undefined) expect(error.message).toBe(text);
  }
}

/** The dialogue of the guide, to the letter, with bad messages before and between its turns. */
async function dialogue(url: string, between: (client: WsClient) => Promise<void>): Promise<void> {
  const client = await connect(url);
  const established = await client.next('connection_established');
  expect(established.message).toBe('WebSocket连接已建立');
  expect(established.client_id).not.toBe('');
  expect(established.timestamp).toMatch(isoTime);

  client.send({
    ...{ type: 'contact_request', message: '你好，我想联系博主', timestamp: pythonTime },
    userAgent: 'Python客户端',
  });
  const received = await client.next('contact_request_received');
  expect(received).toEqual({
    ...{ type: 'contact_request_received', status: 'received', seq: 1 },
    ...{ id: expect.stringMatching(id), request_id: received.id },
    ...{ message: '联系请求已收到，博主将尽快回复您', timestamp: expect.stringMatching(isoTime) },
  });
  let seq = 1;
  for (const question of questions) {
    await between(client);
    client.send({ type: 'chat_message', message: question, timestamp: pythonTime });
    const acknowledged = await client.next('chat_message_received');
    expect(acknowledged).toEqual({
      ...{ type: 'chat_message_received', seq: (seq += 1), message: '消息已收到' },
      ...{ id: expect.stringMatching(id), message_id: acknowledged.id },
      timestamp: expect.stringMatching(isoTime),
    });
    const answer = await client.next('chat_message');
    expect(answer).toMatchObject({
      ...{ id: `ai:${acknowledged.id}`, in_reply_to: acknowledged.id, sender: 'assistant' },
      seq: (seq += 1),
    });
    expect(answer.message).toMatch(/\p{Script=Han}/u);
    for (const { title, url: address } of answer.citations ?? []) {
      expect(answer.message).toContain(title);
      expect(answer.message).toContain(new URL(address, url.replace(/^ws/, 'http')).href);
    }
    client.sendRaw('{"type":"ping"}');
    expect((await client.next('pong')).timestamp).toMatch(isoTime);
  }
  client.sendRaw('{ "type" : "ping", "mood": "good" }');
  await client.next('pong');
  await client.close();
  // Nothing came that the guide does not name, and nothing came back that was sent.
  const known = ['connection_established', 'contact_request_received', 'chat_message_received'];
  for (const one of client.received) {
    expect([...known, 'chat_message', 'pong', 'error']).toContain(one.type);
    if (one.type === 'chat_message') expect(one.sender).toBe('assistant');
  }
}

describe.each(['uws', 'ws'])('over %s', (transport) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({
      CONTACT_CHAT_TRANSPORT: transport === 'ws' ? 'ws' : undefined,
    });
  });
  afterAll(() => server.stop());

  it.each(['/contact', '/websocket/contact'])('the dialogue of the guide at %s', async (path) => {
    const listening = JSON.parse(
      server
        .log()
        .split('\n')
        .find((line) => line.includes('"address"')) ?? '{}',
    ) as { transport?: string };
    if (transport === 'ws') expect(listening.transport).toBe('ws');
    await dialogue(new URL(path, server.wsUrl).href, async () => undefined);
  });

  it('22 dialogues, 20 of them at once, with 16 bad messages at every turn', async () => {
    for (let index = 0; index < 2; index += 1) await dialogue(server.wsUrl, badMessages);
    await Promise.all(Array.from({ length: 20 }, () => dialogue(server.wsUrl, badMessages)));
  });

  it('a frame that is too large is the one error that closes', async () => {
    const client = await connect(server.wsUrl);
    await client.next('connection_established');
    const exactly = JSON.stringify({ type: 'ping', x: '' }).length;
    client.sendRaw(JSON.stringify({ type: 'ping', x: 'x'.repeat(65_536 - exactly) }));
    await client.next('pong');
    client.sendRaw(JSON.stringify({ type: 'ping', x: 'x'.repeat(65_537 - exactly) }));
    client.send(chat('unheard'));
    expect(await client.next('error')).toMatchObject({ code: 'frame_too_large' });
    expect((await client.closed).code).toBe(1009);
    expect(client.received.map(({ type }) => type)).toEqual([
      ...['connection_established', 'pong', 'error'],
    ]);
  });

  it('other paths are no sockets', async () => {
    await expect(connect(new URL('/elsewhere', server.wsUrl).href)).rejects.toThrow('404');
  });
});
