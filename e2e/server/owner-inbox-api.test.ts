import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describedClient, type OwnerClient } from './owner-client.ts';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connect, connectHello, contact } from './ws-client.ts';

const token = 'a-token-of-the-owner';

/** `name=value` of a `Set-Cookie`. */
const cookieOf = (headers: Headers): string => headers.get('set-cookie')?.split(';')[0] ?? '';

describe.each(['uws', 'ws'])('the interface of the inbox over %s', (transport) => {
  let server: TestServer;
  let cookie = '';
  let bearer: OwnerClient;
  let inbox: OwnerClient;
  beforeAll(async () => {
    server = await startTestServer({
      CONTACT_CHAT_TRANSPORT: transport === 'ws' ? 'ws' : undefined,
      ...{ OWNER_TOKEN: token, OWNER_NAME: 'Grace', RATE_LIMIT: '1000/1s', ANSWERER: 'off' },
    });
    bearer = await describedClient(server.url, () => ({ authorization: `Bearer ${token}` }));
    inbox = await describedClient(server.url, () => ({ cookie, origin: server.url }));
  });
  afterAll(() => server.stop());

  /** A visitor with one stored message. */
  async function visitor(message: string, more: object = {}) {
    const connected = await connectHello(server.wsUrl, { lang: 'en' });
    connected.client.send({ ...contact(message, 'first'), ...more });
    await connected.client.next('contact_request_received');
    return { ...connected, id: connected.session.conversation_id };
  }

  it('lets a browser in by its cookie, and out again', async () => {
    expect((await inbox.api('GET', '/session')).status).toBe(401);
    expect((await inbox.api('POST', '/session', { token: 'wrong' })).status).toBe(401);
    expect((await inbox.api('POST', '/session', { tokn: token })).json).toMatchObject({
      ...{ code: 'invalid_message', field: 'token' },
    });
    const door = await inbox.api('POST', '/session', { token });
    expect(door.status).toBe(204);
    expect(door.headers.get('set-cookie')).toMatch(
      /^contact_chat_owner=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    cookie = cookieOf(door.headers);
    const session = await inbox.api('GET', '/session');
    expect(session.headers.get('cache-control')).toBe('no-store');
    expect(session.json).toMatchObject({
      ...{ owner: { name: 'Grace' }, ai: false, channels: [], public_url: server.url },
    });
    // A restart ends no login.
    await server.restart();
    expect((await inbox.api('GET', '/session')).status).toBe(200);

    const before = cookie;
    const out = await inbox.api('DELETE', '/session');
    expect(out.headers.get('set-cookie')).toMatch(/^contact_chat_owner=; Max-Age=0;/);
    expect((await inbox.api('GET', '/session')).status).toBe(401);
    cookie = cookieOf((await inbox.api('POST', '/session', { token })).headers);
    expect(cookie).not.toBe(before);
  });

  it('lists by view, with counts, and as it changes', async () => {
    const { id, client } = await visitor('please call', { name: 'Ada' });
    const ids = async (query: string): Promise<unknown[]> => {
      const { json } = await inbox.api('GET', `/conversations?${query}`);
      return (json as { conversations: { id: string }[] }).conversations.map((each) => each.id);
    };
    expect(await ids('view=waiting')).toContain(id);
    expect((await inbox.api('GET', `/conversations/${id}`)).json).toMatchObject({
      ...{ id, view: 'waiting', waiting: 'contact_request', unread: 1, online: true, lang: 'en' },
      ...{ name: 'Ada', answering: 'nobody', blocked: false },
    });
    await inbox.api('PATCH', `/conversations/${id}`, { answering: 'owner', read_by_owner: 1 });
    expect(await client.until('handler')).toMatchObject({ answering: 'owner' });
    expect(await client.until('read')).toMatchObject({ sender: 'owner', seq: 1 });
    expect(await ids('view=waiting')).not.toContain(id);
    expect(await ids('view=mine')).toContain(id);
    await inbox.api('PATCH', `/conversations/${id}`, { done: true });
    expect(await ids('view=done')).toContain(id);
    const list = (await inbox.api('GET', '/conversations')).json as {
      counts: { done: number; connected: number };
      revision: number;
    };
    expect(list.counts).toMatchObject({ done: 1, connected: 1 });
    expect(list.revision).toBeGreaterThan(0);
    await client.close();
  });

  it('blocks a visitor, and deletes what there was', async () => {
    const { id, client, session } = await visitor('spam');
    await inbox.api('PATCH', `/conversations/${id}`, { blocked: true });
    expect((await client.closed).code).toBe(4003);
    const again = await connect(server.wsUrl);
    again.send({ type: 'hello', protocol: 1, token: session.token });
    expect((await again.closed).code).toBe(4003);
    await inbox.api('PATCH', `/conversations/${id}`, { blocked: false });
    const back = await connectHello(server.wsUrl, { token: session.token });
    expect(back.session.conversation_id).toBe(id);
    expect((await inbox.api('DELETE', `/conversations/${id}`)).status).toBe(204);
    await back.client.until('erased');
    expect((await inbox.api('GET', `/conversations/${id}`)).status).toBe(404);
    expect((await inbox.api('DELETE', `/conversations/${id}`)).status).toBe(404);
  });

  it('replies, reads on, keeps notes', async () => {
    const { id, client } = await visitor('hello');
    const path = `/conversations/${id}/messages`;
    const reply = { message: 'Yes?', id: 'r1', takes_over: true };
    expect((await inbox.api('POST', path, reply)).status).toBe(201);
    expect((await inbox.api('POST', path, reply)).json).toMatchObject({ duplicate: true });
    expect((await inbox.api('POST', path, { ...reply, message: 'No.' })).status).toBe(409);
    client.send(chat('thanks', 'v2'));
    await client.until('chat_message_received');
    expect((await inbox.api('GET', `${path}?after_seq=1`)).json).toMatchObject({
      ...{
        messages: [
          { id: 'r1', seq: 2 },
          { id: 'v2', seq: 3 },
        ],
        more: false,
      },
    });
    for (const query of ['limit=101', 'after_seq=-1', 'before_seq=x']) {
      expect((await inbox.api('GET', `${path}?${query}`)).json).toMatchObject({
        field: query.split('=')[0],
      });
    }
    const notes = `/conversations/${id}/notes`;
    expect((await inbox.api('POST', notes, { message: 'a note', id: 'n' })).status).toBe(201);
    expect((await inbox.api('POST', notes, { message: 'a note', id: 'n' })).status).toBe(200);
    expect((await inbox.api('GET', notes)).json).toMatchObject({ notes: [{ id: 'n' }] });
    expect((await inbox.api('DELETE', `${notes}/n`)).status).toBe(204);
    expect((await inbox.api('DELETE', `${notes}/n`)).status).toBe(404);
    // Nothing of a note reaches the visitor.
    expect(JSON.stringify(client.received)).not.toContain('a note');
    await client.close();
  });

  it('finds messages, notes and names, with what matched marked', async () => {
    const { id, client } = await visitor('Wo ist die RECHNUNG vom März?', { name: 'Zoë Çelik' });
    await inbox.api('POST', `/conversations/${id}/notes`, { message: '退款 already sent' });
    const found = async (query: string): Promise<unknown> => {
      const { json } = await inbox.api('GET', `/search?q=${encodeURIComponent(query)}`);
      return (json as { hits: unknown[] }).hits;
    };
    expect(await found('rechnung märz')).toMatchObject([
      {
        conversation: { id },
        message: { id: 'first' },
        excerpt: 'Wo ist die \ue000RECHNUNG\ue001 vom \ue000März\ue001?',
      },
    ]);
    expect(await found('退款')).toMatchObject([{ note: { message: '退款 already sent' } }]);
    expect(await found('ÇELIK')).toMatchObject([{ conversation: { id } }]);
    expect(await found('"vom die"')).toEqual([]);
    for (const query of ['', '   ', 'x'.repeat(201)]) {
      const path = `/search?q=${encodeURIComponent(query)}`;
      expect((await inbox.api('GET', path)).json).toMatchObject({ field: 'q' });
    }
    await client.close();
  });

  it('keeps replies ready, also as many and as long as there may be', async () => {
    expect((await inbox.api('GET', '/canned-replies')).status).toBe(200);
    const replies = Array.from({ length: 200 }, (_, index) => ({
      ...{ id: `r${index}`, title: `Reply ${index}`, text: 'x'.repeat(4_000) },
    }));
    const put = await inbox.api('PUT', '/canned-replies', { replies });
    expect(put).toMatchObject({ status: 200, json: { replies } });
    const more = [...replies, { id: 'more', title: 'one more', text: 'x' }];
    expect((await inbox.api('PUT', '/canned-replies', { replies: more })).json).toMatchObject({
      ...{ code: 'invalid_message', field: 'replies' },
    });
    expect((await inbox.api('PUT', '/canned-replies', { replies: [] })).status).toBe(200);
  });

  it('counts before it broadcasts, and broadcasts an id once', async () => {
    const { client } = await connectHello(server.wsUrl);
    const message = { message: 'maintenance at noon', id: 'b1' };
    const preview = await inbox.api('POST', '/broadcast', { ...message, preview: true });
    expect(preview.json).toEqual({ delivered: 1, preview: true });
    for (let time = 0; time < 2; time += 1) {
      expect((await inbox.api('POST', '/broadcast', message)).json).toEqual({ delivered: 1 });
    }
    expect((await inbox.api('POST', '/broadcast', { ...message, message: 'x' })).status).toBe(409);
    client.sendRaw('{"type":"ping"}');
    await client.until('pong');
    const broadcasts = client.received.filter((each) => 'broadcast' in each);
    expect(broadcasts).toMatchObject([{ message: 'maintenance at noon', sender: 'owner' }]);
    await client.close();
  });

  it('subscribes browsers to notices', async () => {
    const key = (await inbox.api('GET', '/push')).json as { public_key: string };
    expect(Buffer.from(key.public_key, 'base64url')).toHaveLength(65);
    const endpoint = 'https://push.example.com/abc';
    const auth = Buffer.alloc(16, 1).toString('base64url');
    const subscription = { endpoint, keys: { p256dh: key.public_key, auth } };
    expect((await inbox.api('POST', '/push/subscriptions', subscription)).status).toBe(204);
    expect((await inbox.api('GET', '/session')).json).toMatchObject({ channels: ['web-push'] });
    const inside = { ...subscription, endpoint: 'https://10.0.0.1/' };
    expect((await inbox.api('POST', '/push/subscriptions', inside)).json).toMatchObject({
      field: 'endpoint',
    });
    const broken = { endpoint, keys: { p256dh: key.public_key, auth: 'short' } };
    expect((await inbox.api('POST', '/push/subscriptions', broken)).json).toMatchObject({
      field: 'keys.auth',
    });
    const offTheCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]);
    const noKey = { endpoint, keys: { p256dh: offTheCurve.toString('base64url'), auth } };
    expect((await inbox.api('POST', '/push/subscriptions', noKey)).json).toMatchObject({
      field: 'keys.p256dh',
    });
    expect((await inbox.api('DELETE', '/push/subscriptions', { endpoint })).status).toBe(204);
    expect((await inbox.api('GET', '/session')).json).toMatchObject({ channels: [] });
  });

  it('lists answers, and says that no assistant gives any', async () => {
    const counts = { up: 0, down: 0, not_covered: 0 };
    for (const query of ['', '?list=up&limit=50', '?list=not_covered&before=nonsense']) {
      const { status, json } = await inbox.api('GET', `/answers${query}`);
      expect([status, json]).toEqual([200, { answers: [], counts }]);
    }
    expect((await inbox.api('GET', '/answers?list=none')).json).toMatchObject({ field: 'list' });
    expect(await inbox.api('GET', '/answerer')).toMatchObject({
      status: 404,
      json: { code: 'not_found' },
    });
  });

  it('tells of notices that were given up', async () => {
    expect((await inbox.api('GET', '/notices/failed')).json).toEqual({ notices: [] });
    expect((await inbox.api('POST', '/notices/failed/retry')).json).toEqual({ notices: 0 });
    expect((await inbox.api('DELETE', '/notices/failed')).status).toBe(204);
  });

  it('answers HEAD, and says which methods a path has', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const head = await fetch(`${server.url}/api/conversations`, { method: 'HEAD', headers });
    expect([head.status, await head.text()]).toEqual([200, '']);
    for (const [method, path, allow] of [
      ['PUT', '/conversations/x', 'GET, HEAD, PATCH, DELETE'],
      ['OPTIONS', '/broadcast', 'POST'],
      ['GET', '/sessions', 'DELETE'],
    ] as const) {
      const response = await bearer.api(method, path);
      expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    }
  });

  it('has its description cached, for tools of any origin', async () => {
    const first = await fetch(`${server.url}/api/openapi.json`);
    expect(first.headers.get('access-control-allow-origin')).toBe('*');
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(`${server.url}/api/openapi.json`, {
      headers: { 'if-none-match': etag },
    });
    expect(again.status).toBe(304);
    const json = (await first.json()) as { servers: unknown };
    expect(json.servers).toEqual([{ url: `${server.url}/api` }]);
  });

  it('logs out everywhere; then every operation was called', async () => {
    const other = cookieOf((await inbox.api('POST', '/session', { token })).headers);
    expect((await bearer.api('DELETE', '/sessions')).status).toBe(204);
    for (const each of [cookie, other]) {
      cookie = each;
      expect((await inbox.api('GET', '/session')).status).toBe(401);
    }
    await bearer.api('GET', '/openapi.json');
    const called = new Set([...inbox.called, ...bearer.called]);
    expect([...inbox.described].filter((operation) => !called.has(operation))).toEqual([]);
  });
});
