import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';
import type { Listener, ListenOptions, Transport } from '../transport-ports.ts';
import { resolveBindAddress } from './addresses.ts';
import { handshakeRefusals, judgeHandshake, type HandshakeRefusal } from './handshake.ts';
import { maxPayloadBytes } from './limits.ts';
import { createLingering, lingeringLimits, type Lingering } from './lingering.ts';
import { nodeHttpHandler, serveOnSocket } from './node-http.ts';
import { checkTlsFiles } from './tls-files.ts';
import { watchUnanswered } from './unanswered.ts';
import { upgradeRequestOf, wsConnection } from './ws-socket.ts';

/**
 * Milliseconds that a peer has to answer a close frame: as long as one that still has bytes to
 * take. Spread, since the typings of `ws` do not know this option yet.
 */
const closeTimeout: object = { closeTimeout: lingeringLimits.maxMs };

/** The transport on `node:http` and `ws`: slower, and it runs wherever Node runs. */
export const wsTransport: Transport = { name: 'ws', listen };

async function listen<Data>(options: ListenOptions<Data>): Promise<Listener> {
  const tls = options.tls && (await checkTlsFiles(options.tls));
  const address = await resolveBindAddress(options.host);
  const answerHttp = nodeHttpHandler(options, tls !== undefined);
  const server: Server = tls ? createTlsServer(tls, answerHttp) : createServer(answerHttp);
  // Slow headers are an old way to hold connections; the default is a minute.
  server.headersTimeout = 15_000;

  // `closeAllConnections` knows neither upgraded streams nor unfinished TLS handshakes.
  const connections = new Set<Socket>();
  server.on('connection', (connection: Socket) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });

  const webSockets = new WebSocketServer({
    noServer: true,
    // A larger message ends with 1009, sent by `ws` itself.
    maxPayload: maxPayloadBytes,
    perMessageDeflate: false,
    autoPong: false,
    ...closeTimeout,
    // No subprotocol is selected, whatever is offered (RFC 6455, 4.2.2).
    handleProtocols: () => false,
  });
  const lingering = createLingering();
  const isUnanswered = watchUnanswered(server);
  server.on('upgrade', (request, stream, head) => {
    // No client sends a handshake on a connection that has not answered yet.
    if (isUnanswered(stream)) return void stream.destroy();
    upgrade(options, { webSockets, lingering }, request, stream, head, (plain) =>
      serveOnSocket(answerHttp, plain, stream),
    );
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port: options.port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // Errors after this (no file handles left for `accept`) concern one connection, not the server.
  server.on('error', (error) => options.onError(error, { stage: 'transport.listen' }));
  return listenerOf(server, webSockets, connections, lingering);
}

function listenerOf(
  server: Server,
  webSockets: WebSocketServer,
  connections: ReadonlySet<Socket>,
  lingering: Lingering,
): Listener {
  const { port } = server.address() as AddressInfo;
  const freed = new Promise<void>((resolve) => server.once('close', resolve));
  let accepting = true;
  const stopAccepting = (): void => {
    if (!accepting) return;
    accepting = false;
    server.close();
  };
  return {
    port,
    stopAccepting,
    flushed: async (withinMs) => {
      const giveUpMs = performance.now() + withinMs;
      await lingering.emptied(withinMs);
      const closing = (): boolean =>
        [...webSockets.clients].some(({ readyState }) => readyState === WebSocket.CLOSING);
      while (closing() && performance.now() < giveUpMs) await delay(10);
    },
    close: async () => {
      stopAccepting();
      const closed = [...webSockets.clients].map((socket) => {
        socket.terminate();
        return new Promise((resolve) => socket.once('close', resolve));
      });
      for (const connection of connections) connection.destroy();
      await Promise.all([freed, ...closed]);
    },
  };
}

function upgrade<Data>(
  options: ListenOptions<Data>,
  { webSockets, lingering }: { webSockets: WebSocketServer; lingering: Lingering },
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
  servePlain: (request: IncomingMessage) => void,
): void {
  // Node takes its own listener off when it hands the stream over, and an error without any
  // listener ends the process.
  const ignoreError = (): void => void stream.destroy();
  stream.on('error', ignoreError);

  const upgradeRequest = upgradeRequestOf(request);
  const method = request.method ?? '';
  const verdict = judgeHandshake(
    method,
    upgradeRequest.path,
    {
      upgrade: upgradeRequest.header('upgrade'),
      key: upgradeRequest.header('sec-websocket-key'),
      version: upgradeRequest.header('sec-websocket-version'),
    },
    options.acceptsPath,
  );
  if (verdict === 'plain' && (method === 'GET' || method === 'HEAD')) return servePlain(request);
  // The body of a request that asks for some other upgrade is out of reach by now.
  if (verdict !== 'accept') return refuse(stream, verdict === 'plain' ? 400 : verdict);

  let data: Data;
  try {
    data = options.sockets.upgrade(upgradeRequest);
  } catch (error) {
    options.onError(error, { stage: 'socket.upgrade' });
    return refuse(stream, 500);
  }
  webSockets.handleUpgrade(request, stream, head, (webSocket) => {
    stream.off('error', ignoreError);
    wsConnection(webSocket, data, options, lingering);
  });
}

function refuse(stream: Duplex, status: HandshakeRefusal): void {
  const { statusText, code, detail } = handshakeRefusals[status];
  const body = JSON.stringify({ detail, code });
  const lines = [
    `HTTP/1.1 ${status} ${statusText}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 426 ? ['Sec-WebSocket-Version: 13'] : []),
  ];
  stream.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => stream.destroy());
}
