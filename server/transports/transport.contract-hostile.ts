import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Transport } from '../transport-ports.ts';
import {
  eventually,
  handshakeText,
  opened,
  received,
  record,
  type Recorder,
} from './transport.contract-harness.ts';

/** A client frame (RFC 6455, 5.2) with a mask of zeros, so that the payload stays readable. */
const frame = (firstByte: number, payload: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(payload as string);
  return Buffer.concat([Buffer.from([firstByte, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);
};

async function expectAlive(recorder: Recorder): Promise<void> {
  const client = await opened(recorder);
  const marker = randomBytes(8).toString('hex');
  client.send(marker);
  await eventually(() => {
    const all = Array.from({ length: 100 }, (_, index) => recorder.seen(index)).flat();
    expect(all).toContainEqual(['text', marker, 16]);
  });
  expect(await (await fetch(recorder.url('/'))).text()).toBe('hello');
}

export function describeHostile(load: () => Promise<Transport>): void {
  describe('hostile bytes', () => {
    it.each<[string, string | Buffer]>([
      ['random bytes', randomBytes(5000)],
      ['zeros', Buffer.alloc(5000)],
      ['a TLS hello', Buffer.from('16030100a5010000a10303', 'hex')],
      ['half a request line', 'GET /cont'],
      ['half a handshake', handshakeText('/contact').slice(0, -20)],
      ['a request line without end', `GET /${'a'.repeat(100_000)}`],
      ['a header without end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(100_000)}`],
      ['headers without end', `GET / HTTP/1.1\r\nHost: a\r\n${'X: a\r\n'.repeat(5000)}`],
      ['a negative length', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n'],
      [
        'two lengths',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      ],
      ['a method of nobody', 'BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n'],
      ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
      ['TRACE', 'TRACE / HTTP/1.1\r\nHost: a\r\n\r\n'],
      ['a PROXY header', 'PROXY TCP4 203.0.113.7 203.0.113.8 1 2\r\nGET / HTTP/1.1\r\n\r\n'],
    ])('outlives %s', async (_name, bytes) => {
      const recorder = await record(await load());
      const raw = await recorder.raw();
      raw.resume();
      await new Promise((resolve) => raw.write(bytes, resolve));
      await expectAlive(recorder);
      raw.destroy();
      await expectAlive(recorder);
    });

    it.each([
      ['a key of the wrong length', 400, 'dGhlIHNhbXBsZSBub25jZQ==', 'short'],
      ['a key that is no base64', 400, 'dGhlIHNhbXBsZSBub25jZQ==', '!!!!!!!!!!!!!!!!!!!!!!!!'],
      ['another version', 426, 'Version: 13', 'Version: 8'],
      ['no version', 426, 'Sec-WebSocket-Version: 13\r\n', ''],
      ['another path', 404, '/contact', '/other'],
      ['POST', 400, 'GET', 'POST'],
    ])('refuses a handshake with %s: %i', async (_name, status, from, to) => {
      const recorder = await record(await load());
      const raw = await recorder.raw();
      raw.write(handshakeText('/contact', 'Content-Length: 0\r\n').replace(from, to));
      const text = await received(raw, /"code":"\w+"/);
      expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(recorder.seen()).toEqual([]);
      await expectAlive(recorder);
    });

    it.each<[string, Buffer]>([
      ['a reserved bit', frame(0xc1, 'hi')],
      ['an unknown opcode', frame(0x83, 'hi')],
      ['an unknown control opcode', frame(0x8b, 'hi')],
      ['a fragmented ping', frame(0x09, 'hi')],
      ['a continuation of nothing', frame(0x80, 'hi')],
      ['a text inside a fragmented text', Buffer.concat([frame(0x01, 'a'), frame(0x81, 'b')])],
      ['invalid UTF-8', frame(0x81, Buffer.from([0xc3, 0x28]))],
      ['a surrogate in UTF-8', frame(0x81, Buffer.from([0xed, 0xa0, 0x80]))],
      ['a length of 2^63', Buffer.from('81ffffffffffffffffff00000000', 'hex')],
      ['a length of 5 MiB', Buffer.from('81ff000000000050000000000000', 'hex')],
    ])('ends only the connection that sends %s', async (_name, bytes) => {
      const recorder = await record(await load());
      const raw = await recorder.raw();
      raw.write(handshakeText('/contact'));
      await recorder.socket();
      raw.write(bytes);
      raw.resume();
      await eventually(() => expect(recorder.seen()).toHaveLength(2));
      expect(recorder.seen()[1]?.[0]).toBe('close');
      await expectAlive(recorder);
    });

    it('takes frames byte by byte', async () => {
      const recorder = await record(await load());
      const raw = await recorder.raw();
      raw.setNoDelay(true);
      raw.write(handshakeText('/contact'));
      await recorder.socket();
      for (const byte of frame(0x81, '慢')) {
        await new Promise((resolve) => raw.write(Buffer.from([byte]), resolve));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await eventually(() => expect(recorder.seen()).toContainEqual(['text', '慢', 3]));
    });

    it('never takes an unmasked frame for what it says', async () => {
      const recorder = await record(await load());
      const raw = await recorder.raw();
      raw.write(handshakeText('/contact'));
      await recorder.socket();
      // uWebSockets.js reads a mask where there is none, `ws` closes: neither believes the text.
      await new Promise((resolve) =>
        raw.write(Buffer.from('\u0081\u0006unmask', 'latin1'), resolve),
      );
      await expectAlive(recorder);
      raw.destroy();
      await eventually(() => expect(recorder.seen().at(-1)?.[0]).toBe('close'));
      expect(recorder.seen()).toHaveLength(2);
    });

    it('reports a connection that is cut in the middle of a frame', async () => {
      const recorder = await record(await load());
      const raw = await recorder.raw();
      raw.write(handshakeText('/contact'));
      await recorder.socket();
      await new Promise((resolve) => raw.write(frame(0x81, 'cut here').subarray(0, 8), resolve));
      raw.destroy();
      await eventually(() => expect(recorder.seen()).toEqual([['open'], ['close', 1006]]));
    });

    it('outlives many clients that come and go at once', async () => {
      const recorder = await record(await load());
      const clients = Array.from({ length: 40 }, () => recorder.client());
      const ends = clients.map((client, index) => {
        if (index % 2 === 0) setImmediate(() => client.terminate());
        else client.on('open', () => client.terminate());
        return new Promise((resolve) => client.once('close', resolve));
      });
      await Promise.all(ends);
      await expectAlive(recorder);
    });
  });
}
