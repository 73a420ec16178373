import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { makeSelfSigned } from '../../server/transports/self-signed.ts';
import { startTestServer } from './start-test-server.ts';
import { connect, connectHello, contact } from './ws-client.ts';

describe.each(['uws', 'ws'])('with TLS_CERT and TLS_KEY, over %s', (transport) => {
  it('wss and https are served directly', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'contact-chat-tls-'));
    const { cert, certFile, keyFile } = makeSelfSigned(folder);
    const server = await startTestServer({
      ...{ TLS_CERT: certFile, TLS_KEY: keyFile, ANSWERER: 'off' },
      CONTACT_CHAT_TRANSPORT: transport === 'ws' ? 'ws' : undefined,
    });
    try {
      expect(server.wsUrl).toMatch(/^wss:\/\/127\.0\.0\.1:\d+\/contact$/);
      const socket = new WebSocket(server.wsUrl, { ca: cert });
      const first = await new Promise((resolve, reject) => {
        socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString())));
        socket.once('error', reject);
      });
      expect(first).toMatchObject({ type: 'connection_established' });
      socket.terminate();
      const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
        get(`${server.url}/`, { ca: cert }, (response) => {
          response.resume();
          resolve(response.headers);
        }).on('error', reject);
      });
      expect(headers['strict-transport-security']).toMatch(/max-age=\d{6}/);
      expect(headers['content-security-policy']).toContain(server.wsUrl.replace('/contact', ''));
    } finally {
      await server.stop();
      await rm(folder, { recursive: true });
    }
  });
});

describe('with IDENTITY_SECRET', () => {
  it('a signed-in visitor finds their conversation anywhere, a forger is sent away', async () => {
    const identitySecret = 'a secret of the blog';
    const server = await startTestServer({ IDENTITY_SECRET: identitySecret, ANSWERER: 'off' });
    const expires = Math.floor(Date.now() / 1000) + 600;
    const signature = createHmac('sha256', identitySecret)
      .update(`ann@example.com\n${expires}`)
      .digest('hex');
    const identity = { user: 'ann@example.com', expires, signature, name: 'Ann' };
    try {
      const phone = await connectHello(server.wsUrl, { identity });
      phone.client.send(contact('from my phone', 'a'));
      await phone.client.next('contact_request_received');
      const desk = await connectHello(server.wsUrl, { identity, last_seq: 0 });
      expect(desk.messages).toMatchObject([{ id: 'a', message: 'from my phone' }]);
      expect(JSON.stringify(desk.session)).not.toContain('ann@');
      const forger = await connect(server.wsUrl);
      forger.send({ type: 'hello', protocol: 1, identity: { ...identity, user: 'bob' } });
      expect((await forger.closed).code).toBe(4001);
      expect(forger.received.map(({ type }) => type)).toEqual(['connection_established']);
      await Promise.all([phone.client.close(), desk.client.close()]);
    } finally {
      await server.stop();
    }
  });
});
