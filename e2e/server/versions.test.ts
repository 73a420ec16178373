import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connect, connectHello, contact } from './ws-client.ts';

describe('clients of other versions', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ DEFAULT_LANG: 'en', RATE_LIMIT: '1000/1s' });
  });
  afterAll(() => server.stop());

  it.each(['0', '-1', '2', '99', '9007199254740992', '1e300'])(
    'of protocol %s speak the highest that both know [D18]',
    async (protocol) => {
      const client = await connect(server.wsUrl);
      client.sendRaw(`{"type":"hello","protocol":${protocol}}`);
      expect(await client.next('connection_established')).toMatchObject({ protocol: 1 });
      expect(await client.next('session')).toMatchObject({ resumed: false, last_seq: 0 });
      await client.next('history');
      client.send(chat('How do I deploy this?', 'a'));
      expect(await client.next('chat_message_received')).toMatchObject({ id: 'a', seq: 1 });
      await client.until('chat_message');
      await client.close();
    },
  );

  it.each(['"1"', '1.5', 'null', '{}', '[1]', 'true'])(
    'whose protocol is no number of a version are told, and may say hello again: %s',
    async (protocol) => {
      const client = await connect(server.wsUrl);
      client.sendRaw(`{"type":"hello","protocol":${protocol}}`);
      await client.next('connection_established');
      expect(await client.next('error')).toMatchObject({
        ...{ code: 'invalid_message', field: 'protocol' },
      });
      client.send({ type: 'hello', protocol: 1 });
      await client.next('session');
      await client.close();
    },
  );

  it('that know more may say more: fields are ignored, types are refused, nothing ends [D18]', async () => {
    const more = {
      compression: ['zstd'],
      capabilities: { edits: true },
      epoch: 'of another server',
    };
    const { client, session } = await connectHello(server.wsUrl, { ...more, protocol: 7 });
    expect(session).not.toHaveProperty('capabilities');
    client.send({ type: 'edit_message', id: 'x', message: 'y' });
    expect(await client.next('error')).toMatchObject({ code: 'unknown_type', ref: 'x' });
    client.send({ ...contact('hi', 'a'), priority: 'high', reply_to: { id: 'x' } });
    expect(await client.next('contact_request_received')).toMatchObject({ id: 'a', seq: 1 });
    await client.close();
  });

  it('that know no epoch resume by position alone [D4] [D18]', async () => {
    const { client, session } = await connectHello(server.wsUrl);
    for (const id of ['a', 'b', 'c']) {
      client.send(contact(id, id));
      await client.next('contact_request_received');
    }
    await server.restart();
    const again = await connectHello(server.wsUrl, { token: session.token, last_seq: 2 });
    expect(again.session.resumed).toBe(true);
    expect(again.messages.map(({ id }) => id)).toEqual(['c']);
    expect(again.session.epoch).not.toBe(session.epoch);
    await again.client.close();
  });

  it('that never say hello see the fields they know and `protocol`, and no epoch [D18]', async () => {
    const client = await connect(server.wsUrl);
    client.send({
      type: 'contact_request',
      message: 'hi',
      timestamp: '2025-01-01T12:00:00',
      userAgent: 'x',
    });
    client.send({ type: 'chat_message', message: 'hello', timestamp: '2025-01-01T12:00:00' });
    client.send({ type: 'ping' });
    await client.until('chat_message');
    await expect.poll(() => client.received.length, { timeout: 15_000 }).toBe(5);
    const fields = Object.fromEntries(
      client.received.map((message) => [message.type, Object.keys(message).toSorted().join()]),
    );
    expect(fields).toEqual({
      connection_established: 'client_id,message,protocol,timestamp,type',
      contact_request_received: 'id,message,request_id,seq,status,timestamp,type',
      chat_message_received: 'id,message,message_id,seq,timestamp,type',
      chat_message: 'id,in_reply_to,message,sender,seq,timestamp,type',
      pong: 'timestamp,type',
    });
    await client.close();
  });
});
