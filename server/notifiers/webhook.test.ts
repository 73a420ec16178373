import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../ports.ts';
import { createFlag } from './flag.ts';
import {
  describeNotifier,
  failureOf,
  sampleNotice,
  type Counterpart,
} from './notifier.contract.ts';
import { startHttpCounterpart, type HttpCounterpart } from './http-counterpart.ts';
import { createWebhookNotifier, type WebhookOptions } from './webhook.ts';

async function startCounterpart(): Promise<Counterpart> {
  const server = await startHttpCounterpart();
  const taken: { id: string; text: string }[] = [];
  const hanging = createFlag();
  const released = createFlag();
  const take: Parameters<HttpCounterpart['respond']>[0] = (response, { headers, body }) => {
    taken.push({ id: String(headers['x-contact-chat-id']), text: JSON.parse(body).message });
    response.writeHead(200).end('ok');
  };
  server.respond(take);
  return {
    notifier: (options) =>
      createWebhookNotifier(
        { kind: 'webhook', channel: 'webhook:test', url: `${server.origin}/hook` },
        { version: '1.2.3', ...options },
      ),
    behave(how) {
      if (how === 'take') server.respond(take);
      // Echoes what it got, as careless receivers do.
      else if (how === 'refuse')
        server.respond((response, post) => void response.writeHead(500).end(post.body));
      else
        server.respond(async (response) => {
          hanging.raise();
          await once(response, 'close');
          released.raise();
        });
    },
    goDown: server.goDown,
    comeUp: server.comeUp,
    taken: () => taken,
    hanging: () => hanging.raised,
    released: () => released.raised,
    close: server.goDown,
  };
}

describeNotifier('webhook', startCounterpart);

describe('webhook', () => {
  let server: HttpCounterpart;
  beforeEach(async () => {
    server = await startHttpCounterpart();
  });
  afterEach(() => server.goDown());

  const nowMs = Date.UTC(2025, 0, 2, 3, 4, 5, 678);
  function send(
    config: { path?: string; secret?: string; notice?: Notice } = {},
    options: Partial<WebhookOptions> = {},
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

  it('carries texts of any kind unharmed', async () => {
    const text = `"\\ \u0000\u2028 ${'长'.repeat(4_000)} 👩‍👩‍👧 <b>`;
    const [first] = sampleNotice.messages;
    if (!first) throw new Error('no message');
    await send({ notice: { ...sampleNotice, messages: [{ ...first, text }] } });
    expect(JSON.parse(server.posts[0]?.body ?? '').messages[0].message).toBe(text);
  });

  it('heeds Retry-After of 429 and 503, in seconds and as a date', async () => {
    for (const status of [429, 503]) {
      server.respond((response) => void response.writeHead(status, { 'retry-after': '120' }).end());
      expect(await failureOf(send())).toMatchObject({ retryable: true, retryAfterMs: 120_000 });
    }
    const later = new Date(nowMs - 678 + 90_000).toUTCString();
    server.respond((response) => void response.writeHead(429, { 'retry-after': later }).end());
    expect((await failureOf(send())).retryAfterMs).toBe(90_000 - 678);
    const past = new Date(nowMs - 90_000).toUTCString();
    server.respond((response) => void response.writeHead(503, { 'retry-after': past }).end());
    expect((await failureOf(send())).retryAfterMs).toBe(0);
  });

  it('ignores a Retry-After that makes no sense, or that comes with another status', async () => {
    for (const value of ['soon', '-5', '1e9', '99999999999', '']) {
      server.respond((response) => void response.writeHead(429, { 'retry-after': value }).end());
      expect((await failureOf(send())).retryAfterMs).toBeUndefined();
    }
    server.respond((response) => void response.writeHead(500, { 'retry-after': '9' }).end());
    expect((await failureOf(send())).retryAfterMs).toBeUndefined();
  });

  it('tries refusals again, since an owner mends them, but not 410', async () => {
    for (const status of [400, 401, 404, 408, 425, 502]) {
      server.respond((response) => void response.writeHead(status).end());
      const failure = await failureOf(send());
      expect(failure.retryable).toBe(true);
      expect(failure.message).toContain(`answered ${status}`);
    }
    server.respond((response) => void response.writeHead(410).end());
    expect((await failureOf(send())).retryable).toBe(false);
  });

  it('follows no redirect and says so', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      server.respond((response) => void response.writeHead(status, { location: '/other' }).end());
      const failure = await failureOf(send());
      expect(failure.message).toContain(`redirects (${status})`);
    }
    expect(server.posts.map(({ url }) => url)).not.toContain('/other');
  });

  it('fails where the receiver dies before it has answered', async () => {
    server.respond((response) => void response.destroy());
    expect((await failureOf(send())).retryable).toBe(true);
    server.respond((response) => {
      response.socket?.end('HTTP/1.1 200 OK\r\ncontent-le');
    });
    expect((await failureOf(send())).retryable).toBe(true);
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

  it('does not show path, query or secret in what goes to the log', async () => {
    await server.goDown();
    const failure = await failureOf(
      send({ path: '/token-abc?key=token-def', secret: 'token-ghi' }),
    );
    expect(failure.message).toContain('ECONNREFUSED');
    expect(failure.message).not.toContain('token');
  });
});
