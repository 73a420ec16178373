/** Sleep, wake, other networks, dead lines, and servers that are not what they should be. */
import { createHmac } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { expect, test } from './browser/fixtures.ts';
import { freeze, thaw } from './browser/freeze.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy/fault-proxy.ts';

// After a pause of the server the next try may be half a minute away.
test.describe.configure({ timeout: 120_000 });

/** Frames that the page sends, all its sockets together. */
function frames(page: Page): string[] {
  const all: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => all.push(String(payload))),
  );
  return all;
}
const ping = '{"type":"ping"}';

test('a page that was frozen shows at once what came meanwhile [D11]', async ({
  page,
  context,
  blog,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  const devtools = await context.newCDPSession(page);
  await freeze(page, devtools);
  await owner.replyToVisitor('Said while you slept');
  await thaw(page, devtools);
  await expect(widget.fromOwner).toContainText('Said while you slept');
  await expect(widget.fromOwner).toHaveCount(1);
});

test.describe('over a line of its own', () => {
  let proxy: FaultProxy;
  test.beforeEach(async ({ server }) => {
    proxy = await startFaultProxy({
      target: { host: '127.0.0.1', port: Number(new URL(server.url).port) },
    });
  });
  test.afterEach(() => proxy.close());

  for (const direction of ['up', 'down'] as const) {
    test(`what is sent into a line that carries nothing ${direction} is sent again on another [D11]`, async ({
      page,
      blog,
      owner,
      widget,
    }) => {
      const said = frames(page);
      await page.goto(`${blog.url}/plain`);
      await widget.host.waitFor({ state: 'attached' });
      await widget.host.evaluate(
        (element, url) => element.setAttribute('server', url),
        `http://127.0.0.1:${proxy.port}`,
      );
      await widget.open();
      await widget.ask('Hello');
      const [line] = proxy.connections.slice(-1);
      line?.set(direction, { blackHole: true });
      said.length = 0;
      await widget.say('Is this line alive?');
      // Asked at once, it is given up after 8 s, not after 25 s of silence and 8 s more.
      await expect.poll(() => said.at(-1)).toBe(ping);
      await expect(
        widget.mine('Is this line alive?').getByText('Sent', { exact: true }),
      ).toBeAttached({ timeout: 40_000 });
      await expect(widget.mine('Is this line alive?')).toHaveCount(1);
      const stored = (await owner.everything()).map(({ message }) => message);
      expect(stored.filter((text) => text === 'Is this line alive?')).toHaveLength(1);
    });
  }
});

test('whatever may have cut the line asks for a sign of life [D11]', async ({
  page,
  blog,
  widget,
}) => {
  await page.addInitScript(() => {
    const connection = new EventTarget();
    Object.defineProperty(navigator, 'connection', { value: connection });
  });
  const said = frames(page);
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  const reasons: Readonly<Record<string, () => void>> = {
    resume: () => void document.dispatchEvent(new Event('resume')),
    pageshow: () => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
    visible: () => void document.dispatchEvent(new Event('visibilitychange')),
    online: () => void dispatchEvent(new Event('online')),
    offline: () => void dispatchEvent(new Event('offline')),
    network: () =>
      void (navigator as never as { connection: EventTarget }).connection.dispatchEvent(
        new Event('change'),
      ),
  };
  for (const [name, happen] of Object.entries(reasons)) {
    said.length = 0;
    await page.evaluate(happen);
    await expect.poll(() => said, name).toEqual([ping]);
    // The next question waits for the answer to this one.
    await widget.ask(`After ${name}`);
  }
});

test('a device that slept asks for a sign of life when it wakes [D11]', async ({
  page,
  blog,
  widget,
}) => {
  const said = frames(page);
  await page.clock.install();
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  said.length = 0;
  // As a laptop does: time has gone by, timers have not run.
  await page.clock.setSystemTime(Date.now() + 3_600_000);
  await expect.poll(() => said).toEqual([ping]);
});

test.describe('with signed identities', () => {
  const secret = 'a-secret-of-the-site-for-tests';
  test.use({ serverEnvironment: { IDENTITY_SECRET: secret } });
  const expires = 4_000_000_000;
  const signature = createHmac('sha256', secret).update(`42\n${expires}`).digest('hex');
  const identify = (page: Page, identity: unknown): Promise<void> =>
    page.evaluate(
      (given) =>
        (
          document.querySelector('contact-chat') as never as { identify(i: unknown): void }
        ).identify(given),
      identity,
    );

  test('a number for a user is as good as its digits [D18]', async ({
    page,
    blog,
    owner,
    widget,
  }) => {
    await page.goto(`${blog.url}/plain`);
    await widget.open();
    await identify(page, { user: 42, expires, signature, name: 7 });
    await widget.send('Signed in');
    expect(await owner.conversations()).toMatchObject([{ name: '7' }]);
  });

  for (const [name, identity] of Object.entries({
    empty: {},
    'without an end': { user: '42', expires: 'soon', signature },
    'of the wrong kind': { user: 'x'.repeat(300), expires, signature: [] },
  })) {
    test(`an identity that is ${name} ends in words, not in a loop [D18]`, async ({
      page,
      blog,
      widget,
    }) => {
      let sockets = 0;
      page.on('websocket', () => (sockets += 1));
      await page.goto(`${blog.url}/plain`);
      await widget.open();
      await expect(widget.panel).toContainText(/assistant answers/i);
      await identify(page, identity);
      await expect(widget.panel).toContainText('Your sign-in has expired.');
      expect(sockets).toBe(2);
      await identify(page, { user: 42, expires, signature });
      await widget.send('Signed in after all');
    });
  }
});

test('a server that knows no hello ends in words, not in a loop [D18]', async ({
  page,
  blog,
  widget,
}) => {
  let sockets = 0;
  await page.routeWebSocket(/\/contact/, (socket) => {
    sockets += 1;
    const timestamp = '2026-01-01T10:00:00.000Z';
    const say = (message: object): void => socket.send(JSON.stringify({ timestamp, ...message }));
    say({ type: 'connection_established', message: 'Hello', client_id: 'c' });
    socket.onMessage(() =>
      say({ type: 'error', code: 'unknown_type', message: 'What?', retryable: false }),
    );
  });
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await expect(widget.panel).toContainText('The conversation was closed.');
  expect(sockets).toBe(1);
  await widget.panel.getByRole('button', { name: 'Connect again' }).click();
  await expect.poll(() => sockets).toBe(2);
});

test('a server restored from an earlier copy is noticed, and said [D5] [D16]', async ({
  page,
  blog,
  server,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Before the copy');
  await server.kill('SIGTERM');
  const copy = await mkdtemp(join(tmpdir(), 'contact-chat-copy-'));
  try {
    await cp(server.dataDir, copy, { recursive: true });
    await server.restart();
    await widget.ask('After the copy');
    await server.kill('SIGTERM');
    await rm(server.dataDir, { recursive: true });
    await cp(copy, server.dataDir, { recursive: true });
    await server.restart();
    await expect(widget.log).toContainText('The server no longer has all of this conversation', {
      timeout: 40_000,
    });
    await expect(widget.own).toHaveCount(1);
    await expect(widget.mine('Before the copy')).toHaveCount(1);
    await widget.ask('Life goes on');
    await expect(widget.own).toHaveCount(2);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});
