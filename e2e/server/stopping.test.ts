import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, type ServerEnv, type TestServer } from './start-test-server.ts';
import { chat, connect, connectHello } from './ws-client.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
});
async function start(env: ServerEnv = {}): Promise<TestServer> {
  return (server = await startTestServer(env));
}

describe.each(['uws', 'ws'])('a server that is told to stop, over %s', (transport) => {
  const env = { CONTACT_CHAT_TRANSPORT: transport === 'ws' ? 'ws' : undefined };

  it.each(['SIGTERM', 'SIGINT'] as const)('by %s sends everybody on', async (signal) => {
    const running = await start(env);
    const plain = await connect(running.wsUrl);
    const { client } = await connectHello(running.wsUrl);
    await plain.next('connection_established');
    const exited = running.kill(signal);
    const { reconnect_after_ms: afterMs } = await client.next('server_draining');
    expect(afterMs).toBeGreaterThanOrEqual(0);
    expect(afterMs).toBeLessThanOrEqual(30_000);
    expect((await client.closed).code).toBe(4200);
    expect((await plain.closed).code).toBe(1001);
    expect(plain.received).toHaveLength(1);
    expect(await exited).toEqual({ code: 0, signal: null });
    await expect(connect(running.wsUrl)).rejects.toThrow('ECONNREFUSED');
  });

  it('finishes what it was given', async () => {
    const running = await start({ ...env, RATE_LIMIT: '1000/1s' });
    const { client, session } = await connectHello(running.wsUrl);
    const ids = Array.from({ length: 30 }, (_, index) => `q${index}`);
    for (const id of ids) client.send(chat('How do I deploy this?', id));
    // The last has arrived when it is acknowledged; its answer may still be owed.
    await client.until('chat_message_received', ({ id }) => id === 'q29');
    expect((await running.kill('SIGTERM')).code).toBe(0);
    await running.restart();
    const again = await connectHello(running.wsUrl, { token: session.token, last_seq: 0 });
    expect(again.messages.filter(({ sender }) => sender === 'assistant')).toHaveLength(30);
    await again.client.close();
  });

  it('ends with nobody connected', async () => {
    const running = await start(env);
    expect(await running.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(running.log()).toContain('stopped');
  });
});

describe('a second signal', () => {
  it('ends at once, and what was acknowledged is stored', async () => {
    const running = await start();
    const { client, session } = await connectHello(running.wsUrl);
    client.send(chat('hello', 'a'));
    await client.next('chat_message_received');
    const { exited } = running;
    running.signal('SIGTERM');
    running.signal('SIGINT');
    const exit = await exited;
    // Both may arrive when all is done already.
    expect([0, 130]).toContain(exit.code);
    await running.restart();
    const again = await connectHello(running.wsUrl, { token: session.token, last_seq: 0 });
    expect(again.messages[0]).toMatchObject({ id: 'a', seq: 1 });
    await again.client.close();
  });
});

describe('the log', () => {
  it('is lines of JSON: what it serves, and nothing that anybody wrote', async () => {
    const running = await start({ OWNER_TOKEN: 'a-token-of-the-owner', OWNER_NAME: 'Ada' });
    const { client, session } = await connectHello(running.wsUrl);
    client.send(chat('a confidential sentence', 'a'));
    await client.until('chat_message');
    client.send({ type: 'chat_message', message: 'a second confidential one', timestamp: 'x' });
    await client.next('error');
    await client.close();
    await running.kill('SIGTERM');
    const lines = running.log().trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.find(({ address }) => address === running.url)).toMatchObject({
      ...{ store: 'sqlite', answerer: 'retrieval', level: 30 },
      posts: expect.stringMatching(/^\d+ posts/),
    });
    expect(running.log()).not.toMatch(/confidential|a-token-of-the-owner/);
    expect(running.log()).not.toContain(session.token);
  });
});
