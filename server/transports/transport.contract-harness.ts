/** What the contract suite of transports stands on: a recording listener and raw clients. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket as NetSocket } from 'node:net';
import { expect, onTestFinished, vi } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import type {
  Listener,
  ListenOptions,
  Socket,
  SocketHandlers,
  Transport,
} from '../transport-ports.ts';

/** What a socket's owner was told, in order. */
export type Seen =
  | readonly ['open' | 'binary' | 'tooLarge' | 'alive' | 'drain']
  | readonly ['text', string, number]
  | readonly ['close', number];

export interface Recorder {
  readonly listener: Listener;
  /** Events of the n-th upgraded connection, from 0. */
  seen(connection?: number): readonly Seen[];
  /** The n-th opened socket; waits for it. */
  socket(connection?: number): Promise<Socket>;
  readonly stages: string[];
  /** A client of `/contact`, or of another path. */
  client(path?: string, options?: ClientOptions, protocols?: string[]): WebSocket;
  /** A plain TCP connection to the listener. */
  raw(): Promise<NetSocket>;
  /** Address of a path for HTTP. */
  url(path: string): string;
}

export interface RecorderOptions {
  readonly handlers?: Partial<SocketHandlers<number>>;
  readonly fetch?: ListenOptions<number>['fetch'];
  readonly listen?: Partial<Pick<ListenOptions<number>, 'host' | 'port' | 'tls'>>;
  readonly clientOptions?: ClientOptions;
}

/** Frames above this are too large for the listeners of this suite. */
export const maxFrameBytes = 65_536;

/** Waits until `check` no longer throws; generous, since the machine may be busy. */
export const eventually = (check: () => void): Promise<void> =>
  vi.waitFor(check, { timeout: 15_000, interval: 10 });

/** Starts a listener that records everything; it is closed when the test ends. */
export async function record(
  transport: Transport,
  { handlers = {}, fetch, listen = {}, clientOptions = {} }: RecorderOptions = {},
): Promise<Recorder> {
  const seen: Seen[][] = [];
  const sockets: Socket[] = [];
  const stages: string[] = [];
  const listener = await transport.listen<number>({
    host: '127.0.0.1',
    port: 0,
    maxFrameBytes,
    acceptsPath: (path) => path === '/contact',
    fetch: fetch ?? (() => new Response('hello')),
    onError: (_error, { stage }) => stages.push(stage),
    ...listen,
    sockets: {
      upgrade: (request) => {
        handlers.upgrade?.(request);
        return seen.push([]) - 1;
      },
      open: (socket, data) => {
        seen[data]?.push(['open']);
        sockets[data] = socket;
        handlers.open?.(socket, data);
      },
      text: (socket, data, text, byteLength) => {
        seen[data]?.push(['text', text, byteLength]);
        handlers.text?.(socket, data, text, byteLength);
      },
      binary: (socket, data) => {
        seen[data]?.push(['binary']);
        handlers.binary?.(socket, data);
      },
      tooLarge: (socket, data) => {
        seen[data]?.push(['tooLarge']);
        handlers.tooLarge?.(socket, data);
      },
      alive: (socket, data) => {
        seen[data]?.push(['alive']);
        handlers.alive?.(socket, data);
      },
      drain: (socket, data) => {
        seen[data]?.push(['drain']);
        handlers.drain?.(socket, data);
      },
      close: (socket, data, code) => {
        seen[data]?.push(['close', code]);
        handlers.close?.(socket, data, code);
      },
    },
  });
  onTestFinished(() => listener.close());
  const scheme = listen.tls ? 's' : '';
  const { port } = listener;
  return {
    listener,
    stages,
    seen: (connection = 0) => seen[connection] ?? [],
    socket: async (connection = 0) => {
      await eventually(() => expect(sockets[connection]).toBeDefined());
      return sockets[connection] as Socket;
    },
    client: (path = '/contact', options = {}, protocols = []) => {
      const address = `ws${scheme}://127.0.0.1:${port}${path}`;
      const client = new WebSocket(address, protocols, { ...clientOptions, ...options });
      client.on('error', () => undefined);
      onTestFinished(() => client.terminate());
      return client;
    },
    raw: async () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      onTestFinished(() => void socket.destroy());
      await once(socket, 'connect');
      return socket;
    },
    url: (path) => `http${scheme}://127.0.0.1:${port}${path}`,
  };
}

/** An open client of the recorder. */
export async function opened(
  recorder: Recorder,
  ...args: Parameters<Recorder['client']>
): Promise<WebSocket> {
  const client = recorder.client(...args);
  await once(client, 'open');
  return client;
}

/** Code and reason with which a client's connection ends. */
export async function closeOf(client: WebSocket): Promise<readonly [number, string]> {
  const [code, reason] = (await once(client, 'close')) as [number, Buffer];
  return [code, reason.toString()];
}

/** The status that refuses a client's handshake. */
export async function refusalOf(client: WebSocket): Promise<number | undefined> {
  const [, response] = (await once(client, 'unexpected-response')) as [
    unknown,
    { statusCode?: number; resume(): void },
  ];
  response.resume();
  return response.statusCode;
}

/** The next text or binary message of a client, as text. */
export async function nextMessage(client: WebSocket): Promise<string> {
  const [data] = (await once(client, 'message')) as [Buffer];
  return data.toString();
}

export const handshakeText = (path: string, extra = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${extra}\r\n`;

/** Everything a raw connection receives until its end, or until `until` is found in it. */
export async function received(socket: NetSocket, until?: string | RegExp): Promise<string> {
  let text = '';
  socket.setEncoding('latin1');
  for await (const chunk of socket) {
    text += String(chunk);
    if (until !== undefined && text.search(until) >= 0) break;
  }
  return text;
}

export const hashOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');
