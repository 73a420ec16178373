import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { slowAnswerTo, startSlowService, type SlowService } from './slow-service.ts';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { chat, connect, connectHello, type MessageOf, type WsClient } from './ws-client.ts';

const OWNER_TOKEN = 'a-token-of-the-owner';
const authorization = `Bearer ${OWNER_TOKEN}`;

let service: SlowService;
let server: TestServer;
beforeEach(async () => {
  service = await startSlowService();
  const settings = { ANSWERER: 'http', QA_URL: service.url, QA_TOKEN: 'hush-hush', OWNER_TOKEN };
  server = await startTestServer({ ...settings, DEFAULT_LANG: 'en', RATE_LIMIT: '1000/1s' });
});
afterEach(async () => {
  await server.stop();
  await service.stop();
});

const deltasOf = (client: WsClient): MessageOf<'chat_message_delta'>[] =>
  client.received.flatMap((message) => (message.type === 'chat_message_delta' ? message : []));
/** What stands on the screen of an answer, by the pieces alone. */
function shownOf(client: WsClient, id: string): string {
  let text = '';
  let next = 0;
  for (const delta of deltasOf(client)) {
    if (delta.id !== id) continue;
    if (delta.index === 0) [text, next] = ['', 0];
    expect(delta.index).toBe(next);
    text += delta.delta;
    next += 1;
  }
  return text;
}

async function storedIn(conversationId: string): Promise<{ id: string; message: string }[]> {
  const url = `${server.url}/api/conversations/${conversationId}/messages`;
  const response = await fetch(url, { headers: { authorization } });
  return ((await response.json()) as { messages: { id: string; message: string }[] }).messages;
}

async function conversationIds(): Promise<string[]> {
  const response = await fetch(`${server.url}/api/conversations`, { headers: { authorization } });
  const { conversations } = (await response.json()) as { conversations: { id: string }[] };
  return conversations.map(({ id }) => id);
}

describe('answers of a service that writes them word by word', () => {
  it('are shown so to clients with hello, and to others as a whole', async () => {
    const { client } = await connectHello(server.wsUrl);
    const plain = await connect(server.wsUrl);
    client.send(chat('Why?', 'q'));
    plain.send(chat('How?'));
    const whole = await client.until('chat_message');
    expect(whole).toMatchObject({ id: 'ai:q', in_reply_to: 'q', message: slowAnswerTo('Why?') });
    expect(deltasOf(client).length).toBeGreaterThan(2);
    expect(slowAnswerTo('Why?')).toContain(shownOf(client, 'ai:q'));
    expect(shownOf(client, 'ai:q')).toContain('You asked: Why?');
    expect((await plain.until('chat_message')).message).toBe(slowAnswerTo('How?'));
    expect(plain.received.map(({ type }) => type)).toEqual([
      ...['connection_established', 'chat_message_received', 'chat_message'],
    ]);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^contact_chat_answer_deltas_total [1-9]/m);
    expect(metrics).toMatch(/^contact_chat_answer_first_delta_seconds_count 1$/m);
    expect(metrics).toMatch(/^contact_chat_answered_questions_total 2$/m);
    await client.close();
  });

  it('are shown from their beginning to whoever comes back while they are written', async () => {
    service.hold(5);
    const { client, session } = await connectHello(server.wsUrl);
    client.send(chat('Why?', 'q'));
    await client.until('chat_message_delta');
    client.terminate();
    const back = await connectHello(server.wsUrl, { token: session.token, last_seq: 1 });
    service.letOn();
    const first = await back.client.until('chat_message_delta');
    expect(first).toMatchObject({ id: 'ai:q', index: 0 });
    expect(first.delta).toMatch(/^You asked: /);
    await back.client.until('chat_message', ({ id }) => id === 'ai:q');
    expect(shownOf(back.client, 'ai:q')).toMatch(/^You asked: Why\?/);
  });

  it('end at once where the owner writes, and the service is told', async () => {
    service.hold(5);
    const { client, session } = await connectHello(server.wsUrl);
    client.send(chat('Why?', 'q'));
    await client.until('chat_message_delta');
    const url = `${server.url}/api/conversations/${session.conversation_id}/messages`;
    const body = JSON.stringify({ message: 'It is me.' });
    const headers = { authorization, 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body })).ok).toBe(true);
    await client.until('handler', ({ answering }) => answering === 'owner');
    await vi.waitFor(() => expect(service.brokenOff()).toBe(1), { timeout: 10_000 });
    service.letOn();
    const ids = (await storedIn(session.conversation_id)).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(ids).not.toContain('ai:q');
  });

  it('are a polite sentence where the service is down, and messages are taken all the same', async () => {
    await service.stop();
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    const { client } = await connectHello(server.wsUrl, { lang: 'zh-CN' });
    client.send(chat('What is the secret?', 'q'));
    expect((await client.until('chat_message')).message).toBe(
      '抱歉，我暂时无法处理您的请求，请稍后再试。',
    );
    expect(server.log()).toContain('cannot be reached');
    expect(server.log()).not.toMatch(/What is the secret|hush-hush/);
    service = await startSlowService();
  });

  it('come over POST /ask too, and end where whoever asked has left', async () => {
    const ask = (question: string, signal?: AbortSignal): Promise<Response> =>
      fetch(`${server.url}/ask`, {
        ...{ method: 'POST', body: JSON.stringify({ question }) },
        ...(signal ? { signal } : {}),
      });
    const answered = await (await ask('Why?')).json();
    expect(answered).toEqual({ answer: slowAnswerTo('Why?'), citations: [] });
    service.hold(3);
    const leave = new AbortController();
    const asking = ask('How?', leave.signal);
    await vi.waitFor(() => expect(service.asked).toContain('How?'), { timeout: 10_000 });
    leave.abort();
    await expect(asking).rejects.toThrow();
    await vi.waitFor(() => expect(service.brokenOff()).toBe(1), { timeout: 10_000 });
    service.letOn();
    expect(server.log()).not.toContain('"stage":"ask"');
  });
});

describe('a server killed while answers are written', () => {
  it.each([
    ['before their first word', 0],
    ['after it', 1],
    ['half-way', 12],
    ['at their last word', 22],
  ])(
    '%s leaves whole answers after the restart, each once and in order [D6]',
    async (_when, words) => {
      service.hold(words);
      const { client, session } = await connectHello(server.wsUrl);
      const plain = await connect(server.wsUrl);
      for (const id of ['q1', 'q2']) client.send(chat(`hello ${id}`, id));
      for (const id of ['p1', 'p2']) plain.send(chat(`plain ${id}`, id));
      for (const id of ['q1', 'q2'])
        await client.until('chat_message_received', (one) => one.id === id);
      await plain.until('chat_message_received', (one) => one.id === 'p2');
      await vi.waitFor(() => expect(service.asked.length).toBeGreaterThanOrEqual(2), {
        timeout: 10_000,
      });
      const shownWords = (): number => shownOf(client, 'ai:q1').split(' ').length - 1;
      await vi.waitFor(() => expect(shownWords()).toBeGreaterThanOrEqual(words), {
        timeout: 10_000,
      });
      expect((await server.kill('SIGKILL')).signal).toBe('SIGKILL');
      const seen = shownOf(client, 'ai:q1');
      expect(slowAnswerTo('hello q1').startsWith(seen)).toBe(true);
      expect(client.received.filter(({ type }) => type === 'chat_message')).toEqual([]);

      service.letOn();
      await server.restart();
      const again = await connectHello(server.wsUrl, { token: session.token, last_seq: 2 });
      expect(again.session.resumed).toBe(true);
      const answers = [...again.messages];
      while (answers.length < 2) answers.push(await again.client.until('chat_message'));
      expect(answers.map(({ id, seq, message }) => ({ id, seq, message }))).toEqual([
        { id: 'ai:q1', seq: 3, message: slowAnswerTo('hello q1') },
        { id: 'ai:q2', seq: 4, message: slowAnswerTo('hello q2') },
      ]);
      for (const { id, message } of answers) {
        expect(message.startsWith(shownOf(again.client, id).trimEnd())).toBe(true);
      }
      const others = (await conversationIds()).filter((id) => id !== session.conversation_id);
      expect(others).toHaveLength(1);
      await vi.waitFor(
        async () =>
          expect((await storedIn(others[0] ?? '')).map(({ id }) => id)).toEqual([
            ...['p1', 'p2', 'ai:p1', 'ai:p2'],
          ]),
        { timeout: 15_000 },
      );
      expect((await storedIn(session.conversation_id)).map(({ id }) => id)).toEqual([
        ...['q1', 'q2', 'ai:q1', 'ai:q2'],
      ]);
    },
  );
});
