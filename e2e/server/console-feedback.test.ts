/** What visitors think of answers, from their sockets to the inboxes of a running server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerList, messageList, type OwnerMessage } from '../../shared/console-protocol.ts';
import { ask, joinConsole, logIn, ownerToken, readList } from './console-client.ts';
import { runCommand, startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connect, connectHello } from './ws-client.ts';

let server: TestServer;
let cookie: string;
beforeAll(async () => {
  server = await startTestServer({ OWNER_TOKEN: ownerToken, DEFAULT_LANG: 'en' });
  cookie = await logIn(server.url);
});
afterAll(() => server.stop());

/** A visitor with an answer to `q`. */
async function answered() {
  const { client, session } = await connectHello(server.wsUrl, { lang: 'en' });
  client.send(chat('Which shoes do you wear on Sundays?', 'q'));
  await client.until('chat_message', ({ id }) => id === 'ai:q');
  const id = session.conversation_id;
  const rate = (value: 'up' | 'down') => client.send({ type: 'feedback', id: 'ai:q', value });
  return { client, session, id, rate };
}

async function answerIn(conversation: string): Promise<OwnerMessage | undefined> {
  const body: unknown = await (
    await ask(server.url, `/conversations/${conversation}/messages`)
  ).json();
  if (!messageList.is(body)) throw new Error(`no messages: ${JSON.stringify(body)}`);
  return body.messages.find((message) => message.id === 'ai:q');
}

async function listed(list: string): Promise<readonly string[]> {
  const body: unknown = await (await ask(server.url, `/answers?list=${list}&limit=50`)).json();
  if (!answerList.is(body)) throw new Error(`no list: ${JSON.stringify(body)}`);
  return body.answers.map(({ conversation }) => conversation.id);
}

describe('what a visitor thinks of an answer', () => {
  it('reaches every inbox at once, and again when a mind is changed', async () => {
    const { client, id, rate } = await answered();
    const inboxes = [await joinConsole(server.url, cookie), await joinConsole(server.url, cookie)];
    for (const [at, value] of (['down', 'up'] as const).entries()) {
      rate(value);
      for (const inbox of inboxes) {
        await inbox.when('the rating', (each) => each.of('feedback').length > at);
        const told = { type: 'feedback', conversation_id: id, id: 'ai:q', value };
        expect(inbox.of('feedback')[at]).toEqual(told);
        const ratedDown = value === 'down' ? 1 : undefined;
        await inbox.when(
          'the conversation',
          (each) =>
            each.conversations().has(id) && each.conversations().get(id)?.rated_down === ratedDown,
        );
      }
      expect(await answerIn(id)).toMatchObject({ feedback: value, outcome: 'not_covered' });
    }
    for (const inbox of inboxes) inbox.terminate();
    await client.close();
  });

  it('is told of to an inbox that was away, by the revision of its conversation', async () => {
    const { client, id, rate } = await answered();
    const { revision } = await readList(server.url);
    rate('down');
    await expect.poll(async () => (await answerIn(id))?.feedback).toBe('down');
    const inbox = await joinConsole(server.url, cookie, { revision });
    await inbox.when('what changed', (each) => each.conversations().has(id));
    expect(inbox.conversations().get(id)).toMatchObject({
      rated_down: 1,
      last_message: { id: 'ai:q', feedback: 'down' },
    });
    expect([...inbox.conversations().keys()]).toEqual([id]);
    inbox.terminate();
    await client.close();
  });

  it('is there after a kill, in the export and in a backup, and in no history', async () => {
    const { client, session, id, rate } = await answered();
    rate('down');
    // Whatever follows on this connection is handled after it was stored.
    client.send({ type: 'feedback', id: 'ai:none', value: 'up' });
    await client.until('error', ({ ref }) => ref === 'ai:none');
    await server.kill('SIGKILL');
    await server.restart();
    expect(await answerIn(id)).toMatchObject({ feedback: 'down', outcome: 'not_covered' });
    const back = await connectHello(server.wsUrl, { token: session.token, last_seq: 0 });
    expect(back.messages.map((message) => message.id)).toEqual(['q', 'ai:q']);
    expect(JSON.stringify(back.messages)).not.toMatch(/feedback|outcome/);
    await back.client.close();

    const folder = await mkdtemp(join(tmpdir(), 'contact-chat-feedback-'));
    try {
      const copy = join(folder, 'copy.sqlite');
      const env = { DATA_DIR: server.dataDir };
      expect(await runCommand(['backup', copy], env, { cwd: folder })).toMatchObject({ code: 0 });
      const { stdout } = await runCommand(['export', '--conversation', id], env);
      const records = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { id: string });
      expect(records.find((record) => record.id === 'ai:q')).toMatchObject({
        feedback: 'down',
        outcome: 'not_covered',
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('goes from the lists when the visitor erases everything', async () => {
    const { client, id, rate } = await answered();
    rate('down');
    await expect.poll(() => listed('down')).toContain(id);
    expect(await listed('not_covered')).toContain(id);
    client.send({ type: 'erase_me' });
    await client.until('erased');
    expect(await listed('down')).not.toContain(id);
    expect(await listed('not_covered')).not.toContain(id);
  });

  it('is refused of a plain client, with a sentence', async () => {
    const client = await connect(server.wsUrl, { 'accept-language': 'en' });
    await client.next('connection_established');
    client.send({ type: 'feedback', id: 'ai:q', value: 'up' });
    expect(await client.next('error')).toMatchObject({ code: 'invalid_message', field: 'type' });
    await client.close();
  });
});

it('the assistant that answers is told of, with its posts', async () => {
  expect(await (await ask(server.url, '/answerer')).json()).toEqual({
    name: 'retrieval',
    description: expect.stringMatching(/^\d+ posts, [\d,]+ passages$/),
    ready: true,
  });
});
