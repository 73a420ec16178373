import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Socket as NetSocket } from 'node:net';
import type { ListenOptions } from '../transport-ports.ts';
import { withoutMapping } from './addresses.ts';
import {
  answerRequest,
  maxBodyBytes,
  maxDiscardedBytes,
  type RequestBody,
  type ResponseHead,
  type ResponseSink,
} from './http-bridge.ts';

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The handler that answers every plain request of a `node:http` or `node:https` server. */
export function nodeHttpHandler(
  options: Pick<ListenOptions<unknown>, 'fetch' | 'onError'>,
  secure: boolean,
): NodeHandler {
  return (request, response) => {
    const onGone = new AbortController();
    response.on('close', () => {
      if (!response.writableFinished) onGone.abort();
    });
    // A client that leaves in the middle of a write; `close` follows.
    response.on('error', () => undefined);
    const method = request.method ?? 'GET';
    void answerRequest(
      {
        method,
        secure,
        host: request.headers.host ?? '',
        target: originForm(request.url ?? '/'),
        headers: headerPairs(request.rawHeaders),
        address: withoutMapping(request.socket.remoteAddress ?? ''),
        signal: onGone.signal,
        ...(method === 'GET' || method === 'HEAD'
          ? {}
          : { body: readBody(request, response, onGone.signal) }),
      },
      sinkOf(response, onGone.signal),
      options,
    );
  };
}

/**
 * Answers a request that Node took for the start of another protocol (`Upgrade: h2c`) as the
 * plain request that it also is: RFC 9110, 7.8 lets a server ignore the wish.
 */
export function serveOnSocket(
  handler: NodeHandler,
  request: IncomingMessage,
  stream: Duplex,
): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(stream as NetSocket);
  response.on('finish', () => stream.end(() => stream.destroy()));
  handler(request, response);
}

/** Path and query of a request target; proxies are allowed to send the whole address. */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const path = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1] ?? '';
  return path.startsWith('/') ? path : `/${path}`;
}

function* headerPairs(raw: readonly string[]): Generator<readonly [string, string]> {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    yield [raw[index] ?? '', raw[index + 1] ?? ''];
  }
}

function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<RequestBody> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let received = 0;
    signal.addEventListener('abort', () => resolve({ status: 'gone' }), { once: true });
    request.on('error', () => resolve({ status: 'gone' }));
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received <= maxBodyBytes) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      if (received <= maxDiscardedBytes) return;
      response.shouldKeepAlive = false;
      response.once('finish', () => request.destroy());
      request.pause();
      resolve({ status: 'too_large' });
    });
    request.on('end', () => {
      if (received > maxBodyBytes) resolve({ status: 'too_large' });
      else resolve({ status: 'whole', bytes: new Uint8Array(Buffer.concat(chunks)) });
    });
  });
}

function sinkOf(response: ServerResponse, signal: AbortSignal): ResponseSink {
  const writeHead = (head: ResponseHead, length: number | undefined): void => {
    const headers = head.headers.flat();
    if (length !== undefined) headers.push('content-length', String(length));
    response.writeHead(head.status, head.statusText, headers);
  };
  return {
    whole: (head, body) => {
      if (signal.aborted) return;
      writeHead(head, body ? body.byteLength : head.length);
      response.end(body);
    },
    start: (head) => {
      if (signal.aborted) return;
      writeHead(head, head.length);
      // Else the head waits for the first bytes of a body that may be slow to come.
      response.flushHeaders();
    },
    write: async (chunk) => {
      if (signal.aborted) return false;
      if (response.write(chunk)) return true;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          response.off('drain', done);
          response.off('close', done);
          resolve();
        };
        response.on('drain', done);
        response.on('close', done);
      });
      return !signal.aborted;
    },
    finish: () => {
      if (!signal.aborted) response.end();
    },
    abort: () => void response.destroy(),
  };
}
