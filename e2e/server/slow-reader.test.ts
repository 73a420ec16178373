import { describe, expect, it } from 'vitest';
import { startTestServer } from './start-test-server.ts';
import { connectHello, contact } from './ws-client.ts';

describe.each(['uws', 'ws'])('a client that does not read, over %s', (transport) => {
  it('gets everything in order when it reads again', async () => {
    const server = await startTestServer({
      ...{ ANSWERER: 'off', RATE_LIMIT: '100000/1s' },
      CONTACT_CHAT_TRANSPORT: transport === 'ws' ? 'ws' : undefined,
    });
    try {
      const writer = await connectHello(server.wsUrl);
      const reader = await connectHello(server.wsUrl, {
        ...{ token: writer.session.token, last_seq: 0 },
      });
      reader.client.stopReading();
      // 18 MB, more than the operating system takes in for a socket.
      const count = 1500;
      const text = '中'.repeat(4000);
      for (let index = 1; index <= count; index += 1) {
        writer.client.send(contact(text, `m${index}`));
        // As far ahead as a client may be.
        if (index % 50 === 0) {
          await writer.client.until('contact_request_received', ({ id }) => id === `m${index}`);
        }
      }
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      expect(metrics).toContain('\ncontact_chat_connections 2\n');
      reader.client.read();
      for (let seq = 1; seq <= count; seq += 1) {
        const message = await reader.client.next('chat_message');
        expect(message.seq).toBe(seq);
        expect(message.message).toHaveLength(4000);
      }
      writer.client.send(contact('live again', 'last'));
      expect(await reader.client.next('chat_message')).toMatchObject({
        id: 'last',
        seq: count + 1,
      });
      await Promise.all([writer.client.close(), reader.client.close()]);
    } finally {
      await server.stop();
    }
  });
});
