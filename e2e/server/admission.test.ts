import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, type ServerEnv, type TestServer } from './start-test-server.ts';
import { chat, connect, connectHello } from './ws-client.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
});
async function start(env: ServerEnv): Promise<TestServer> {
  return (server = await startTestServer({ ANSWERER: 'off', ...env }));
}

/** Whether a page of this origin is let in; what it is told when it is not is checked here. */
async function letsIn({ wsUrl }: TestServer, origin: string): Promise<boolean> {
  const client = await connect(wsUrl, { origin });
  client.send(chat('hello'));
  const outcome = await Promise.race([
    client.closed,
    client.until('chat_message_received').then(() => undefined),
  ]).catch(() => client.closed);
  if (outcome === undefined) {
    await client.close();
    return true;
  }
  expect(outcome.code).toBe(4003);
  expect(client.received).toEqual([]);
  return false;
}

/** Whether a client that comes now is let in. */
async function isServed(wsUrl: string): Promise<boolean> {
  const client = await connect(wsUrl);
  client.send({ type: 'ping' });
  const answered = await client.until('pong').then(
    () => true,
    () => false,
  );
  await client.close();
  return answered;
}

describe('origins', () => {
  it.each(['uws', 'ws'])('by default are the own one and this machine, over %s', async (name) => {
    const running = await start({ CONTACT_CHAT_TRANSPORT: name === 'ws' ? name : undefined });
    expect(await letsIn(running, running.url)).toBe(true);
    expect(await letsIn(running, 'http://localhost:3000')).toBe(true);
    expect(await letsIn(running, 'https://blog.example.com')).toBe(false);
    expect(await letsIn(running, 'null')).toBe(false);
    expect(running.log()).not.toContain('blog.example.com');
  });

  it('are exactly those that are allowed', async () => {
    const running = await start({ ALLOWED_ORIGINS: 'https://blog.example.com,http://b.example' });
    expect(await letsIn(running, 'https://blog.example.com')).toBe(true);
    expect(await letsIn(running, 'http://b.example')).toBe(true);
    expect(await letsIn(running, 'http://blog.example.com')).toBe(false);
    expect(await letsIn(running, 'https://blog.example.com.evil.example')).toBe(false);
    expect(await letsIn(running, 'http://localhost:3000')).toBe(false);
    const noBrowser = await connect(running.wsUrl);
    await noBrowser.next('connection_established');
    await noBrowser.close();
  });

  it('are any with *', async () => {
    const running = await start({ ALLOWED_ORIGINS: '*' });
    expect(await letsIn(running, 'https://anything.example')).toBe(true);
  });
});

describe('limits', () => {
  it('RATE_LIMIT refuses with the time to wait, and lives on', async () => {
    const running = await start({ RATE_LIMIT: '2/1s', DEFAULT_LANG: 'en' });
    const client = await connect(running.wsUrl);
    await client.next('connection_established');
    for (const id of ['a', 'b', 'c']) client.send(chat('x', id));
    await client.next('chat_message_received');
    await client.next('chat_message_received');
    const refused = await client.next('error');
    expect(refused).toMatchObject({ code: 'rate_limited', ref: 'c', retryable: true });
    const waitMs = refused.retry_after_ms ?? 0;
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(1_100);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    client.send(chat('x', 'c'));
    expect(await client.next('chat_message_received')).toMatchObject({ id: 'c', seq: 3 });
    await client.close();
  });

  it('RATE_LIMIT of an address is that of the visitor behind the proxy', async () => {
    const running = await start({ RATE_LIMIT: '1/1h' });
    const send = async (address: string): Promise<string> => {
      const client = await connect(running.wsUrl, { 'x-forwarded-for': address });
      await client.next('connection_established');
      client.send(chat('x'));
      const type = await client.next('chat_message_received').then(
        () => 'stored',
        () => 'refused',
      );
      await client.close();
      return type;
    };
    const outcomes: string[] = [];
    for (let index = 0; index < 11; index += 1) outcomes.push(await send('203.0.113.5'));
    expect(outcomes).toEqual([...Array(10).fill('stored'), 'refused']);
    expect(await send('203.0.113.6')).toBe('stored');
  });

  it('MAX_CONNECTIONS: an error, 4103, and room again when one leaves', async () => {
    const running = await start({ MAX_CONNECTIONS: '2', DEFAULT_LANG: 'en' });
    const first = await connect(running.wsUrl);
    const second = await connectHello(running.wsUrl);
    const third = await connect(running.wsUrl);
    expect(await third.until('error')).toMatchObject({ code: 'overloaded', retryable: true });
    expect((await third.closed).code).toBe(4103);
    expect(third.received.map(({ type }) => type)).toEqual(['connection_established', 'error']);
    await first.close();
    // The server may hear of the close a moment after the client did.
    for (let tried = 0; ; tried += 1) {
      if (await isServed(running.wsUrl)) break;
      expect(tried).toBeLessThan(100);
    }
    await second.client.close();
  });

  it('who breaks off without a word frees their place', async () => {
    const running = await start({ MAX_CONNECTIONS: '1' });
    const first = await connect(running.wsUrl);
    await first.next('connection_established');
    first.terminate();
    await first.closed;
    for (let tried = 0; ; tried += 1) {
      if (await isServed(running.wsUrl)) break;
      expect(tried).toBeLessThan(100);
    }
  });
});
