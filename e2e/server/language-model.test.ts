import { afterEach, describe, expect, it } from 'vitest';
import {
  refusal,
  startOpenAiCounterpart,
  wordsOf,
  type OpenAiCounterpart,
} from './openai-counterpart.ts';
import { startTestServer, type ServerEnv, type TestServer } from './start-test-server.ts';
import { chat, connect, connectHello } from './ws-client.ts';

const question = 'How do I deploy it to production?';
const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });

describe('a server with a language model', () => {
  const running: { stop?(): Promise<unknown>; close?(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const each of running.splice(0).toReversed()) await (each.stop ?? each.close)?.();
  });
  async function start(env: ServerEnv = {}): Promise<{
    readonly model: OpenAiCounterpart;
    readonly server: TestServer;
  }> {
    const model = await startOpenAiCounterpart();
    running.push(model);
    const server = await startTestServer({
      ...{ ANSWERER: 'openai', OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'test-model' },
      ...{ OPENAI_API_KEY: 'sk-hush', DEFAULT_LANG: 'en', METRICS_TOKEN: 'm' },
      OWNER_TOKEN: 'a-token-of-the-owner',
      ...env,
    });
    running.push(server);
    return { model, server };
  }

  it('shows the answer while it comes, then the whole with what it cites', async () => {
    const { model, server } = await start();
    model.respond({ pieces: wordsOf('Put it behind a proxy [1], with TLS [1].'), delayMs: 60 });
    const { client } = await connectHello(server.wsUrl, { lang: 'en' });
    client.send(chat(question, 'q1'));
    const answer = await client.until('chat_message', ({ id }) => id === 'ai:q1');
    expect(answer).toMatchObject({
      ...{ message: 'Put it behind a proxy, with TLS.', sender: 'assistant', in_reply_to: 'q1' },
      citations: [{ title: expect.stringMatching(/./), url: expect.stringMatching(/./) }],
    });
    const deltas = client.received.filter(({ type }) => type === 'chat_message_delta');
    expect(deltas.length).toBeGreaterThan(1);
    // The last piece may come with the whole.
    const shown = deltas.map((delta) => ('delta' in delta ? delta.delta : '')).join('');
    expect(answer.message.startsWith(shown)).toBe(true);
    await client.close();
    // The whole with its sources as lines of text, for clients of the guide.
    const plain = await connect(server.wsUrl);
    plain.send(chat(question));
    const text = (await plain.until('chat_message')).message;
    expect(text).toMatch(/^Put it behind a proxy, with TLS\.\n[^]*\n.*deploy/);
    await plain.close();
    const asked = await fetch(`${server.url}/ask`, {
      ...{ method: 'POST', body: JSON.stringify({ question }) },
    });
    expect(await asked.json()).toMatchObject({
      ...{ answer: 'Put it behind a proxy, with TLS.', citations: [expect.anything()] },
    });
    expect(server.log()).not.toMatch(/sk-hush|behind a proxy|deploy it to/);
  });

  it('lets the posts answer where the model fails, and says in the log how to mend it', async () => {
    const { model, server } = await start();
    model.respond(refusal(401, 'Incorrect API key provided: sk-hush'));
    const { client } = await connectHello(server.wsUrl, { lang: 'en' });
    client.send(chat(question, 'q1'));
    const answer = await client.until('chat_message', ({ id }) => id === 'ai:q1');
    expect(answer.message).toMatch(/^The language model could not be reached, so this is/);
    expect(answer.citations?.length).toBeGreaterThan(0);
    client.send(chat('怎么部署到生产环境？', 'q2'));
    const chinese = await client.until('chat_message', ({ id }) => id === 'ai:q2');
    expect(chinese.message).toMatch(/^暂时无法连接语言模型/);
    await client.close();
    expect(server.log().match(/check OPENAI_API_KEY/g)?.length).toBe(2); // message and stack
    expect(server.log()).not.toContain('sk-hush');
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    const metrics = await fetch(`${server.url}/metrics`, {
      headers: { authorization: 'Bearer m' },
    });
    expect(await metrics.text()).toContain('contact_chat_llm_calls_total{result="unauthorized"} 2');
  });

  it('spends within its limits, also after it was killed', async () => {
    const { model, server } = await start({ OPENAI_TOKENS_PER_DAY: '5000' });
    model.respond({ pieces: ['Yes [1].'], usage: { prompt: 2_000, completion: 10 } });
    const ask = async (id: string, address: string): Promise<string> => {
      const { client } = await connectHello(server.wsUrl, { lang: 'en' }, from(address));
      client.send(chat(question, id));
      const answer = await client.until('chat_message', (message) => message.id === `ai:${id}`);
      await client.close();
      return answer.message;
    };
    expect(await ask('q1', '203.0.113.1')).toBe('Yes.');
    expect(await ask('q2', '203.0.113.2')).toBe('Yes.');
    const short = await ask('q3', '203.0.113.3');
    expect(short).not.toMatch(/^Yes|language model/);
    expect(model.chats).toHaveLength(2);
    const metrics = await fetch(`${server.url}/metrics`, {
      headers: { authorization: 'Bearer m' },
    });
    const lines = await metrics.text();
    expect(lines).toContain('contact_chat_llm_guarded_total{limit="day"} 1');
    expect(lines).toContain('contact_chat_llm_tokens_total{kind="prompt"} 4000');
    const state = await fetch(`${server.url}/api/answerer`, {
      headers: { authorization: 'Bearer a-token-of-the-owner' },
    });
    expect(await state.json()).toMatchObject({
      usage: {
        ...{ model: 'test-model', tokens_today: 4_020, tokens_per_day: 5_000, guarded_today: 1 },
      },
    });
    await server.kill('SIGKILL');
    await server.restart();
    expect(await ask('q4', '203.0.113.4')).toBe(short);
    expect(model.chats).toHaveLength(2);
  });

  it('limits a visitor by address, and stores none', async () => {
    const { model, server } = await start({ OPENAI_TOKENS_PER_VISITOR: '5000' });
    model.respond({ pieces: ['Yes [1].'], usage: { prompt: 4_000, completion: 10 } });
    const ask = async (address: string): Promise<string> => {
      const asked = await fetch(`${server.url}/ask`, {
        ...{ method: 'POST', body: JSON.stringify({ question }), headers: from(address) },
      });
      return ((await asked.json()) as { answer: string }).answer;
    };
    expect(await ask('203.0.113.1')).toBe('Yes.');
    const { client } = await connectHello(server.wsUrl, {}, from('203.0.113.1'));
    client.send(chat(question, 'q1'));
    const other = await client.until('chat_message', ({ id }) => id === 'ai:q1');
    expect(other.message).not.toBe('Yes.');
    await client.close();
    expect(await ask('203.0.113.2')).toBe('Yes.');
    expect(model.chats).toHaveLength(2);
  });

  it('answers a question once that was being answered when it was killed', async () => {
    const { model, server } = await start();
    model.respond({ pieces: ['Put it '], ending: 'hang' });
    const { client, session } = await connectHello(server.wsUrl, { lang: 'en' });
    client.send(chat(question, 'q1'));
    await client.until('chat_message_delta');
    await server.kill('SIGKILL');
    model.respond({ pieces: ['Put it behind a proxy [1].'] });
    await server.restart();
    const { token } = session;
    const again = await connectHello(server.wsUrl, { token, last_seq: 0, lang: 'en' });
    const seen = again.messages.find(({ id }) => id === 'ai:q1');
    const answer = seen ?? (await again.client.until('chat_message', ({ id }) => id === 'ai:q1'));
    expect(answer.message).toBe('Put it behind a proxy.');
    await again.client.close();
  });

  it('finds passages by meaning too, with and without a model that writes', async () => {
    const { model, server } = await start({ OPENAI_EMBEDDING_MODEL: 'embed' });
    await expect.poll(() => server.log()).toMatch(/passages embedded/);
    model.respond({ pieces: ['Yes [1].'] });
    const ask = async (): Promise<unknown> => {
      const asked = await fetch(`${server.url}/ask`, {
        ...{ method: 'POST', body: JSON.stringify({ question }) },
      });
      return asked.json();
    };
    const questions = (): number =>
      model.embeddings.filter(({ body }) => body.input?.[0] === question).length;
    await expect
      .poll(async () => (await ask(), questions()), { timeout: 20_000 })
      .toBeGreaterThan(0);
    expect(await ask()).toMatchObject({ answer: 'Yes.' });
    const made = model.embeddings.length - questions();
    // The vectors are kept, and the posts answer with them alone.
    await server.restart({ ANSWERER: 'retrieval' });
    const before = questions();
    await expect
      .poll(async () => (await ask(), questions()), { timeout: 20_000 })
      .toBeGreaterThan(before);
    expect(await ask()).toMatchObject({ citations: expect.arrayContaining([expect.anything()]) });
    expect(model.embeddings.length - questions()).toBe(made);
    // Without that server, words decide.
    await model.goDown();
    expect(await ask()).toMatchObject({ answer: expect.stringMatching(/./) });
  });

  it.each([
    [{ OPENAI_BASE_URL: undefined }, /OPENAI_BASE_URL: is missing; ANSWERER=openai needs/],
    [{ OPENAI_MODEL: undefined }, /OPENAI_MODEL: is missing/],
  ])('does not start without what it needs: %j', async (env, line) => {
    await expect(
      startTestServer({
        ...{ ANSWERER: 'openai', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', OPENAI_MODEL: 'm' },
        ...env,
      }),
    ).rejects.toThrow(line);
  });
});
