import type { ServerResponse } from 'node:http';
import { createConnection } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpClient, userAgent, type HttpClient, type HttpResult } from './http-get.ts';
import { createAddressGuard } from './public-address.ts';
import { startTestSite, type TestSite } from './test-site.ts';

const { signal } = new AbortController();
let site: TestSite;
let client: HttpClient;

beforeEach(async () => {
  site = await startTestSite();
  const limits = { maxBytes: 200_000, answerMs: 1_500, wholeMs: 2_500 };
  client = createHttpClient(createAddressGuard(site.url), limits);
});
afterEach(async () => {
  client.close();
  await site.down();
});

const get = (path: string, options = {}): Promise<HttpResult> =>
  client.get(new URL(path, site.url), { signal, ...options });
async function body(path: string): Promise<string> {
  const result = await get(path);
  return result.status === 'answered'
    ? Buffer.from(result.body).toString()
    : `failed: ${result.reason}`;
}

describe('a request', () => {
  it('says who asks, and takes what is compressed', async () => {
    site.pages.set('/gzip', { headers: { 'content-encoding': 'gzip' }, body: gzipSync('zipped') });
    site.pages.set('/br', {
      headers: { 'content-encoding': 'br' },
      body: brotliCompressSync('brotli'),
    });
    site.pages.set('/plain', 'plain');
    expect([await body('/gzip'), await body('/br'), await body('/plain')]).toEqual([
      'zipped',
      'brotli',
      'plain',
    ]);
    expect(site.requests[0]?.headers['user-agent']).toBe(userAgent);
    expect(userAgent).toMatch(/^contact-chat\/\d+\.\d+\.\d+/);
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    [
      'a compressed bomb',
      (response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end(gzipSync(Buffer.alloc(20_000_000)));
      },
      /larger than/,
    ],
    [
      'a page that says it is large',
      (response) => {
        response.writeHead(200, { 'content-length': '50000000' });
        response.write('x');
      },
      /larger than/,
    ],
    [
      'a page that never ends',
      (response) => {
        response.on('error', () => undefined);
        const timer = setInterval(() => response.write('drop'), 20);
        response.on('close', () => clearInterval(timer));
      },
      /not whole after/,
    ],
    ['a silent server', () => undefined, /no answer/],
    [
      'a torn answer',
      (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half');
        setTimeout(() => response.destroy(), 20);
      },
      /cut|ended before|aborted/,
    ],
    [
      'torn compression',
      (response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end(gzipSync('x'.repeat(1_000)).subarray(0, 12));
      },
      /breaks off/,
    ],
    [
      'broken compression',
      (response) => {
        response.writeHead(200, { 'content-encoding': 'br' });
        response.end('no brotli at all');
      },
      /compress/i,
    ],
    [
      'an unknown compression',
      (response) => {
        response.writeHead(200, { 'content-encoding': 'zstd' });
        response.end('x');
      },
      /compressed in a way/,
    ],
    [
      'endless headers',
      (response) => {
        response.writeHead(200, { 'x-long': 'x'.repeat(60_000) });
        response.end('x');
      },
      /headers are too large/,
    ],
    [
      'something that is not HTTP',
      (response) => {
        response.socket?.end('SSH-2.0-OpenSSH\r\n');
      },
      /./,
    ],
  ])('%s fails with a reason, and the next one is answered', async (_, answer, reason) => {
    site.pages.set('/bad', (_request, response) => answer(response));
    site.pages.set('/good', 'good');
    const failed = await get('/bad');
    expect(failed).toMatchObject({ status: 'failed', reason: expect.stringMatching(reason) });
    expect(await body('/good')).toBe('good');
  });

  it('stops reading a large page instead of taking it whole', async () => {
    let sent = 0;
    let ended: () => void;
    const closed = new Promise<void>((resolve) => (ended = resolve));
    site.pages.set('/large', (_request, response) => {
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const write = (): void => {
        while (sent < 50_000_000 && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', write);
        }
        response.end();
      };
      response.on('close', () => ended());
      write();
    });
    expect(await get('/large')).toMatchObject({ status: 'failed' });
    await closed;
    // What stands in the buffers of the system may have been sent, and no more.
    expect(sent).toBeLessThan(25_000_000);
  });

  it('of a host where nothing listens says that nobody is there', async () => {
    await site.down();
    expect(await get('/')).toMatchObject({
      status: 'failed',
      unreachable: true,
      reason: expect.stringMatching(/refused/),
    });
    await site.up();
  });

  it('to a private address is never made', async () => {
    const outside = createHttpClient(createAddressGuard('https://blog.example.com'), {
      ...{ maxBytes: 1_000, answerMs: 500, wholeMs: 500 },
    });
    const result = await outside.get(new URL(site.url), { signal });
    expect(result).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/private address/),
    });
    const rebound = createHttpClient(
      createAddressGuard('http://blog.example.com', (_name, _options, done) =>
        done(null, [{ address: '127.0.0.1', family: 4 }]),
      ),
      { maxBytes: 1_000, answerMs: 500, wholeMs: 500 },
    );
    const { port } = new URL(site.url);
    const named = await rebound.get(new URL(`http://blog.example.com:${port}/`), { signal });
    expect(named).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/private address/),
    });
    expect(site.requests).toEqual([]);
    outside.close();
    rebound.close();
    // The site does answer to whoever may ask.
    await new Promise<void>((resolve) => {
      const socket = createConnection(Number(port), '127.0.0.1', () => socket.end(resolve));
    });
  });

  it('ends with its signal', async () => {
    const stop = new AbortController();
    site.pages.set('/slow', () => stop.abort(new Error('stop')));
    await expect(get('/slow', { signal: stop.signal })).rejects.toThrow('stop');
  });
});
