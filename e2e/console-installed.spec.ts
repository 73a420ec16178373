/**
 * As an app: what a browser needs to install the inbox, and a click on what was pushed. A real
 * subscription takes the push service of the browser's maker, which tests do not reach: here the
 * push is handed to the service worker by the debugger. What the server encrypts and sends is
 * tested with a push service of its own in `server/web-push.test.ts`.
 */
import type { Page, Worker } from 'playwright/test';
import { expect, hashOfOnly, test, type Inbox } from './browser/console.ts';

test('the inbox can be installed', async ({ inbox, server, request }) => {
  const { page } = inbox;
  await inbox.logIn(server.url);
  const devtools = await page.context().newCDPSession(page);
  const { url, errors, data } = await devtools.send('Page.getAppManifest');
  expect(url).toBe(`${server.url}/console/manifest.webmanifest`);
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data ?? '{}') as {
    readonly icons: readonly { src: string; sizes: string; type: string; purpose?: string }[];
    readonly [field: string]: unknown;
  };
  expect(manifest).toMatchObject({ short_name: 'Inbox', display: 'standalone' });
  for (const field of ['id', 'start_url', 'scope']) {
    expect(new URL(String(manifest[field]), url).href).toBe(`${server.url}/console`);
  }
  for (const { src, sizes, type } of manifest.icons) {
    const icon = await request.get(new URL(src, url).href);
    expect(icon.headers()['content-type']).toContain(type);
    if (sizes === 'any') continue;
    const drawn = await page.evaluate(async (address) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, new URL(src, url).href);
    expect(drawn).toBe(sizes);
  }
  expect(manifest.icons.map(({ purpose }) => purpose)).toContain('maskable');
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  // Incognito is how this browser was opened, not how the page is made.
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(
    installabilityErrors.length > 0 ? ['in-incognito'] : [],
  );
});

interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  asked: string[];
}

/** Registers the service worker as the switch in the settings does. */
async function registerWorker({ page }: Inbox): Promise<Worker> {
  const context = page.context();
  await context.grantPermissions(['notifications']);
  const registered = context.waitForEvent('serviceworker');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'Notifications on this device' }).click();
  const worker = await registered;
  await page.keyboard.press('Escape');
  // Only a finger on a real notification may bring a window to the front, or open one: that the
  // browser is asked to is all that can be seen here.
  await worker.evaluate(() => {
    const scope = globalThis as never as WorkerScope;
    scope.asked = [];
    const { WindowClient, Clients } = globalThis as never as Record<
      'WindowClient' | 'Clients',
      { readonly prototype: object }
    >;
    Object.assign(WindowClient.prototype, {
      focus: async () => void scope.asked.push('focus'),
    });
    Object.assign(Clients.prototype, {
      openWindow: async (url: string) => void scope.asked.push(url),
    });
  });
  return worker;
}

/** Hands a push to the worker, and clicks what it shows. */
async function pushAndClick(page: Page, worker: Worker, data: object): Promise<string[]> {
  const devtools = await page.context().newCDPSession(page);
  const registered = new Promise<string>((done) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations;
      if (first) done(first.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  const { origin } = new URL(page.url());
  await devtools.send('ServiceWorker.deliverPushMessage', {
    ...{ origin, registrationId: await registered, data: JSON.stringify(data) },
  });
  await devtools.detach();
  const count = (): Promise<number> =>
    worker.evaluate(async () => {
      const { registration } = globalThis as never as WorkerScope;
      return (await registration.getNotifications()).length;
    });
  await expect.poll(count).toBe(1);
  await worker.evaluate(async () => {
    const { registration } = globalThis as never as WorkerScope;
    const [notification] = await registration.getNotifications();
    const { NotificationEvent } = globalThis as never as {
      NotificationEvent: new (name: string, init: object) => Event;
    };
    dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  });
  await expect.poll(count).toBe(0);
  return worker.evaluate(() => (globalThis as never as WorkerScope).asked);
}

test('what is pushed leads to its conversation, in the window that is there', async ({
  inbox,
  server,
  visitor,
  owner,
}) => {
  await visitor.widget.ask('Which shoes do you wear on Sundays?');
  await inbox.logIn(server.url);
  const worker = await registerWorker(inbox);
  const hash = await hashOfOnly(owner);
  const push = { title: 'A message', body: 'Which shoes', tag: 'a' };
  const asked = await pushAndClick(inbox.page, worker, {
    ...push,
    url: `${server.url}/console${hash}`,
  });
  expect(asked).toEqual(['focus']);
  await expect(inbox.page).toHaveURL(`${server.url}/console${hash}`);
  await expect(inbox.said('Which shoes')).toHaveCount(1);
  // No window was opened beside it.
  expect(inbox.page.context().pages()).toHaveLength(1);
});

test('where no window is open, one is asked for at the conversation, never elsewhere', async ({
  inbox,
  server,
}) => {
  await inbox.logIn(server.url);
  const worker = await registerWorker(inbox);
  await inbox.page.goto(`${server.url}/healthz`);
  const asked = await pushAndClick(inbox.page, worker, {
    ...{ title: 'A message', body: 'Hello', tag: 'a' },
    url: 'https://elsewhere.example/console#/c/abc',
  });
  expect(asked).toEqual([`${server.url}/console#/c/abc`]);
});
