import type { WebSocket, WebSocketBehavior } from 'uWebSockets.js';
import type { ListenOptions, Socket, UpgradeRequest } from '../transport-ports.ts';
import { addressText } from './addresses.ts';
import { judgeHandshake, sendableCloseCode, sendableReason } from './handshake.ts';
import { maxPayloadBytes, maxQueuedBytes } from './limits.ts';
import type { Lingering } from './lingering.ts';
import { handshakeHeaders, refuseHandshake, type uwsHttpHandler } from './uws-http.ts';

/** What uWebSockets.js keeps with a connection: its fields become fields of the native object. */
interface Attached<Data> {
  readonly peer: UwsSocket<Data>;
}

/** send() of the native socket: this status means that the frame was thrown away. */
const dropped = 2;

/** A close frame that waits until the peer has taken what was queued before it. */
interface PendingClose {
  readonly code: number;
  readonly reason: string;
  /** Above this many queued bytes the peer only asks and does not read. */
  readonly maxBytes: number;
  readonly forget: () => void;
}

/** What all connections of a listener share. */
interface Shared<Data> {
  readonly lingering: Lingering;
  /** Reports the end of a connection, once. */
  closed(peer: UwsSocket<Data>, code: number): void;
}

/**
 * One connection. A class because one is made for each of very many connections: its methods
 * are shared where closures would not be.
 */
class UwsSocket<Data> implements Socket {
  readonly data: Data;
  /** Absent before `open` and after `close`: touching a closed native socket throws. */
  native: WebSocket<Attached<Data>> | undefined;
  readonly #shared: Shared<Data>;
  #lost = false;
  #pendingClose: PendingClose | undefined;

  constructor(data: Data, shared: Shared<Data>) {
    this.data = data;
    this.#shared = shared;
  }

  /** Whether its owner may still hear of it. */
  get open(): boolean {
    return this.native !== undefined && this.#pendingClose === undefined;
  }

  send(text: string): boolean {
    if (!this.native || this.#lost || this.#pendingClose) return false;
    if (this.native.send(text) !== dropped) return true;
    this.#lost = true;
    // Not at once: `close` must not be reported from within `send`.
    setImmediate(() => this.terminate());
    return false;
  }

  bufferedBytes(): number {
    return this.native && this.open ? this.native.getBufferedAmount() : 0;
  }

  ping(): void {
    if (this.native && this.open && !this.#lost) this.native.ping();
  }

  /**
   * The native `end` under backpressure loses what is queued, the close frame included, so it has
   * to wait until nothing is. For the owner the socket is closed from now on.
   */
  close(code: number, reason: string): void {
    const { native } = this;
    if (!native || !this.open) return;
    const sent = sendableCloseCode(code);
    if (native.getBufferedAmount() === 0) {
      this.#end(native, sent, sendableReason(reason));
      return;
    }
    // Before it counts: the oldest to be dropped for want of memory may be this one.
    let forget = (): void => undefined;
    this.#pendingClose = {
      ...{ code: sent, reason: sendableReason(reason) },
      maxBytes: native.getBufferedAmount() + 65_536,
      forget: () => forget(),
    };
    forget = this.#shared.lingering.add({
      bytes: () => this.native?.getBufferedAmount() ?? 0,
      drop: () => this.native?.close(),
    });
    this.#shared.closed(this, sent);
  }

  terminate(): void {
    if (this.open) this.native?.close();
  }

  /** The peer has read something. @returns whether the owner wants to know */
  drained(): boolean {
    const { native } = this;
    const pending = this.#pendingClose;
    if (!native || !pending) return true;
    if (native.getBufferedAmount() === 0) this.#end(native, pending.code, pending.reason);
    return false;
  }

  #end(native: WebSocket<Attached<Data>>, code: number, reason: string): void {
    this.#shared.lingering.closeSent();
    native.end(code, reason);
  }

  /**
   * The native code answers pings by itself, also those of a peer that is being closed; its
   * buffer may become empty with that, and nothing else tells.
   */
  pinged(): void {
    if (this.drained() || !this.native || !this.#pendingClose) return;
    if (this.native.getBufferedAmount() > this.#pendingClose.maxBytes) this.native.close();
  }

  /** The native connection has ended. */
  ended(code: number): void {
    this.native = undefined;
    if (this.#pendingClose) this.#pendingClose.forget();
    else this.#shared.closed(this, code);
  }
}

/**
 * The behaviour of the one WebSocket route. Every handler is guarded: an exception that reaches
 * the native code ends the process.
 *
 * uWebSockets.js itself drops connections that send invalid UTF-8, broken frames or messages
 * above `maxPayloadBytes`; they are reported as any broken connection, with 1006. Idle peers are
 * the caller's to find.
 */
export function uwsBehavior<Data>(
  options: ListenOptions<Data>,
  answerHttp: ReturnType<typeof uwsHttpHandler>,
  lingering: Lingering,
): WebSocketBehavior<Attached<Data>> {
  const { sockets, maxFrameBytes, onError } = options;
  type Native = WebSocket<Attached<Data>>;
  // The fields given to `upgrade` are found on the native object itself.
  const peerOf = (native: Native): UwsSocket<Data> => native.getUserData().peer;

  const failed = (peer: UwsSocket<Data>, stage: string, error: unknown): void => {
    onError(error, { stage: `socket.${stage}` });
    peer.close(1011, '');
  };

  const shared: Shared<Data> = {
    lingering,
    closed(peer, code) {
      try {
        sockets.close(peer, peer.data, code);
      } catch (error) {
        onError(error, { stage: 'socket.close' });
      }
    },
  };

  const alive = (native: Native): void => {
    const peer = peerOf(native);
    if (!peer.open) return peer.pinged();
    try {
      sockets.alive(peer, peer.data);
    } catch (error) {
      failed(peer, 'alive', error);
    }
  };

  return {
    // 0 is uWS.DISABLED; compressing each small frame costs more than it saves.
    compression: 0,
    maxPayloadLength: maxPayloadBytes,
    maxBackpressure: maxQueuedBytes,
    // Idle peers are the caller's business; only 0 and 8–960 are accepted.
    idleTimeout: 0,
    maxLifetime: 0,
    sendPingsAutomatically: false,

    upgrade(res, req, context) {
      const path = req.getUrl();
      const headers = handshakeHeaders(req);
      const verdict = judgeHandshake('GET', path, headers, options.acceptsPath);
      if (verdict === 'plain') return answerHttp(res, req);
      if (verdict !== 'accept') return refuseHandshake(res, verdict);
      const request: UpgradeRequest = {
        path,
        query: req.getQuery() ?? '',
        peerAddress: addressText(new Uint8Array(res.getRemoteAddress())),
        header: (name) => req.getHeader(name.toLowerCase()),
      };
      let data: Data;
      try {
        data = sockets.upgrade(request);
      } catch (error) {
        onError(error, { stage: 'socket.upgrade' });
        return refuseHandshake(res, 500);
      }
      // No subprotocol and no extension is selected, whatever is offered (RFC 6455, 4.2.2).
      res.upgrade({ peer: new UwsSocket(data, shared) }, headers.key, '', '', context);
    },

    open(native) {
      const peer = peerOf(native);
      peer.native = native;
      try {
        sockets.open(peer, peer.data);
      } catch (error) {
        failed(peer, 'open', error);
      }
    },

    message(native, message, isBinary) {
      const peer = peerOf(native);
      if (!peer.open) return;
      try {
        if (isBinary) {
          sockets.binary(peer, peer.data);
        } else if (message.byteLength > maxFrameBytes) {
          sockets.tooLarge(peer, peer.data);
        } else {
          // Decoded here and now: the bytes are gone when this function returns.
          const text = Buffer.from(message).toString();
          sockets.text(peer, peer.data, text, message.byteLength);
        }
      } catch (error) {
        failed(peer, 'message', error);
      }
    },

    ping: alive,
    pong: alive,

    drain(native) {
      const peer = peerOf(native);
      if (!peer.drained()) return;
      try {
        sockets.drain(peer, peer.data);
      } catch (error) {
        failed(peer, 'drain', error);
      }
    },

    close(native, code) {
      peerOf(native).ended(code);
    },
  };
}
