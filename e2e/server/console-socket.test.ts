/** The owner's inboxes on real sockets of a running server. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  ask,
  joinConsole,
  logIn,
  openConsole,
  ownerToken,
  readList,
  type ConsoleClient,
} from './console-client.ts';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connect, connectHello, contact } from './ws-client.ts';

const env = {
  ...{ ANSWERER: 'off', OWNER_TOKEN: ownerToken, RATE_LIMIT: '100000/1s', DEFAULT_LANG: 'en' },
  DEMO: 'off',
};

let server: TestServer;
let cookie: string;
const open: ConsoleClient[] = [];
beforeAll(async () => {
  server = await startTestServer(env);
  cookie = await logIn(server.url);
});
afterAll(() => server.stop());
afterEach(() => {
  for (const client of open.splice(0)) client.terminate();
});

async function inbox(hello: { readonly revision?: number } = {}, by = cookie) {
  const client = await joinConsole(server.url, by, hello);
  open.push(client);
  return client;
}

/** A visitor who has said hello and one thing. */
async function visitor(text = 'hello') {
  const joined = await connectHello(server.wsUrl, {
    page: { url: 'https://blog.example.com/essay', title: 'An essay' },
  });
  joined.client.send(chat(text));
  await joined.client.until('chat_message_received');
  const say = async (more: string): Promise<void> => {
    joined.client.send(chat(more));
    await joined.client.until('chat_message_received');
  };
  return { ...joined, id: joined.session.conversation_id, say };
}

describe('the socket of the inbox', () => {
  it('opens for nobody but the owner, and tells strangers nothing', async () => {
    const { session, client } = await visitor();
    const own = { origin: server.url };
    const strangers: readonly Readonly<Record<string, string>>[] = [
      {},
      own,
      { ...own, cookie: 'contact_chat_owner=' },
      { ...own, cookie: `contact_chat_owner=${'A'.repeat(43)}` },
      { ...own, cookie: `contact_chat_owner=${session.token}` },
      { authorization: `Bearer ${session.token}` },
      { authorization: `Bearer ${ownerToken}x` },
      // The cookie, sent along by a page of another site.
      { cookie },
      { cookie, origin: 'https://evil.example.com' },
      { cookie, origin: 'null' },
      { cookie, origin: server.url.replace('127.0.0.1', '127.0.0.1.evil.example.com') },
      { cookie, origin: server.url, 'sec-fetch-site': 'cross-site' },
      { cookie, origin: server.url, 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of strangers) {
      const stranger = await openConsole(server.url, headers);
      expect(await stranger.closed, JSON.stringify(headers)).toBe(4003);
      expect(stranger.received).toEqual([]);
    }
    await client.close();
    for (const headers of [
      { authorization: `Bearer ${ownerToken}` },
      { cookie, origin: server.url, 'sec-fetch-site': 'same-origin' },
    ]) {
      const owner = await openConsole(server.url, headers);
      open.push(owner);
      owner.send({ type: 'hello' });
      await owner.when('ready', (each) => each.of('ready').length === 1);
    }
  });

  it('keeps two inboxes in step with each other and with the visitor', async () => {
    const [one, other] = [await inbox(), await inbox()];
    const { id, client, say } = await visitor('is this thing on?');
    await ask(server.url, `/conversations/${id}/messages`, 'POST', { message: 'it is' });
    await client.until('chat_message', ({ sender }) => sender === 'owner');
    await say('thank you');
    await ask(server.url, `/conversations/${id}/notes`, 'POST', { message: 'a friendly one' });
    await ask(server.url, `/conversations/${id}`, 'PATCH', { read_by_owner: 3 });
    await ask(server.url, `/conversations/${id}`, 'PATCH', { done: true });
    const isDone = (each: ConsoleClient): boolean => each.conversations().get(id)?.view === 'done';
    await Promise.all([one, other].map((each) => each.when('done', isDone)));
    const stored = (await readList(server.url)).conversations.find((each) => each.id === id);
    for (const each of [one, other]) {
      expect(each.conversations().get(id)).toEqual(stored);
      expect(each.of('message').map(({ message }) => [message.seq, message.message])).toEqual([
        ...[[1, 'is this thing on?'] as const, [2, 'it is'] as const, [3, 'thank you'] as const],
      ]);
      expect(each.of('note').map(({ note }) => note.message)).toEqual(['a friendly one']);
      expect(each.of('read')).toContainEqual({
        ...{ type: 'read', conversation_id: id, sender: 'owner', seq: 3 },
      });
    }
    expect(stored).toMatchObject({ online: true, page: { title: 'An essay' }, answering: 'owner' });

    await client.close();
    const isGone = (each: ConsoleClient): boolean =>
      each.of('visitor').some((event) => event.conversation_id === id && !event.online);
    await Promise.all([one, other].map((each) => each.when('who left', isGone)));
    await ask(server.url, `/conversations/${id}`, 'DELETE');
    const isDeleted = (each: ConsoleClient): boolean =>
      each.of('deleted').some((event) => event.conversation_id === id);
    await Promise.all([one, other].map((each) => each.when('deleted', isDeleted)));
  });

  it('tells an inbox that was cut off after any frame what it missed, and nothing is skipped', async () => {
    const start = await inbox();
    const revision = start.of('ready')[0]?.revision ?? 0;
    const visitors: Awaited<ReturnType<typeof visitor>>[] = [];
    for (let each = 0; each < 4; each += 1) visitors.push(await visitor(`number ${each}`));
    for (const { id } of visitors.toReversed()) {
      await ask(server.url, `/conversations/${id}`, 'PATCH', { answering: 'owner' });
    }
    const [erased] = visitors.splice(0, 1);
    await ask(server.url, `/conversations/${erased?.id ?? ''}`, 'DELETE');
    const whole = await inbox({ revision });
    const last = (await readList(server.url)).revision;
    const told = (each: ConsoleClient): boolean =>
      visitors.every(({ id }) => each.conversations().get(id)?.view === 'mine');
    await whole.when('what was missed', told);
    expect(whole.of('ready')[0]?.revision).toBe(revision);
    expect(whole.of('deleted').map((event) => event.conversation_id)).toEqual([erased?.id]);

    const online = new Set(whole.of('visitor').map((event) => event.conversation_id));
    const most = 1 + online.size + 1 + visitors.length;
    for (let frames = 1; frames <= most; frames += 1) {
      const cut = await openConsole(server.url, { cookie, origin: server.url }, { frames });
      cut.send({ type: 'hello', revision });
      await cut.closed;
      const seen = cut.of('conversation').map(({ conversation }) => conversation.revision);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      const back = await inbox({ revision: Math.max(revision, ...seen) });
      const ids = visitors.map(({ id }) => id);
      const knows = (): boolean =>
        ids.every(
          (id) => (back.conversations().get(id) ?? cut.conversations().get(id)) !== undefined,
        );
      await back.when('the rest', knows);
      for (const id of ids) {
        const known = back.conversations().get(id) ?? cut.conversations().get(id);
        expect(known).toEqual(whole.conversations().get(id));
      }
    }
    expect((await readList(server.url)).revision).toBe(last);
    for (const { client } of visitors) await client.close();
  });

  it('resumes over a restart of the server, which closes it with 4200', async () => {
    const before = await inbox();
    const first = await visitor('before the restart');
    const knows = (each: ConsoleClient): boolean => each.conversations().has(first.id);
    await before.when('the conversation', knows);
    const revision = before.conversations().get(first.id)?.revision ?? 0;
    await server.restart();
    expect(await before.closed).toBe(4200);
    const second = await visitor('after the restart');
    const back = await inbox({ revision });
    await back.when('what is new', (each) => each.conversations().has(second.id));
    expect(back.of('refresh')).toEqual([]);
    expect(back.conversations().has(first.id)).toBe(false);
    await second.client.close();
  });

  it('ends with the login, here or everywhere', async () => {
    const [mine, another] = [await logIn(server.url), await logIn(server.url)];
    const [ended, kept] = [await inbox({}, mine), await inbox({}, another)];
    const logOut = (path: string, by: string): Promise<Response> =>
      fetch(`${server.url}/api${path}`, {
        method: 'DELETE',
        headers: { cookie: by, origin: server.url },
      });
    expect((await logOut('/session', mine)).status).toBe(204);
    expect(await ended.closed).toBe(4003);
    kept.send({ type: 'ping' });
    await kept.when('pong', (each) => each.of('pong').length === 1);
    const late = await openConsole(server.url, { cookie: mine, origin: server.url });
    expect(await late.closed).toBe(4003);

    expect((await logOut('/sessions', another)).status).toBe(204);
    expect(await kept.closed).toBe(4003);
    const old = await openConsole(server.url, { cookie, origin: server.url });
    expect(await old.closed).toBe(4003);
    cookie = await logIn(server.url);
  });

  it('bears hostile frames', async () => {
    const client = await inbox();
    const before = client.received.length;
    for (const frame of [
      ...['', '{', 'null', '[]', '{"type":"__proto__"}', '{"type":"hello"}', '{"type":"erase_me"}'],
      ...['{"type":"presence","active":1}', '{"type":"typing","conversation_id":7,"active":true}'],
      `{"type":"typing","conversation_id":${'['.repeat(30_000)}`,
      new Uint8Array([0xff, 0xfe, 0]),
    ]) {
      client.send(frame);
    }
    client.send({ type: 'ping' });
    await client.when('pong', (each) => each.of('pong').length === 1);
    expect(client.received).toHaveLength(before + 1);
    client.send('x'.repeat(70_000));
    expect(await client.closed).toBe(1009);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it('shows visitors that the owner is there and writes, and nothing else of it', async () => {
    const guest = await visitor('anybody there?');
    const plain = await connect(server.wsUrl);
    plain.send(chat('a plain question'));
    await plain.until('chat_message_received');
    const owner = await inbox();
    owner.send({ type: 'presence', active: true });
    await guest.client.until('presence', ({ owner: { online } }) => online);
    owner.send({ type: 'typing', conversation_id: guest.id, active: true });
    await guest.client.until('typing', ({ sender, active }) => sender === 'owner' && active);
    await ask(server.url, `/conversations/${guest.id}/notes`, 'POST', { message: 'a secret note' });
    await ask(server.url, '/canned-replies', 'PUT', {
      replies: [{ id: 'r1', title: 'Secret title', text: 'a secret reply' }],
    });
    owner.terminate();
    await guest.client.until('typing', ({ sender, active }) => sender === 'owner' && !active);
    await ask(server.url, `/conversations/${guest.id}/messages`, 'POST', { message: 'the end' });
    await guest.client.until('chat_message', ({ message }) => message === 'the end');
    plain.send({ type: 'ping' });
    await plain.until('pong');
    expect(JSON.stringify([guest.client.received, plain.received])).not.toMatch(/secret/i);
    expect(plain.received.map(({ type }) => type)).toEqual([
      ...['connection_established', 'chat_message_received', 'pong'],
    ]);
    const known = new Set(['connection_established', 'session', 'history', 'presence', 'typing']);
    for (const more of ['chat_message_received', 'handler', 'chat_message', 'read']) {
      known.add(more);
    }
    expect(guest.client.received.filter(({ type }) => !known.has(type))).toEqual([]);
    expect(server.log()).not.toMatch(/secret note|secret reply|anybody there/);
    await guest.client.close();
    await plain.close();
  });

  it('says why a conversation waits, and who does', async () => {
    const owner = await inbox();
    const { client, session } = await connectHello(server.wsUrl);
    client.send(contact('please call me', 'contact-1'));
    await client.until('contact_request_received');
    const id = session.conversation_id;
    await owner.when('the request', (each) => each.conversations().has(id));
    expect(owner.conversations().get(id)).toMatchObject({
      ...{ view: 'waiting', waiting: 'contact_request', unread: 1, online: true },
    });
    await client.close();
  });
});
