import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startFaultProxy } from './fault-proxy.ts';

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 5));
}

describe('a WebSocket through the fault proxy', () => {
  async function startChat() {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    cleanUp.push(() => {
      for (const socket of server.clients) socket.terminate();
      return new Promise<void>((done) => server.close(() => done()));
    });
    server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const id = data.toString();
        socket.send(JSON.stringify({ type: 'chat_message_received', id }));
        socket.send(JSON.stringify({ type: 'chat_message', id: `ai:${id}` }));
      });
    });
    const { port } = server.address() as AddressInfo;
    const proxy = await startFaultProxy({ target: { host: '127.0.0.1', port } });
    cleanUp.push(() => proxy.close());
    const socket = new WebSocket(`ws://127.0.0.1:${proxy.port}`);
    cleanUp.push(() => socket.terminate());
    const received: string[] = [];
    socket.on('message', (data: Buffer) => {
      const { type, id } = JSON.parse(data.toString()) as { type: string; id: string };
      received.push(`${type} ${id}`);
    });
    const code = new Promise<number>((done) => socket.on('close', done));
    socket.on('error', () => undefined);
    await once(socket, 'open');
    const connection = proxy.connections[0];
    if (!connection) throw new Error('It is not connected.');
    return { connection, socket, received, code };
  }

  it('loses acknowledgements and nothing else', async () => {
    const { connection, socket, received } = await startChat();
    socket.send('1');
    await until(() => received.length === 2);
    connection.dropAcknowledgements(true);
    socket.send('2');
    socket.send('3'.repeat(80_000));
    await until(() => received.length === 4);
    connection.dropAcknowledgements(false);
    socket.send('4');
    await until(() => received.length === 6);
    expect(received.map((one) => one.slice(0, 30))).toEqual([
      'chat_message_received 1',
      'chat_message ai:1',
      'chat_message ai:2',
      `chat_message ai:${'3'.repeat(14)}`,
      'chat_message_received 4',
      'chat_message ai:4',
    ]);
    expect(connection.droppedAcknowledgements).toBe(2);
  });

  it('breaks in the middle of a frame', async () => {
    const { connection, socket, received, code } = await startChat();
    connection.cutAfter('down', 20);
    socket.send('1');
    expect(await code).toBe(1006);
    expect(received).toEqual([]);
  });
});
