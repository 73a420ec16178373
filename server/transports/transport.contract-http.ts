import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Transport } from '../transport-ports.ts';
import { eventually, hashOf, received, record } from './transport.contract-harness.ts';

export function describeHttp(load: () => Promise<Transport>): void {
  describe('HTTP', () => {
    it('hands over a request as it came', async () => {
      const recorder = await record(await load(), {
        fetch: async (request, peer) =>
          Response.json({
            method: request.method,
            url: request.url,
            address: peer.address,
            body: await request.text(),
            header: request.headers.get('x-test'),
          }),
      });
      const get = await fetch(recorder.url('/a%20b/c?d=%E4%BD%A0&e'), {
        headers: { 'X-Test': 'one, two' },
      });
      expect(get.headers.get('content-type')).toBe('application/json');
      expect(await get.json()).toEqual({
        method: 'GET',
        url: recorder.url('/a%20b/c?d=%E4%BD%A0&e'),
        address: '127.0.0.1',
        body: '',
        header: 'one, two',
      });
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const answer = await fetch(recorder.url('/'), { method, body: '{"question":"你好？"}' });
        expect(await answer.json()).toMatchObject({ method, body: '{"question":"你好？"}' });
      }
      const empty = await fetch(recorder.url('/'), { method: 'POST' });
      expect(await empty.json()).toMatchObject({ method: 'POST', body: '' });
    });

    it.each([
      ['a b', 'http://localhost/x'],
      ['a.example/evil?', 'http://localhost/x'],
      ['user@a.example', 'http://localhost/x'],
      ['a.example:99999', 'http://localhost/x'],
      ['a.example:81', 'http://a.example:81/x'],
      ['[::1]:81', 'http://[::1]:81/x'],
    ])('reads the Host header %j with care', async (host, url) => {
      const recorder = await record(await load(), {
        fetch: (request) => new Response(request.url),
      });
      const raw = await recorder.raw();
      raw.write(`GET /x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      const text = await received(raw, /\r\n\r\n.+/);
      expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe(url);
    });

    it('never takes the host from the path', async () => {
      const recorder = await record(await load(), {
        fetch: (request) => new Response(new URL(request.url).host),
      });
      const raw = await recorder.raw();
      raw.write('GET //evil.example/x HTTP/1.1\r\nHost: a.example\r\n\r\n');
      expect(await received(raw, 'a.example')).toContain('a.example');
    });

    it('answers HEAD, 204 and 304 without a body, and keeps the connection', async () => {
      const recorder = await record(await load(), {
        fetch: (request) => {
          if (request.method === 'HEAD') {
            return new Response(null, { headers: { 'content-length': '1234', etag: '"a"' } });
          }
          const status = Number(new URL(request.url).pathname.slice(1));
          return new Response(status === 200 ? 'body' : null, { status, headers: { etag: '"b"' } });
        },
      });
      const raw = await recorder.raw();
      let text = '';
      raw.on('data', (chunk) => (text += String(chunk).toLowerCase()));
      const requests = ['HEAD /200', 'GET /204', 'GET /304', 'GET /200'];
      for (const [index, line] of requests.entries()) {
        raw.write(`${line} HTTP/1.1\r\nHost: a\r\n\r\n`);
        await eventually(() => expect(text.split('\r\n\r\n')).toHaveLength(index + 2));
      }
      await eventually(() => expect(text).toContain('body'));
      expect(text.match(/http\/1\.1 \d+/g)).toEqual([
        'http/1.1 200',
        'http/1.1 204',
        'http/1.1 304',
        'http/1.1 200',
      ]);
      expect(text.match(/content-length: \d+/g)).toEqual([
        'content-length: 1234',
        'content-length: 4',
      ]);
      expect(text.match(/etag: "."/g)).toEqual([
        'etag: "a"',
        'etag: "b"',
        'etag: "b"',
        'etag: "b"',
      ]);
    });

    it('sends every header and each cookie by itself, and none of the connection', async () => {
      const headers = new Headers({ 'x-latin': 'caf\u00e9', 'transfer-encoding': 'gzip', te: 'x' });
      for (let index = 0; index < 60; index += 1) headers.set(`x-${index}`, `value ${index}`);
      headers.append('set-cookie', 'a=1; HttpOnly');
      headers.append('set-cookie', 'b=2, 3');
      const recorder = await record(await load(), { fetch: () => new Response('x', { headers }) });
      const answer = await fetch(recorder.url('/'));
      expect(answer.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2, 3']);
      expect(answer.headers.get('x-latin')).toBe('caf\u00e9');
      expect(answer.headers.get('x-59')).toBe('value 59');
      expect(answer.headers.get('te')).toBeNull();
      expect(answer.headers.get('transfer-encoding')).toBeNull();
      expect(answer.headers.get('content-length')).toBe('1');
    });

    it('reads many and long request headers', async () => {
      const recorder = await record(await load(), {
        fetch: (request) => new Response(String(request.headers.get('cookie')?.length)),
      });
      const raw = await recorder.raw();
      const text = received(raw, /\r\n\r\n\d+/);
      const more = Array.from({ length: 50 }, (_, index) => `X-${index}: value\r\n`).join('');
      const head = `GET / HTTP/1.1\r\nHost: a\r\n${more}Cookie: ${'c'.repeat(9000)}\r\n\r\n`;
      // In two parts: a parser may have less room for what it has to keep.
      await new Promise((resolve) => raw.write(head.slice(0, -100), resolve));
      await new Promise((resolve) => setTimeout(resolve, 50));
      raw.write(head.slice(-100));
      expect(await text).toMatch(/^HTTP\/1\.1 200 [^]*\r\n9000$/);
    });

    it('reads a body of 1 MiB and refuses a larger one with 413', async () => {
      const recorder = await record(await load(), {
        fetch: async (request) => new Response(hashOf(new Uint8Array(await request.arrayBuffer()))),
      });
      const largest = randomBytes(1024 * 1024);
      const whole = await fetch(recorder.url('/'), { method: 'POST', body: largest });
      expect(await whole.text()).toBe(hashOf(largest));
      for (const size of [1024 * 1024 + 1, 5 * 1024 * 1024]) {
        const refused = await fetch(recorder.url('/'), {
          method: 'POST',
          body: new Uint8Array(size),
        });
        expect(refused.status).toBe(413);
        expect(await refused.json()).toMatchObject({ code: 'body_too_large' });
      }
    });

    it('does not read a body without end', async () => {
      const recorder = await record(await load());
      const raw = await recorder.raw();
      const text = received(raw).catch(() => 'reset');
      raw.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
      const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
      let written = 0;
      while (!raw.destroyed && raw.writable && written < 200) {
        written += 1;
        await new Promise((resolve) => raw.write(chunk, resolve));
      }
      expect(await text).toMatch(/^HTTP\/1\.1 413|reset/);
    });

    it('joins a chunked body', async () => {
      const recorder = await record(await load(), {
        fetch: async (request) => new Response(`<${await request.text()}>`),
      });
      const raw = await recorder.raw();
      raw.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab');
      raw.write('c\r\n2\r\nde\r\n0\r\n\r\n');
      expect(await received(raw, '<abcde>')).toContain('<abcde>');
    });

    it('aborts the request when its client leaves', async () => {
      let aborted = false;
      let asked = false;
      const recorder = await record(await load(), {
        fetch: (request) =>
          new Promise((resolve) => {
            asked = true;
            request.signal.addEventListener('abort', () => {
              aborted = true;
              resolve(new Response('nobody reads this'));
            });
          }),
      });
      const leave = new AbortController();
      const answer = fetch(recorder.url('/'), { signal: leave.signal }).catch(() => 'left');
      await eventually(() => expect(asked).toBe(true));
      leave.abort();
      expect(await answer).toBe('left');
      await eventually(() => expect(aborted).toBe(true));
      expect(recorder.stages).toEqual([]);
    });

    it('drops a request whose body is cut in half', async () => {
      let asked = 0;
      const recorder = await record(await load(), {
        fetch: () => {
          asked += 1;
          return new Response('x');
        },
      });
      const raw = await recorder.raw();
      await new Promise((resolve) =>
        raw.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf', resolve),
      );
      raw.destroy();
      await fetch(recorder.url('/'));
      expect(asked).toBe(1);
    });

    it.each([
      ['rejects', () => Promise.reject(new Error('a bug'))],
      [
        'throws',
        () => {
          throw new Error('a bug');
        },
      ],
      ['gives no usable response', () => Response.error()],
    ])('answers 500 where the application %s', async (_name, broken) => {
      let failing = true;
      const recorder = await record(await load(), {
        fetch: () => (failing ? broken() : new Response('well')),
      });
      const answer = await fetch(recorder.url('/'));
      expect(answer.status).toBe(500);
      const { detail, code } = (await answer.json()) as Record<string, string>;
      expect(code).toBe('internal');
      expect(detail).not.toContain('a bug');
      expect(recorder.stages).toEqual(['http.fetch']);
      failing = false;
      expect(await (await fetch(recorder.url('/'))).text()).toBe('well');
    });

    it('answers a plain request that also offers another protocol', async () => {
      const recorder = await record(await load());
      const raw = await recorder.raw();
      raw.write(
        'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n' +
          'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n',
      );
      expect(await received(raw, 'hello')).toMatch(/^HTTP\/1\.1 200 [^]*hello$/);
    });
  });
}
