import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './start-test-server.ts';

describe('POST /ask', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({
      ...{ RATE_LIMIT: '30/1h', ALLOWED_ORIGINS: 'https://blog.example.com' },
      OWNER_TOKEN: 'a-token-of-the-owner',
    });
  });
  afterAll(() => server.stop());
  const ask = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.url}/ask`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it('answers from the posts, with citations, and stores nothing', async () => {
    const response = await ask({ question: '如何部署到生产环境？' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      answer: expect.stringMatching(/\p{Script=Han}/u),
      citations: expect.arrayContaining([
        { title: expect.stringMatching(/./), url: expect.stringMatching(/./) },
      ]),
    });
    const authorization = 'Bearer a-token-of-the-owner';
    const list = await fetch(`${server.url}/api/conversations`, { headers: { authorization } });
    expect(await list.json()).toMatchObject({ conversations: [] });
  });

  it.each<[unknown, string]>([
    ['', 'invalid_message'],
    ['{', 'invalid_message'],
    ['[]', 'invalid_message'],
    [{}, 'invalid_message'],
    [{ question: '' }, 'invalid_message'],
    [{ question: ' \u3000' }, 'invalid_message'],
    [{ question: 5 }, 'invalid_message'],
    [{ message: 'x' }, 'invalid_message'],
    [{ question: 'x'.repeat(4001) }, 'message_too_long'],
  ])('400 for %j, with a reason', async (body, code) => {
    const response = await ask(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ code, detail: expect.stringMatching(/./) });
  });

  it('413 for a body beyond all measure', async () => {
    expect((await ask(`"${'x'.repeat(2 * 1024 * 1024)}"`)).status).toBe(413);
  });

  it('is there for the pages of allowed origins, and no other', async () => {
    const origin = 'https://blog.example.com';
    const preflight = await fetch(`${server.url}/ask`, {
      method: 'OPTIONS',
      headers: {
        ...{ origin, 'access-control-request-method': 'POST' },
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('content-type');
    const answered = await ask({ question: 'hello' }, { origin });
    expect(answered.status).toBe(200);
    expect(answered.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answered.headers.get('vary')).toMatch(/origin/i);
    const foreign = await ask({ question: 'hello' }, { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
    expect(await foreign.json()).toMatchObject({ code: 'forbidden' });
  });

  it('405 for anything but POST', async () => {
    const response = await fetch(`${server.url}/ask`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toContain('POST');
  });

  it('429 for an address that asks too much, with the time to wait', async () => {
    const from = { 'x-forwarded-for': '203.0.113.77', 'accept-language': 'en' };
    const statuses: number[] = [];
    for (let index = 0; index < 30; index += 1) {
      statuses.push((await ask({ question: 'hello' }, from)).status);
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
    const refused = await ask({ question: 'hello' }, from);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toEqual({
      ...{ code: 'rate_limited', detail: expect.stringMatching(/^Too many messages/) },
    });
    expect((await ask({ question: 'hello' }, { 'x-forwarded-for': '203.0.113.78' })).status).toBe(
      200,
    );
  });

  it('503 where nobody answers', async () => {
    const silent = await startTestServer({ ANSWERER: 'off' });
    try {
      const init = { method: 'POST', body: '{"question":"hello"}' };
      const response = await fetch(`${silent.url}/ask`, init);
      expect(response.status).toBe(503);
      expect((await fetch(`${silent.url}/readyz`)).status).toBe(200);
    } finally {
      await silent.stop();
    }
  });
});
