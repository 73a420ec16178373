/** Notices to the owner's browsers: a running server, and a push service that decrypts. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFlag } from '../../server/notifiers/flag.ts';
import {
  startPushService,
  type PushBrowser,
  type PushService,
} from '../../server/notifiers/push-service-counterpart.ts';
import { ask, ownerToken } from './console-client.ts';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { connectHello, contact } from './ws-client.ts';

let server: TestServer;
let service: PushService;
beforeEach(async () => {
  service = await startPushService();
  server = await startTestServer({
    ...{ ANSWERER: 'off', OWNER_TOKEN: ownerToken, DEFAULT_LANG: 'en', DEMO: 'off' },
  });
});
afterEach(async () => {
  await server.stop();
  await service.server.goDown();
});

async function subscribe(): Promise<PushBrowser> {
  const { public_key: key } = (await (await ask(server.url, '/push')).json()) as {
    readonly public_key: string;
  };
  const browser = service.subscribe(key);
  const { endpoint, p256dh, auth } = browser.row;
  await ask(server.url, '/push/subscriptions', 'POST', { endpoint, keys: { p256dh, auth } });
  return browser;
}
const channels = async (): Promise<readonly string[]> =>
  ((await (await ask(server.url, '/session')).json()) as { channels: string[] }).channels;

async function request(text: string): Promise<string> {
  const { client, session } = await connectHello(server.wsUrl);
  client.send(contact(text));
  await client.until('contact_request_received');
  await client.close();
  return session.conversation_id;
}

const patienceMs = 20_000;
async function received(browser: PushBrowser, count: number): Promise<void> {
  const deadlineMs = Date.now() + patienceMs;
  while (browser.received.length < count) {
    if (Date.now() > deadlineMs) throw new Error(`no notice: ${service.refusals.join()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a browser of the owner that subscribed', () => {
  it('is told of a contact request, over a restart too, until it unsubscribes [D7]', async () => {
    expect(await channels()).toEqual([]);
    const browser = await subscribe();
    expect(await channels()).toEqual(['web-push']);
    const id = await request('please call');
    await received(browser, 1);
    expect(browser.received[0]).toMatchObject({
      title: 'New contact request from a visitor',
      url: `${server.url}/console#/c/${id}`,
      tag: id,
    });
    expect(browser.received[0]?.['body']).toContain('please call');
    await server.restart();
    expect(await channels()).toEqual(['web-push']);
    await request('and write too');
    await received(browser, 2);
    const { endpoint } = browser.row;
    await ask(server.url, '/push/subscriptions', 'DELETE', { endpoint });
    expect(await channels()).toEqual([]);
    expect(service.refusals).toEqual([]);
    expect(server.log()).not.toMatch(/please call|and write too|\/push\/[0-9a-f]/);
  });

  it('is told after the server was killed while the push service had not answered [D7]', async () => {
    const browser = await subscribe();
    const asked = createFlag();
    browser.behave(() => asked.raise());
    await request('please call');
    await asked.raised;
    await server.kill('SIGKILL');
    browser.behave(undefined);
    await server.restart();
    await received(browser, 1);
    expect(browser.received[0]?.['body']).toContain('please call');
  });

  it('is forgotten when it is gone', async () => {
    const browser = await subscribe();
    const asked = createFlag();
    browser.behave((response) => {
      response.writeHead(410).end();
      asked.raise();
    });
    await request('please call');
    await asked.raised;
    const deadlineMs = Date.now() + patienceMs;
    while ((await channels()).length > 0 && Date.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await channels()).toEqual([]);
  });
});
