import { once } from 'node:events';
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { connect, connectHello, contact, type WsClient } from './ws-client.ts';

const ownerToken = 'slow-clients-owner-token';
const big = '中'.repeat(4_000);
const mebibyte = 1024 * 1024;

async function gauge(server: TestServer, name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
}
const connections = (server: TestServer) => gauge(server, 'contact_chat_connections');
const residentMb = async (server: TestServer): Promise<number> =>
  (await gauge(server, 'process_resident_memory_bytes')) / mebibyte;

async function broadcast(server: TestServer, message: string): Promise<void> {
  const response = await fetch(`${server.url}/api/broadcast`, {
    ...{ method: 'POST', body: JSON.stringify({ message }) },
    headers: { authorization: `Bearer ${ownerToken}`, 'content-type': 'application/json' },
  });
  expect(response.status).toBe(200);
}

/** Stores big messages in a conversation; what each acknowledgement took, in milliseconds. */
async function fill(writer: WsClient, from: number, to: number): Promise<number[]> {
  const took: number[] = [];
  for (let seq = from; seq <= to; seq += 1) {
    const startedMs = performance.now();
    writer.send(contact(big, `m${seq}`));
    await writer.until('contact_request_received', ({ id }) => id === `m${seq}`);
    took.push(performance.now() - startedMs);
  }
  return took;
}

/** Every `seq` that a client was sent, in order. */
const seqsOf = ({ received }: WsClient): number[] =>
  received.flatMap((message) =>
    message.type === 'history'
      ? message.messages.map(({ seq = 0 }) => seq)
      : message.type === 'chat_message' && message.seq !== undefined
        ? [message.seq]
        : [],
  );
const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Comes back after the last of `seen`, and has then seen everything up to `last`, once. */
async function getsTheRest(
  server: TestServer,
  session: { readonly token: string; readonly epoch?: string | undefined },
  seen: readonly number[],
  last: number,
): Promise<void> {
  const hello = { token: session.token, epoch: session.epoch, last_seq: seen.at(-1) ?? 0 };
  const again = await connectHello(server.wsUrl, hello);
  expect(again.session.resumed).toBe(true);
  expect([...seen, ...again.messages.map(({ seq = 0 }) => seq)]).toEqual(upTo(last));
  await again.client.close();
}

/** A line to the server over which 1 kB a second comes back, until it is mended. */
async function dribblingLine(target: string) {
  const { port } = new URL(target);
  const sockets: Socket[] = [];
  const timers: NodeJS.Timeout[] = [];
  const mends: (() => void)[] = [];
  const relay = createServer((client) => {
    const upstream = connectTcp(Number(port), '127.0.0.1');
    sockets.push(client, upstream);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.pipe(upstream);
    upstream.once('readable', () => undefined);
    const timer = setInterval(() => {
      const bytes: unknown = upstream.read(1_000) ?? upstream.read();
      if (bytes instanceof Buffer) client.write(bytes);
    }, 1_000);
    timers.push(timer);
    mends.push(() => {
      clearInterval(timer);
      upstream.removeAllListeners('readable');
      upstream.pipe(client);
    });
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  onTestFinished(() => {
    for (const timer of timers) clearInterval(timer);
    for (const socket of sockets) socket.destroy();
    relay.close();
  });
  return {
    url: `ws://127.0.0.1:${(relay.address() as AddressInfo).port}/contact`,
    mend: () => mends.forEach((mend) => mend()),
  };
}

describe.each(['uws', 'ws'])('clients that do not read, over %s', (transport) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({
      ...{ ANSWERER: 'off', RATE_LIMIT: '100000/1s', OWNER_TOKEN: ownerToken },
      CONTACT_CHAT_TRANSPORT: transport === 'ws' ? 'ws' : undefined,
    });
  });
  afterAll(() => server.stop());

  it('fifty of them cost bounded memory, see the code 4100 one day, and lose nothing [D12]', async () => {
    const writer = await connectHello(server.wsUrl);
    const { session } = writer;
    const hello = { token: session.token, last_seq: 0 };
    const readers = [];
    for (let index = 0; index < 45; index += 1) {
      readers.push((await connectHello(server.wsUrl, hello)).client);
    }
    const plain: WsClient[] = [];
    for (let index = 0; index < 5; index += 1) plain.push(await connect(server.wsUrl));
    const slow = [...readers, ...plain];
    for (const client of slow) client.stopReading();
    const beforeMb = await residentMb(server);

    // 12 MB in the conversation, and 14 MB to everybody.
    const count = 1_000;
    const took = await fill(writer.client, 1, count);
    for (let index = 0; index < 1_200; index += 1) {
      await broadcast(server, big);
      if (index % 100 === 99 && (await connections(server)) === 1) break;
    }
    expect(await connections(server)).toBe(1);
    took.push(...(await fill(writer.client, count + 1, count + 20)));
    const afterMb = await residentMb(server);
    took.sort((a, b) => a - b);
    const at = (part: number): string => (took[Math.floor(took.length * part)] ?? 0).toFixed(1);
    console.log(
      `${transport}: memory ${beforeMb.toFixed(0)} → ${afterMb.toFixed(0)} MiB; ` +
        `acknowledged meanwhile: median ${at(0.5)} ms, 99 % ${at(0.99)} ms`,
    );
    // 50 times 1 MiB, and room for what the runtime has not collected yet.
    expect(afterMb - beforeMb).toBeLessThan(256);

    // Longer than any impatience of the server.
    await delay(12_000);
    for (const client of slow) client.read();
    for (const client of readers) {
      expect(await client.closed).toEqual({ code: 4100, reason: 'too slow' });
      const seen = seqsOf(client);
      expect(seen).toEqual(upTo(seen.length));
      expect(seen.length).toBeGreaterThan(20);
    }
    for (const client of plain) {
      expect((await client.closed).code).toBe(4100);
      const types = new Set(client.received.map(({ type }) => type));
      expect([...types]).toEqual(['connection_established', 'chat_message']);
    }
    for (const client of readers.slice(0, 10)) {
      await getsTheRest(server, session, seqsOf(client), count + 20);
    }
    await writer.client.close();
  }, 180_000);

  it('from the first frame, or hardly: they are given up, and get on each time they come [D12]', async () => {
    const writer = await connectHello(server.wsUrl);
    const { session } = writer;
    const count = 1_000;
    await fill(writer.client, 1, count);
    const hello = { type: 'hello', protocol: 1, token: session.token, last_seq: 0 };
    const silent = await connect(server.wsUrl);
    silent.stopReading();
    silent.send(hello);
    const line = await dribblingLine(server.url);
    const dribbling = await connect(line.url);
    dribbling.send(hello);
    // Alive they both are, and say so.
    expect(await connections(server)).toBe(3);
    const pings = setInterval(() => {
      for (const client of [silent, dribbling]) client.send({ type: 'typing', active: true });
    }, 2_000);
    onTestFinished(() => clearInterval(pings));
    await expect
      .poll(() => connections(server), { timeout: 100_000, interval: 500 })
      .toBe(1)
      .catch((error: unknown) => {
        const seen = [silent, dribbling].map(({ received }) => received.length);
        throw new Error(`Neither was given up, having read ${seen.join(' and ')} frames`, {
          cause: error,
        });
      });
    clearInterval(pings);
    silent.read();
    line.mend();
    for (const client of [silent, dribbling]) {
      expect((await client.closed).code).toBe(4100);
      const seen = seqsOf(client);
      expect(seen).toEqual(upTo(seen.length));
      expect(seen.length).toBeGreaterThan(20);
      expect(seen.length).toBeLessThan(count);
      await getsTheRest(server, session, seen, count);
    }
    await writer.client.close();
  }, 180_000);

  it('but ask all the time are given up too [D12]', async () => {
    const asking = await connect(server.wsUrl);
    asking.stopReading();
    const history = await connectHello(server.wsUrl);
    // Frames that are free, each with an answer: 50 bytes, again and again.
    for (let round = 0; round < 400 && (await connections(server)) > 1; round += 1) {
      for (let count = 0; count < 2_000; count += 1) asking.sendRaw('{"type":"ping"}');
      await delay(5);
    }
    expect(await connections(server)).toBe(1);
    asking.read();
    expect((await asking.closed).code).toBe(4100);
    await history.client.close();
  }, 120_000);
});
