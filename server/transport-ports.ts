/** The port to the network: HTTP and WebSocket on one port. The words MUST, MUST NOT and MAY are as in `ports.ts`. */
import type { OnError } from './ports.ts';

/** What is known of a client before its socket opens. Header names are lower case. */
export interface UpgradeRequest {
  readonly path: string;
  /** The raw query without `?`; empty where there is none. */
  readonly query: string;
  /** The peer's address as the socket has it: the proxy's, behind a proxy. */
  readonly peerAddress: string;
  /** Value of a header, empty where absent. Only valid while `upgrade` runs. */
  header(name: string): string;
}

/** One open WebSocket. After `close` was reported every call is a no-op. */
export interface Socket {
  /**
   * Queues a text frame. MUST NOT throw, whatever the state of the connection.
   * @returns `false` if the frame was not taken, because the socket is closed
   */
  send(text: string): boolean;
  /** Bytes taken by `send` that the operating system has not accepted yet. */
  bufferedBytes(): number;
  /** Sends a WebSocket ping (RFC 6455, 5.5.2), which a peer answers by itself. */
  ping(): void;
  /**
   * Sends what is queued, then a close frame; a peer that does not read is given a while to take
   * them, in bounded memory. `close` is reported once, later or at once.
   */
  close(code: number, reason: string): void;
  /** Drops the connection without a close frame. */
  terminate(): void;
}

/** What a transport reports. It MUST NOT call these re-entrantly from within `Socket` calls other than `close` and `terminate`. */
export interface SocketHandlers<Data> {
  /**
   * A client asks for a WebSocket at a path that `acceptsPath` named.
   * @returns the value handed back with every later event of this socket
   */
  upgrade(request: UpgradeRequest): Data;
  open(socket: Socket, data: Data): void;
  /** A whole text message, already checked to be UTF-8. */
  text(socket: Socket, data: Data, text: string, byteLength: number): void;
  /** A whole binary message; its content is of no interest. */
  binary(socket: Socket, data: Data): void;
  /** A text message above `maxFrameBytes` but below what the transport itself drops. */
  tooLarge(socket: Socket, data: Data): void;
  /** A WebSocket ping or pong frame: a sign of life. */
  alive(socket: Socket, data: Data): void;
  /** The buffer has become empty, or smaller, after bytes had been queued. */
  drain(socket: Socket, data: Data): void;
  /** Exactly once for every `open`. `code` 1006 where the connection broke. */
  close(socket: Socket, data: Data, code: number): void;
}

export interface ListenOptions<Data> {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** PEM files for TLS; absent = plain. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** Text frames above this many bytes are reported as `tooLarge`, not `text`. */
  readonly maxFrameBytes: number;
  /** Which paths are WebSocket endpoints. Any other upgrade gets 404. */
  acceptsPath(path: string): boolean;
  readonly sockets: SocketHandlers<Data>;
  /** Answers every plain HTTP request. A rejection becomes a bare 500. */
  fetch(request: Request, peer: { readonly address: string }): Promise<Response> | Response;
  readonly onError: OnError;
}

/** A running listener. */
export interface Listener {
  readonly port: number;
  /** Takes no new connections; open ones live on. Idempotent. */
  stopAccepting(): void;
  /** Resolves when sockets that were closed have taken what was queued for them, as far as can be told; at the latest after `withinMs` milliseconds. */
  flushed(withinMs: number): Promise<void>;
  /** Ends everything that is still open and frees the port. Idempotent. */
  close(): Promise<void>;
}

/** A way to speak HTTP and WebSocket on one port. */
export interface Transport {
  readonly name: string;
  /** Rejects with a Node-style `code` (`EADDRINUSE`, `EACCES`, …) where the port cannot be had. */
  listen<Data>(options: ListenOptions<Data>): Promise<Listener>;
}
