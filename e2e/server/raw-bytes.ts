/** Bytes of handshakes and frames (RFC 6455, 4.1 and 5.2), right ones and wrong ones. */

/** How a frame gives its length: as it should, in a longer form, or as a lie. */
export type FrameLength = 'shortest' | '16 bits' | '64 bits' | bigint;

export interface RawFrame {
  /** FIN, the reserved bits and the opcode. */
  readonly first: number;
  readonly payload: Uint8Array;
  /** Four bytes; `undefined` sends what no client may: a frame without a mask. */
  readonly mask: Uint8Array | undefined;
  readonly length: FrameLength;
}

export function frameBytes({ first, payload, mask, length }: RawFrame): Buffer {
  const masked = mask ? 0x80 : 0;
  const body = Buffer.from(payload);
  if (mask) for (const [index, byte] of body.entries()) body[index] = byte ^ (mask[index & 3] ?? 0);
  return Buffer.concat([
    Buffer.from([first & 0xff]),
    lengthBytes(masked, body.length, length),
    mask ?? Buffer.alloc(0),
    body,
  ]);
}

function lengthBytes(masked: number, actual: number, form: FrameLength): Buffer {
  if (typeof form === 'bigint' || form === '64 bits' || actual > 0xffff) {
    const bytes = Buffer.alloc(9);
    bytes[0] = masked | 127;
    bytes.writeBigUInt64BE(typeof form === 'bigint' ? form : BigInt(actual), 1);
    return bytes;
  }
  if (form === '16 bits' || actual > 125) {
    return Buffer.from([masked | 126, actual >> 8, actual & 0xff]);
  }
  return Buffer.from([masked | actual]);
}

const noMask = new Uint8Array(4);

/** A frame as a client should send it, with a mask of zeros. */
export const textFrame = (text: string): Buffer =>
  frameBytes({ first: 0x81, payload: Buffer.from(text), mask: noMask, length: 'shortest' });

export const handshake = (path = '/contact'): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n');

/** What a server sent: the status of its answer, then its frames. */
export interface ServerBytes {
  /** `undefined` where no whole head came. */
  readonly status: number | undefined;
  readonly frames: readonly { readonly opcode: number; readonly payload: Buffer }[];
}

/**
 * Reads what came back on a connection; a frame that was cut off at the end is left out.
 *
 * @throws where it is not HTTP, or holds a frame that no server may send
 */
export function readServerBytes(bytes: Buffer): ServerBytes {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return { status: undefined, frames: [] };
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(bytes.toString('latin1', 0, 20))?.[1]);
  if (Number.isNaN(status)) throw new Error(`not HTTP: ${bytes.toString('latin1', 0, 80)}`);
  const frames: { opcode: number; payload: Buffer }[] = [];
  if (status !== 101) return { status, frames };
  for (let at = headEnd + 4; at + 2 <= bytes.length;) {
    const [first = 0, second = 0] = bytes.subarray(at, at + 2);
    const opcode = first & 0x0f;
    if ((first & 0xf0) !== 0x80 || second > 127 || ![1, 8, 9, 10].includes(opcode)) {
      throw new Error(`a frame that begins with ${first.toString(16)} ${second.toString(16)}`);
    }
    const extra = second === 127 ? 8 : second === 126 ? 2 : 0;
    if (at + 2 + extra > bytes.length) break;
    const length =
      extra === 0 ? second : bytes.readUIntBE(at + 2 + (extra === 8 ? 2 : 0), extra === 8 ? 6 : 2);
    const start = at + 2 + extra;
    if (start + length > bytes.length) break;
    frames.push({ opcode, payload: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return { status, frames };
}
