import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { createHeadlessClient, type HeadlessClient } from './headless-client.ts';
import { createRandom } from './random.ts';

/** A server that says what the test makes it say, on a real socket. */
let server: WebSocketServer;
let clients: HeadlessClient[] = [];
let surprises: string[] = [];
let nowMs = 0;
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  nowMs = 1_000;
  surprises = [];
});
afterEach(async () => {
  for (const client of clients) client.stop();
  clients = [];
  for (const socket of server.clients) socket.terminate();
  await new Promise<void>((done) => server.close(() => done()));
});

function createClient(more: Partial<Parameters<typeof createHeadlessClient>[0]> = {}) {
  const client = createHeadlessClient({
    name: 'c0',
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/contact`,
    random: createRandom(1),
    trustsHistory: false,
    onSurprise: (what) => void surprises.push(what),
    ...more,
  });
  clients.push(client);
  return client;
}

interface Peer {
  readonly socket: WebSocket;
  readonly closed: Promise<unknown>;
  say(message: object): void;
  /** The next message of the client. */
  next(): Promise<Record<string, unknown>>;
}

/** The client's next connection; what it does meanwhile is up to its clock. */
async function accept(client: HeadlessClient): Promise<Peer> {
  const accepted = once(server, 'connection') as Promise<[WebSocket]>;
  client.tick((nowMs += 5_000));
  const [socket] = await accepted;
  const queue: Record<string, unknown>[] = [];
  let wake = (): void => undefined;
  socket.on('message', (data: Buffer) => {
    queue.push(JSON.parse(data.toString()) as Record<string, unknown>);
    wake();
  });
  return {
    socket,
    closed: new Promise((done) => socket.once('close', done)),
    say: (message) => socket.send(JSON.stringify(message)),
    async next() {
      while (queue.length === 0) await new Promise<void>((done) => (wake = done));
      return queue.shift() ?? {};
    },
  };
}

const session = (more: object = {}): object => ({
  ...{ type: 'session', conversation_id: 'conv', token: 'tok', epoch: 'e1' },
  ...{ resumed: false, last_seq: 0, ...more },
});
const history = (messages: object[] = [], more = false): object => ({
  ...{ type: 'history', messages, more, resume: true },
});
const message = (seq: number, more: object = {}): object => ({
  ...{ type: 'chat_message', id: `m${seq}`, seq, sender: 'owner', message: `text ${seq}`, ...more },
});
const acknowledgement = (id: unknown, seq: number, more: object = {}): object => ({
  ...{ type: 'chat_message_received', id, seq, ...more },
});

/** Waits until the client has heard all that was said to it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 2));
}

async function greeted(client: HeadlessClient): Promise<Peer> {
  const peer = await accept(client);
  expect(await peer.next()).not.toHaveProperty('last_seq');
  peer.say(session());
  peer.say(history());
  await until(() => client.isLive);
  return peer;
}

describe('a client without a browser', () => {
  it('sends what was typed, and again under the same id until it is acknowledged', async () => {
    const client = createClient();
    client.type('a', 'first', 'chat_message');
    const peer = await greeted(client);
    expect(await peer.next()).toMatchObject({ type: 'chat_message', id: 'a', message: 'first' });
    client.type('b', 'second', 'contact_request');
    expect(await peer.next()).toMatchObject({ type: 'contact_request', id: 'b' });
    peer.say(acknowledgement('b', 1));
    await until(() => client.device.outbox.size === 1);
    peer.socket.terminate();
    await until(() => !client.isLive);

    const again = await accept(client);
    const hello = { type: 'hello', token: 'tok', last_seq: 1, epoch: 'e1' };
    expect(await again.next()).toMatchObject(hello);
    again.say(session({ resumed: true, last_seq: 2 }));
    again.say(history([message(2, { id: 'a', sender: 'visitor', message: 'first' })]));
    expect(await again.next()).toMatchObject({ id: 'a' });
    again.say(acknowledgement('a', 2, { duplicate: true }));
    await until(() => client.device.outbox.size === 0);
    expect(client.isQuiet).toBe(false);
    again.say(message(3, { id: 'ai:a', sender: 'assistant', in_reply_to: 'a' }));
    await until(() => client.isQuiet);
    expect(client.device.history.events.map((event) => event.type).join(' ')).toBe(
      'typed session typed acknowledged closed session received acknowledged received',
    );
    expect(surprises).toEqual([]);
  });

  it('goes back to before a gap that does not close', async () => {
    const client = createClient();
    const peer = await greeted(client);
    for (const seq of [1, 2, 4, 5]) peer.say(message(seq));
    await until(() => client.device.hasGap);
    client.tick((nowMs += 100));
    expect(client.isLive).toBe(true);
    client.tick((nowMs += 2_000));
    await peer.closed;
    const again = await accept(client);
    expect(await again.next()).toMatchObject({ last_seq: 2 });
    again.say(session({ resumed: true, last_seq: 5 }));
    again.say(history([message(3), message(4)], true));
    again.say(history([message(5)]));
    await until(() => client.isQuiet);
    expect(client.device.position).toBe(5);
  });

  it('takes a late message into a gap', async () => {
    const client = createClient();
    const peer = await greeted(client);
    for (const seq of [2, 3, 1]) peer.say(message(seq));
    await until(() => client.device.position === 3);
    expect(client.isQuiet).toBe(true);
  });

  it('leaves a socket that gives no sign of life, after 8 s', async () => {
    const client = createClient();
    const peer = await greeted(client);
    client.tick((nowMs += 4_000));
    expect(await peer.next()).toEqual({ type: 'ping' });
    peer.say({ type: 'pong' });
    // Whatever is heard is a sign of life; a message shows here that it was.
    peer.say(message(1));
    await until(() => client.device.position === 1);
    client.tick((nowMs += 4_000));
    expect(await peer.next()).toEqual({ type: 'ping' });
    client.tick((nowMs += 7_000));
    expect(client.isLive).toBe(true);
    client.tick((nowMs += 1_000));
    expect(client.isLive).toBe(false);
    await peer.closed;
  });

  it('leaves a socket on which an acknowledgement does not come', async () => {
    const client = createClient();
    const peer = await greeted(client);
    client.type('a', 'first', 'chat_message');
    for (let left = 0; left < 4; left += 1) {
      client.tick((nowMs += 2_000));
      peer.say(message(left + 1));
      await until(() => client.device.position === left + 1);
    }
    client.tick((nowMs += 500));
    expect(client.isLive).toBe(false);
  });

  it('says so where its position was not honoured, and starts afresh', async () => {
    const client = createClient();
    const peer = await greeted(client);
    for (const seq of [1, 2, 3]) peer.say(message(seq));
    await until(() => client.device.position === 3);
    peer.socket.terminate();
    await until(() => !client.isLive);
    const again = await accept(client);
    again.say(session({ last_seq: 2 }));
    again.say(history([message(1)], true));
    again.say(history([message(2)]));
    await until(() => client.isLive);
    expect(client.device.position).toBe(2);
    expect(surprises).toEqual(['c0 had conv up to 3 and was not resumed, in conv']);
  });

  it('sends again what is refused for now, and gives up what is refused for good', async () => {
    const client = createClient();
    const peer = await greeted(client);
    client.type('a', 'first', 'chat_message');
    expect(await peer.next()).toMatchObject({ id: 'a' });
    const refusal = { type: 'error', code: 'store_unavailable', message: '…' };
    peer.say({ ...refusal, ref: 'a', retryable: true, retry_after_ms: 60_000 });
    peer.say(message(1));
    await until(() => client.device.position === 1);
    client.tick((nowMs += 500));
    client.tick((nowMs += 600));
    expect(await peer.next()).toMatchObject({ id: 'a' });
    peer.say({ ...refusal, code: 'id_conflict', ref: 'a', retryable: false });
    await until(() => client.device.outbox.size === 0);
    expect(client.device.history.events.at(-1)).toEqual({
      ...{ type: 'refused', id: 'a', code: 'id_conflict' },
    });
    expect(surprises).toHaveLength(1);
  });

  it('neither reads nor speaks while it is frozen', async () => {
    const client = createClient();
    const peer = await greeted(client);
    client.freeze(3_000);
    client.type('a', 'first', 'chat_message');
    peer.say(message(1));
    client.tick((nowMs += 2_900));
    await new Promise((done) => setTimeout(done, 30));
    expect(client.device.position).toBe(0);
    client.tick((nowMs += 200));
    await until(() => client.device.position === 1);
    expect(await peer.next()).toEqual({ type: 'ping' });
    client.tick((nowMs += 100));
    expect(await peer.next()).toMatchObject({ id: 'a' });
  });

  it('takes over in the same tab, and hears only the newer socket', async () => {
    const client = createClient({ tab: 'tab' });
    const peer = await greeted(client);
    const accepted = once(server, 'connection') as Promise<[WebSocket]>;
    expect(client.takeOver()).toBe(true);
    const [newer] = await accepted;
    peer.say(message(1));
    const said = (await once(newer, 'message')) as [Buffer];
    expect(JSON.parse(said[0].toString())).toMatchObject({ tab: 'tab', last_seq: 0 });
    newer.send(JSON.stringify(session({ resumed: true, last_seq: 1 })));
    newer.send(JSON.stringify(history([message(1)])));
    await until(() => client.isLive);
    peer.socket.close(4009);
    await peer.closed;
    expect(client.isLive).toBe(true);
    expect(client.device.history.events.filter(({ type }) => type === 'received')).toHaveLength(1);
    expect(createClient().takeOver()).toBe(false);
  });
});
