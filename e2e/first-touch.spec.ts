import type { Page } from 'playwright/test';
import { expect, test } from './browser/fixtures.ts';

/** Everything a page may keep on a device. */
const kept = (page: Page): Promise<object> =>
  page.evaluate(async () => ({
    localStorage: Object.keys(localStorage),
    sessionStorage: Object.keys(sessionStorage),
    cookies: document.cookie,
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: 'caches' in globalThis ? await caches.keys() : [],
    workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
  }));

const nothing = {
  localStorage: [],
  sessionStorage: [],
  cookies: '',
  databases: [],
  caches: [],
  workers: 0,
};

test('before the first touch there is the launcher and nothing else', async ({
  page,
  context,
  server,
  owner,
  widget,
}) => {
  const requests: string[] = [];
  const sockets: string[] = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  page.on('websocket', (socket) => sockets.push(socket.url()));
  await page.goto(server.url);
  await expect(widget.launcher).toBeVisible();
  await page.mouse.move(300, 300);
  await page.mouse.wheel(0, 400);
  await page.waitForLoadState('networkidle');

  expect(requests.filter((path) => path.endsWith('.js'))).toEqual(['/contact-chat.js']);
  expect(requests.filter((path) => !/^(\/|\/demo\.css|\/contact-chat\.js)$/.test(path))).toEqual(
    [],
  );
  expect(sockets).toEqual([]);
  expect(await kept(page)).toEqual(nothing);
  expect(await context.cookies()).toEqual([]);
  expect(await owner.conversations()).toEqual([]);
  expect(await page.evaluate(() => customElements.get('contact-chat'))).toBeUndefined();
});

test('the first touch loads the rest, opens and connects; nothing is stored yet', async ({
  page,
  context,
  server,
  owner,
  widget,
}) => {
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname);
  });
  await page.goto(server.url);
  await expect(widget.launcher).toBeVisible();
  const socket = page.waitForEvent('websocket');
  await widget.open();

  expect((await socket).url()).toBe(`${server.url.replace('http', 'ws')}/contact`);
  await expect(widget.panel).toContainText(/assistant answers/i);
  expect(scripts.some((path) => /^\/v[\d.]+\/chat-.+\.js$/.test(path))).toBe(true);
  expect(scripts.filter((path) => path.includes('zh'))).toEqual([]);
  expect(await kept(page)).toEqual(nothing);
  expect(await context.cookies()).toEqual([]);
  expect(await owner.conversations()).toEqual([]);

  await widget.send('Hello');
  expect(await owner.conversations()).toHaveLength(1);
  expect(await context.cookies()).toEqual([]);
  expect(await kept(page)).toEqual({ ...nothing, databases: [`contact-chat:${server.url}`] });
});

test('two impatient touches open once', async ({ page, blog, widget }) => {
  let release = (): void => undefined;
  const held = new Promise<void>((done) => (release = done));
  await page.route(/\/chat-[^/]+\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${blog.url}/plain`);
  await widget.launcher.click();
  await expect(widget.launcher).toHaveAttribute('aria-busy', 'true');
  await widget.launcher.click();
  release();

  await expect(widget.input).toBeVisible();
  await expect(widget.hide).toHaveAttribute('aria-expanded', 'true');
});

test('what cannot be loaded says so, and another touch tries again', async ({
  page,
  blog,
  widget,
}) => {
  let broken = true;
  await page.route(/\/chat-[^/]+\.js/, (route) => (broken ? route.abort() : route.continue()));
  await page.goto(`${blog.url}/plain`);
  await widget.launcher.click();
  await expect(widget.host).toContainText('The chat could not be loaded. Touch to try again.');

  broken = false;
  await widget.launcher.click();
  await expect(widget.input).toBeVisible();
});

test('connect="eager" connects by itself and stays closed', async ({ page, blog, widget }) => {
  const socket = page.waitForEvent('websocket');
  await page.goto(`${blog.url}/eager`);
  await socket;

  await expect(widget.launcher).toHaveAttribute('aria-expanded', 'false');
  await expect(widget.panel).toBeHidden();
  expect(await kept(page)).toEqual(nothing);
});
