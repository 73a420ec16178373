import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVictim, ownerToken, secret, type Victim } from './owner-victim.ts';
import { inParallel } from './raw-socket.ts';
import { sendBytes } from './raw-http.ts';

describe.each(['uws', 'ws'])("hostile bytes at the owner's interface over %s", (transport) => {
  let victim: Victim;
  beforeAll(async () => {
    victim = await startVictim(transport);
  });
  afterAll(() => victim.server.stop());

  it('finds no way round by another spelling of a path', async () => {
    const id = victim.session.conversation_id;
    const spellings = [
      ...[
        '//api/conversations',
        '/api//conversations',
        '/./api/conversations',
        '/x/../api/conversations',
      ],
      ...[
        '/API/conversations',
        '/Api/Conversations',
        '/api/conversations/',
        '/api/conversations/.',
      ],
      ...[
        '/%61pi/conversations',
        '/api%2fconversations',
        '/api/%63onversations',
        '/%2e/api/conversations',
      ],
      ...[
        '/console/../api/conversations',
        '/console/%2e%2e/api/conversations',
        '/api/openapi.json/../conversations',
      ],
      ...[
        '/api/openapi.json%2f..%2fconversations',
        '/api/session/../conversations',
        '/api;x=1/conversations',
      ],
      ...[
        `/api/conversations/${id}%2fmessages`,
        `/api/conversations/${id}/messages/`,
        '/api\\conversations',
      ],
      ...[
        '/api/conversations?authorization=Bearer+' + ownerToken,
        `/api/conversations?token=${ownerToken}`,
      ],
      ...[
        '/api/conversations#/api/openapi.json',
        '/api/conversations%00.json',
        '/healthz/../api/conversations',
      ],
      ...[
        `${victim.server.url}/api/conversations`,
        `http://evil.example/api/conversations`,
        '/api/conversations.json',
      ],
    ];
    await inParallel(spellings, 8, async (target) => {
      const answer = await victim.raw('GET', target);
      expect([400, 401, 403, 404, 308, 505, 0], `${target}: ${answer.status}`).toContain(
        answer.status,
      );
      expect(answer.all).not.toContain(secret);
    });
  });

  it('smuggles nothing past the log-in', async () => {
    const { host } = new URL(victim.server.url);
    const inner = `GET /api/conversations HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const head = `POST /api/session HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`;
    const attacks = [
      `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n${inner}`,
      `${head}Transfer-Encoding: chunked, identity\r\nConnection: close\r\n\r\n0\r\n\r\n${inner}`,
      `${head}Content-Length: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n${inner}`,
      `${head}Content-Length: +0\r\nConnection: close\r\n\r\n${inner}`,
      `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n${inner.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')}`,
      `GET /api/conversations HTTP/1.1\r\nHost: ${host}\r\nX: y\r\n Authorization: Bearer ${ownerToken}x\r\nConnection: close\r\n\r\n`,
      `GET /api/conversations HTTP/1.1\r\nHost: ${host}\r\nAuthorization : Bearer x\r\nConnection: close\r\n\r\n`,
      `GET /api/conversations HTTP/1.1\r\nHost: ${host}\r\nCookie: a=b\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n`,
      `GET /api/conversations HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer x\r\nAuthorization: Bearer y\r\nConnection: close\r\n\r\n`,
    ];
    await inParallel(attacks, attacks.length, async (bytes) => {
      // Some leave a server waiting for more.
      const answer = await sendBytes(victim.server.url, bytes, 5_000);
      expect(answer.all).not.toContain(secret);
      expect(answer.all).not.toContain('"conversations"');
    });
  });

  it('breaks nothing with bodies that are huge, cut or malformed', async () => {
    const id = victim.session.conversation_id;
    const path = `/api/conversations/${id}`;
    const owner = { authorization: `Bearer ${ownerToken}`, 'content-type': 'application/json' };
    const bodies: readonly (readonly [string, readonly number[]])[] = [
      ['{', [400]],
      ['nothing', [400]],
      ['null', [400]],
      ['[]', [400]],
      ['"text"', [400]],
      ['{"done":"yes"}', [400]],
      ['{"answering":"visitor"}', [400]],
      ['{"read_by_owner":-1}', [400]],
      ['{"read_by_owner":1e999}', [400]],
      ['{"read_by_owner":0.5}', [400]],
      ['{"blocked":{"toString":1,"valueOf":1}}', [400]],
      [`{"done":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, [400]],
      [`{"done":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`, [400]],
      [`{"x":"${'x'.repeat(70_000)}"}`, [413]],
      [`{"x":"${'x'.repeat(1_500_000)}"}`, [413]],
      ['{"__proto__":{"done":true}}', [200]],
      ['{"constructor":{"prototype":{"done":true}}}', [200]],
    ];
    for (const [body, statuses] of bodies) {
      const answer = await victim.raw('PATCH', path, owner, body);
      expect(statuses, `${body.slice(0, 60)}: ${answer.status}`).toContain(answer.status);
    }
    const long = await victim.raw(
      'POST',
      '/api/session',
      { 'content-type': 'application/json' },
      `{"token":"${'x'.repeat(5_000)}"}`,
    );
    expect(long.status).toBe(413);
    for (const name of ['limit', 'before', 'view', 'q', 'user', 'after_seq']) {
      for (const value of [
        '',
        '%00',
        '%ff',
        '%',
        '9'.repeat(400),
        "'%20OR%201=1--",
        '../../etc/passwd',
      ]) {
        for (const where of ['conversations', 'search', `conversations/${id}/messages`]) {
          const answer = await victim.raw('GET', `/api/${where}?${name}=${value}`, owner);
          expect([200, 400], `${where}?${name}=${value}`).toContain(answer.status);
        }
      }
    }
    for (const odd of [
      '%00',
      '%ff',
      '..%2f..',
      "'--",
      '%E2%80%AE',
      'x'.repeat(3_000),
      '__proto__',
    ]) {
      for (const method of ['GET', 'DELETE', 'PATCH']) {
        const answer = await victim.raw(
          method,
          `/api/conversations/${odd}`,
          owner,
          method === 'PATCH' ? '{}' : '',
        );
        expect([400, 404, 414, 431], `${method} ${odd.slice(0, 20)}`).toContain(answer.status);
      }
    }
    expect((await fetch(`${victim.server.url}/readyz`)).status).toBe(200);
    await victim.untouched();
  });
});
