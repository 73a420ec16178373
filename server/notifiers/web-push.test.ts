import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../notifier-ports.ts';
import { createVoice } from './describe-notice.ts';
import { createFlag } from './flag.ts';
import { describeNotifier, failureOf, sampleNotice } from './notifier.contract.ts';
import {
  startPushService,
  subscriptionsInMemory,
  type PushBrowser,
  type PushService,
} from './push-service-counterpart.ts';
import { createWebPush, maxSubscriptions, type WebPush } from './web-push.ts';

const nobodyLeft = { message: 'no browser is subscribed any more', retryable: false };

const never = (): AbortSignal => new AbortController().signal;

function open(
  store: ReturnType<typeof subscriptionsInMemory>,
  more: {
    readonly timeoutMs?: number;
    readonly lang?: string;
    readonly publicUrl?: string;
    readonly errors?: unknown[];
  } = {},
): Promise<WebPush> {
  const { timeoutMs, lang = 'en', publicUrl = 'https://chat.example.com', errors = [] } = more;
  return createWebPush({
    store,
    version: '1.2.3',
    voice: createVoice(lang, 'UTC'),
    publicUrl: () => publicUrl,
    secondTryMs: 50,
    onError: (error) => void errors.push(error),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

describeNotifier('web-push', async () => {
  const service = await startPushService();
  const store = subscriptionsInMemory();
  const push = await open(store);
  const browser = service.subscribe(push.publicKey());
  await push.subscribe(browser.row);
  const hanging = createFlag();
  const released = createFlag();
  return {
    notifier: (options) => ({
      channel: push.notifier.channel,
      async notify(notice, { signal }) {
        const { notifier } = options ? await open(store, options) : push;
        await notifier.notify(notice, { signal });
      },
      close: push.notifier.close,
    }),
    behave(how) {
      if (how === 'take') browser.behave(undefined);
      else if (how === 'refuse') {
        const reason = sampleNotice.messages.map(({ text }) => text).join('\n');
        browser.behave((response) => void response.writeHead(500).end(JSON.stringify({ reason })));
      } else {
        browser.behave(async (response) => {
          hanging.raise();
          await once(response, 'close');
          released.raise();
        });
      }
    },
    goDown: service.server.goDown,
    comeUp: service.server.comeUp,
    taken: () =>
      browser.received.map(({ id, title, body }) => ({
        id: String(id),
        text: `${String(title)}\n${String(body)}`,
      })),
    hanging: () => hanging.raised,
    released: () => released.raised,
    close: service.server.goDown,
  };
});

describe('web-push', () => {
  let service: PushService;
  let store: ReturnType<typeof subscriptionsInMemory>;
  let push: WebPush;
  let errors: unknown[];

  beforeEach(async () => {
    service = await startPushService();
    store = subscriptionsInMemory();
    errors = [];
    push = await open(store, { errors });
  });
  afterEach(() => service.server.goDown());

  async function browser(): Promise<PushBrowser> {
    const subscribed = service.subscribe(push.publicKey());
    await push.subscribe(subscribed.row);
    return subscribed;
  }
  const send = (notice: Notice = sampleNotice, by = push): Promise<void> =>
    by.notifier.notify(notice, { signal: never() });
  const answering =
    (status: number, headers: Record<string, string> = {}, body = '') =>
    (response: Parameters<NonNullable<Parameters<PushBrowser['behave']>[0]>>[0]): void =>
      void response.writeHead(status, headers).end(body);

  it('says who wrote what in the owner’s language, opens the conversation, and replaces its older notice', async () => {
    const one = await browser();
    await send();
    await send(sampleNotice, await open(store, { lang: 'zh-CN' }));
    expect(service.refusals).toEqual([]);
    expect(one.received[0]).toMatchObject({
      id: sampleNotice.id,
      title: 'New contact request from Ann',
      url: 'https://chat.example.com/console#/c/conversation-1',
      tag: 'conversation-1',
    });
    expect(one.received[0]?.['body']).toContain('你好，我想了解这个项目');
    expect(one.received[1]?.['title']).toBe('Ann发来联系请求');
  });

  it('asks to be kept for a day, at once, and to replace what waits of the same conversation', async () => {
    await browser();
    await send();
    await send({ ...sampleNotice, conversationId: 'conversation-2' });
    const [first, other] = service.server.posts.map(({ headers }) => headers);
    expect(first).toMatchObject({ ttl: '86400', urgency: 'high' });
    expect(first?.['topic']).toMatch(/^[\w-]{32}$/);
    expect(other?.['topic']).not.toBe(first?.['topic']);
    // The service learns nothing of the visitor or the conversation.
    expect(JSON.stringify(service.server.posts)).not.toMatch(/conversation-1|Ann|English/);
  });

  it('never sends more than the services take, whatever a visitor wrote', async () => {
    const one = await browser();
    for (const unit of ['x', '长', '👩‍👩‍👧', '"', '\\', '\u202e', 'a\n']) {
      const text = unit.repeat(4_000 / [...unit].length);
      const messages = sampleNotice.messages.map((message) => ({ ...message, text }));
      await send({ ...sampleNotice, messages });
      const body = String(one.received.at(-1)?.['body']);
      expect(body).toContain('…');
      expect(body.isWellFormed()).toBe(true);
    }
    expect(service.refusals).toEqual([]);
    for (const { bytes } of service.server.posts) expect(bytes.length).toBeLessThanOrEqual(3_200);
  });

  it('has the same keys after a restart, and others with another store', async () => {
    const one = await browser();
    const restarted = await open(store);
    await send(sampleNotice, restarted);
    expect(one.received).toHaveLength(1);
    const stranger = await open(subscriptionsInMemory());
    expect(stranger.publicKey()).not.toBe(push.publicKey());
    store.rows.forEach((row) => void stranger.subscribe(row));
    const failure = await failureOf(send(sampleNotice, stranger));
    expect(failure.message).toContain('answered 403: another server');
    expect(service.refusals).toEqual(['another server']);
  });

  it('signs with an address or a mail address, as the protocol asks', async () => {
    const one = await browser();
    for (const publicUrl of [
      'http://127.0.0.1:8080',
      'https://localhost:8443',
      'http://[::1]:80',
    ]) {
      await send(sampleNotice, await open(store, { publicUrl }));
    }
    expect(service.refusals).toEqual([]);
    expect(one.received).toHaveLength(3);
  });

  it('is active only while a browser is subscribed, over a restart too', async () => {
    expect(push.channelActive()).toBe(false);
    const one = await browser();
    expect(push.channelActive()).toBe(true);
    expect((await open(store)).channelActive()).toBe(true);
    await push.unsubscribe(one.row.endpoint);
    await push.unsubscribe(one.row.endpoint);
    expect(push.channelActive()).toBe(false);
    // What was owed meanwhile is given up, so that the owner sees that it was not told.
    expect(await failureOf(send())).toMatchObject(nobodyLeft);
    expect(service.server.posts).toEqual([]);
  });

  it('forgets browsers that are gone, and gives up where none is left', async () => {
    for (const status of [404, 410]) {
      for (const gone of [await browser(), await browser()]) gone.behave(answering(status));
      expect(await failureOf(send())).toMatchObject(nobodyLeft);
      expect(store.rows.size).toBe(0);
      expect(push.channelActive()).toBe(false);
    }
  });

  it('is tried again where one browser is gone and another may take it later', async () => {
    const [gone, busy] = [await browser(), await browser()];
    gone.behave(answering(410));
    busy.behave(answering(503));
    expect(await failureOf(send())).toMatchObject({ retryable: true });
    busy.behave(undefined);
    await send();
    expect([gone.asked(), busy.received.length]).toEqual([1, 1]);
  });

  it('counts as delivered where one browser was told; the other is tried once more', async () => {
    const [good, bad, gone] = [await browser(), await browser(), await browser()];
    gone.behave(answering(410));
    bad.behave((response) => {
      response.writeHead(503).end();
      bad.behave(undefined);
    });
    await send();
    expect(good.received).toHaveLength(1);
    expect(bad.received).toHaveLength(1);
    expect([good.asked(), bad.asked(), gone.asked()]).toEqual([1, 2, 1]);
    expect([...store.rows.keys()].toSorted()).toEqual(
      [good.row.endpoint, bad.row.endpoint].toSorted(),
    );
    bad.behave(answering(500));
    await send();
    expect(good.received).toHaveLength(2);
  });

  it('comes back when all services asked for a pause, and by the usual rule where one did not', async () => {
    const [one, other] = [await browser(), await browser()];
    one.behave(answering(429, { 'retry-after': '120' }));
    other.behave(answering(503, { 'retry-after': '60' }));
    expect((await failureOf(send())).retryAfterMs).toBe(60_000);
    other.behave(answering(500));
    expect((await failureOf(send())).retryAfterMs).toBeUndefined();
    expect(store.rows.size).toBe(2);
  });

  it('tells one browser while the service of another hangs, dies half-way or speaks no HTTP', async () => {
    const impatient = await open(store, { timeoutMs: 700 });
    const good = await browser();
    const bad = await browser();
    const faults: Parameters<PushBrowser['behave']>[0][] = [
      async (response) => void (await once(response, 'close')),
      (response) => void response.socket?.end('HTTP/1.1 201 Created\r\nlocat'),
      (response) => void response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n'),
      (response) => void response.destroy(),
    ];
    for (const [index, fault] of faults.entries()) {
      bad.behave(fault);
      await send(sampleNotice, impatient);
      expect(good.received).toHaveLength(index + 1);
    }
    expect(store.rows.size).toBe(2);
  });

  it('sends nothing to another host', async () => {
    const elsewhere = await startPushService();
    const one = await browser();
    one.behave(answering(307, { location: `${elsewhere.server.origin}/x` }));
    expect((await failureOf(send())).message).toContain('redirects (307)');
    expect(elsewhere.server.posts).toEqual([]);
    await elsewhere.server.goDown();
  });

  it('shows neither the address of a browser nor what a visitor wrote in a failure', async () => {
    const one = await browser();
    const path = new URL(one.row.endpoint).pathname;
    const reason = `no ${path.slice(6)} for 你好，我想了解这个项目, ${one.row.endpoint}`;
    one.behave(answering(400, {}, JSON.stringify({ reason })));
    const failure = await failureOf(send());
    expect(failure.message).toContain('answered 400: no ***');
    for (let each: unknown = failure; each instanceof Error; each = each.cause) {
      expect(`${each.message}${each.stack}`).not.toContain(path.slice(6));
      expect(`${each.message}${each.stack}`).not.toContain('了解');
    }
  });

  it('refuses keys that are none, and drops such a subscription where the store has one', async () => {
    const one = await browser();
    const offCurve = Buffer.alloc(65, 7);
    offCurve[0] = 4;
    for (const wrong of [
      { p256dh: '' },
      { p256dh: 'AAAA' },
      { p256dh: offCurve.toString('base64url') },
      { auth: '' },
      { auth: 'AAAA' },
    ]) {
      const row = { ...one.row, endpoint: `${service.server.origin}/wrong`, ...wrong };
      await expect(push.subscribe(row)).rejects.toThrow(RangeError);
      expect(store.rows.size).toBe(1);
      store.rows.set(row.endpoint, row);
      await send();
      expect([...store.rows.keys()]).toEqual([one.row.endpoint]);
    }
    expect(one.received).toHaveLength(5);
  });

  it('keeps the newest browsers where too many subscribe', async () => {
    const [first] = [await browser()];
    for (let more = 0; more < maxSubscriptions; more += 1) await browser();
    expect(store.rows.size).toBe(maxSubscriptions);
    expect(store.rows.has(first?.row.endpoint ?? '')).toBe(false);
  });

  it('delivers although the store cannot forget a browser just now', async () => {
    const [good, gone] = [await browser(), await browser()];
    gone.behave(answering(410));
    const failing = await open(
      {
        ...store,
        deletePushSubscription: async () => {
          throw new Error('the disk is full');
        },
      },
      { errors },
    );
    await send(sampleNotice, failing);
    expect(good.received).toHaveLength(1);
    expect(errors).toHaveLength(1);
  });
});
