import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createTokens, tokenLifetimeMs } from '../../server/chat/tokens.ts';
import { openSqliteStore } from '../../server/stores/sqlite.ts';
import { loadSqliteDriver } from '../../server/stores/sqlite-driver.ts';
import { sqliteFileName } from '../../server/stores/sqlite-file.ts';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { connect, connectHello, contact, type WsClient } from './ws-client.ts';

const env = { ANSWERER: 'off', RATE_LIMIT: '100000/1s' };
const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);

/** Stores messages one after the other, each once the one before it is acknowledged. */
async function say(client: WsClient, ...ids: string[]): Promise<void> {
  for (const id of ids) {
    client.send(contact(`says ${id}`, id));
    await client.until('contact_request_received', (ack) => ack.id === id);
  }
}

describe.each(['uws', 'ws'])('a client that comes back, over %s', (transport) => {
  let server: TestServer;
  beforeAll(async () => {
    const CONTACT_CHAT_TRANSPORT = transport === 'ws' ? 'ws' : undefined;
    server = await startTestServer({ ...env, CONTACT_CHAT_TRANSPORT });
  });
  afterAll(() => server.stop());

  it('having heard nothing before the cut, finds its message once [D3] [D4]', async () => {
    const { client, session } = await connectHello(server.wsUrl);
    client.stopReading();
    client.send(contact('the same', 'a'));
    // The acknowledgement is on its way, and nobody reads it.
    const other = await connectHello(server.wsUrl, { token: session.token, last_seq: 0 });
    if (other.messages.length === 0) await other.client.next('chat_message');
    client.terminate();
    const again = await connectHello(server.wsUrl, { token: session.token, last_seq: 0 });
    expect(again.session).toMatchObject({ resumed: true, last_seq: 1 });
    expect(again.messages).toMatchObject([{ id: 'a', seq: 1 }]);
    again.client.send(contact('the same', 'a'));
    expect(await again.client.next('contact_request_received')).toMatchObject({
      ...{ id: 'a', seq: 1, duplicate: true },
    });
  });

  it('twice at once and one after the other: each gets all of it [D4]', async () => {
    const { client, session } = await connectHello(server.wsUrl);
    await say(client, 'a', 'b', 'c');
    const hello = { token: session.token, last_seq: 1 };
    const resumed = await Promise.all(upTo(5).map(() => connectHello(server.wsUrl, hello)));
    for (let turn = 0; turn < 3; turn += 1) resumed.push(await connectHello(server.wsUrl, hello));
    for (const one of resumed) {
      expect(one.session.resumed).toBe(true);
      expect(one.messages.map(({ seq }) => seq)).toEqual([2, 3]);
    }
    // All are of one conversation: each hears what another says, once, and nobody itself.
    await say(resumed[0]?.client ?? client, 'd');
    for (const { client: hears } of resumed.slice(1)) {
      expect(await hears.next('chat_message')).toMatchObject({ id: 'd', seq: 4 });
    }
  });

  it('while messages are being written gets each once, in order [D2] [D4]', async () => {
    const count = 300;
    const writer = await connectHello(server.wsUrl);
    const { token } = writer.session;
    await say(writer.client, 'first');
    const sending = (async () => {
      for (let index = 2; index <= count; index += 1) {
        writer.client.send(contact(`m${index} ${'x'.repeat(2_000)}`, `m${index}`));
        if (index % 10 === 0) {
          await writer.client.until('contact_request_received', ({ id }) => id === `m${index}`);
        }
      }
    })();
    const readers = [];
    for (let reader = 0; reader < 15; reader += 1) {
      const last_seq = reader % 3 === 0 ? 0 : 1;
      readers.push({ last_seq, ...(await connectHello(server.wsUrl, { token, last_seq })) });
    }
    await sending;
    for (const { client, messages, last_seq } of readers) {
      const seqs = messages.map(({ seq }) => seq);
      while (seqs.at(-1) !== count) seqs.push((await client.next('chat_message')).seq);
      expect(seqs).toEqual(upTo(count, last_seq + 1));
    }
    expect(readers.some(({ messages }) => messages.length < count - 1)).toBe(true);
  });

  it('gets a long history in frames of at most 100 messages and 256 KiB [D4]', async () => {
    const { client, session } = await connectHello(server.wsUrl);
    // 120 short ones, then 100 of 12,000 bytes.
    const text = (seq: number): string => (seq <= 120 ? 'short' : '中'.repeat(4_000));
    for (const seq of upTo(220)) {
      client.send(contact(text(seq), `m${seq}`));
      // As far ahead as a client may be.
      if (seq % 20 === 0) {
        await client.until('contact_request_received', ({ id }) => id === `m${seq}`);
      }
    }
    const again = await connectHello(server.wsUrl, { token: session.token, last_seq: 3 });
    expect(again.messages.map(({ seq }) => seq)).toEqual(upTo(220, 4));
    const frames = again.client.received.filter((frame) => frame.type === 'history');
    expect(frames.length).toBeGreaterThanOrEqual(6);
    expect(frames.map(({ more }) => more)).toEqual(frames.map((_, at) => at < frames.length - 1));
    for (const frame of frames) {
      expect(frame.resume).toBe(true);
      expect(frame.messages.length).toBeLessThanOrEqual(100);
      expect(Buffer.byteLength(JSON.stringify(frame))).toBeLessThanOrEqual(256 * 1024);
    }
  });

  it('with a position that cannot be is told, or gets everything afresh [D5]', async () => {
    const { client, session } = await connectHello(server.wsUrl);
    const { token } = session;
    await say(client, 'a', 'b');
    for (const last_seq of ['-1', '1.5', '"2"', 'null', '[]', '-1e300']) {
      const wrong = await connect(server.wsUrl);
      wrong.sendRaw(`{"type":"hello","protocol":1,"token":"${token}","last_seq":${last_seq}}`);
      await wrong.next('connection_established');
      expect(await wrong.next('error')).toMatchObject({
        ...{ code: 'invalid_message', field: 'last_seq', retryable: false },
      });
      // The connection lives, and the next word may be better.
      wrong.send({ type: 'hello', protocol: 1, token, last_seq: 1 });
      expect(await wrong.next('session')).toMatchObject({ resumed: true });
      await wrong.close();
    }
    for (const last_seq of ['3', '9007199254740993', '1e300']) {
      const ahead = await connect(server.wsUrl);
      ahead.sendRaw(`{"type":"hello","protocol":1,"token":"${token}","last_seq":${last_seq}}`);
      expect(await ahead.until('session')).toMatchObject({ resumed: false, last_seq: 2 });
      expect((await ahead.next('history')).messages).toMatchObject([{ id: 'a' }, { id: 'b' }]);
      await ahead.close();
    }
  });

  it('may say hello and more in one breath: session, history, then acknowledgements [D4]', async () => {
    const { client, session } = await connectHello(server.wsUrl);
    await say(client, 'a');
    const again = await connect(server.wsUrl);
    again.send({ type: 'hello', protocol: 1, token: session.token, last_seq: 0 });
    for (const id of ['b', 'c', 'a']) again.send(contact(`says ${id}`, id));
    again.sendRaw('{"type":"ping"}');
    await again.next('connection_established');
    const rest = [];
    for (let count = 0; count < 6; count += 1) {
      await expect
        .poll(() => again.received.length, { timeout: 15_000 })
        .toBeGreaterThan(count + 1);
      const message = again.received[count + 1];
      if (message && message.type !== 'pong') rest.push(message);
    }
    expect(rest).toMatchObject([
      { type: 'session', resumed: true },
      { type: 'history', messages: [{ id: 'a', seq: 1 }], more: false },
      { type: 'contact_request_received', id: 'b', seq: 2 },
      { type: 'contact_request_received', id: 'c', seq: 3 },
      { type: 'contact_request_received', id: 'a', seq: 1, duplicate: true },
    ]);
  });

  it('fifty times in a row, cut at once each time: nothing is lost or doubled [D1] [D3]', async () => {
    const first = await connectHello(server.wsUrl);
    const { token } = first.session;
    await say(first.client, 'm1');
    first.client.terminate();
    for (let turn = 2; turn <= 50; turn += 1) {
      const client = await connect(server.wsUrl);
      client.send({ type: 'hello', protocol: 1, token, last_seq: turn - 2 });
      // What was not acknowledged before is sent again, with what is new.
      for (const id of [`m${turn - 1}`, `m${turn}`]) client.send(contact(`says ${id}`, id));
      // Sometimes the acknowledgement is waited for, sometimes the line breaks before it.
      if (turn % 2 === 0) {
        await client.until('contact_request_received', ({ id }) => id === `m${turn}`);
      }
      client.terminate();
    }
    const last = await connectHello(server.wsUrl, { token, last_seq: 0 });
    await say(last.client, 'm49', 'm50');
    const whole = await connectHello(server.wsUrl, { token, last_seq: 0 });
    expect(whole.messages.map(({ id, seq }) => [id, seq])).toEqual(
      upTo(50).map((seq) => [`m${seq}`, seq]),
    );
  });
});

describe('a client that comes back to', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(env);
  });
  afterAll(() => server.stop());

  async function conversation(...ids: string[]) {
    const opened = await connectHello(server.wsUrl);
    await say(opened.client, ...ids);
    return opened;
  }

  it('an erased conversation gets another one [D5]', async () => {
    const { client, session } = await conversation('a', 'b');
    client.send({ type: 'erase_me' });
    await client.closed;
    const again = await connectHello(server.wsUrl, { token: session.token, last_seq: 1 });
    expect(again.session).toMatchObject({ resumed: false, last_seq: 0 });
    expect(again.session.conversation_id).not.toBe(session.conversation_id);
    expect(again.messages).toEqual([]);
    await say(again.client, 'a');
  });

  it('a conversation that was too old, gets another one [D5]', async () => {
    const { client, session } = await conversation('a', 'b');
    await client.close();
    await server.kill('SIGTERM');
    const db = (await loadSqliteDriver()).open(join(server.dataDir, sqliteFileName));
    db.prepare('UPDATE conversations SET updated_at_ms = 0 WHERE id = ?').run(
      session.conversation_id,
    );
    db.close();
    await server.restart({ RETENTION_DAYS: '1' });
    onTestFinished(() => server.restart({ RETENTION_DAYS: undefined }));
    await expect
      .poll(() => server.log(), { timeout: 15_000 })
      .toContain('old conversations deleted');
    const { token, epoch } = session;
    for (const hello of [{ last_seq: 1 }, { last_seq: 1, epoch }, { last_seq: 0 }]) {
      const again = await connectHello(server.wsUrl, { token, ...hello });
      expect(again.session).toMatchObject({ resumed: false, last_seq: 0 });
      expect(again.messages).toEqual([]);
    }
  });

  it('a server that did not sign its token, or long ago, gets another conversation [D5]', async () => {
    const { client, session } = await conversation('a');
    await client.close();
    const other = await startTestServer(env);
    onTestFinished(async () => void (await other.stop()));
    const elsewhere = await connectHello(other.wsUrl);
    await server.kill('SIGTERM');
    const store = await openSqliteStore({
      ...{ dataDir: server.dataDir, onError: () => undefined },
    });
    const tokens = createTokens(await store.secret('tokens'));
    await store.close();
    await server.restart();
    const agoMs = Date.now() - tokenLifetimeMs - 60_000;
    const { token, conversation_id: id } = session;
    const strangers = [
      elsewhere.session.token,
      tokens.sign(id, agoMs),
      `${token}x`,
      token.slice(0, -3),
      token.replace(id, elsewhere.session.conversation_id),
      '',
      '....',
      'x'.repeat(50_000),
      '\u0000\ud83d\ude00',
    ];
    for (const stranger of strangers) {
      const hello = { token: stranger, last_seq: 1, epoch: session.epoch };
      const again = await connectHello(server.wsUrl, hello);
      expect(again.session.resumed).toBe(false);
      expect(again.session.conversation_id).not.toBe(id);
      expect(again.messages).toEqual([]);
      await again.client.close();
    }
    const known = await connectHello(server.wsUrl, { token: tokens.sign(id, Date.now()) });
    expect(known.messages).toMatchObject([{ id: 'a' }]);
  });

  it('a server restored from an older copy notices what it saw and is gone [D5] [D16]', async () => {
    const { client, session } = await conversation('a', 'b');
    await client.close();
    const folder = await mkdtemp(join(tmpdir(), 'contact-chat-copy-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await server.kill('SIGTERM');
    await cp(server.dataDir, folder, { recursive: true });
    await server.restart();
    const { token } = session;

    const later = await connectHello(server.wsUrl, { token, last_seq: 2, epoch: session.epoch });
    expect(later.session.resumed).toBe(true);
    await say(later.client, 'c', 'd');
    await later.client.close();
    await server.kill('SIGTERM');
    await rm(server.dataDir, { recursive: true });
    await cp(folder, server.dataDir, { recursive: true });
    await server.restart();

    const hello = { token, last_seq: 4, epoch: later.session.epoch };
    const short = await connectHello(server.wsUrl, hello);
    expect(short.session).toMatchObject({ resumed: false, last_seq: 2 });
    // Goes on differently, past where the client was.
    await say(short.client, 'x', 'y', 'z');
    const lost = await connectHello(server.wsUrl, hello);
    expect(lost.session).toMatchObject({
      ...{ resumed: false, last_seq: 5, conversation_id: session.conversation_id },
    });
    expect(lost.messages.map(({ id }) => id)).toEqual(['a', 'b', 'x', 'y', 'z']);
    // Whoever had not come past the copy has lost nothing.
    const held = await connectHello(server.wsUrl, { token, last_seq: 2, epoch: session.epoch });
    expect(held.session.resumed).toBe(true);
    expect(held.messages.map(({ id }) => id)).toEqual(['x', 'y', 'z']);
    const after = { token, last_seq: 4, epoch: short.session.epoch };
    expect((await connectHello(server.wsUrl, after)).messages).toMatchObject([{ id: 'z' }]);
  });
});
