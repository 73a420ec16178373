import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  refusal,
  startOpenAiCounterpart,
  vectorsFor,
  wordVector,
  type PlainReply,
  type ReceivedCall,
} from '../../e2e/server/openai-counterpart.ts';
import { startModelHarness } from '../answerers/language-model-harness.ts';
import { indexOf, smallBlog } from '../answerers/small-blog.fixture.ts';
import { createTimers } from '../timers.ts';
import { createEmbedTexts } from './embed-texts.ts';
import { createPassageVectors, type PassageVectorsOptions } from './passage-vectors.ts';

const signal = new AbortController().signal;

async function start(options: Partial<PassageVectorsOptions> = {}) {
  const server = await startOpenAiCounterpart();
  const folder = await mkdtemp(join(tmpdir(), 'contact-chat-vectors-'));
  const timers = createTimers();
  const errors: string[] = [];
  const progress: number[] = [];
  const open = () => {
    const config = { baseUrl: server.baseUrl, model: 'embed', apiKey: 'sk-hush' };
    const vectors = createPassageVectors({
      ...{ embed: createEmbedTexts(config, Date.now), model: 'embed', folder, timers },
      onError: (error) => void errors.push((error as Error).message),
      onProgress: ({ done }) => void progress.push(done),
      ...{ retryMs: 20, questionMs: 2_000 },
      ...options,
    });
    onTestFinished(() => vectors.close());
    return vectors;
  };
  onTestFinished(async () => {
    timers.stop();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const inputs = (): number =>
    server.embeddings.reduce((sum, { body }) => sum + [body.input ?? []].flat().length, 0);
  return { server, vectors: open(), open, errors, progress, inputs };
}

/** What a server answers that has it wrong in one place. */
const spoilt =
  (spoil: (data: { index: number; embedding: unknown }[]) => unknown) =>
  (call: ReceivedCall): PlainReply => {
    const { body } = vectorsFor(call);
    return { status: 200, body: { data: spoil((body as { data: never[] }).data) } };
  };

describe('what a question costs', () => {
  it('is asked for before the server is, kept where it may have worked, else given back', async () => {
    const { vectors, server, inputs, errors } = await start();
    const index = await indexOf(smallBlog);
    const log: string[] = [];
    const spend = (granted: boolean) => (tokens: number) => {
      log.push(`reserve ${tokens} ${inputs()}`);
      return Promise.resolve(
        granted
          ? {
              granted,
              settle: (spent: number) => (log.push(`settle ${spent}`), Promise.resolve()),
            }
          : { granted, by: 'day' as const },
      );
    };
    expect(await vectors.nearest('systemd', index, signal, spend(true))).toBeUndefined();
    expect(log).toEqual([]);
    vectors.follow(index);
    await vectors.idle();
    const before = inputs();
    expect(await vectors.nearest('systemd', index, signal, spend(false))).toBeUndefined();
    expect(log.splice(0)).toEqual([`reserve 3 ${before}`]);
    expect(await vectors.nearest('systemd', index, signal, spend(true))).toBeDefined();
    expect(log.splice(0)).toEqual([`reserve 3 ${before}`]);
    expect(inputs()).toBe(before + 1);
    server.embed(() => refusal(401, 'no'));
    expect(await vectors.nearest('systemd', index, signal, spend(true))).toBeUndefined();
    expect(log).toEqual([`reserve 3 ${before + 1}`, 'settle 0']);
    expect(errors).toHaveLength(1);
  });
});

describe('vectors of passages', () => {
  it('find a passage by what it is about', async () => {
    const { vectors, server, progress } = await start();
    const index = await indexOf(smallBlog);
    expect(await vectors.nearest('anything', index, signal)).toBeUndefined();
    vectors.follow(index);
    await vectors.idle();
    const near = await vectors.nearest('containers image volume data folder', index, signal);
    const first = index.passages[near?.numbers[0] ?? -1];
    expect(first?.passage.headings).toEqual(['With containers']);
    expect(progress.at(-1)).toBe(index.passages.length);
    expect(server.embeddings[0]).toMatchObject({
      headers: { authorization: 'Bearer sk-hush' },
      body: { model: 'embed', encoding_format: 'float' },
    });
  });

  it('are made once for every text, over restarts, and forgotten with it', async () => {
    const { vectors, open, inputs } = await start();
    const index = await indexOf(smallBlog);
    vectors.follow(index);
    await vectors.idle();
    const first = inputs();
    expect(first).toBe(index.passages.length);
    const later = open();
    later.follow(await indexOf(smallBlog));
    await later.idle();
    expect(inputs()).toBe(first);
    const changed = { ...smallBlog, 'en/typography.md': '# Choosing a typeface\n\nOther words.\n' };
    later.follow(await indexOf(changed));
    await later.idle();
    expect(inputs()).toBe(first + 1);
    // The old text is not kept: who brings it back pays for it again.
    const last = open();
    last.follow(await indexOf(smallBlog));
    await last.idle();
    expect(inputs()).toBe(first + 2);
  });

  it('are made in batches, and what was made before a restart is not made again', async () => {
    const posts = Object.fromEntries(
      Array.from({ length: 150 }, (_, at) => [
        `p${at}.md`,
        `# Post ${at}\n\nWords number ${at}.\n`,
      ]),
    );
    const { vectors, open, server, inputs } = await start();
    server.embed((call, number) => (number === 2 ? { status: 503 } : vectorsFor(call)));
    vectors.follow(await indexOf(posts));
    await expect.poll(() => server.embeddings.length).toBeGreaterThan(2);
    await vectors.close();
    const made = inputs();
    const later = open();
    server.embed((call) => vectorsFor(call));
    later.follow(await indexOf(posts));
    await later.idle();
    expect(inputs() - made).toBeLessThanOrEqual(150 - 128);
  });

  it.each<[string, (call: ReceivedCall) => PlainReply, RegExp]>([
    ['fails', () => refusal(500, 'secret'), /500/],
    ['wants a key', () => refusal(401, 'secret'), /OPENAI_API_KEY/],
    ['answers no JSON', () => ({ status: 200, body: '<html>secret' }), /something else than/],
    [
      'answers other JSON',
      () => ({ status: 200, body: { data: [{ secret: 1 }] } }),
      /something else/,
    ],
    ['answers too few', spoilt((data) => data.slice(1)), /vectors for/],
    [
      'answers no numbers',
      spoilt((data) => data.map((one) => ({ ...one, embedding: [] }))),
      /0 numbers/,
    ],
    [
      'answers zeros',
      spoilt((data) => data.map((one) => ({ ...one, embedding: [0, 0] }))),
      /without a direction/,
    ],
    [
      'answers null for NaN',
      spoilt((data) => data.map((one) => ({ ...one, embedding: [1, null] }))),
      /something else/,
    ],
    [
      'answers mixed lengths',
      spoilt((data) => data.map((one, at) => ({ ...one, embedding: at === 0 ? [1] : [1, 2] }))),
      /different lengths/,
    ],
  ])('wait for a server that %s, and come as soon as it works', async (_, reply, reported) => {
    const { vectors, server, errors } = await start();
    server.embed(reply);
    const index = await indexOf(smallBlog);
    vectors.follow(index);
    await expect.poll(() => server.embeddings.length).toBeGreaterThan(2);
    expect(await vectors.nearest('systemd', index, signal)).toBeUndefined();
    expect(errors).toEqual([expect.stringMatching(reported)]);
    expect(errors.join()).not.toMatch(/secret|hush/);
    server.embed((call) => vectorsFor(call));
    await vectors.idle();
    expect((await vectors.nearest('systemd', index, signal))?.numbers.length).toBeGreaterThan(5);
  });

  it('are all made again where the server has another model under the name', async () => {
    const { vectors, server, errors } = await start();
    const index = await indexOf(smallBlog);
    vectors.follow(index);
    await vectors.idle();
    server.embed((call) => vectorsFor(call, (text) => wordVector(text).slice(0, 48)));
    expect(await vectors.nearest('systemd', index, signal)).toBeUndefined();
    await vectors.idle();
    expect((await vectors.nearest('systemd', index, signal))?.numbers[0]).toBeDefined();
    expect(errors).toEqual([expect.stringMatching(/48 numbers, not 64/)]);
  });

  it('give up a server whose vectors are never the same length', async () => {
    const posts = Object.fromEntries(
      Array.from({ length: 130 }, (_, at) => [
        `p${at}.md`,
        `# Post ${at}\n\nWords number ${at}.\n`,
      ]),
    );
    const { vectors, server, errors } = await start();
    server.embed((call, number) =>
      vectorsFor(call, (text) => wordVector(text).slice(0, 20 + (number % 9))),
    );
    vectors.follow(await indexOf(posts));
    await vectors.idle();
    expect(errors).toEqual([expect.stringMatching(/changes the length/)]);
    expect(server.embeddings.length).toBeLessThan(10);
  });

  it('keep no question waiting', async () => {
    const { vectors, server, errors } = await start({ questionMs: 100 });
    const index = await indexOf(smallBlog);
    vectors.follow(index);
    await vectors.idle();
    server.embed(() => 'silence');
    expect(await vectors.nearest('systemd', index, signal)).toBeUndefined();
    expect(errors).toEqual([expect.stringMatching(/did not answer in time/)]);
    const control = new AbortController();
    const asked = vectors.nearest('systemd', index, control.signal);
    control.abort(new Error('Somebody took over'));
    await expect(asked).rejects.toThrow('Somebody took over');
  });

  it('let a language model answer what no word of the posts is in', async () => {
    const { vectors, server } = await start();
    // Means the same without sharing a word: one direction of its own.
    const meaning = (text: string): number[] => {
      const vector = wordVector(text);
      if (/reboot|unplugged/.test(text)) vector[3] = 50;
      return vector;
    };
    server.embed((call) => vectorsFor(call, meaning));
    const { model, ask, index } = await startModelHarness({ vectors });
    model.respond({ pieces: ['It survives [1].'] });
    const question = 'Whatever happens when unplugged?';
    expect(await ask(question)).toMatchObject({ outcome: 'not_covered' });
    expect(model.chats).toEqual([]);
    vectors.follow(index);
    await vectors.idle();
    expect(await ask(question)).toMatchObject({
      ...{ text: 'It survives.', outcome: 'found' },
      citations: [{ title: 'Deploying the service › With systemd' }],
    });
    expect(await ask('What do you think of llamas?')).toMatchObject({ outcome: 'not_covered' });
    expect(model.chats).toHaveLength(1);
  });

  it('counts what it costs, and finds by words where nothing is left for it', async () => {
    const { vectors, inputs } = await start();
    const { ask, answerer, index, observed } = await startModelHarness({
      ...{ vectors, tokensPerDay: 30, posts: smallBlog },
    });
    vectors.follow(index);
    await vectors.idle();
    const before = inputs();
    await ask('Whatever happens when it is unplugged for long?');
    expect(inputs()).toBe(before + 1);
    const { tokensToday = 0 } = (await answerer.usage?.()) ?? {};
    expect(tokensToday).toBeGreaterThan(10);
    expect(observed).toContain(`spent embedding ${tokensToday}`);
    await ask('And what becomes of it when the power is back again after a week?');
    await ask('And whatever else may happen to a machine that nobody looks after?');
    expect(inputs()).toBe(before + 1);
    expect(await ask('How do I deploy with systemd?')).toMatchObject({ outcome: 'found' });
    // Counted are answers that were kept from the model, not questions looked up by words alone.
    const guarded = observed.filter((line) => line.startsWith('guarded')).length;
    expect(await answerer.usage?.()).toMatchObject({ guardedToday: guarded });
    expect(observed.filter((line) => line.startsWith('spent embedding'))).toHaveLength(2);
  });
});
