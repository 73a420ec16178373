import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connect, connectHello, contact } from './ws-client.ts';

interface Page {
  readonly conversations: readonly {
    readonly id: string;
    readonly last_seq: number;
    readonly last_message: { readonly message: string };
  }[];
  readonly cursor?: string;
}

describe('the interface of the owner', () => {
  const token = 'a-token-of-the-owner';
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ OWNER_TOKEN: token, RATE_LIMIT: '1000/1s', ANSWERER: 'off' });
  });
  afterAll(() => server.stop());

  async function api(method: string, path: string, body?: unknown, bearer = token) {
    const response = await fetch(`${server.url}/api${path}`, {
      method,
      headers: {
        ...{ authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        'x-forwarded-for': bearer === token ? '203.0.113.1' : '203.0.113.2',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { response, status: response.status, json: (await response.json()) as unknown };
  }

  it('is for the owner alone', async () => {
    for (const path of ['/conversations', '/conversations/x/messages', '/nothing']) {
      const response = await fetch(`${server.url}/api${path}`);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(await response.json()).toEqual({
        ...{ code: 'unauthorized', detail: expect.stringMatching(/./) },
      });
    }
    const basic = Buffer.from(`owner:${token}`).toString('base64');
    const response = await fetch(`${server.url}/api/conversations?token=${token}`, {
      headers: { authorization: `Basic ${basic}` },
    });
    expect(response.status).toBe(401);
  });

  it('slows down who guesses, and never the owner', async () => {
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess += 1) {
      statuses.push((await api('GET', '/conversations', undefined, `guess-${guess}`)).status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    const slowed = await api('GET', '/conversations', undefined, 'guess');
    expect(Number(slowed.response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await api('GET', '/conversations')).status).toBe(200);
  });

  it('lists conversations, newest first, page by page', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const { client, session } = await connectHello(server.wsUrl);
      client.send({ ...contact(`request ${index}`, 'a'), name: '李雷', email: 'li@example.com' });
      await client.next('contact_request_received');
      await client.close();
      ids.unshift(session.conversation_id);
    }
    const first = (await api('GET', '/conversations?limit=2')).json as Page;
    expect(first.conversations).toMatchObject([
      {
        ...{ id: ids[0], last_seq: 1, name: '李雷', email: 'li@example.com', read_by_owner: 0 },
        last_message: { id: 'a', message: 'request 4', kind: 'contact_request', sender: 'visitor' },
      },
      { id: ids[1] },
    ]);
    const seen = first.conversations.map(({ id }) => id);
    for (let page = first; page.cursor !== undefined;) {
      const next = await api('GET', `/conversations?limit=2&before=${page.cursor}`);
      page = next.json as Page;
      seen.push(...page.conversations.map(({ id }) => id));
    }
    expect(seen).toEqual(ids);
    expect((await api('GET', '/conversations?before=%00%ff')).status).toBe(200);
    for (const query of ['limit=nonsense', 'limit=0', 'limit=201', 'limit=-1', 'view=other']) {
      const { status, json } = await api('GET', `/conversations?${query}`);
      expect(status).toBe(400);
      expect(json).toMatchObject({ code: 'invalid_message', field: query.split('=')[0] });
    }
  });

  it('reads a conversation in pieces', async () => {
    const { client, session } = await connectHello(server.wsUrl);
    for (let index = 1; index <= 7; index += 1) client.send(contact(`m${index}`, `m${index}`));
    await client.until('contact_request_received', ({ id }) => id === 'm7');
    const path = `/conversations/${session.conversation_id}/messages`;
    const seqs = async (query: string): Promise<unknown> => {
      const { json } = await api('GET', `${path}${query}`);
      const page = json as { messages: { seq: number }[]; more: boolean };
      return [page.messages.map(({ seq }) => seq), page.more];
    };
    expect(await seqs('')).toEqual([[1, 2, 3, 4, 5, 6, 7], false]);
    expect(await seqs('?limit=2')).toEqual([[6, 7], true]);
    expect(await seqs('?before_seq=3')).toEqual([[1, 2], false]);
    expect(await seqs('?after_seq=5')).toEqual([[6, 7], false]);
    expect(await seqs('?after_seq=0&limit=3')).toEqual([[1, 2, 3], true]);
    expect((await api('GET', '/conversations/unknown/messages')).status).toBe(404);
    await client.close();
  });

  it('replies to plain and to hello clients, who all get it once', async () => {
    const { client, session } = await connectHello(server.wsUrl);
    const plain = await connect(server.wsUrl);
    await plain.next('connection_established');
    client.send(chat('to the owner', 'a'));
    await client.next('chat_message_received');
    plain.send(chat('also to the owner', 'p'));
    await plain.next('chat_message_received');
    const { conversations } = (await api('GET', '/conversations')).json as Page;
    const ofPlain = conversations.find(
      ({ last_message: { message } }) => message === 'also to the owner',
    );
    const reply = await api('POST', `/conversations/${session.conversation_id}/messages`, {
      message: '你好！',
    });
    expect(reply.status).toBe(201);
    expect(reply.json).toMatchObject({ seq: 2, sender: 'owner', message: '你好！' });
    expect(await client.next('chat_message')).toMatchObject({
      ...{ seq: 2, sender: 'owner', message: '你好！' },
    });
    const same = { message: 'once', id: 'once' };
    const path = `/conversations/${ofPlain?.id ?? ''}/messages`;
    expect((await api('POST', path, same)).status).toBe(201);
    expect((await api('POST', path, same)).json).toMatchObject({ duplicate: true, seq: 2 });
    expect((await api('POST', path, { ...same, message: 'twice' })).status).toBe(409);
    expect(await plain.next('chat_message')).toMatchObject({ id: 'once', sender: 'owner' });
    plain.sendRaw('{"type":"ping"}');
    await plain.next('pong');
    await Promise.all([client.close(), plain.close()]);
    const again = await connectHello(server.wsUrl, { token: session.token });
    expect(again.messages).toMatchObject([{ id: 'a' }, { sender: 'owner', message: '你好！' }]);
    await again.client.close();
  });

  it.each<[unknown, string]>([
    [undefined, 'invalid_json'],
    [[], 'invalid_message'],
    [{}, 'invalid_message'],
    [{ message: ' ' }, 'invalid_message'],
    [{ message: 5 }, 'invalid_message'],
    [{ message: 'x', id: 'a b' }, 'invalid_message'],
    [{ message: 'x'.repeat(4001) }, 'message_too_long'],
  ])('refuses to send %j', async (body, code) => {
    for (const path of ['/conversations/unknown/messages', '/broadcast']) {
      const { status, json } = await api('POST', path, body);
      expect(status).toBe(400);
      expect(json).toMatchObject({ code });
    }
  });

  it('knows no other conversation, path or method', async () => {
    const unknown = await api('POST', '/conversations/unknown/messages', { message: 'x' });
    expect(unknown).toMatchObject({ status: 404, json: { code: 'not_found' } });
    const wrong = await api('DELETE', '/conversations');
    expect([wrong.status, wrong.response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await api('GET', '/nothing')).status).toBe(404);
    expect((await api('POST', '/broadcast', { message: 'x'.repeat(70_000) })).status).toBe(413);
  });

  it('broadcasts to all who are there, and says to how many', async () => {
    const plain = await connect(server.wsUrl);
    const hello = await connectHello(server.wsUrl);
    const gone = await connect(server.wsUrl);
    await plain.next('connection_established');
    gone.terminate();
    await gone.closed;
    // The server may hear of it a moment later; whom it cannot reach is not counted then.
    for (let tried = 0; ; tried += 1) {
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      if (metrics.includes('\ncontact_chat_connections 2\n')) break;
      expect(tried).toBeLessThan(1000);
    }
    const { json } = await api('POST', '/broadcast', { message: '今晚维护' });
    expect(json).toEqual({ delivered: 2 });
    for (const client of [plain, hello.client]) {
      const message = await client.next('chat_message');
      expect(message).toMatchObject({ sender: 'owner', message: '今晚维护', broadcast: true });
      expect(message).not.toHaveProperty('seq');
    }
    const again = await connectHello(server.wsUrl, { token: hello.session.token, last_seq: 0 });
    expect(again.messages).toEqual([]);
    for (const client of [plain, hello.client, again.client]) await client.close();
  });
});

describe('a token made at the first start', () => {
  it('is kept for its owner alone, never logged, and stays', async () => {
    const server = await startTestServer({ ANSWERER: 'off' });
    try {
      const file = join(server.dataDir, 'owner-token');
      const made = (await readFile(file, 'utf8')).trim();
      expect(made.length).toBeGreaterThanOrEqual(16);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const status = async (): Promise<number> => {
        const headers = { authorization: `Bearer ${made}` };
        return (await fetch(`${server.url}/api/conversations`, { headers })).status;
      };
      expect(await status()).toBe(200);
      await server.restart();
      expect(await status()).toBe(200);
      expect(server.log()).not.toContain(made);
    } finally {
      await server.stop();
    }
  });
});
