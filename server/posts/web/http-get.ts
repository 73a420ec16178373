/** One request, bounded in time and size; redirects are the caller's. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { version } from '../../paths.ts';
import type { AddressGuard } from './public-address.ts';

/** How we introduce ourselves; `robots.txt` is read for `contact-chat`. */
export const userAgent = `contact-chat/${version} (reads this blog for the chat on it)`;

export interface HttpLimits {
  /** Largest response, in bytes, before and after decompression. */
  readonly maxBytes: number;
  /** Until the first byte of an answer, in milliseconds. */
  readonly answerMs: number;
  /** For the whole of it, in milliseconds. */
  readonly wholeMs: number;
}

export const defaultHttpLimits: HttpLimits = {
  maxBytes: 5 * 1024 * 1024,
  answerMs: 15_000,
  wholeMs: 45_000,
};

/** Sitemaps of large sites are larger than any page; the protocol allows 50 MB. */
export const sitemapBytes = 20 * 1024 * 1024;

export type HttpResult =
  | {
      readonly status: 'answered';
      readonly code: number;
      /** Of a header by its name in lower case; empty where it is missing. */
      readonly header: (name: string) => string;
      readonly body: Uint8Array;
    }
  /** There is no whole answer. `unreachable` where nobody began to give one. */
  | { readonly status: 'failed'; readonly reason: string; readonly unreachable: boolean };

export interface HttpClient {
  /** Never rejects, save where the signal aborts. */
  get(
    url: URL,
    options: {
      readonly signal: AbortSignal;
      readonly headers?: Readonly<Record<string, string>>;
      readonly maxBytes?: number;
    },
  ): Promise<HttpResult>;
  close(): void;
}

/** Errors of the system as an owner understands them. */
const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name could not be looked up just now',
  ETIMEDOUT: 'nobody answered in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  HPE_HEADER_OVERFLOW: 'its headers are too large',
  Z_BUF_ERROR: 'its compressed answer breaks off',
  Z_DATA_ERROR: 'its compressed answer is broken',
};

class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Nobody began to answer. */
class Silent extends Error {
  override readonly name = 'Silent';
}

function unpacked(response: IncomingMessage): Readable | undefined {
  switch ((response.headers['content-encoding'] ?? 'identity').trim().toLowerCase()) {
    case 'identity':
    case '':
      return response;
    case 'gzip':
    case 'x-gzip':
      return response.pipe(createGunzip());
    case 'br':
      return response.pipe(createBrotliDecompress());
    case 'deflate':
      return response.pipe(createInflate());
    default:
      return undefined;
  }
}

/** The body, read only as far as it may be. Rejects with what is wrong with it. */
function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = new Stopped(`it is larger than ${Math.round(maxBytes / 1024 / 1024)} MB`);
  return new Promise((resolve, reject) => {
    if (Number(response.headers['content-length'] ?? 0) > maxBytes) return reject(tooLarge);
    const stream = unpacked(response);
    if (!stream) return reject(new Stopped('it is compressed in a way that was not asked for'));
    const chunks: Buffer[] = [];
    let packed = 0;
    let size = 0;
    if (stream !== response) {
      response.on('data', (chunk: Buffer) => {
        packed += chunk.length;
        if (packed > maxBytes) reject(tooLarge);
      });
      // A pipe does not pass on how its source ends.
      response.on('error', reject);
    }
    response.on('aborted', () => reject(new Stopped('the connection ended before it was whole')));
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        stream.destroy();
        reject(tooLarge);
      } else chunks.push(chunk);
    });
    stream.on('error', reject);
    stream.on('end', () => resolve(Buffer.concat(chunks, size)));
  });
}

/** Codes whose answer is in the headers. */
const hasBody = (code: number): boolean => code === 200 || code === 203;

export function createHttpClient(guard: AddressGuard, limits: HttpLimits): HttpClient {
  const agents = {
    'http:': new HttpAgent({ keepAlive: true, maxSockets: 4, timeout: limits.wholeMs }),
    'https:': new HttpsAgent({ keepAlive: true, maxSockets: 4, timeout: limits.wholeMs }),
  };

  function send(url: URL, options: Parameters<HttpClient['get']>[1]): Promise<HttpResult> {
    return new Promise((resolve, reject) => {
      const isTls = url.protocol === 'https:';
      const request = (isTls ? httpsRequest : httpRequest)(url, {
        agent: agents[isTls ? 'https:' : 'http:'],
        lookup: guard.lookupFor(url),
        headers: {
          'user-agent': userAgent,
          accept:
            'text/html,application/xhtml+xml,application/xml;q=0.9,application/feed+json;q=0.9,*/*;q=0.5',
          'accept-encoding': 'gzip, br',
          ...options.headers,
        },
        // What is more is no answer of a blog.
        maxHeaderSize: 32 * 1024,
      });
      const stop = (error: Error): void => void request.destroy(error);
      const abort = (): void => stop(options.signal.reason as Error);
      options.signal.addEventListener('abort', abort, { once: true });
      const { wholeMs, answerMs } = limits;
      const whole = setTimeout(
        () => stop(new Stopped(`it was not whole after ${wholeMs / 1000} s`)),
        wholeMs,
      );
      const answer = setTimeout(
        () => stop(new Silent(`there was no answer for ${answerMs / 1000} s`)),
        answerMs,
      );
      const end = (): void => {
        clearTimeout(whole);
        clearTimeout(answer);
        options.signal.removeEventListener('abort', abort);
      };
      request.on('error', (error) => {
        end();
        reject(error);
      });
      request.on('response', (response) => {
        clearTimeout(answer);
        const code = response.statusCode ?? 0;
        const header = (name: string): string => String(response.headers[name] ?? '');
        const body = hasBody(code)
          ? readBody(response, options.maxBytes ?? limits.maxBytes)
          : Promise.resolve(new Uint8Array());
        body
          .then((bytes) => resolve({ status: 'answered', code, header, body: bytes }))
          .catch(reject)
          .finally(() => {
            end();
            // What is left of an answer is not worth reading.
            if (response.readableEnded || response.complete) response.resume();
            else response.destroy();
          });
      });
      request.end();
    });
  }

  return {
    async get(url, options) {
      options.signal.throwIfAborted();
      const refusal = guard.refusal(url);
      if (refusal !== undefined) return { status: 'failed', reason: refusal, unreachable: false };
      try {
        return await send(url, options);
      } catch (error) {
        options.signal.throwIfAborted();
        const { code = '', message } = error as NodeJS.ErrnoException;
        const isOurs = error instanceof Stopped;
        return {
          status: 'failed',
          reason: meanings[code] ?? message,
          unreachable: !isOurs && !code.startsWith('Z_') && !code.startsWith('HPE_'),
        };
      }
    },
    close() {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}
