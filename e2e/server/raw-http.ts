/** HTTP requests as bytes, for what no decent client would send. */
import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 where the connection was dropped without an answer. */
  readonly status: number;
  readonly headers: string;
  readonly body: string;
  /** Everything that came, of further answers too. */
  readonly all: string;
}

/**
 * Sends bytes on a connection of its own, and reads until the server closes it: the bytes have to
 * say `Connection: close`, or be broken enough.
 *
 * @param patienceMs - after this the connection is cut, and what came until then counts
 */
export function sendBytes(
  url: string,
  bytes: string | Uint8Array,
  patienceMs = 20_000,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const chunks: Buffer[] = [];
    const giveUp = setTimeout(() => socket.destroy(), patienceMs);
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => socket.end());
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(giveUp);
      const all = Buffer.concat(chunks).toString('latin1');
      const at = all.indexOf('\r\n\r\n');
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(all)?.[1] ?? 0),
        headers: at < 0 ? all : all.slice(0, at),
        body: at < 0 ? '' : Buffer.from(all.slice(at + 4), 'latin1').toString(),
        all,
      });
    });
  });
}

/** A request line, headers and a body, as they are. */
export const requestBytes = (
  url: string,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string => {
  const all = {
    host: new URL(url).host,
    ...headers,
    ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
};
