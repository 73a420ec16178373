import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { change, reply } from '../owner/conversation-actions.ts';
import type { Answer } from '../answerer-ports.ts';
import {
  chat,
  contact,
  createTestChat,
  dueOn,
  echo,
  noonMs,
  textsOf,
  typesOf,
} from './chat-harness.ts';

const unsure = (): Answer => ({ text: 'Nothing on that', citations: [], outcome: 'not_covered' });

describe('who waits for the owner', () => {
  it('is whoever asks to be contacted', async () => {
    const test = createTestChat({ answer: echo });
    const { client, session } = await test.connectHello();
    client.send(contact('call me', 'a'));
    client.send(chat('and what is this?', 'b'));
    await test.settle();
    expect(await test.store.conversation(session.conversation_id)).toMatchObject({
      ...{ waiting: 'contact_request', view: 'waiting' },
    });
    expect(textsOf(client.take())).toEqual(['about and what is this?']);
  });

  it.each([
    ['in words', ['mail'], 'owner'],
    ['in words, where nobody is told', [], undefined],
  ])('is whoever wishes for a person %s', async (_how, channels, answering) => {
    const test = createTestChat({ answer: echo, channels });
    const { client, session } = await test.connectHello();
    client.send(chat('I want to talk to a person', 'a'));
    await test.settle();
    const conversation = await test.store.conversation(session.conversation_id);
    expect(conversation).toMatchObject({ waiting: 'human_request' });
    expect(conversation?.answering).toBe(answering);
  });

  it.each([
    ['', ['mail'], 'owner'],
    [', where nobody is told', [], undefined],
  ])('is whoever asks for a person by the button%s', async (_how, channels, answering) => {
    const test = createTestChat({ answer: echo, channels });
    const { client, session } = await test.connectHello();
    client.send({ type: 'human_request' });
    await test.settle();
    const conversation = await test.store.conversation(session.conversation_id);
    expect(conversation).toMatchObject({ waiting: 'human_request' });
    expect(conversation?.answering).toBe(answering);
  });

  it('is whoever the assistant had no answer for, and nobody it answered', async () => {
    const test = createTestChat({
      answer: ({ text }) => (text === '?' ? unsure() : echo({ text, lang: '', history: [] })),
    });
    const [found, not] = [await test.connectHello(), await test.connectHello()];
    found.client.send(chat('x', 'a'));
    not.client.send(chat('?', 'a'));
    await test.settle();
    expect(await test.store.conversation(found.session.conversation_id)).toMatchObject({
      view: 'assistant',
    });
    expect(await test.store.conversation(not.session.conversation_id)).toMatchObject({
      ...{ waiting: 'assistant_unsure', view: 'waiting' },
    });
  });

  it('is whoever writes where no assistant answers; an owner who is away is told at once', async () => {
    const test = createTestChat({ channels: ['mail'], ownerOnline: true });
    const { client, session } = await test.connectHello();
    client.send(chat('anybody?', 'a'));
    await test.settle();
    expect(await test.store.conversation(session.conversation_id)).toMatchObject({
      waiting: 'visitor_message',
    });
    expect(await test.store.owedWork()).toMatchObject({ answers: 0, notices: 1 });
    expect(await dueOn(test, 'mail', noonMs)).toEqual([]);
    test.setOwnerOnline(false);
    await test.advance(30_000);
    client.send(chat('hello?', 'b'));
    await test.settle();
    expect(await dueOn(test, 'mail', noonMs + 30_000)).toEqual(['a', 'b']);
  });
});

describe('a wish for a person, where no channel is configured', () => {
  it.each(['in words', 'by the button'])(
    'reaches an owner who is in the inbox, and the assistant falls silent (%s)',
    async (how) => {
      const test = createTestChat({ answer: echo, ownerOnline: true });
      const { client } = await test.connectHello({ lang: 'en' });
      client.send(how === 'in words' ? chat('human please', 'a') : { type: 'human_request' });
      await test.settle();
      const received = client.take().filter(({ type }) => type !== 'chat_message_received');
      expect(received).toMatchObject([
        { type: 'chat_message', message: expect.stringContaining('I have told the owner') },
        { type: 'handler', answering: 'owner' },
      ]);
      client.send(chat('are you there?', 'b'));
      await test.settle();
      expect(typesOf(client.take())).toEqual(['chat_message_received']);
    },
  );
});

describe('a visitor who is blocked', () => {
  it('is shown out of every tab with 4003, also without hello', async () => {
    const test = createTestChat({ answer: echo });
    const { client, session } = await test.connectHello();
    const second = await test.connectHello({ token: session.token });
    const plain = test.connect();
    for (const one of [client, plain]) one.send(chat('x', 'a'));
    await test.settle();
    for (const one of [client, second.client, plain]) one.take();
    const { conversations } = await test.store.conversations({ limit: 10 });
    for (const { id } of conversations) await change(test.desk, id, { blocked: true });
    await test.settle();
    for (const one of [client, second.client, plain]) {
      expect(one.closed).toEqual({ code: 4003, reason: 'blocked' });
      expect(one.take()).toEqual([]);
    }
    expect(test.visitors.size).toBe(0);
  });

  it('who comes back with the token is told nothing, and may again once it is taken back', async () => {
    const test = createTestChat({ answer: echo });
    const { client, session } = await test.connectHello();
    client.send(chat('x', 'a'));
    await test.settle();
    const { conversation_id: id, token } = session;
    await change(test.desk, id, { blocked: true });
    const back = test.connect();
    back.take();
    back.send({ type: 'hello', protocol: 1, token, last_seq: 99, epoch: 'unknown' });
    back.send(chat('y', 'b'));
    await test.settle();
    expect(back.take()).toEqual([]);
    expect(back.closed?.code).toBe(4003);
    expect((await test.store.conversation(id))?.lastSeq).toBe(2);
    await change(test.desk, id, { blocked: false });
    const { session: again } = await test.connectHello({ token, last_seq: 2 });
    expect(again).toMatchObject({ conversation_id: id, resumed: true });
  });

  it('finds no way round as a user whom the site vouches for', async () => {
    const test = createTestChat({ answer: echo, identitySecret: 'k' });
    const expires = Math.floor(noonMs / 1000) + 3600;
    const signature = createHmac('sha256', 'k').update(`ann\n${expires}`).digest('hex');
    const identity = { user: 'ann', expires, signature };
    const { client, session } = await test.connectHello({ identity });
    client.send(chat('x', 'a'));
    await test.settle();
    await change(test.desk, session.conversation_id, { blocked: true });
    const back = test.connect();
    back.take();
    back.send({ type: 'hello', protocol: 1, identity });
    await test.settle();
    expect([back.take(), back.closed?.code]).toEqual([[], 4003]);
  });

  it('whose message was on its way gets neither acknowledgement nor row', async () => {
    const test = createTestChat({ answer: echo, channels: ['mail'] });
    const { client, session } = await test.connectHello();
    client.send(chat('x', 'a'));
    await test.settle();
    client.take();
    // Nothing is told on the bus: the socket is open when the message comes.
    await test.store.updateConversation(session.conversation_id, { blocked: true });
    client.send(contact('y', 'b'));
    client.send(chat('z', 'c'));
    await test.settle();
    expect([client.take(), client.closed]).toEqual([[], { code: 4003, reason: 'blocked' }]);
    expect((await test.store.conversation(session.conversation_id))?.lastSeq).toBe(2);
    expect(await test.store.owedWork()).toMatchObject({ notices: 0 });
  });

  it.each(['c=blocked', 'x=1&c=blocked', 'c=%62locked'])(
    'is turned away before anything is sent, where the address says who it is: %s',
    async (query) => {
      const test = createTestChat({ blocked: new Set(['blocked']) });
      const client = test.connect({ query });
      client.send(chat('x'));
      await test.settle();
      expect([client.take(), client.closed?.code]).toEqual([[], 4003]);
      expect(test.counts.connections).toBe(0);
    },
  );

  it.each(['', 'c=', 'c=other', 'c', 'd=blocked', '%', 'c=%ff&&=&', `c=${'x'.repeat(60_000)}`])(
    'is nobody whose address says %.20s',
    (query) => {
      const test = createTestChat({ blocked: new Set(['blocked']) });
      const client = test.connect({ query });
      expect(typesOf(client.take())).toEqual(['connection_established']);
    },
  );
});

describe('whether the owner is there', () => {
  it('is told with the session, and whenever it changes; never to a client without hello', async () => {
    const test = createTestChat({ answer: echo });
    const plain = test.connect();
    const inNoConversation = test.connect();
    const { client, session } = await test.connectHello();
    plain.send(chat('x', 'a'));
    await test.settle();
    for (const one of [plain, inNoConversation, client]) one.take();
    expect(session.owner).toEqual({ online: false, name: 'Owner' });
    test.setOwnerOnline(true);
    test.setOwnerOnline(false);
    expect(client.take()).toEqual([
      { type: 'presence', owner: { online: true, name: 'Owner' } },
      { type: 'presence', owner: { online: false, name: 'Owner' } },
    ]);
    expect([plain.take(), inNoConversation.take()]).toEqual([[], []]);
    test.setOwnerOnline(true);
    expect((await test.connectHello()).session.owner.online).toBe(true);
  });
});

describe('what only inboxes are told', () => {
  it('reaches no visitor', async () => {
    const test = createTestChat({ answer: echo });
    const { client, session } = await test.connectHello();
    client.send(chat('x', 'a'));
    await test.settle();
    client.take();
    const conversationId = session.conversation_id;
    const note = { id: 'n', text: 'a difficult one', atMs: noonMs };
    test.bus.publish({ type: 'changed', conversationId });
    test.bus.publish({ type: 'note', conversationId, note });
    test.bus.publish({ type: 'note_deleted', conversationId, id: 'n' });
    test.bus.publish({ type: 'canned_replies' });
    test.bus.publish({ type: 'pruned' });
    await test.settle();
    expect(client.take()).toEqual([]);
    expect([client.closed, test.errors]).toEqual([undefined, []]);
  });

  it('is what the visitor types and has read, too', async () => {
    const test = createTestChat({ answer: echo });
    const { client, session } = await test.connectHello();
    client.send(chat('x', 'a'));
    await test.settle();
    const told: unknown[] = [];
    test.bus.subscribe((event) => told.push(event));
    client.send({ type: 'typing', active: true });
    client.send({ type: 'read', seq: 2 });
    await test.settle();
    const conversationId = session.conversation_id;
    expect(told).toMatchObject([
      { type: 'typing', conversationId, sender: 'visitor', active: true },
      { type: 'read', conversationId, sender: 'visitor', seq: 2 },
    ]);
  });
});

describe('who is there', () => {
  it('is known from hello, or from the first message without it, until the socket closes', async () => {
    const test = createTestChat({ answer: echo });
    const page = { url: 'https://blog.example.com/a', title: 'A' };
    const { client, session } = await test.connectHello({ page });
    const plain = test.connect();
    const there = () => [...test.visitors.values()].map(({ connectionId: _, ...rest }) => rest);
    const { conversation_id: conversationId } = session;
    expect(there()).toEqual([{ conversationId, page }]);
    plain.send(chat('x', 'a'));
    await test.settle();
    const [conversation] = (await test.store.conversations({ limit: 1 })).conversations;
    expect(there()).toEqual([{ conversationId, page }, { conversationId: conversation?.id }]);
    client.leave();
    expect(there()).toEqual([{ conversationId: conversation?.id }]);
    plain.leave();
    expect(there()).toEqual([]);
  });

  it('moves on with a client whose conversation was replaced', async () => {
    const test = createTestChat({ answer: echo });
    const plain = test.connect();
    plain.send(chat('x', 'a'));
    await test.settle();
    await test.store.prune(noonMs + 1_000_000);
    plain.send(chat('y', 'b'));
    await test.settle();
    const [conversation] = (await test.store.conversations({ limit: 1 })).conversations;
    expect([...test.visitors.values()]).toMatchObject([{ conversationId: conversation?.id }]);
  });

  it('is nobody who only looks, or is turned away', async () => {
    const test = createTestChat({ maxConnections: 1 });
    test.connect();
    test.connect();
    test.connect({ origin: 'https://foreign.example' });
    expect(test.visitors.size).toBe(0);
  });
});

it('typing and read marks of the owner reach the visitor', async () => {
  const test = createTestChat({ answer: echo });
  const { client, session } = await test.connectHello();
  client.send(chat('x', 'a'));
  await test.settle();
  client.take();
  const conversationId = session.conversation_id;
  test.bus.publish({ type: 'typing', conversationId, sender: 'owner', active: true });
  await change(test.desk, conversationId, { read_by_owner: 1 });
  await reply(test.desk, conversationId, { id: 'o', text: 'hello', takesOver: false });
  await test.settle();
  expect(client.take()).toMatchObject([
    { type: 'typing', sender: 'owner', active: true },
    { type: 'read', sender: 'owner', seq: 1 },
    { type: 'chat_message', sender: 'owner', seq: 3 },
  ]);
  // A reply that takes nothing over leaves the turn to the assistant.
  client.send(chat('y', 'b'));
  await test.settle();
  expect(textsOf(client.take())).toEqual(['about y']);
});
