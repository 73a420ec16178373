import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Listener, SocketHandlers, UpgradeRequest } from '../transport-ports.ts';
import { routeSockets, socketRoute } from './socket-routes.ts';
import { wsTransport } from './ws.ts';

/** Answers every frame with its own name, and notes what it is told. */
function endpoint(name: string) {
  const told: string[] = [];
  const handlers: SocketHandlers<{ readonly query: string }> = {
    upgrade: ({ query }) => ({ query }),
    open: (socket, { query }) => {
      told.push(`open ${query}`);
      socket.send(name);
    },
    text: (socket, { query }, text, bytes) => {
      told.push(`text ${query} ${text} ${bytes}`);
      socket.send(`${name}: ${text}`);
    },
    binary: (_socket, { query }) => void told.push(`binary ${query}`),
    tooLarge: (socket, { query }) => {
      told.push(`too large ${query}`);
      socket.close(1009, '');
    },
    alive: (_socket, { query }) => void told.push(`alive ${query}`),
    drain: () => undefined,
    close: (_socket, { query }, code) => void told.push(`close ${query} ${code}`),
  };
  return { told, handlers };
}

describe('several endpoints on one port', () => {
  let listener: Listener;
  const chat = endpoint('chat');
  const console = endpoint('console');
  const routes = routeSockets([
    socketRoute(['/contact', '/websocket/contact'], chat.handlers),
    socketRoute(['/console/socket'], console.handlers),
  ]);
  beforeEach(async () => {
    listener = await wsTransport.listen({
      ...{ host: '127.0.0.1', port: 0, maxFrameBytes: 100 },
      ...routes,
      fetch: () => new Response(null, { status: 404 }),
      onError: (error) => {
        throw error;
      },
    });
  });
  afterEach(() => listener.close());

  const open = (path: string): WebSocket => new WebSocket(`ws://127.0.0.1:${listener.port}${path}`);
  const next = async (socket: WebSocket): Promise<string> =>
    String((await once(socket, 'message'))[0]);

  it('each gets its own sockets with its own data, and all that happens to them', async () => {
    const [one, other] = [open('/websocket/contact?c=1'), open('/console/socket?d=2')];
    expect(await Promise.all([next(one), next(other)])).toEqual(['chat', 'console']);
    other.send('hello');
    expect(await next(other)).toBe('console: hello');
    const ponged = once(other, 'pong');
    other.ping();
    await ponged;
    other.send(new Uint8Array(3));
    other.send('x'.repeat(101));
    const [code] = (await once(other, 'close')) as [number];
    expect(code).toBe(1009);
    expect(console.told).toEqual([
      ...['open d=2', 'text d=2 hello 5', 'alive d=2', 'binary d=2', 'too large d=2'],
      'close d=2 1009',
    ]);
    one.close(1000);
    await once(one, 'close');
    expect(chat.told.slice(0, 1)).toEqual(['open c=1']);
  });

  it('no other path is one', async () => {
    for (const path of ['/', '/console', '/console/socket/', '/CONTACT']) {
      expect(routes.acceptsPath(path)).toBe(false);
      const [error] = (await once(open(path), 'error')) as [Error];
      expect(error.message).toContain('404');
    }
    const request: UpgradeRequest = {
      ...{ path: '/', query: '', peerAddress: '192.0.2.1', header: () => '' },
    };
    expect(() => routes.sockets.upgrade(request)).toThrow();
  });
});
