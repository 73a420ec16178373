import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createHttpAnswerer } from './http.ts';
import { events, gate, json, none, question, useQaService } from './qa-service.fixture.ts';

describe('ANSWERER=http', () => {
  const { current, reply, ask, failure } = useQaService();
  const posts = (): number => current().posts.length;

  describe('asks', () => {
    it('with the question, what was said before, and the conversation', async () => {
      reply('{"message":"Because."}');
      const history = [
        { sender: 'visitor', text: 'Hi' },
        { sender: 'assistant', text: 'Hello' },
      ] as const;
      const answerer = createHttpAnswerer({
        url: `${current().origin}/ask?kind=blog`,
        token: 's3cret',
      });
      await answerer.answer({ ...question, history }, { signal: none });
      const post = current().posts.at(-1);
      expect(post).toMatchObject({ method: 'POST', url: '/ask?kind=blog' });
      expect(post?.headers).toMatchObject({
        ...{ authorization: 'Bearer s3cret', 'content-type': 'application/json' },
        accept: expect.stringContaining('text/event-stream'),
      });
      expect(JSON.parse(post?.body ?? '')).toEqual({
        message: 'Why?',
        history: [
          { sender: 'visitor', message: 'Hi' },
          { sender: 'assistant', message: 'Hello' },
        ],
        conversation_id: 'c',
      });
      expect(answerer.describe()).not.toContain('kind');
    });

    it('without a conversation where nothing is stored, and without a token where none is set', async () => {
      reply('{"message":"Because."}');
      await ask({ text: 'Why?', lang: 'en', history: [] });
      const post = current().posts.at(-1);
      expect(JSON.parse(post?.body ?? '')).toEqual({ message: 'Why?', history: [] });
      expect(post?.headers).not.toHaveProperty('authorization');
    });
  });

  describe('takes', () => {
    it('a message with citations', async () => {
      reply(
        '{"message":" Because.\\r\\nReally.\\u0007 ","citations":[{"title":"A","url":"/a"}],"x":1}',
      );
      expect((await ask()).answer).toEqual({
        ...{ text: 'Because.\nReally.', outcome: 'found' },
        citations: [{ title: 'A', url: '/a' }],
      });
    });

    it.each<[string, string, string]>([
      ['`answer` for `message`', '{"answer":"Because."}', 'application/json; charset=utf-8'],
      ['JSON by another name', '{"message":"Because."}', 'application/problem+json'],
    ])('%s', async (_what, body, type) => {
      reply(body, { 'content-type': type });
      expect((await ask()).answer).toMatchObject({ text: 'Because.', citations: [] });
    });

    it('an answer of any length, cut where it has none', async () => {
      reply(JSON.stringify({ message: '👋'.repeat(20_000) }));
      const { text } = (await ask()).answer;
      expect(text.length).toBeLessThanOrEqual(16_000);
      expect(text).toMatch(/^(👋)+…$/u);
    });
  });

  describe('tries once more, before any text came, where the service', () => {
    it.each([502, 503])('says %i', async (status) => {
      const before = posts();
      current().respond((response) => {
        if (posts() === before + 1) response.writeHead(status).end('busy');
        else response.writeHead(200, json).end('{"message":"Because."}');
      });
      expect((await ask()).answer.text).toBe('Because.');
      expect(posts()).toBe(before + 2);
    });

    it('breaks off, and no more often', async () => {
      const before = posts();
      current().respond((response) => void response.destroy());
      expect(await failure()).toMatch(/cannot be reached, or broke off/);
      expect(posts()).toBe(before + 2);
    });

    it('breaks off in the middle of its JSON', async () => {
      const before = posts();
      current().respond((response) => {
        if (posts() > before + 1) response.writeHead(200, json).end('{"message":"Because."}');
        else response.writeHead(200, json).write('{"mess', () => response.destroy());
      });
      expect((await ask()).answer.text).toBe('Because.');
    });
  });

  describe('fails', () => {
    it('without a second try once text was shown', async () => {
      const before = posts();
      current().respond((response) => {
        response
          .writeHead(200, events)
          .write('data: {"delta":"Be"}\n\n', () => setTimeout(() => response.destroy(), 50));
      });
      expect(await failure()).toMatch(/broke off/);
      expect(posts()).toBe(before + 1);
    });

    it.each<[string, RegExp, string, Record<string, string>?, number?]>([
      ['an error', /status 500/, 'secret text', json, 500],
      ['that it is not allowed', /status 401/, 'secret text', json, 401],
      ['a page', /text\/html/, '<html>secret text', { 'content-type': 'text/html; charset=x' }],
      ['something without a type', /no type/, '{"message":"secret text"}', {}],
      ['broken JSON', /without a "message"/, '{"message":"secret text'],
      ['another JSON', /without a "message"/, '{"reply":"secret text"}'],
      ['a message of another kind', /without a "message"/, '{"message":["secret text"]}'],
      ['nothing to read', /empty answer/, '{"message":" \\n\\u0000 "}'],
      ['an empty stream', /empty answer/, '', events],
      [
        'a stream that is broken',
        /not JSON/,
        'data: {"delta":"a"}\n\ndata: {"delta":"secret text',
        events,
      ],
      ['an event that says so', /reported an error/, 'event: error\ndata: secret text\n\n', events],
      [
        'an error in the stream',
        /reported an error/,
        'data: {"error":{"message":"secret text"}}\n\n',
        events,
      ],
      ['more than anybody reads', /more than/, `{"message":"${'x'.repeat(1_100_000)}"}`],
    ])(
      'where it replies %s, and says nothing of the text',
      async (_what, message, body, headers, status) => {
        reply(body, headers, status);
        expect(await failure()).toMatch(message);
        expect(await failure()).not.toMatch(/secret text|Why/);
      },
    );

    it('where nobody listens', async () => {
      const holder = createServer();
      const port = await new Promise<number>((resolve) =>
        holder.listen(0, '127.0.0.1', () => resolve((holder.address() as { port: number }).port)),
      );
      await new Promise((resolve) => holder.close(resolve));
      const answerer = createHttpAnswerer({ url: `http://127.0.0.1:${port}/`, retryAfterMs: 1 });
      await expect(answerer.ready()).resolves.toBeUndefined();
      const asked = answerer.answer(question, { signal: none });
      await expect(asked).rejects.toThrow('cannot be reached, or broke off (ECONNREFUSED)');
    });

    it('at once where it is called off, also in the middle of a stream', async () => {
      const closed = gate();
      current().respond((response) => {
        response.on('close', closed.open);
        response.writeHead(200, events).write('data: {"delta":"Be"}\n\n');
      });
      const control = new AbortController();
      const answering = createHttpAnswerer({ url: current().origin }).answer(question, {
        signal: control.signal,
        progress: { delta: () => control.abort(), restart: () => undefined },
      });
      await expect(answering).rejects.toThrow();
      await closed.opened;
    });
  });

  describe('is redirected', () => {
    const redirect = (status: number, location: string): void =>
      current().respond((response, { url }) => {
        if (url === '/ask') response.writeHead(status, { location }).end();
        else response.writeHead(200, json).end('{"message":"Because."}');
      });

    it.each([307, 308])('with %i to another path of the same host', async (status) => {
      redirect(status, '/ask/');
      expect((await ask()).answer.text).toBe('Because.');
      expect(current().posts.at(-1)).toMatchObject({ method: 'POST', url: '/ask/' });
    });

    it.each([
      ['another host', 307, 'http://localhost:1/'],
      ['another scheme', 307, 'ftp://127.0.0.1/'],
      ['nowhere', 307, 'http://'],
      ['a page', 302, '/login'],
      ['itself', 308, '/ask'],
    ])('not to %s', async (_where, status, location) => {
      redirect(status, location);
      expect(await failure()).toMatch(/redirect/);
    });
  });
});
