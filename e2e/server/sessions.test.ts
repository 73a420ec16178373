import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connect, connectHello, contact } from './ws-client.ts';

describe('clients that say hello', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ DEFAULT_LANG: 'en', RATE_LIMIT: '1000/1s' });
  });
  afterAll(() => server.stop());

  it('of one conversation see each other, never themselves', async () => {
    const one = await connectHello(server.wsUrl);
    const two = await connectHello(`${server.wsUrl}?c=${one.session.conversation_id}`, {
      token: one.session.token,
      last_seq: 0,
    });
    expect(two.session.conversation_id).toBe(one.session.conversation_id);
    one.client.send(chat('How do I deploy this?', 'a'));
    expect(await one.client.next('chat_message_received')).toMatchObject({ id: 'a', seq: 1 });
    expect(await two.client.next('chat_message')).toMatchObject({
      ...{ id: 'a', seq: 1, sender: 'visitor', message: 'How do I deploy this?' },
    });
    const [answer, same] = await Promise.all([
      one.client.until('chat_message'),
      two.client.until('chat_message'),
    ]);
    expect(answer).toMatchObject({ id: 'ai:a', seq: 2, sender: 'assistant', in_reply_to: 'a' });
    expect(same).toEqual(answer);
    two.client.send(contact('Call me', 'b'));
    await two.client.next('contact_request_received');
    expect(await one.client.next('chat_message')).toMatchObject({
      ...{ id: 'b', seq: 3, sender: 'visitor', kind: 'contact_request' },
    });
    await Promise.all([one.client.close(), two.client.close()]);
    expect(one.client.received.filter((message) => 'id' in message && message.id === 'a')).toEqual([
      expect.objectContaining({ type: 'chat_message_received' }),
    ]);
  });

  it('get every citation as data, the text stays text', async () => {
    const { client } = await connectHello(server.wsUrl, { lang: 'en' });
    client.send(chat('How do I deploy to production?', 'a'));
    const answer = await client.until('chat_message');
    expect(answer.citations?.length).toBeGreaterThan(0);
    expect(answer.citations?.length).toBeLessThanOrEqual(3);
    expect(answer.message).not.toContain('Sources:');
    await client.close();
  });

  it('of one tab: the newer takes over, the older is closed with 4009', async () => {
    const old = await connectHello(server.wsUrl, { tab: 't1' });
    const hello = { tab: 't1', token: old.session.token, last_seq: 0 };
    const fresh = await connectHello(server.wsUrl, hello);
    expect((await old.client.closed).code).toBe(4009);
    fresh.client.send(chat('hello', 'x'));
    expect(await fresh.client.next('chat_message_received')).toMatchObject({ seq: 1 });
    await fresh.client.close();
  });

  it('go on where they were, after a restart too, and ids stay taken', async () => {
    const { client, session } = await connectHello(server.wsUrl);
    client.send(chat('How do I deploy this?', 'a'));
    await client.until('chat_message');
    const { token } = session;
    await server.restart();
    const again = await connectHello(server.wsUrl, { token, last_seq: 1 });
    expect(again.session).toMatchObject({
      ...{ resumed: true, conversation_id: session.conversation_id, last_seq: 2 },
    });
    expect(again.messages).toMatchObject([{ id: 'ai:a', seq: 2 }]);
    again.client.send(chat('How do I deploy this?', 'a'));
    expect(await again.client.next('chat_message_received')).toMatchObject({
      ...{ id: 'a', seq: 1, duplicate: true },
    });
    again.client.send(chat('Something else', 'a'));
    expect(await again.client.next('error')).toMatchObject({ code: 'id_conflict', ref: 'a' });
    await again.client.close();
    const whole = await connectHello(server.wsUrl, { token, last_seq: 0 });
    expect(whole.messages.map(({ id, sender }) => [id, sender])).toEqual([
      ['a', 'visitor'],
      ['ai:a', 'assistant'],
    ]);
    await whole.client.close();
  });

  it('with last_seq get everything after it, however much', async () => {
    const { client, session } = await connectHello(server.wsUrl);
    const count = 130;
    for (let index = 1; index <= count; index += 1) client.send(contact(`m${index}`, `m${index}`));
    for (let index = 1; index <= count; index += 1) await client.next('contact_request_received');
    const later = await connectHello(server.wsUrl, { token: session.token, last_seq: 7 });
    expect(later.messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: count - 7 }, (_, index) => index + 8),
    );
    const newest = await connectHello(server.wsUrl, { token: session.token });
    expect(newest.messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + count - 49),
    );
    newest.client.send({ type: 'history_request', before_seq: count - 49, limit: 100 });
    const older = await newest.client.next('history');
    expect(older.messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: count - 50 }, (_, index) => index + 1),
    );
    expect(older).toMatchObject({ more: false });
    const beyond = { token: session.token, last_seq: 1_000_000 };
    const ahead = await connectHello(server.wsUrl, beyond);
    expect(ahead.session.resumed).toBe(false);
    expect(ahead.messages).toHaveLength(count);
    for (const one of [client, later.client, newest.client, ahead.client]) await one.close();
  });

  it('may name positions beyond all numbers', async () => {
    const { client, session } = await connectHello(server.wsUrl);
    client.send(contact('x', 'x'));
    await client.next('contact_request_received');
    client.sendRaw('{"type":"history_request","before_seq":1e300}');
    expect((await client.next('history')).messages).toHaveLength(1);
    client.sendRaw('{"type":"read","seq":1e300}');
    client.sendRaw('{"type":"history_request","before_seq":9007199254740993}');
    expect((await client.next('history')).messages).toHaveLength(1);
    const far = await connect(server.wsUrl);
    far.sendRaw(`{"type":"hello","protocol":1e300,"token":"${session.token}","last_seq":1e300}`);
    expect(await far.until('session')).toMatchObject({ resumed: false, last_seq: 1 });
    await Promise.all([client.close(), far.close()]);
  });

  it('erase everything: every socket is told, the token is void', async () => {
    const one = await connectHello(server.wsUrl);
    one.client.send(contact('a secret', 'a'));
    await one.client.next('contact_request_received');
    const two = await connectHello(server.wsUrl, { token: one.session.token });
    one.client.send({ type: 'erase_me' });
    for (const { client } of [one, two]) {
      await client.until('erased');
      expect((await client.closed).code).toBe(1000);
    }
    await server.restart();
    const again = await connectHello(server.wsUrl, { token: one.session.token, last_seq: 1 });
    expect(again.session).toMatchObject({ resumed: false, last_seq: 0 });
    expect(again.session.conversation_id).not.toBe(one.session.conversation_id);
    expect(again.messages).toEqual([]);
    again.client.send(contact('new', 'a'));
    expect(await again.client.next('contact_request_received')).not.toHaveProperty('duplicate');
    await again.client.close();
  });

  it('keep every character of a message', async () => {
    const { client, session } = await connectHello(server.wsUrl);
    const message = 'a\u0000b\u001f\u2028"\\</script>😀\ufeff中'.repeat(100);
    client.send(contact(message, 'a'));
    await client.next('contact_request_received');
    await server.restart();
    const again = await connectHello(server.wsUrl, { token: session.token, last_seq: 0 });
    expect(again.messages[0]?.message).toBe(message);
    await again.client.close();
  });

  it('are spoken to in their language', async () => {
    const greeting = async (headers: Record<string, string>): Promise<string> => {
      const client = await connect(server.wsUrl, headers);
      const { message } = await client.next('connection_established');
      await client.close();
      return message;
    };
    expect(await greeting({ 'accept-language': 'zh-TW,en;q=0.5' })).toBe('WebSocket连接已建立');
    expect(await greeting({ 'accept-language': 'fr' })).toBe('WebSocket connection established');
    expect(await greeting({})).toBe('WebSocket connection established');
    const { client } = await connectHello(server.wsUrl, { lang: 'zh-Hant' });
    client.sendRaw('{');
    expect((await client.next('error')).message).toBe('消息格式错误，必须是有效的JSON');
    await client.close();
  });
});
