import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../stores/memory.ts';
import { chat, createTestChat, echo, noonMs, typesOf } from './chat-harness.ts';

/** A store whose appends wait until they are let through. */
function gated() {
  const inner = createMemoryStore();
  const waiting: (() => void)[] = [];
  return {
    store: {
      ...inner,
      append: async (command: Parameters<typeof inner.append>[0]) => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return inner.append(command);
      },
    },
    /** Lets the oldest through; false where none waits. */
    letOne(): boolean {
      const next = waiting.shift();
      next?.();
      return next !== undefined;
    },
  };
}

describe('frames of one client', () => {
  it('are dealt with in order, one after the other', async () => {
    const { store, letOne } = gated();
    const test = createTestChat({ store });
    const client = test.connect();
    client.send(chat('a', 'a'));
    client.sendText('{');
    client.send(chat('b', 'b'));
    client.send({ type: 'hello', protocol: 1 });
    await test.settle();
    expect(typesOf(client.take())).toEqual(['connection_established']);
    letOne();
    await test.settle();
    expect(typesOf(client.take())).toEqual(['chat_message_received', 'error']);
    // A ping of the commonest spelling is answered at once, whatever waits.
    client.send({ type: 'ping' });
    expect(typesOf(client.take())).toEqual(['pong']);
    letOne();
    await test.settle();
    expect(typesOf(client.take())).toEqual(['chat_message_received', 'error']);
  });

  it('that come faster than they can be stored are refused, and the rest is stored', async () => {
    const { store, letOne } = gated();
    const test = createTestChat({ store });
    const { client } = await test.connectHello({ lang: 'en' });
    for (let index = 0; index < 300; index += 1) client.send(chat(`m${index}`, `m${index}`));
    await test.settle();
    const refused = client.take();
    expect(refused).toHaveLength(300 - 1 - 256);
    expect(refused[0]).toMatchObject({
      ...{ type: 'error', code: 'overloaded', ref: 'm257', retryable: true },
      message: 'The server is busy; please try again later',
    });
    while (letOne()) await test.settle();
    const stored = client.take();
    expect(stored).toHaveLength(257);
    expect(stored.at(-1)).toMatchObject({ type: 'chat_message_received', id: 'm256', seq: 257 });
  });

  it('that arrived before the client left are stored, and the others hear of them', async () => {
    const { store, letOne } = gated();
    const test = createTestChat({ store });
    const { client, session } = await test.connectHello();
    const other = await test.connectHello({ token: session.token });
    client.send(chat('last words', 'a'));
    client.leave();
    letOne();
    await test.settle();
    expect(other.client.take()).toMatchObject([{ type: 'chat_message', id: 'a' }]);
    expect(test.errors).toEqual([]);
  });

  it('are not read any more once a frame was too large', async () => {
    const test = createTestChat();
    const client = test.connect();
    client.sendTooLarge();
    client.send(chat('x'));
    await test.settle();
    expect(typesOf(client.take())).toEqual(['connection_established', 'error']);
    expect(client.closed?.code).toBe(1009);
  });
});

describe('a client that does not read', () => {
  it('catches up from the store when it does', async () => {
    const test = createTestChat();
    const { client: writer, session } = await test.connectHello();
    const reader = await test.connectHello({ token: session.token });
    reader.client.stopReading();
    for (let index = 1; index <= 300; index += 1) {
      writer.send(chat('中'.repeat(4000), `m${index}`));
      await test.settle();
    }
    const before = reader.client.take().length;
    expect(before).toBeLessThan(300);
    expect(reader.client.closed).toBeUndefined();
    reader.client.read();
    await test.settle();
    await test.settle();
    const rest = reader.client.take().flatMap((one) => ('seq' in one ? [one.seq] : []));
    expect(rest).toEqual(Array.from({ length: 300 - before }, (_, index) => before + 1 + index));
  });

  it('catches up with the next sweep where nothing told that it reads again', async () => {
    const test = createTestChat();
    const { client: writer, session } = await test.connectHello();
    const reader = await test.connectHello({ token: session.token });
    reader.client.stopReading();
    for (let index = 1; index <= 200; index += 1) writer.send(chat('x'.repeat(4000), `m${index}`));
    await test.settle();
    expect(reader.client.take().length).toBeLessThan(200);
    reader.client.readUnnoticed();
    test.connections.sweep();
    await test.settle();
    expect(reader.client.take().at(-1)).toMatchObject({ seq: 200 });
  });

  it('is given up after a while, with 4100 [D12]', async () => {
    const test = createTestChat();
    const { client: writer, session } = await test.connectHello();
    const reader = await test.connectHello({ token: session.token });
    reader.client.stopReading();
    for (let index = 1; index <= 200; index += 1) writer.send(chat('x'.repeat(4000), `m${index}`));
    await test.settle();
    for (let turn = 0; turn < 6; turn += 1) test.connections.sweep();
    expect(reader.client.closed).toBeUndefined();
    test.connections.sweep();
    expect(reader.client.closed?.code).toBe(4100);
    // What is queued for it is the transport's to keep, so that it sees the code one day.
    reader.client.take();
    writer.send(chat('y', 'later'));
    await test.settle();
    for (let turn = 0; turn < 10; turn += 1) test.connections.sweep();
    expect(reader.client.terminated).toBe(false);
    expect(reader.client.take()).toEqual([]);
  });

  it('of what it asks for itself gets no more than memory allows', async () => {
    const test = createTestChat();
    const { client, session } = await test.connectHello();
    for (let index = 1; index <= 60; index += 1) {
      const message = { id: `m${index}`, sender: 'visitor', text: 'x'.repeat(4000) } as const;
      await test.store.append({
        conversationId: session.conversation_id,
        message: { ...message, atMs: noonMs },
      });
    }
    client.stopReading();
    for (let index = 0; index < 40; index += 1) client.send({ type: 'history_request' });
    await test.settle();
    const before = client.take();
    expect(before.length).toBeLessThan(10);
    client.read();
    await test.settle();
    expect(client.take()).toHaveLength(40 - before.length);
  });
});

describe('a silent client', () => {
  it('is asked after a minute and given up after two, with 4101', async () => {
    const test = createTestChat();
    const client = test.connect();
    for (let turn = 0; turn < 11; turn += 1) test.connections.sweep();
    expect(client.pings).toBe(0);
    for (let turn = 0; turn < 13; turn += 1) test.connections.sweep();
    expect(client.pings).toBe(1);
    expect(client.closed).toBeUndefined();
    test.connections.sweep();
    expect(client.closed?.code).toBe(4101);
  });

  it('lives as long as it answers pings or sends anything', async () => {
    const test = createTestChat();
    const [answering, sending] = [test.connect(), test.connect()];
    for (let turn = 0; turn < 100; turn += 1) {
      test.connections.sweep();
      if (turn % 20 === 0) answering.pong();
      if (turn % 20 === 0) sending.sendText('{');
    }
    expect([answering.closed, sending.closed]).toEqual([undefined, undefined]);
    // Asked anew in every silence.
    expect(answering.pings).toBe(5);
  });
});

describe('who is let in', () => {
  it('a foreign origin is closed with 4003: nothing is sent, nothing read', async () => {
    const test = createTestChat();
    const client = test.connect({ origin: 'https://foreign.example' });
    client.send(chat('x'));
    await test.settle();
    expect(client.take()).toEqual([]);
    expect(client.closed?.code).toBe(4003);
    expect(test.counts.connections).toBe(0);
  });

  it('no more than allowed: error and 4103, and room again when one leaves', async () => {
    const test = createTestChat({ maxConnections: 1 });
    const first = test.connect();
    const second = test.connect({ lang: 'en' });
    expect(second.take()).toMatchObject([
      { type: 'connection_established', message: 'WebSocket connection established' },
      { type: 'error', code: 'overloaded', retryable: true },
    ]);
    expect(second.closed?.code).toBe(4103);
    first.leave();
    expect(test.counts).toMatchObject({ connections: 0, forgotten: 1 });
    expect(typesOf(test.connect().take())).toEqual(['connection_established']);
    expect(test.counts.errors).toEqual(['overloaded']);
  });
});

describe('a broadcast', () => {
  it('reaches everybody who is there, and counts them', async () => {
    const test = createTestChat();
    const plain = test.connect();
    const { client } = await test.connectHello();
    const gone = test.connect();
    gone.leave();
    const closing = test.connect();
    closing.sendTooLarge();
    plain.take();
    const event = { type: 'broadcast', id: 'b1', text: 'maintenance', atMs: noonMs } as const;
    expect(test.connections.broadcast(event)).toBe(2);
    const message = {
      ...{ type: 'chat_message', id: 'b1', sender: 'owner', message: 'maintenance' },
      ...{ timestamp: '2025-01-01T12:00:00.000Z', broadcast: true },
    };
    expect(plain.take()).toEqual([message]);
    expect(client.take()).toEqual([message]);
  });
});

describe('draining', () => {
  it('tells each client, with a pause of its own, and lets nobody in [D13]', async () => {
    const test = createTestChat({ answer: echo });
    const plain = test.connect();
    const { client } = await test.connectHello();
    plain.take();
    let pause = 0;
    test.connections.beginDraining(() => (pause += 10));
    expect([plain.closed, client.closed]).toEqual([undefined, undefined]);
    expect(await test.connections.sendOn('settled')).toBe(0);
    expect(client.take()).toEqual([{ type: 'server_draining', reconnect_after_ms: 10 }]);
    expect(plain.take()).toEqual([]);
    expect([plain.closed?.code, client.closed?.code]).toEqual([1001, 4200]);
    await test.settle();
    expect(test.connections.count()).toBe(0);
  });

  it('whoever comes meanwhile is told with the first frame, and nothing is stored [D13]', async () => {
    const test = createTestChat({ answer: echo, maxConnections: 6 });
    const { session } = await test.connectHello();
    test.connections.beginDraining(() => 70);
    const [saysHello, writes, silent] = [test.connect(), test.connect(), test.connect()];
    for (const late of [saysHello, writes, silent]) {
      expect(typesOf(late.take())).toEqual(['connection_established']);
      expect(late.closed).toBeUndefined();
    }
    silent.send({ type: 'ping' });
    expect(typesOf(silent.take())).toEqual(['pong']);
    const binary = test.connect();
    binary.sendBinary();
    expect(binary.closed?.code).toBe(4200);
    expect(test.connect().closed).toBeUndefined();
    expect(test.connect().closed?.code).toBe(4200);
    saysHello.send({ type: 'hello', protocol: 1, token: session.token });
    writes.send(chat('x', 'x'));
    await test.settle();
    expect(saysHello.take()).toEqual([{ type: 'server_draining', reconnect_after_ms: 70 }]);
    expect(writes.take()).toEqual([]);
    await test.connections.sendOn('everybody');
    for (const late of [saysHello, writes, silent]) expect(late.closed?.code).toBe(4200);
    expect(await test.store.conversations({ limit: 10 })).toEqual({ conversations: [] });
  });

  it('is told at once to whoever is behind, and later to whoever waits for an acknowledgement [D13]', async () => {
    const { store, letOne } = gated();
    const test = createTestChat({ store });
    const { client: writer } = await test.connectHello();
    const { client: slow } = await test.connectHello();
    slow.stopReading();
    slow.send({ type: 'ping' });
    writer.send(chat('x', 'x'));
    test.connections.beginDraining(() => 5);
    expect(slow.closed?.code).toBe(4200);
    expect(await test.connections.sendOn('settled')).toBe(1);
    expect(writer.closed).toBeUndefined();
    letOne();
    await test.settle();
    expect(await test.connections.sendOn('settled')).toBe(0);
    expect(typesOf(writer.take())).toEqual(['chat_message_received', 'server_draining']);
  });

  it('waits for what is being stored', async () => {
    const { store, letOne } = gated();
    const test = createTestChat({ store });
    const client = test.connect();
    expect(test.connections.settled()).toBe(true);
    client.send(chat('x'));
    client.send(chat('y'));
    expect(test.connections.settled()).toBe(false);
    letOne();
    await test.settle();
    expect(test.connections.settled()).toBe(false);
    letOne();
    await test.settle();
    expect(test.connections.settled()).toBe(true);
  });

  it('drops who does not answer', () => {
    const test = createTestChat();
    const client = test.connect();
    test.connections.terminateAll();
    expect(client.terminated).toBe(true);
    expect(test.connections.count()).toBe(0);
  });
});
