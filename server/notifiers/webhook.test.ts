import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../notifier-ports.ts';
import { createFlag } from './flag.ts';
import { describeHttpChannel } from './http-channel.contract.ts';
import { failureOf, sampleNotice } from './notifier.contract.ts';
import { startHttpCounterpart, type HttpCounterpart } from './http-counterpart.ts';
import type { HttpOptions } from './post-json.ts';
import { createWebhookNotifier } from './webhook.ts';

describeHttpChannel({
  name: 'webhook',
  create: (origin, options) =>
    createWebhookNotifier(
      {
        kind: 'webhook',
        channel: 'webhook:test',
        url: `${origin}/hook/token-abc?key=token-def`,
        secret: 'token-ghi',
      },
      options,
    ),
  secrets: ['token-abc', 'token-def', 'token-ghi'],
  take: (response) => void response.writeHead(200).end('ok'),
  textOf: (body) => (JSON.parse(body) as { message: string }).message,
  // The status says it all: nobody knows what a receiver writes into its body.
  saysNo: [],
});

describe('webhook', () => {
  let server: HttpCounterpart;
  beforeEach(async () => {
    server = await startHttpCounterpart();
  });
  afterEach(() => server.goDown());

  const nowMs = Date.UTC(2025, 0, 2, 3, 4, 5, 678);
  function send(
    config: { path?: string; secret?: string; notice?: Notice } = {},
    options: Partial<HttpOptions> = {},
  ): Promise<void> {
    const { path = '/hook', secret, notice = sampleNotice } = config;
    const notifier = createWebhookNotifier(
      {
        kind: 'webhook',
        channel: 'webhook:test',
        url: server.origin + path,
        ...(secret === undefined ? {} : { secret }),
      },
      { version: '1.2.3', clock: { now: () => nowMs }, ...options },
    );
    return notifier.notify(notice, { signal: new AbortController().signal });
  }

  it('posts the notice as JSON with all that is known', async () => {
    await send({ path: '/hook/a?x=1%2C2' });
    const [post] = server.posts;
    expect(post).toMatchObject({ method: 'POST', url: '/hook/a?x=1%2C2' });
    expect(post?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'contact-chat/1.2.3',
      'x-contact-chat-id': 'a1b2c3d4',
      'x-contact-chat-timestamp': '1735787045',
    });
    expect(post?.headers).not.toHaveProperty('x-contact-chat-signature');
    expect(JSON.parse(post?.body ?? '')).toEqual({
      type: 'contact_request',
      id: 'a1b2c3d4',
      conversation_id: 'conversation-1',
      url: 'https://chat.example.com/console#/c/conversation-1',
      message: '你好，我想了解这个项目\n\nAnd in English.',
      messages: [
        {
          id: 'm1',
          seq: 1,
          message: '你好，我想了解这个项目',
          timestamp: '2025-01-02T03:04:05.000Z',
          name: 'Ann',
          email: 'ann@example.org',
          user_agent: 'Browser/1.0',
        },
        {
          id: 'm2',
          seq: 3,
          message: 'And in English.',
          timestamp: '2025-01-02T03:05:06.000Z',
          page: { url: 'https://blog.example.com/a?b=1&c=2', title: 'A post' },
        },
      ],
      sent_at: '2025-01-02T03:04:05.678Z',
    });
  });

  it('signs the timestamp and the bytes as they arrive', async () => {
    await send({ secret: 'gehe¡m' });
    const [post] = server.posts;
    const mac = createHmac('sha256', 'gehe¡m').update(`1735787045.${post?.body}`).digest('hex');
    expect(post?.headers['x-contact-chat-signature']).toBe(`sha256=${mac}`);
  });

  it('tells the visitor’s language, and what the limits hold back', async () => {
    const heldBack = { messages: 12, sinceMs: nowMs };
    await send({ notice: { ...sampleNotice, lang: 'de', heldBack } });
    expect(JSON.parse(server.posts[0]?.body ?? '')).toMatchObject({
      lang: 'de',
      held_back: { messages: 12, since: '2025-01-02T03:04:05.678Z' },
    });
  });

  it('carries texts of any kind unharmed', async () => {
    const text = `"\\ \u0000\u2028 ${'长'.repeat(4_000)} 👩‍👩‍👧 <b>`;
    const [first] = sampleNotice.messages;
    if (!first) throw new Error('no message');
    await send({ notice: { ...sampleNotice, messages: [{ ...first, text }] } });
    expect(JSON.parse(server.posts[0]?.body ?? '').messages[0].message).toBe(text);
  });

  it('ends where the receiver says that it is gone', async () => {
    server.respond((response) => void response.writeHead(410).end());
    expect((await failureOf(send())).retryable).toBe(false);
  });

  it('is led to another host over https only, where it takes its signature and no secret', async () => {
    const addresses: string[] = [];
    const headers: Headers[] = [];
    const fetch: typeof globalThis.fetch = async (address, init) => {
      addresses.push(new Request(address).url);
      headers.push(new Headers(init?.headers));
      return addresses.length === 1
        ? new Response(null, { status: 308, headers: { location: 'https://www.example.com/hook' } })
        : new Response(null, { status: 204 });
    };
    await send({ secret: 'token-ghi' }, { fetch });
    expect(addresses).toEqual([`${server.origin}/hook`, 'https://www.example.com/hook']);
    expect(headers[1]?.get('x-contact-chat-signature')).toMatch(/^sha256=/);
    expect(JSON.stringify([...(headers[1] ?? [])])).not.toContain('token-ghi');
  });

  it('counts a 2xx as taken, whatever becomes of its body', async () => {
    server.respond((response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('half of');
      response.socket?.end();
    });
    await send();
    const closed = createFlag();
    server.respond((response) => {
      response.writeHead(202);
      const flood = setInterval(() => response.write('x'.repeat(1_000)), 1);
      response.on('close', () => {
        clearInterval(flood);
        closed.raise();
      });
    });
    await send();
    await closed.raised;
  });
});
