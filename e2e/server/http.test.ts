import { readFile } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connect } from './ws-client.ts';

/** A request whose answer stays compressed, and whose headers are what is written here. */
function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          ...{ status: response.statusCode ?? 0, headers: response.headers },
          body: Buffer.concat(chunks),
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe.each(['uws', 'ws'])('HTTP over %s', (transport) => {
  let server: TestServer;
  let version: string;
  beforeAll(async () => {
    server = await startTestServer({
      CONTACT_CHAT_TRANSPORT: transport === 'ws' ? 'ws' : undefined,
      METRICS_TOKEN: 'metrics-token',
    });
    const file = new URL('../../package.json', import.meta.url);
    ({ version } = JSON.parse(await readFile(file, 'utf8')) as { version: string });
  });
  afterAll(() => server.stop());

  it('/healthz and /readyz', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  it('the script: five minutes, ETag, compression, any origin', async () => {
    const plain = await get(`${server.url}/contact-chat.js`);
    expect(plain.status).toBe(200);
    expect(plain.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      etag: expect.stringMatching(/^"[^"]+"$/),
      vary: expect.stringMatching(/accept-encoding/i),
    });
    const br = await get(`${server.url}/contact-chat.js`, { 'accept-encoding': 'gzip, br' });
    expect(br.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true);
    const gzip = await get(`${server.url}/contact-chat.js`, { 'accept-encoding': 'gzip' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    const tags = [plain, br, gzip].map(({ headers }) => headers['etag']);
    expect(new Set(tags).size).toBe(3);
    const again = await get(`${server.url}/contact-chat.js`, {
      'if-none-match': `"other", ${String(plain.headers['etag'])}`,
    });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
    expect(again.headers['cache-control']).toBe('public, max-age=300');
  });

  it('the versioned script and what it loads: for ever', async () => {
    const entry = await get(`${server.url}/v${version}/contact-chat.js`);
    expect(entry.status).toBe(200);
    const chunk = /v[\d.]+\/chat-[\w-]+\.js/.exec(entry.body.toString())?.[0] ?? '';
    expect(chunk).toContain(`v${version}/`);
    for (const { headers, status } of [entry, await get(`${server.url}/${chunk}`)]) {
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      });
    }
  });

  it.each(['/nothing', '/v9.9.9/contact-chat.js', '/v0.0.0/../../etc/passwd', '/%2e%2e/%2e%2e/x'])(
    '404 for %s',
    async (path) => {
      const { status, body } = await get(server.url + path);
      expect(status).toBe(404);
      expect(JSON.parse(body.toString())).toMatchObject({ code: 'not_found' });
    },
  );

  it('pages: the demo blog under a strict policy', async () => {
    const page = await fetch(`${server.url}/`, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await page.text();
    expect(html).toContain('/contact-chat.js');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).toMatch(/script-src 'self'/);
    expect(policy).toMatch(/frame-ancestors 'none'/);
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|style="/);
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
    const missing = await fetch(`${server.url}/nope`, { headers: { accept: 'text/html' } });
    expect(missing.status).toBe(404);
    expect(missing.headers.get('content-security-policy')).toBe(policy);
  });

  it('/metrics: loopback without a proxy, or the token', async () => {
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${server.url}/metrics`, { headers })).status;
    expect(await status({})).toBe(200);
    for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded']) {
      expect(await status({ [name]: '127.0.0.1' })).toBe(401);
    }
    const forwarded = { 'x-forwarded-for': '203.0.113.5' };
    expect(await status({ ...forwarded, authorization: 'Bearer metrics-token' })).toBe(200);
    expect(await status({ ...forwarded, authorization: 'Bearer guess' })).toBe(401);
  });

  it('/metrics tells of connections, messages and errors', async () => {
    const client = await connect(server.wsUrl);
    client.send(chat('如何部署到生产环境？'));
    await client.until('chat_message');
    client.sendRaw('{');
    await client.next('error');
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await response.text();
    expect(text).toMatch(/^contact_chat_connections 1$/m);
    for (const line of [
      'contact_chat_messages_total{type="chat_message",sender="visitor"} 1',
      'contact_chat_messages_total{type="chat_message",sender="assistant"} 1',
      'contact_chat_acknowledgement_seconds_count 1',
      'contact_chat_errors_total{code="invalid_json"} 1',
      'contact_chat_answers_total{outcome="found"} 1',
      'contact_chat_owed{kind="answers"} 0',
      'contact_chat_owed{kind="notices"} 0',
    ]) {
      expect(text).toContain(line);
    }
    expect(text).toMatch(/contact_chat_store_seconds_count\{operation="append"\} \d/);
    await client.close();
  });

  it('answers nothing but GET and HEAD where there is something to get', async () => {
    const response = await fetch(`${server.url}/contact-chat.js`, { method: 'POST' });
    expect([404, 405]).toContain(response.status);
    const head = await fetch(`${server.url}/contact-chat.js`, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
  });
});

describe('served versions', () => {
  it('stay servable, also after another data folder version was added by hand', async () => {
    const server = await startTestServer({ ANSWERER: 'off' });
    try {
      const path = '/v0.0.1-old/contact-chat.js';
      expect((await get(server.url + path)).status).toBe(404);
      const { mkdir, writeFile } = await import('node:fs/promises');
      await mkdir(`${server.dataDir}/assets/v0.0.1-old`, { recursive: true });
      await writeFile(`${server.dataDir}/assets/v0.0.1-old/contact-chat.js`, '/* old */');
      const kept = await get(server.url + path);
      expect(kept).toMatchObject({ status: 200 });
      expect(kept.body.toString()).toBe('/* old */');
    } finally {
      await server.stop();
    }
  });
});
