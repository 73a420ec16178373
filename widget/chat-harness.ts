/** For tests: a conversation over real sockets with a server that does only as it is told. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type {
  ChatMessageRequest,
  ClientMessage,
  ContactRequest,
  ServerMessage,
} from '../shared/protocol.ts';
import { createChat } from './chat.ts';
import type { Chat, ChatNews } from './chat-state.ts';
import type { Channel, Environment, Locks, SocketLike } from './environment.ts';
import type { Keep } from './keep.ts';

/** A browser profile: what its tabs share. */
export interface Device {
  readonly kept: Map<string, unknown>;
  readonly environment: Pick<Environment, 'keep' | 'channel' | 'locks'>;
}

/** One without a browser: everything is held in memory, and every step takes a turn. */
export function createDevice(): Device {
  const kept = new Map<string, unknown>();
  const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
  const keep: Keep = {
    durable: true,
    async all() {
      await turn();
      return new Map(kept);
    },
    async set(key, value) {
      if (value === undefined) kept.delete(key);
      // Like a browser: what is kept is a copy.
      else kept.set(key, structuredClone(value));
      await turn();
    },
    async update(key, change) {
      await turn();
      const value = change(kept.get(key));
      kept.set(key, structuredClone(value));
      return value;
    },
    async clear() {
      await turn();
      kept.clear();
    },
    rest: () => undefined,
  };
  const locks = createLocks();
  return {
    kept,
    environment: {
      keep: () => keep,
      channel: (name) => new BroadcastChannel(name) as unknown as Channel,
      locks: () => locks,
    },
  };
}

/** Exclusive locks by name, first come, first served, as `navigator.locks` has them. */
function createLocks(): Locks {
  const queues = new Map<string, Promise<unknown>>();
  return {
    request(name, { signal }, hold) {
      const before = queues.get(name);
      const turn = (async () => {
        await before?.catch(() => undefined);
        if (signal.aborted) throw new DOMException('aborted', 'AbortError');
        return hold();
      })();
      queues.set(
        name,
        turn.catch(() => undefined),
      );
      return turn;
    },
  };
}

/** One accepted connection. */
export interface Peer {
  readonly url: string;
  /** Everything but pings, which are answered. */
  readonly heard: ClientMessage[];
  pings: number;
  say(message: ServerMessage | Record<string, unknown>): void;
  close(code?: number): void;
  /** Breaks the line without a word. */
  cut(): void;
}

export interface Stage {
  readonly url: string;
  readonly peers: Peer[];
  /** Whether pings are answered. */
  alive: boolean;
  /** Runs for every message but pings, after it was noted. */
  answer: (peer: Peer, message: ClientMessage) => void;
  end(): Promise<void>;
}

export const timestamp = '2026-01-01T10:00:00.000Z';

/** A session as for somebody who comes for the first time. */
export const sessionOf = (more: Partial<Record<string, unknown>>): Record<string, unknown> => ({
  type: 'session',
  client_id: 'c',
  conversation_id: 'conversation',
  token: 'token',
  resumed: false,
  last_seq: 0,
  answering: 'assistant',
  owner: { online: false, name: '' },
  ai: true,
  limits: { message_chars: 4_000, frame_bytes: 65_536, ping_interval_ms: 25_000 },
  ...more,
});

/** A session and its history, which is empty if nothing else is said. */
export function greet(
  peer: Peer,
  more: Partial<Record<string, unknown>> = {},
  messages: readonly Record<string, unknown>[] = [],
): void {
  peer.say(sessionOf(more));
  peer.say({ type: 'history', messages, more: false, resume: true });
}

export async function createStage(): Promise<Stage> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const stage: Stage = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    peers: [],
    alive: true,
    answer: (peer, message) => {
      if (message.type === 'hello') greet(peer);
    },
    end: async () => {
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, 'close');
    },
  };
  server.on('connection', (socket, request) => {
    const peer: Peer = {
      url: request.url ?? '',
      heard: [],
      pings: 0,
      say: (message) => socket.send(JSON.stringify(message)),
      close: (code) => socket.close(code),
      cut: () => socket.terminate(),
    };
    stage.peers.push(peer);
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ClientMessage;
      if (message.type === 'ping') {
        peer.pings += 1;
        if (stage.alive) peer.say({ type: 'pong', timestamp });
        return;
      }
      peer.heard.push(message);
      stage.answer(peer, message);
    });
  });
  return stage;
}

export interface Visitor {
  readonly chat: Chat;
  readonly news: ChatNews[];
  /** The page is closed, or has crashed. */
  leave(): void;
}

export function createVisitor(server: string, more: Partial<Environment> = {}): Visitor {
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const environment: Environment = {
    openSocket(address) {
      const socket = new WebSocket(address);
      // Without a listener `ws` throws what a browser only reports by closing.
      socket.on('error', () => undefined);
      return socket as unknown as SocketLike;
    },
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      timers.add(timer);
      return () => clearTimeout(timer);
    },
    nowMs: () => Date.now(),
    random: () => 0,
    online: () => true,
    ...createDevice().environment,
    page: () => ({ url: 'https://blog.example/post', title: 'Post' }),
    userAgent: () => 'test',
    listen: () => undefined,
    ...more,
  };
  const news: ChatNews[] = [];
  const chat = createChat({
    server,
    environment,
    lang: () => 'en',
    onChange: () => undefined,
    onNews: (item) => news.push(item),
  });
  return {
    chat,
    news,
    leave() {
      chat.stop();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** Generous: a slow machine is no reason to fail. */
export const patience = { timeout: 15_000, interval: 10 };

export const online = (visitor: Visitor): Promise<void> =>
  vi.waitFor(
    () => expect(visitor.chat.state).toMatchObject({ status: 'online', synced: true }),
    patience,
  );
export const said = (peer: Peer | undefined): (ChatMessageRequest | ContactRequest)[] =>
  (peer?.heard ?? []).filter(
    (message): message is ChatMessageRequest | ContactRequest =>
      message.type === 'chat_message' || message.type === 'contact_request',
  );
export const acknowledge = (peer: Peer, id: string, seq: number): void =>
  peer.say({
    type: 'chat_message_received',
    id,
    seq,
    message: 'ok',
    timestamp,
    message_id: id,
  });
export const deliveries = (visitor: Visitor): string[] =>
  visitor.chat.state.timeline.entries.map(({ delivery }) => delivery);
