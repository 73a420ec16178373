import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVictim, evil, ownerToken, secret, type Victim } from './owner-victim.ts';
import { inParallel } from './raw-socket.ts';

describe.each(['uws', 'ws'])("a stranger at the owner's interface over %s", (transport) => {
  let victim: Victim;
  beforeAll(async () => {
    victim = await startVictim(transport);
  });
  afterAll(() => victim.server.stop());

  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'BREW'];

  it('gets nothing without the secret: every path, every method', async () => {
    const paths = [
      ...new Set(victim.operations.map(({ path }) => path)),
      '/api',
      '/api/',
      '/api/x',
    ];
    const tries = paths.flatMap((path) => methods.map((method) => ({ path, method })));
    await inParallel(tries, 8, async ({ path, method }) => {
      const body = ['GET', 'HEAD', 'TRACE'].includes(method) ? '' : '{"answering":"owner"}';
      const answer = await victim.raw(method, path, { 'content-type': 'application/json' }, body);
      const door = path === '/api/session' && method === 'POST';
      const allowed = door ? [400] : [401, 404, 405, 501, 0, 400];
      expect(allowed, `${method} ${path}: ${answer.all.slice(0, 200)}`).toContain(answer.status);
      expect(answer.all).not.toContain(secret);
      // Behind the door it is 401 and nothing else, for every method that HTTP servers know.
      const common = !['TRACE', 'BREW'].includes(method) && path !== '/api' && !door;
      if (common) expect([path, method, answer.status]).toEqual([path, method, 401]);
    });
    await victim.untouched();
  });

  it.each<[string, () => Record<string, string>]>([
    ["a visitor's token as bearer", () => ({ authorization: `Bearer ${victim.session.token}` })],
    ['an empty bearer', () => ({ authorization: 'Bearer ' })],
    ['the token in another scheme', () => ({ authorization: `Token ${ownerToken}` })],
    [
      'the token as a password',
      () => ({ authorization: `Basic ${Buffer.from(`owner:${ownerToken}`).toString('base64')}` }),
    ],
    ['the token with something after it', () => ({ authorization: `Bearer ${ownerToken} x` })],
    ['a part of the token', () => ({ authorization: `Bearer ${ownerToken.slice(0, -1)}` })],
    ['a longer token', () => ({ authorization: `Bearer ${ownerToken}${ownerToken}` })],
    ['two tokens', () => ({ authorization: `Bearer guess, Bearer ${ownerToken}` })],
    [
      'the token as a cookie',
      () => ({ cookie: `contact_chat_owner=${ownerToken}`, origin: victim.server.url }),
    ],
    [
      'a cookie of nobody',
      () => ({ cookie: `contact_chat_owner=${'A'.repeat(43)}`, origin: victim.server.url }),
    ],
    ['a cut cookie', () => ({ cookie: victim.cookie.slice(0, -1), origin: victim.server.url })],
    [
      'a cookie under another name',
      () => ({ cookie: `x${victim.cookie}`, origin: victim.server.url }),
    ],
    [
      'a cookie in another header',
      () => ({ 'x-cookie': victim.cookie, 'set-cookie': victim.cookie, origin: victim.server.url }),
    ],
    [
      'a wrong bearer beside a good cookie',
      () => ({ authorization: 'Bearer x', cookie: victim.cookie, origin: victim.server.url }),
    ],
    [
      'headers that proxies add',
      () => ({
        'x-forwarded-user': 'owner',
        'x-original-url': '/healthz',
        'x-forwarded-host': '127.0.0.1',
        'x-http-method-override': 'GET',
      }),
    ],
  ])('gets nothing with %s', async (_, headers) => {
    await inParallel(victim.operations, 8, async ({ method, path }) => {
      const answer = await victim.raw(method, path, {
        'content-type': 'application/json',
        ...headers(),
      });
      expect([method, path, answer.status]).toEqual([method, path, 401]);
      expect(answer.all).not.toContain(secret);
    });
    await victim.untouched();
  });

  it.each<[string, () => Record<string, string>]>([
    ['another origin', () => ({ origin: evil })],
    [
      'another origin that is called the same site',
      () => ({ origin: evil, 'sec-fetch-site': 'same-origin' }),
    ],
    ['a frame without origin', () => ({ origin: 'null' })],
    ['another port', () => ({ origin: 'http://127.0.0.1:1' })],
    ['a cross-site request', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['a sibling site', () => ({ 'sec-fetch-site': 'same-site', origin: victim.server.url })],
    [
      'a name that points to this machine',
      () => ({ host: 'evil.example', origin: 'http://evil.example' }),
    ],
    [
      'a name that points to this machine, over https',
      () => ({ origin: evil, host: new URL(evil).host }),
    ],
    [
      'an origin in capitals',
      () => ({ origin: evil.toUpperCase(), 'sec-fetch-site': 'SAME-ORIGIN' }),
    ],
  ])("gets nothing with the owner's cookie from %s", async (_, headers) => {
    await inParallel(victim.operations, 8, async ({ method, path }) => {
      const more = { 'content-type': 'application/json', ...headers(), cookie: victim.cookie };
      const answer = await victim.raw(method, path, more, method === 'GET' ? '' : '{"done":true}');
      expect([method, path, answer.status]).toEqual([method, path, 403]);
      expect(answer.all).not.toContain(secret);
      expect(answer.headers.toLowerCase()).not.toContain('access-control-allow');
    });
    await victim.untouched();
  });

  it('changes nothing with the cookie where nothing proves where it comes from', async () => {
    const writing = victim.operations.filter(({ method }) => method !== 'GET');
    for (const headers of [{}, { 'sec-fetch-site': 'none' }, { referer: victim.server.url }]) {
      await inParallel(writing, 8, async ({ method, path }) => {
        const more = { 'content-type': 'application/json', ...headers, cookie: victim.cookie };
        const answer = await victim.raw(method, path, more, '{"done":true}');
        expect([method, path, answer.status]).toEqual([method, path, 403]);
      });
    }
    await victim.untouched();
  });

  it('sends no form in the name of the inbox', async () => {
    const forms: readonly (readonly [string, string])[] = [
      ['text/plain', '{"message":"x","a":"=b"}'],
      ['application/x-www-form-urlencoded', 'message=x&token=x'],
      [
        'multipart/form-data; boundary=x',
        '--x\r\nContent-Disposition: form-data; name="message"\r\n\r\nx\r\n--x--',
      ],
      ['text/json', '{"done":true}'],
      ['application/jsonp', '{"done":true}'],
      ['', '{"done":true}'],
    ];
    const posting = victim.operations.filter(({ method }) =>
      ['POST', 'PUT', 'PATCH'].includes(method),
    );
    const id = victim.session.conversation_id;
    expect(posting.map(({ path }) => path)).toContain(`/api/conversations/${id}/messages`);
    for (const [type, body] of forms) {
      for (const { method, path } of posting) {
        const more = type === '' ? {} : { 'content-type': type };
        // Even from the inbox's own origin.
        const own = await victim.raw(
          method,
          path,
          { ...more, cookie: victim.cookie, origin: victim.server.url },
          body,
        );
        expect([type, path, own.status]).toEqual([type, path, 415]);
        const foreign = await victim.raw(
          method,
          path,
          { ...more, cookie: victim.cookie, origin: evil },
          body,
        );
        expect([type, path, foreign.status]).toEqual([type, path, 403]);
      }
      const door = await victim.raw(
        'POST',
        '/api/session',
        { 'content-type': type || 'text/plain' },
        body,
      );
      expect(door.status).toBe(415);
    }
    const foreign = { 'content-type': 'application/json', origin: evil };
    const login = await victim.raw(
      'POST',
      '/api/session',
      foreign,
      JSON.stringify({ token: ownerToken }),
    );
    expect(login.status).toBe(403);
    expect(login.headers.toLowerCase()).not.toContain('set-cookie');
    await victim.untouched();
  });
});
