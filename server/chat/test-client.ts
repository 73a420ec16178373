/** A client without a network: what it sends reaches the server at once, what it gets is kept. */
import { decodeServerMessage } from '../../shared/codec.ts';
import type { ClientMessage, ServerMessage } from '../../shared/protocol.ts';
import type { Socket, SocketHandlers } from '../transport-ports.ts';
import type { SocketData } from './connections.ts';

/** A client as the server sees it, and what it was sent. */
export interface TestClient {
  /** Everything received since `take` was called last. */
  take(): ServerMessage[];
  send(message: ClientMessage): void;
  sendText(text: string): void;
  sendBinary(): void;
  sendTooLarge(): void;
  /** A WebSocket ping or pong arrives. */
  pong(): void;
  readonly closed: { code: number; reason: string } | undefined;
  readonly pings: number;
  readonly terminated: boolean;
  /** From now on nothing that is sent is read; `read` takes it all. */
  stopReading(): void;
  read(): void;
  /** The same, and the transport does not say so. */
  readUnnoticed(): void;
  /** The client goes away. */
  leave(): void;
}

export interface ClientFacts {
  readonly lang?: string;
  readonly address?: string;
  readonly origin?: string;
  /** Of the address of the socket, without `?`. */
  readonly query?: string;
}

export function connectTestClient(
  sockets: SocketHandlers<SocketData>,
  from: ClientFacts,
): TestClient {
  let received: ServerMessage[] = [];
  let unread = 0;
  let reads = true;
  const state = {
    closed: undefined as { code: number; reason: string } | undefined,
    pings: 0,
    terminated: false,
    gone: false,
  };
  const end = (code: number): void => {
    if (state.gone) return;
    state.gone = true;
    sockets.close(socket, data, code);
  };
  const socket: Socket = {
    send(text) {
      if (state.gone || state.closed) return false;
      if (!reads) unread += text.length;
      const decoded = decodeServerMessage(text);
      if (!decoded.ok) throw new Error(`not a message of the protocol: ${text}`);
      received.push(decoded.value);
      return true;
    },
    bufferedBytes: () => unread,
    ping: () => void (state.pings += 1),
    close(code, reason) {
      if (state.gone || state.closed) return;
      state.closed = { code, reason };
      if (reads) setImmediate(() => end(code));
    },
    terminate() {
      state.terminated = true;
      end(1006);
    },
  };
  const headers: Record<string, string | undefined> = {
    origin: from.origin,
    'accept-language': from.lang,
  };
  const data: SocketData = sockets.upgrade({
    path: '/contact',
    query: from.query ?? '',
    peerAddress: from.address ?? '192.0.2.1',
    header: (name) => headers[name] ?? '',
  });
  sockets.open(socket, data);
  const sendText = (text: string): void => {
    if (!state.gone) sockets.text(socket, data, text, Buffer.byteLength(text));
  };
  return {
    take: () => received.splice(0),
    send: (message) => sendText(JSON.stringify(message)),
    sendText,
    sendBinary: () => sockets.binary(socket, data),
    sendTooLarge: () => sockets.tooLarge(socket, data),
    pong: () => sockets.alive(socket, data),
    get closed() {
      return state.closed;
    },
    get pings() {
      return state.pings;
    },
    get terminated() {
      return state.terminated;
    },
    stopReading: () => void (reads = false),
    read() {
      reads = true;
      unread = 0;
      if (!state.gone) sockets.drain(socket, data);
    },
    readUnnoticed() {
      reads = true;
      unread = 0;
    },
    leave: () => end(1001),
  };
}
