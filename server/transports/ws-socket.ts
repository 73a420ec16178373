import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { ListenOptions, Socket, UpgradeRequest } from '../transport-ports.ts';
import { withoutMapping } from './addresses.ts';
import { sendableCloseCode, sendableReason } from './handshake.ts';
import { maxQueuedBytes } from './limits.ts';
import type { Lingering } from './lingering.ts';

/** What is known of a client when it asks for a WebSocket. */
export function upgradeRequestOf(request: IncomingMessage): UpgradeRequest {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  return {
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    peerAddress: withoutMapping(request.socket.remoteAddress ?? ''),
    header: (name) => {
      const value = request.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : (value ?? '');
    },
  };
}

/** Opens the socket of an accepted handshake and reports all that happens on it. */
export function wsConnection<Data>(
  webSocket: WebSocket,
  data: Data,
  { sockets, maxFrameBytes, onError }: ListenOptions<Data>,
  lingering: Lingering,
): void {
  // Absent once `close` was reported: `ws` goes on to deliver messages until the peer has
  // answered the close frame, and they must not come after `close`.
  let native: WebSocket | undefined = webSocket;
  let lost = false;
  let queued = false;

  const report = (stage: string, handler: () => void): void => {
    if (!native) return;
    try {
      handler();
    } catch (error) {
      onError(error, { stage: `socket.${stage}` });
      socket.close(1011, '');
    }
  };

  const reportClose = (code: number): void => {
    if (!native) return;
    native = undefined;
    try {
      sockets.close(socket, data, code);
    } catch (error) {
      onError(error, { stage: 'socket.close' });
    }
  };

  /** Does what waited for the peer to take everything. */
  let closeNow: (() => void) | undefined;

  // Called for every frame when the operating system has taken it.
  const flushed = (): void => {
    if (closeNow && webSocket.bufferedAmount === 0) closeNow();
    if (!queued || !native) return;
    queued = native.bufferedAmount > 0;
    report('drain', () => sockets.drain(socket, data));
  };

  const socket: Socket = {
    send: (text) => {
      if (!native || lost || native.readyState !== native.OPEN) return false;
      if (native.bufferedAmount > maxQueuedBytes) {
        lost = true;
        // Not at once: `close` must not be reported from within `send`.
        setImmediate(() => socket.terminate());
        return false;
      }
      native.send(text, flushed);
      if (native.bufferedAmount > 0) queued = true;
      return true;
    },
    bufferedBytes: () => (native ? native.bufferedAmount : 0),
    ping: () => {
      if (native && native.readyState === native.OPEN) native.ping();
    },
    close: (code, reason) => {
      if (!native) return;
      const sent = sendableCloseCode(code);
      const text = sendableReason(reason);
      if (native.bufferedAmount === 0) native.close(sent, text);
      else linger(sent, text);
      reportClose(sent);
    },
    terminate: () => {
      if (!native) return;
      native.terminate();
      reportClose(1006);
    },
  };

  /** `ws` gives a peer that does not read only seconds from `close` on: it is called later. */
  const linger = (code: number, reason: string): void => {
    // Before it counts: the oldest to be dropped for want of memory may be this one.
    let forget = (): void => undefined;
    closeNow = () => {
      closeNow = undefined;
      forget();
      webSocket.close(code, reason);
    };
    forget = lingering.add({
      bytes: () => webSocket.bufferedAmount,
      drop: () => webSocket.terminate(),
    });
    webSocket.once('close', () => forget());
  };

  const receive = (raw: RawData, isBinary: boolean): void => {
    const message = raw as Buffer;
    if (isBinary) sockets.binary(socket, data);
    else if (message.length > maxFrameBytes) sockets.tooLarge(socket, data);
    else sockets.text(socket, data, message.toString(), message.length);
  };
  const alive = (): void => report('alive', () => sockets.alive(socket, data));

  webSocket.on('message', (raw, isBinary) => report('message', () => receive(raw, isBinary)));
  // `ws` itself would answer a peer that only asks and never reads, without end.
  webSocket.on('ping', (data) => {
    if (native && native.bufferedAmount < maxQueuedBytes) webSocket.pong(data, false, flushed);
    alive();
  });
  webSocket.on('pong', alive);
  webSocket.on('close', reportClose);
  // Broken frames, invalid UTF-8, resets: `close` follows, and is what is reported.
  webSocket.on('error', () => undefined);

  report('open', () => sockets.open(socket, data));
}
