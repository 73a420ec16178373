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
import type { Environment, SocketLike } from './environment.ts';

/** `localStorage` as browsers have it, without a browser. */
export function createStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  };
}

/** One accepted connection. */
export interface Peer {
  readonly url: string;
  readonly heard: ClientMessage[];
  say(message: ServerMessage | Record<string, unknown>): void;
  close(code?: number): void;
  /** Breaks the line without a word. */
  cut(): void;
}

export interface Stage {
  readonly url: string;
  readonly peers: Peer[];
  /** Runs for every message, after it was noted. */
  answer: (peer: Peer, message: ClientMessage) => void;
  end(): Promise<void>;
}

export const timestamp = '2026-01-01T10:00:00.000Z';

/** A session and an empty history, as for somebody who comes for the first time. */
export function greet(peer: Peer, more: Partial<Record<string, unknown>> = {}): void {
  peer.say({
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
  peer.say({ type: 'history', messages: [], more: false, resume: true });
}

export async function createStage(): Promise<Stage> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const stage: Stage = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    peers: [],
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
      say: (message) => socket.send(JSON.stringify(message)),
      close: (code) => socket.close(code),
      cut: () => socket.terminate(),
    };
    stage.peers.push(peer);
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ClientMessage;
      peer.heard.push(message);
      stage.answer(peer, message);
    });
  });
  return stage;
}

export interface Visitor {
  readonly chat: Chat;
  readonly news: ChatNews[];
  leave(): void;
}

export function createVisitor(server: string, more: Partial<Environment> = {}): Visitor {
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const storage = createStorage();
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
    storage: () => storage,
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
