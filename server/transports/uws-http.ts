import type { HttpRequest, HttpResponse } from 'uWebSockets.js';
import type { ListenOptions } from '../transport-ports.ts';
import { addressText } from './addresses.ts';
import { handshakeRefusals, judgeHandshake, type HandshakeRefusal } from './handshake.ts';
import {
  answerRequest,
  maxBodyBytes,
  maxDiscardedBytes,
  type RequestBody,
  type ResponseHead,
  type ResponseSink,
} from './http-bridge.ts';

/** Most bytes handed to uWebSockets.js while it waits for the peer to read. */
const pieceBytes = 64 * 1024;

/** A response and whether it may still be touched: after an abort any call on it throws. */
interface Exchange {
  readonly res: HttpResponse;
  /** The client has left, or has the whole answer. */
  gone: boolean;
  /** The sender of a far too large body is not listened to after the answer. */
  closing: boolean;
  readonly onGone: AbortController;
}

/** The handler that answers every request which is not an accepted WebSocket handshake. */
export function uwsHttpHandler(
  options: Pick<ListenOptions<unknown>, 'acceptsPath' | 'fetch' | 'onError'>,
  secure: boolean,
): (res: HttpResponse, req: HttpRequest) => void {
  return (res, req) => {
    try {
      // `req` is void once this function returns: everything is copied out of it here.
      const method = req.getCaseSensitiveMethod();
      const path = req.getUrl();
      const query = req.getQuery();
      const upgrade = req.getHeader('upgrade');
      if (upgrade !== '') {
        const verdict = judgeHandshake(method, path, handshakeHeaders(req), options.acceptsPath);
        if (verdict !== 'plain' && verdict !== 'accept') return refuseHandshake(res, verdict);
      }
      const headers: [string, string][] = [];
      req.forEach((name, value) => headers.push([name, value]));
      const exchange: Exchange = {
        res,
        gone: false,
        closing: false,
        onGone: new AbortController(),
      };
      res.onAborted(() => {
        exchange.gone = true;
        exchange.onGone.abort();
      });
      void answerRequest(
        {
          method,
          secure,
          host: req.getHeader('host'),
          target: query === undefined ? path : `${path}?${query}`,
          headers,
          address: addressText(new Uint8Array(res.getRemoteAddress())),
          signal: exchange.onGone.signal,
          ...(method === 'GET' || method === 'HEAD' ? {} : { body: readBody(exchange) }),
        },
        sinkOf(exchange),
        options,
      );
    } catch (error) {
      // An exception that reaches the native code ends the process.
      options.onError(error, { stage: 'http.request' });
      res.close();
    }
  };
}

export const handshakeHeaders = (
  req: HttpRequest,
): { upgrade: string; key: string; version: string } => ({
  upgrade: req.getHeader('upgrade'),
  key: req.getHeader('sec-websocket-key'),
  version: req.getHeader('sec-websocket-version'),
});

/** Answers a handshake that is not accepted, as JSON; call it while the handler runs. */
export function refuseHandshake(res: HttpResponse, status: HandshakeRefusal): void {
  const { statusText, code, detail } = handshakeRefusals[status];
  res.writeStatus(`${status} ${statusText}`).writeHeader('Content-Type', 'application/json');
  if (status === 426) res.writeHeader('Sec-WebSocket-Version', '13');
  res.end(JSON.stringify({ detail, code }), true);
}

/** Collects the body; MUST be called before the handler returns, else the bytes are lost. */
function readBody(exchange: Exchange): Promise<RequestBody> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let received = 0;
    exchange.onGone.signal.addEventListener('abort', () => resolve({ status: 'gone' }));
    exchange.res.onData((chunk, isLast) => {
      received += chunk.byteLength;
      if (received > maxBodyBytes) {
        chunks = [];
        exchange.closing = received > maxDiscardedBytes;
        if (isLast || exchange.closing) resolve({ status: 'too_large' });
        return;
      }
      // The chunk is emptied when this callback returns.
      chunks.push(Buffer.from(new Uint8Array(chunk)));
      if (isLast) resolve({ status: 'whole', bytes: new Uint8Array(Buffer.concat(chunks)) });
    });
  });
}

// uWebSockets.js writes strings as UTF-8, whereas a `Headers` value is a string of bytes.
const headerBytes = (value: string): string | Uint8Array =>
  /^[\t\x20-\x7e]*$/.test(value) ? value : Buffer.from(value, 'latin1');

function writeHead(res: HttpResponse, head: ResponseHead): void {
  res.writeStatus(`${head.status} ${head.statusText}`);
  for (const [name, value] of head.headers) res.writeHeader(name, headerBytes(value));
}

function sinkOf(exchange: Exchange): ResponseSink {
  const { res } = exchange;
  let total: number | undefined;
  let writable: (() => void) | undefined;
  let sends: (offset: number) => void = () => undefined;

  /** Runs `action` in one system call's worth of output, unless the client has gone. */
  const corked = (action: () => void): void => {
    if (!exchange.gone) res.cork(action);
  };
  const ended = (): void => {
    exchange.gone = true;
  };

  /** Hands over one piece. @returns whether the peer keeps up */
  const push = (piece: Uint8Array): boolean => {
    if (total === undefined) return res.write(piece);
    const offset = res.getWriteOffset();
    const [taken, complete] = res.tryEnd(piece, total);
    if (complete) ended();
    // What was not taken is ours to offer again from where the native side got to.
    sends = (now) => {
      const rest = piece.subarray(now - offset);
      const [restTaken, restComplete] = res.tryEnd(rest, total ?? 0);
      if (restComplete) ended();
      if (restTaken || restComplete) writable?.();
    };
    return taken || complete;
  };

  const pushed = (piece: Uint8Array): Promise<void> | undefined => {
    let keepsUp = true;
    corked(() => {
      keepsUp = push(piece);
    });
    if (keepsUp) return undefined;
    return new Promise((resolve) => {
      writable = resolve;
    });
  };

  return {
    whole: (head, body) => {
      corked(() => {
        writeHead(res, head);
        if (body) {
          res.end(body, exchange.closing);
        } else {
          // Given a length, `endWithoutBody` would go on waiting for that many bytes.
          if (head.length !== undefined) res.writeHeader('Content-Length', String(head.length));
          res.endWithoutBody();
        }
        ended();
      });
    },
    start: (head) => {
      total = head.length;
      corked(() => writeHead(res, head));
      if (exchange.gone) return;
      exchange.onGone.signal.addEventListener('abort', () => writable?.(), { once: true });
      res.onWritable((offset) => {
        if (total === undefined) {
          // With a writable handler nothing but a flush sends what is queued already.
          res.cork(() => undefined);
          writable?.();
        } else {
          sends(offset);
        }
        return true;
      });
    },
    write: async (chunk) => {
      for (let from = 0; from < chunk.byteLength && !exchange.gone; from += pieceBytes) {
        await pushed(chunk.subarray(from, from + pieceBytes));
      }
      return !exchange.onGone.signal.aborted;
    },
    finish: () => {
      corked(() => {
        res.end();
        ended();
      });
    },
    abort: () => {
      if (!exchange.gone) res.close();
    },
  };
}
