import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { History, ServerMessage } from '../../shared/protocol.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { chat, contact, createTestChat, echo, noonMs, textsOf, typesOf } from './chat-harness.ts';

const historiesOf = (messages: readonly ServerMessage[]): History[] =>
  messages.filter((message) => message.type === 'history');
const seqsOf = (messages: readonly ServerMessage[]): (number | undefined)[] =>
  historiesOf(messages).flatMap((history) => history.messages.map(({ seq }) => seq));

/** A conversation of so many messages of a visitor. */
async function withMessages(count: number, text = (index: number): string => `m${index}`) {
  const store = createMemoryStore();
  const test = createTestChat({ store });
  const { session } = await test.connectHello();
  for (let index = 1; index <= count; index += 1) {
    const message = {
      id: `m${index}`,
      sender: 'visitor',
      text: text(index),
      atMs: noonMs,
    } as const;
    await store.append({ conversationId: session.conversation_id, message });
  }
  return { test, session };
}

describe('hello', () => {
  it('opens a session', async () => {
    const test = createTestChat({ answer: echo });
    const { opening } = await test.connectHello({ lang: 'en-GB' });
    expect(opening).toEqual([
      expect.objectContaining({ type: 'connection_established' }),
      {
        type: 'session',
        client_id: opening[0]?.type === 'connection_established' ? opening[0].client_id : '',
        conversation_id: expect.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
        token: expect.stringMatching(/./),
        resumed: false,
        last_seq: 0,
        epoch: test.store.epoch,
        answering: 'assistant',
        owner: { online: false, name: 'Owner' },
        ai: true,
        limits: { message_chars: 4000, frame_bytes: 65_536, ping_interval_ms: 25_000 },
      },
      { type: 'history', messages: [], more: false, resume: true },
    ]);
  });

  it('says when nobody answers', async () => {
    const { session } = await createTestChat().connectHello();
    expect(session).toMatchObject({ answering: 'nobody', ai: false });
  });

  it('decides the language, where the server speaks it', async () => {
    const test = createTestChat();
    const { client } = await test.connectHello({ lang: 'en' });
    client.sendText('x');
    expect(client.take()).toMatchObject([{ message: 'The message is not valid JSON' }]);
    const { client: other } = await test.connectHello({ lang: 'fr' }, { lang: 'en' });
    other.sendText('x');
    expect(other.take()).toMatchObject([{ message: 'The message is not valid JSON' }]);
  });

  it('may come once, and before the first stored message', async () => {
    const test = createTestChat({ answer: echo });
    const { client } = await test.connectHello();
    client.send({ type: 'hello', protocol: 1 });
    expect(client.take()).toMatchObject([
      { type: 'error', code: 'invalid_message', message: '每个连接只能发送一次 hello' },
    ]);
    const late = test.connect();
    late.send(chat('first'));
    late.send({ type: 'hello', protocol: 1 });
    await test.settle();
    expect(late.take().slice(1)).toMatchObject([
      { type: 'chat_message_received' },
      { type: 'error', code: 'invalid_message', message: 'hello 必须在第一条消息之前发送' },
      { type: 'chat_message' },
    ]);
    expect([client.closed, late.closed]).toEqual([undefined, undefined]);
  });

  it('may follow an error or a ping', async () => {
    const test = createTestChat();
    const client = test.connect();
    client.sendText('{');
    client.send({ type: 'ping' });
    client.send({ type: 'hello', protocol: 1 });
    await test.settle();
    expect(typesOf(client.take()).slice(1)).toEqual(['error', 'pong', 'session', 'history']);
  });

  it('of a later protocol gets the one that both know', async () => {
    const { opening } = await createTestChat().connectHello({ protocol: 7 });
    expect(opening[0]).toMatchObject({ protocol: 1 });
    expect(typesOf(opening)).toEqual(['connection_established', 'session', 'history']);
  });

  it.each(['', 'nonsense', 'v1.a.b.c', 'v1.abc.t0.AAAA', 'x'.repeat(400)])(
    'with the unknown token %j begins a new conversation',
    async (token) => {
      const { session } = await createTestChat().connectHello({ token, last_seq: 5 });
      expect(session).toMatchObject({ resumed: false, last_seq: 0 });
      expect(session.token).not.toBe(token);
    },
  );

  it('with a token that is too old begins a new conversation', async () => {
    const { test, session } = await withMessages(1);
    test.setClock(noonMs + 366 * 86_400_000);
    const { session: later } = await test.connectHello({ token: session.token });
    expect(later.resumed).toBe(false);
    expect(later.conversation_id).not.toBe(session.conversation_id);
  });

  it('with a token of a conversation that has no message yet goes on with it', async () => {
    const test = createTestChat();
    const { session } = await test.connectHello();
    const { session: again } = await test.connectHello({ token: session.token });
    expect(again).toMatchObject({ resumed: true, conversation_id: session.conversation_id });
  });
});

describe('history after session', () => {
  it.each([
    { last_seq: undefined, total: 3, seqs: [1, 2, 3], more: false },
    { last_seq: 0, total: 3, seqs: [1, 2, 3], more: false },
    { last_seq: 2, total: 3, seqs: [3], more: false },
    { last_seq: 3, total: 3, seqs: [], more: false },
  ])('after $last_seq of $total', async ({ last_seq, total, seqs, more }) => {
    const { test, session } = await withMessages(total);
    const { session: again, opening } = await test.connectHello({
      token: session.token,
      ...(last_seq === undefined ? {} : { last_seq }),
    });
    expect(again).toMatchObject({ resumed: true, last_seq: total });
    expect(seqsOf(opening)).toEqual(seqs);
    expect(historiesOf(opening).map((history) => history.more)).toEqual([more]);
    expect(historiesOf(opening)[0]).toMatchObject({ resume: true });
    if (seqs.length > 0) {
      expect(historiesOf(opening)[0]?.messages.at(-1)).toEqual({
        ...{ id: `m${total}`, seq: total, sender: 'visitor', message: `m${total}` },
        timestamp: '2025-01-01T12:00:00.000Z',
      });
    }
  });

  it('is the newest 50 where no position is given, and more are to be had', async () => {
    const { test, session } = await withMessages(120);
    const { client, opening } = await test.connectHello({ token: session.token });
    expect(historiesOf(opening)).toHaveLength(1);
    expect(historiesOf(opening)[0]?.more).toBe(true);
    expect(seqsOf(opening)).toEqual(Array.from({ length: 50 }, (_, index) => index + 71));
    client.send({ type: 'history_request', before_seq: 71, limit: 2 });
    client.send({ type: 'history_request', before_seq: 3, limit: 100 });
    client.send({ type: 'history_request' });
    await test.settle();
    const asked = client.take();
    expect(historiesOf(asked).map(({ more, resume }) => [more, resume])).toEqual([
      [true, undefined],
      [false, undefined],
      [true, undefined],
    ]);
    expect(seqsOf(asked).slice(0, 4)).toEqual([69, 70, 1, 2]);
    expect(seqsOf(asked)).toHaveLength(54);
  });

  it('comes in frames of 100, unasked, and nothing is left out', async () => {
    const { test, session } = await withMessages(230);
    const { opening } = await test.connectHello({ token: session.token, last_seq: 5 });
    expect(historiesOf(opening).map(({ messages, more }) => [messages.length, more])).toEqual([
      [100, true],
      [100, true],
      [25, false],
    ]);
    expect(seqsOf(opening)).toEqual(Array.from({ length: 225 }, (_, index) => index + 6));
  });

  it('comes in frames of at most 256 KiB', async () => {
    const { test, session } = await withMessages(90, () => '中'.repeat(4000));
    const { opening } = await test.connectHello({ token: session.token, last_seq: 0 });
    const histories = historiesOf(opening);
    expect(histories.length).toBeGreaterThan(1);
    for (const history of histories) {
      expect(Buffer.byteLength(JSON.stringify(history))).toBeLessThanOrEqual(256 * 1024);
    }
    expect(seqsOf(opening)).toEqual(Array.from({ length: 90 }, (_, index) => index + 1));
  });

  it('is all there is where the client is ahead of the store', async () => {
    const { test, session } = await withMessages(130);
    const { session: again, opening } = await test.connectHello({
      token: session.token,
      last_seq: 999,
    });
    expect(again).toMatchObject({ resumed: false, last_seq: 130 });
    expect(historiesOf(opening).map(({ more }) => more)).toEqual([true, false]);
    expect(seqsOf(opening)).toEqual(Array.from({ length: 130 }, (_, index) => index + 1));
  });

  it('holds what is stored while it is read, once, before anything live', async () => {
    const { test, session } = await withMessages(150);
    const { client: writer } = await test.connectHello({ token: session.token });
    const reader = test.connect();
    reader.send({ type: 'hello', protocol: 1, token: session.token, last_seq: 0 });
    writer.send(chat('meanwhile', 'w'));
    await test.settle();
    const received = reader.take();
    const live = received.flatMap((one) => (one.type === 'chat_message' ? [one.seq] : []));
    expect([...seqsOf(received), ...live]).toEqual(
      Array.from({ length: 151 }, (_, index) => index + 1),
    );
    writer.send(chat('after', 'x'));
    await test.settle();
    expect(reader.take()).toMatchObject([{ type: 'chat_message', seq: 152, sender: 'visitor' }]);
  });

  it('shows contact requests as what they are', async () => {
    const test = createTestChat();
    const { client, session } = await test.connectHello();
    client.send(contact('call me', 'c1'));
    await test.settle();
    const { opening } = await test.connectHello({ token: session.token });
    expect(historiesOf(opening)[0]?.messages).toMatchObject([
      { id: 'c1', kind: 'contact_request', sender: 'visitor' },
    ]);
  });
});

describe('a signed-in visitor', () => {
  const identitySecret = 'a secret of the blog';
  const signed = (user: string, expires = noonMs / 1000 + 60) => ({
    ...{ user, expires },
    signature: createHmac('sha256', identitySecret).update(`${user}\n${expires}`).digest('hex'),
  });

  it('finds their conversation on another device, and no other', async () => {
    const test = createTestChat({ answer: echo, identitySecret });
    const { client } = await test.connectHello({ identity: signed('ann') });
    client.send(chat('mine', 'a'));
    await test.settle();
    const again = await test.connectHello({ identity: signed('ann') });
    expect(again.session.resumed).toBe(true);
    expect(seqsOf(again.opening)).toEqual([1, 2]);
    const other = await test.connectHello({ identity: signed('bob') });
    expect(seqsOf(other.opening)).toEqual([]);
  });

  it('does not bring an anonymous conversation along', async () => {
    const test = createTestChat({ answer: echo, identitySecret });
    const anonymous = await test.connectHello();
    anonymous.client.send(chat('before', 'a'));
    await test.settle();
    const known = await test.connectHello({
      token: anonymous.session.token,
      identity: signed('ann'),
    });
    expect(known.session.conversation_id).not.toBe(anonymous.session.conversation_id);
    expect(seqsOf(known.opening)).toEqual([]);
  });

  it('takes no position of an anonymous conversation for one of theirs', async () => {
    const test = createTestChat({ answer: echo, identitySecret });
    const anonymous = await test.connectHello();
    anonymous.client.send(chat('before', 'a'));
    await test.settle();
    const coming = { token: anonymous.session.token, last_seq: 2, identity: signed('ann') };
    const first = await test.connectHello(coming);
    expect(first.session).toMatchObject({ resumed: false, last_seq: 0 });
    for (const id of ['b', 'c']) first.client.send(chat(id, id));
    await test.settle();
    // Longer now than that position: it is still the position of another conversation.
    const second = await test.connectHello(coming);
    expect(second.session.conversation_id).toBe(first.session.conversation_id);
    expect(second.session).toMatchObject({ resumed: false, last_seq: 4 });
    expect(seqsOf(second.opening)).toEqual([1, 2, 3, 4]);
    const third = await test.connectHello({ ...coming, token: first.session.token });
    expect(third.session.resumed).toBe(true);
    expect(seqsOf(third.opening)).toEqual([3, 4]);
  });

  it.each([
    ['a foreign signature', { ...signed('ann'), user: 'bob' }],
    ['no signature', { ...signed('ann'), signature: '' }],
    ['an expired one', signed('ann', noonMs / 1000 - 1)],
  ])('with %s is closed with 4001', async (_what, identity) => {
    const test = createTestChat({ identitySecret });
    const client = test.connect();
    client.send({ type: 'hello', protocol: 1, identity });
    expect(client.closed?.code).toBe(4001);
    expect(typesOf(client.take())).toEqual(['connection_established']);
  });

  it('begins anew after erasing', async () => {
    const test = createTestChat({ answer: echo, identitySecret });
    const { client } = await test.connectHello({ identity: signed('ann') });
    client.send(chat('mine', 'a'));
    client.send({ type: 'erase_me' });
    await test.settle();
    const again = await test.connectHello({ identity: signed('ann') });
    expect(seqsOf(again.opening)).toEqual([]);
    again.client.send(chat('new', 'b'));
    await test.settle();
    expect(textsOf(again.client.take())).toEqual(['about new']);
  });
});
