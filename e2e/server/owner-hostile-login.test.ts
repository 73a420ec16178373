import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elsewhere, evil, ownerToken, secret, startVictim, type Victim } from './owner-victim.ts';
import { chat, connect, connectHello } from './ws-client.ts';

describe.each(['uws', 'ws'])(
  "the log-in of the owner over %s, in a stranger's hands",
  (transport) => {
    let victim: Victim;
    beforeAll(async () => {
      victim = await startVictim(transport);
    });
    afterAll(() => victim.server.stop());

    it('gets no login by planting a cookie before it', async () => {
      const planted = `contact_chat_owner=${'P'.repeat(43)}`;
      const given = await victim.logIn({ cookie: planted });
      expect(given).not.toBe(planted);
      const answer = await victim.raw('GET', '/api/session', {
        cookie: planted,
        origin: victim.server.url,
      });
      expect(answer.status).toBe(401);
      // Nor by one that was good: a new log-in ends it.
      const next = await victim.logIn({ cookie: given });
      expect((await victim.raw('GET', '/api/session', { cookie: given })).status).toBe(401);
      expect((await victim.raw('GET', '/api/session', { cookie: next })).status).toBe(200);
    });

    it('gets nothing with a cookie that was good once', async () => {
      const status = async (value: string): Promise<number> =>
        (await victim.raw('GET', '/api/conversations', { cookie: value })).status;
      const out = await victim.logIn();
      expect(await status(out)).toBe(200);
      await victim.raw('DELETE', '/api/session', { cookie: out, origin: victim.server.url });
      expect(await status(out)).toBe(401);

      const [one, two] = [await victim.logIn(), await victim.logIn()];
      await victim.raw('DELETE', '/api/sessions', { cookie: one, origin: victim.server.url });
      expect([await status(one), await status(two)]).toEqual([401, 401]);

      const before = await victim.logIn();
      await victim.server.restart({ OWNER_TOKEN: 'another-token-of-the-owner' });
      expect(await status(before)).toBe(401);
      await victim.server.restart({ OWNER_TOKEN: ownerToken });
      victim.cookie = await victim.logIn();
      ({ session: victim.session } = await connectHello(victim.server.wsUrl, {
        token: victim.session.token,
      }));
    });

    it('keeps the newest 100 logins', async () => {
      const first = await victim.logIn();
      for (let count = 0; count < 99; count += 1) await victim.logIn();
      const cookie = (value: string) => ({ cookie: value });
      // Whoever uses a login keeps it; that is counted in days.
      expect((await victim.raw('GET', '/api/session', cookie(first))).status).toBe(200);
      const last = await victim.logIn();
      expect((await victim.raw('GET', '/api/session', cookie(first))).status).toBe(401);
      expect((await victim.raw('GET', '/api/session', cookie(last))).status).toBe(200);
      victim.cookie = last;
    });

    it('is slowed down in guessing, wherever it guesses, and shuts out only its own address', async () => {
      const from = { 'x-forwarded-for': '198.51.100.7' };
      const json = { 'content-type': 'application/json' };
      const statuses: number[] = [];
      for (let guess = 0; guess < 14; guess += 1) {
        const body = JSON.stringify({ token: `a-token-of-the-owne${guess}` });
        const bearer = { authorization: `Bearer a-token-of-the-owne${guess}` };
        const answer = await (guess % 2
          ? victim.raw('POST', '/api/session', { ...from, ...json }, body)
          : victim.raw('GET', '/api/conversations', { ...from, ...bearer }));
        statuses.push(answer.status);
        if (answer.status === 429) expect(answer.headers.toLowerCase()).toContain('retry-after: ');
      }
      expect(statuses).toEqual([...Array<number>(10).fill(401), ...Array<number>(4).fill(429)]);
      const right = JSON.stringify({ token: ownerToken });
      const logIn = async (headers: Record<string, string>): Promise<number> =>
        (await victim.raw('POST', '/api/session', { ...headers, ...json }, right)).status;
      expect([await logIn(from), await logIn(elsewhere())]).toEqual([429, 204]);
      const bearer = { authorization: `Bearer ${ownerToken}` };
      const list = async (headers: Record<string, string>): Promise<number> =>
        (await victim.raw('GET', '/api/conversations', { ...headers, ...bearer })).status;
      expect([await list(from), await list(elsewhere())]).toEqual([429, 200]);
      // A browser that is logged in already is none of those who guess.
      const cookie = { cookie: victim.cookie };
      expect((await victim.raw('GET', '/api/session', { ...from, ...cookie })).status).toBe(200);
    });

    it('opens no socket of the inbox', async () => {
      const url = victim.server.url.replace(/^http/, 'ws');
      const strangers: readonly Record<string, string>[] = [
        {},
        { authorization: `Bearer ${victim.session.token}` },
        { cookie: `contact_chat_owner=${'A'.repeat(43)}`, origin: victim.server.url },
        { cookie: victim.cookie, origin: evil },
        { cookie: victim.cookie, origin: 'null' },
        { cookie: victim.cookie },
        { cookie: victim.cookie, origin: victim.server.url, 'sec-fetch-site': 'cross-site' },
        { cookie: victim.cookie, origin: 'http://evil.example', host: 'evil.example' },
      ];
      for (const headers of strangers) {
        const client = await connect(`${url}/console/socket`, { ...elsewhere(), ...headers });
        client.send({ type: 'hello' });
        expect((await client.closed).code).toBe(4003);
        expect(client.received).toEqual([]);
      }
    });

    it('as a visitor neither reads nor writes what is of another', async () => {
      const id = victim.session.conversation_id;
      const thief = await connectHello(`${victim.server.wsUrl}?c=${id}`, { conversation_id: id });
      expect(thief.session.conversation_id).not.toBe(id);
      thief.client.send({ ...chat('mine', 'first'), conversation_id: id });
      await thief.client.until('chat_message_received');
      const forged = [
        ...[
          id,
          `${id}.${victim.session.token.split('.').at(-1)}`,
          victim.session.token.slice(0, -2),
        ],
        thief.session.token.replace(thief.session.conversation_id, id),
        `${victim.session.token.slice(0, 20)}${thief.session.token.slice(20)}`,
      ];
      for (const forgery of forged) {
        const again = await connectHello(victim.server.wsUrl, { token: forgery, last_seq: 0 });
        expect(again.session.conversation_id).not.toBe(id);
        expect(again.messages).toEqual([]);
        await again.client.close();
      }
      thief.client.send({ type: 'history_request', conversation_id: id });
      await thief.client.until('history');
      expect(JSON.stringify(thief.client.received)).not.toContain(secret);
      await thief.client.close();
      await victim.untouched();
    });

    it('leaves the log without tokens, cookies and words', async () => {
      const log = victim.server.log();
      for (const word of [
        ownerToken,
        secret,
        victim.cookie.split('=')[1] ?? '',
        victim.session.token,
      ]) {
        expect(log).not.toContain(word);
      }
      // Nothing of all this was a failure of the server.
      expect(log).not.toMatch(/"level":(50|"error")/);
    });
  },
);
