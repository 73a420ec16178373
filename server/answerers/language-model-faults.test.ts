import { describe, expect, it } from 'vitest';
import { refusal, wordsOf, type Reply } from '../../e2e/server/openai-counterpart.ts';
import { timeoutsWithin } from './language-model.ts';
import { startModelHarness, watchProgress } from './language-model-harness.ts';

const question = 'How do I deploy with systemd?';
const good: Reply = {
  pieces: wordsOf('Write a unit file [1].'),
  usage: { prompt: 9, completion: 2 },
};
const posts = {
  text: expect.stringMatching(/^The language model could not be reached, so .*:\n\n.*unit file/s),
  outcome: 'found',
  citations: expect.arrayContaining([expect.anything()]),
};
/** The first call gets this, the others a good answer. */
const once =
  (reply: Reply) =>
  (_: unknown, number: number): Reply =>
    number === 0 ? reply : good;

describe('a language model that fails', () => {
  it.each<[string, Reply, RegExp]>([
    ['breaks the connection', 'drop', /cannot be reached \(the connection broke\)/],
    ['answers 500', refusal(500, 'secret text'), /answered 500/],
    [
      'answers 503 and when to come back',
      refusal(503, '', { headers: { 'retry-after': '0' } }),
      /503/,
    ],
    [
      'is busy for a moment',
      refusal(429, '', { headers: { 'retry-after': '0' } }),
      /429: too many/,
    ],
    ['breaks off at once', { pieces: [], ending: 'cut' }, /./],
    ['breaks off after some text', { pieces: ['Write '], ending: 'cut' }, /broke off/],
    ['says nothing', { pieces: [] }, /said nothing/],
    ['only thinks', { pieces: [{ reasoning: 'secret' }] }, /said nothing/],
    [
      'only calls tools',
      { pieces: [{ toolCall: '{"secret":1}' }], finishReason: 'tool_calls' },
      /nothing|API/,
    ],
    [
      'sends a malformed chunk',
      { pieces: ['Write ', { raw: 'data: {"secret\n\n' }] },
      /not the OpenAI API/,
    ],
    [
      'sends a foreign chunk',
      { pieces: [{ raw: 'data: {"secret":1}\n\n' }] },
      /not the OpenAI API/,
    ],
    ['sends garbage', { pieces: [{ raw: '\u0000<html>secret</html>\n\n' }], ending: 'cut' }, /./],
    [
      'answers with a web page',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>secret</h1>' },
      /not the OpenAI API/,
    ],
    [
      'reports an error on the way',
      { pieces: ['Write ', { raw: 'data: {"error":{"message":"secret"}}\n\n' }] },
      /error on the way/,
    ],
  ])('is asked once more where it %s', async (_, reply, reported) => {
    const { model, ask, errors } = await startModelHarness();
    model.respond(once(reply));
    const answer = await ask(question);
    expect(answer).toMatchObject({ text: 'Write a unit file.', outcome: 'found' });
    expect(answer.shown.split('⟲').at(-1)).toBe('Write a unit file.');
    expect(model.chats).toHaveLength(2);
    expect(errors).toEqual([expect.stringMatching(reported)]);
    expect(errors.join()).not.toMatch(/secret|127\.0\.0\.1|systemd/);
  });

  it('is left alone after the second failure; the posts answer, with a note', async () => {
    const { model, ask, errors } = await startModelHarness();
    model.respond(refusal(502, ''));
    expect(await ask(question)).toMatchObject(posts);
    expect(model.chats).toHaveLength(2);
    expect(await ask('怎么用 systemd 部署？')).toMatchObject({
      text: expect.stringMatching(
        /^暂时无法连接语言模型，以下是文章中的相关内容：\n\n.*systemctl/s,
      ),
    });
    // Told of once a minute.
    expect(errors).toHaveLength(1);
  });

  it('takes back what it had shown before the posts answer', async () => {
    const { model, ask } = await startModelHarness();
    model.respond({ pieces: ['Something ', 'half '], ending: 'cut' });
    const answer = await ask(question);
    expect(answer).toMatchObject(posts);
    expect(answer.shown).toBe('Something half⟲Something half⟲');
  });

  it.each<[string, Reply, RegExp]>([
    ['401', refusal(401, 'Incorrect API key provided: sk-secret'), /OPENAI_API_KEY/],
    ['403', refusal(403, 'secret'), /OPENAI_API_KEY/],
    ['404 for the model', refusal(404, 'The model `secret` does not exist'), /OPENAI_MODEL$/],
    ['404 for the address', { status: 404, body: 'secret' }, /OPENAI_BASE_URL/],
    ['402', refusal(402, 'Insufficient Balance'), /nothing left/],
    [
      '429 for want of credit',
      { status: 429, body: { error: { code: 'insufficient_quota' } } },
      /nothing left/,
    ],
    ['429 for long', refusal(429, '', { headers: { 'retry-after': '60' } }), /429: too many/],
    ['400 for the prompt', refusal(400, 'maximum context length is 8 secret'), /does not fit/],
    ['400 for whatever', refusal(400, 'secret'), /answered 400/],
    ['a redirect', { status: 301, headers: { location: 'http://127.0.0.1:1/' } }, /sends on/],
  ])('is asked once only where it answers %s', async (_, reply, reported) => {
    const { model, ask, errors } = await startModelHarness({ apiKey: 'sk-secret' });
    model.respond(reply);
    expect(await ask(question)).toMatchObject(posts);
    expect(model.chats).toHaveLength(1);
    expect(errors).toEqual([expect.stringMatching(reported)]);
    expect(errors.join()).not.toMatch(/secret/);
  });

  it('is told of again after a minute', async () => {
    let nowMs = Date.UTC(2026, 10, 29);
    const { model, ask, errors } = await startModelHarness({ now: () => nowMs });
    model.respond(refusal(401, ''));
    await ask(question);
    nowMs += 59_000;
    await ask(question);
    expect(errors).toHaveLength(1);
    nowMs += 2_000;
    await ask(question);
    expect(errors).toHaveLength(2);
  });

  it('answers without parameters that it does not take, from then on', async () => {
    const { model, ask } = await startModelHarness();
    model.respond(({ body }) => {
      if ('temperature' in body) return refusal(400, 'Unsupported value', { param: 'temperature' });
      if ('max_tokens' in body) {
        return refusal(400, "Unsupported parameter: 'max_tokens'; use 'max_completion_tokens'.");
      }
      return 'stream_options' in body ? refusal(422, 'stream_options: Extra inputs') : good;
    });
    expect(await ask(question)).toMatchObject({ text: 'Write a unit file.' });
    expect(await ask(question)).toMatchObject({ text: 'Write a unit file.' });
    expect(model.chats).toHaveLength(5);
    expect(model.chats[4]?.body).toMatchObject({ max_completion_tokens: 700, stream: true });
  });

  it('that used up its tokens with thinking gets more of them', async () => {
    const { model, ask } = await startModelHarness();
    model.respond(({ body }) =>
      Number(body['max_tokens']) < 4_000
        ? { pieces: [{ reasoning: 'hmm' }], finishReason: 'length' }
        : good,
    );
    expect(await ask(question)).toMatchObject({ text: 'Write a unit file.' });
    await ask(question);
    expect(model.chats).toHaveLength(3);
  });

  it('that never begins, falls silent or never ends is not waited for', async () => {
    // Apart enough that a machine that stalls for a moment ends none before its time.
    const timeouts = { firstMs: 500, betweenMs: 1_500, wholeMs: 4_000 };
    let nowMs = Date.UTC(2026, 10, 29);
    const now = (): number => nowMs;
    const { model, ask, errors, answerer } = await startModelHarness({ timeouts, now });
    expect(answerer.timeoutMs).toBeGreaterThan(timeouts.wholeMs);
    model.respond('silence');
    expect(await ask(question)).toMatchObject(posts);
    expect(model.chats).toHaveLength(1);
    model.respond({ pieces: ['Write '], ending: 'hang' });
    expect(await ask(question)).toMatchObject(posts);
    // The third one does not wait for it, until a minute is over.
    expect(await ask(question)).toMatchObject(posts);
    expect(model.chats).toHaveLength(2);
    nowMs += 61_000;
    const slowly = {
      *[Symbol.iterator]() {
        for (;;) yield 'x';
      },
    };
    model.respond({ pieces: slowly, delayMs: 50 });
    expect(await ask(question)).toMatchObject(posts);
    await expect.poll(() => model.abandoned).toBe(3);
    expect(errors).toEqual([
      expect.stringMatching(/did not answer for 500 ms/),
      expect.stringMatching(/was not done within 4000 ms/),
    ]);
    nowMs += 61_000;
    model.respond(good);
    expect(await ask(question)).toMatchObject({ text: 'Write a unit file.' });
  });

  it('may be given another time in all, and the parts of it grow with that', () => {
    expect(timeoutsWithin(45_000)).toEqual({ firstMs: 25_000, betweenMs: 15_000, wholeMs: 45_000 });
    expect(timeoutsWithin(180_000)).toEqual({
      ...{ firstMs: 100_000, betweenMs: 60_000, wholeMs: 180_000 },
    });
  });

  it('is called off while it is waited for', async () => {
    const { model, answerer } = await startModelHarness();
    model.respond(refusal(429, '', { headers: { 'retry-after': '5' } }));
    const control = new AbortController();
    const { progress } = watchProgress();
    const asked = { text: question, lang: 'en', history: [] };
    const answer = answerer.answer(asked, { signal: control.signal, progress });
    await expect.poll(() => model.chats.length).toBe(1);
    control.abort(new Error('Somebody took over'));
    await expect(answer).rejects.toThrow('Somebody took over');
    expect(model.chats).toHaveLength(1);
  });

  it('that is off is found again when it is on', async () => {
    const { model, ask } = await startModelHarness();
    model.respond(good);
    await model.goDown();
    expect(await ask(question)).toMatchObject(posts);
    await model.comeUp();
    expect(await ask(question)).toMatchObject({ text: 'Write a unit file.' });
  });

  it('that floods is cut off', async () => {
    const { model, ask } = await startModelHarness();
    model.respond({ pieces: [{ raw: `data: ${'x'.repeat(9 * 1024 * 1024)}` }], ending: 'hang' });
    expect(await ask(question)).toMatchObject(posts);
    await expect.poll(() => model.abandoned).toBe(2);
  });

  it('says so only where the posts have an answer of their own', async () => {
    const { model, ask } = await startModelHarness({ timeouts: { firstMs: 200 } });
    model.respond('silence');
    const history = [{ sender: 'visitor', text: question } as const];
    expect(await ask('And on Windows?', { history })).toMatchObject(posts);
  });
});
