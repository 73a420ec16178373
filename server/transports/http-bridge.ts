/**
 * From a request as a transport has it to the web-standard `fetch` of the application, and from
 * its `Response` back to the wire. Transports differ only in the `ResponseSink` they pass.
 */
import { STATUS_CODES } from 'node:http';
import type { ListenOptions } from '../transport-ports.ts';

/** Largest request body that is read, in bytes. Larger: 413. */
export const maxBodyBytes = 1024 * 1024;

/**
 * Bytes of a body that is too large which are still read and thrown away, so that its sender
 * gets to read the 413; after them it is answered and the connection dropped.
 */
export const maxDiscardedBytes = 8 * maxBodyBytes;

/** The body of a request; `gone` where its sender left before the end. */
export type RequestBody =
  | { readonly status: 'whole'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly status: 'too_large' }
  | { readonly status: 'gone' };

/** A request, read off the wire. */
export interface IncomingRequest {
  readonly method: string;
  readonly secure: boolean;
  /** The Host header as it came. */
  readonly host: string;
  /** Path and query as they came, beginning with `/`. */
  readonly target: string;
  readonly headers: Iterable<readonly [string, string]>;
  readonly address: string;
  /** Absent for methods that carry none. */
  readonly body?: Promise<RequestBody>;
  /** Aborts when the client goes away before it has the whole answer. */
  readonly signal: AbortSignal;
}

export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  /** End-to-end headers in order, without Content-Length; `set-cookie` once for each cookie. */
  readonly headers: readonly (readonly [string, string])[];
  /** Content-Length, where it is known. */
  readonly length?: number;
}

/** Where a response is written. After the client has gone every call is a no-op. */
export interface ResponseSink {
  /** The whole response; without `body` where the status or method allows none. */
  whole(head: ResponseHead, body?: Uint8Array): void;
  /** The head of a response whose body follows by `write` and ends with `finish`. */
  start(head: ResponseHead): void;
  /** Resolves when more may be written; `false` where the client has gone. */
  write(chunk: Uint8Array): Promise<boolean>;
  finish(): void;
  /** Drops the connection, so that a cut response does not look whole. */
  abort(): void;
}

type Application = Pick<ListenOptions<unknown>, 'fetch' | 'onError'>;

const hostPattern = /^(?:[\w.~-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/;

/** The absolute address of a request. A Host header that names no host is read as `localhost`. */
function absoluteUrl(request: Pick<IncomingRequest, 'secure' | 'host' | 'target'>): string {
  const scheme = request.secure ? 'https' : 'http';
  const host = hostPattern.test(request.host) ? request.host : 'localhost';
  const url = `${scheme}://${host}${request.target}`;
  // A port above 65535 or an impossible IPv6 address passes the pattern and fails here.
  return URL.canParse(url) ? url : `${scheme}://localhost${request.target}`;
}

/** An error as every HTTP endpoint answers it. */
const errorResponse = (status: number, code: string, detail: string): Response =>
  Response.json({ detail, code }, { status, headers: { 'cache-control': 'no-store' } });

/** Answers one request. Never rejects: what goes wrong is a 500, or a dropped connection. */
export async function answerRequest(
  request: IncomingRequest,
  sink: ResponseSink,
  application: Application,
): Promise<void> {
  try {
    const response = await responseTo(request, application);
    if (!response || request.signal.aborted) return;
    await sendResponse(response, request, sink);
  } catch (error) {
    // The head may be out already: a second status is impossible, a clean end would be a lie.
    application.onError(error, { stage: 'http.response' });
    sink.abort();
  }
}

async function responseTo(
  incoming: IncomingRequest,
  application: Application,
): Promise<Response | undefined> {
  const body = await incoming.body;
  if (body?.status === 'gone') return undefined;
  if (body?.status === 'too_large') {
    return errorResponse(413, 'body_too_large', `The body is larger than ${maxBodyBytes} bytes.`);
  }
  let request: Request;
  try {
    request = new Request(absoluteUrl(incoming), {
      method: incoming.method,
      headers: headersOf(incoming.headers),
      signal: incoming.signal,
      ...(body && body.bytes.length > 0 ? { body: body.bytes } : {}),
    });
  } catch {
    return errorResponse(405, 'method_not_allowed', 'This method is not supported.');
  }
  try {
    const response = await application.fetch(request, { address: incoming.address });
    // `Response.error()` has the status 0, and a used body has nothing left to send.
    if (response.status === 0 || response.bodyUsed) throw new TypeError('not a usable response');
    return response;
  } catch (error) {
    if (incoming.signal.aborted) return undefined;
    application.onError(error, { stage: 'http.fetch' });
    return errorResponse(500, 'internal', 'The server failed to answer this request.');
  }
}

/** Headers that `fetch` would refuse (bytes that are no Latin-1) are left out, not fatal. */
function headersOf(entries: Iterable<readonly [string, string]>): Headers {
  const headers = new Headers();
  for (const [name, value] of entries) {
    try {
      headers.append(name, value);
    } catch {
      continue;
    }
  }
  return headers;
}

// RFC 9110, 7.6.1; `date` is written by both transports themselves.
const notCopied = new Set(
  'connection date keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(' '),
);

function headOf(response: Response): ResponseHead {
  const headers: (readonly [string, string])[] = [];
  let length: number | undefined;
  for (const entry of response.headers) {
    const [name, value] = entry;
    if (name === 'content-length') length = /^\d{1,15}$/.test(value) ? Number(value) : undefined;
    else if (!notCopied.has(name)) headers.push(entry);
  }
  return {
    status: response.status,
    statusText: STATUS_CODES[response.status] ?? 'Unknown',
    headers,
    ...(length === undefined ? {} : { length }),
  };
}

async function sendResponse(
  response: Response,
  { method, signal }: IncomingRequest,
  sink: ResponseSink,
): Promise<void> {
  const head = headOf(response);
  if (method === 'HEAD' || response.status === 204 || response.status === 304) {
    sink.whole(head);
    await response.body?.cancel();
    return;
  }
  if (!response.body) return sink.whole(head, new Uint8Array(0));
  const reader = response.body.getReader();
  const cancel = (): void => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    await sendBody(head, reader, sink);
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A body that is there at once, as nearly all are, goes out in one piece with its length. */
async function sendBody(
  head: ResponseHead,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  sink: ResponseSink,
): Promise<void> {
  let read = await reader.read();
  if (read.done) return sink.whole(head, new Uint8Array(0));
  const second = reader.read();
  // A failure is met by the `await` below; until then it must not count as unhandled.
  second.catch(() => undefined);
  const soon = await Promise.race([second, nextTurn()]);
  if (soon?.done) return sink.whole(head, read.value);

  sink.start(head);
  let sent = 0;
  let next = second;
  while (!read.done) {
    sent += read.value.byteLength;
    if (head.length !== undefined && sent > head.length) break;
    if (!(await sink.write(read.value))) return;
    read = await next;
    next = read.done ? next : reader.read();
    next.catch(() => undefined);
  }
  if (head.length !== undefined && sent !== head.length) {
    throw new Error(`the body has not the ${head.length} bytes that its Content-Length says`);
  }
  sink.finish();
}
