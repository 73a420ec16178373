/** The owner's page while the line is cut and the server dies: nothing lost, nothing twice. */
import type { Page } from 'playwright/test';
import { expect, hashOfOnly, inboxOn, test as base, type Inbox } from './browser/console.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy/fault-proxy.ts';
import { chat, connectHello, contact } from './server/ws-client.ts';

const lost = 'Connection lost, reconnecting… nothing will be lost';
const unreachable = 'The server cannot be reached; still trying. What you write is kept';

const test = base.extend<{ network: FaultProxy; proxied: string }>({
  network: async ({ server }, use) => {
    const { hostname, port } = new URL(server.url);
    const proxy = await startFaultProxy({ target: { host: hostname, port: Number(port) } });
    await use(proxy);
    await proxy.close();
  },
  /** The server's address through it. */
  proxied: async ({ network }, use) => use(`http://127.0.0.1:${network.port}`),
});

test.setTimeout(150_000);

/** Whatever says that the line is down. */
const trouble = (page: Page) => page.getByText(lost).or(page.getByText(unreachable));

/** Pauses between attempts grow to half a minute, where the server takes its time. */
/** Longer than a client waits before it tries again, in milliseconds. */
const backInMs = 45_000;
const mended = (page: Page): Promise<void> => expect(trouble(page)).toBeHidden({ timeout: 60_000 });

const count = (texts: readonly { readonly message: string }[], text: string): number =>
  texts.filter(({ message }) => message === text).length;

/** Every message of the open conversation as it is shown, oldest first, without times and marks. */
const shown = (inbox: Inbox): Promise<string[]> => inbox.log.locator('.item .text').allInnerTexts();

test('a cut line is told, and mended without a word lost on either side', async ({
  inbox,
  server,
  network,
  proxied,
  owner,
}) => {
  const { client } = await connectHello(server.wsUrl);
  client.send(chat('First question', 'q1'));
  await client.until('chat_message');
  await inbox.logIn(proxied, await hashOfOnly(owner));
  network.refuseNew(true);
  for (const connection of network.connections) connection.cut();
  await expect(trouble(inbox.page)).toBeVisible();

  // What happens meanwhile: a message here, another visitor, a reply that cannot go out.
  client.send(chat('Second question', 'q2'));
  await client.until('chat_message', ({ id }) => id === 'ai:q2');
  const other = await connectHello(server.wsUrl);
  other.client.send(contact('Somebody else', 'x1'));
  await other.client.until('contact_request_received');
  await inbox.reply('Written while the line was cut');
  await expect(inbox.said('Written while')).toContainText('Waiting for the connection…');
  expect(count(await owner.everything(), 'Written while the line was cut')).toBe(0);

  network.heal();
  await mended(inbox.page);
  await expect(inbox.said('Written while')).toContainText('delivered');
  const told = await client.until('chat_message', ({ sender }) => sender === 'owner');
  expect(told.message).toBe('Written while the line was cut');
  await expect(inbox.said('Second question')).toHaveCount(1);
  await expect(inbox.said('Written while')).toHaveCount(1);
  await inbox.view('Waiting').click();
  await expect(inbox.row('Somebody else')).toHaveCount(1);
  expect(count(await owner.everything(), 'Written while the line was cut')).toBe(1);
  await client.close();
  await other.client.close();
});

test('a server that is killed while the owner types and replies stores the reply once', async ({
  inbox,
  server,
  visitor,
  owner,
}) => {
  test.setTimeout(150_000);
  const { widget } = visitor;
  await widget.ask('Hello');
  await inbox.logIn(server.url, await hashOfOnly(owner));
  await inbox.act('Take over').click();
  await expect(inbox.conversation).toContainText('you answer');
  await inbox.input.pressSequentially('Half a sent');
  await server.kill('SIGKILL');
  await expect(trouble(inbox.page)).toBeVisible();
  await expect(inbox.input).toHaveValue('Half a sent');
  await inbox.input.pressSequentially('ence, and the rest.');
  await inbox.input.press('ControlOrMeta+Enter');
  await inbox.input.pressSequentially('A second thought');
  await inbox.input.press('ControlOrMeta+Enter');
  await expect(inbox.said('Half a sentence')).toContainText('Waiting for the connection…');
  await widget.say('Are you still there?');

  await server.restart();
  await mended(inbox.page);
  await expect(inbox.said('A second thought')).toContainText(/delivered|seen/);
  for (const text of ['Half a sentence, and the rest.', 'A second thought']) {
    // The widget comes back in its own time, which grows with the attempts.
    const shownOnce = { timeout: backInMs };
    await expect(widget.fromOwner.filter({ hasText: text })).toHaveCount(1, shownOnce);
    await expect(inbox.said(text)).toHaveCount(1);
  }
  await expect(inbox.said('Are you still there?')).toHaveCount(1, { timeout: backInMs });
  const stored = (await owner.everything()).map(({ message }) => message);
  const replies = stored.filter((text) => /sentence|thought/.test(text));
  expect(replies).toEqual(['Half a sentence, and the rest.', 'A second thought']);
  // What is shown is what is stored, in its order.
  await expect.poll(async () => (await shown(inbox)).length).toBe(stored.length);
  expect(await shown(inbox)).toEqual(
    stored.map((text) => expect.stringContaining(text.slice(0, 20))),
  );
});

test('a reply that was stored, but whose answer was lost, is neither doubled nor shown twice', async ({
  inbox,
  server,
  visitor,
  owner,
}) => {
  await visitor.widget.ask('Hello');
  await inbox.logIn(server.url, await hashOfOnly(owner));
  let eaten = 0;
  await inbox.page.route('**/api/conversations/*/messages', async (route) => {
    if (route.request().method() !== 'POST' || eaten > 0) return route.fallback();
    eaten += 1;
    await route.fetch();
    return route.abort('connectionreset');
  });
  await inbox.reply('Stored, but nobody said so.');
  await expect(inbox.said('Stored, but')).toContainText(/delivered|seen/);
  expect(eaten).toBe(1);
  await expect(inbox.composer.getByText('Not sent')).toHaveCount(0);
  // A second reply shows that nothing blocks the way, nor waits to be sent again.
  await inbox.reply('And one more.');
  await expect(visitor.widget.fromOwner).toHaveCount(2);
  await expect(inbox.said('Stored, but')).toHaveCount(1);
  const stored = await owner.everything();
  expect(count(stored, 'Stored, but nobody said so.')).toBe(1);
  expect(count(stored, 'And one more.')).toBe(1);
});

test('a reply in flight when the server is killed arrives once', async ({
  inbox,
  server,
  visitor,
  owner,
}) => {
  await visitor.widget.ask('Hello');
  await inbox.logIn(server.url, await hashOfOnly(owner));
  // Stopped, the server takes the request from the network and never sees it.
  server.signal('SIGSTOP');
  await inbox.reply('Did this arrive?');
  await expect(inbox.said('Did this arrive?')).toContainText('Sending…');
  await server.kill('SIGKILL');
  await server.restart();
  await expect(inbox.said('Did this arrive?')).toContainText(/delivered|seen/);
  await expect(inbox.said('Did this arrive?')).toHaveCount(1);
  await expect(visitor.widget.fromOwner).toHaveCount(1);
  expect(count(await owner.everything(), 'Did this arrive?')).toBe(1);
});

test('what is typed and sent offline goes out later, once', async ({
  inbox,
  server,
  visitor,
  owner,
}) => {
  await visitor.widget.ask('Hello');
  await inbox.logIn(server.url, await hashOfOnly(owner));
  await inbox.page.context().setOffline(true);
  await expect(inbox.page.getByText('No network. What you write is kept')).toBeVisible();
  await inbox.reply('Written in a tunnel');
  await inbox.composer.getByRole('button', { name: 'internal note' }).click();
  await inbox.reply('A note from the tunnel');
  await expect(inbox.said('Written in a tunnel')).toContainText('Waiting for the connection…');
  await inbox.page.context().setOffline(false);
  await expect(inbox.said('Written in a tunnel')).toContainText(/delivered|seen/);
  await expect(inbox.said('A note from the tunnel')).toContainText('only you see this');
  await expect(visitor.widget.fromOwner).toHaveCount(1);
  expect(count(await owner.everything(), 'Written in a tunnel')).toBe(1);
  await expect(visitor.widget.log).not.toContainText('A note from the tunnel');
});

test('a page that is reloaded or closed with an unsent reply sends it later, and keeps drafts', async ({
  inbox,
  proxied,
  visitor,
  owner,
}) => {
  await visitor.widget.ask('Hello');
  await inbox.logIn(proxied, await hashOfOnly(owner));
  const { page } = inbox;
  // The page itself is still served; what is sent is not taken.
  await page.route('**/api/conversations/*/messages', (route) =>
    route.request().method() === 'POST' ? route.abort('connectionfailed') : route.fallback(),
  );
  await inbox.reply('Before the reload');
  await expect(inbox.said('Before the reload')).toContainText(/Sending…|Waiting/);
  await inbox.input.fill('A draft');
  await page.reload();
  await expect(inbox.said('Before the reload')).toContainText(/Sending…|Waiting/);
  await expect(inbox.input).toHaveValue('A draft');
  expect(count(await owner.everything(), 'Before the reload')).toBe(0);
  await mended(page);

  const next = inboxOn(await page.context().newPage());
  await page.close();
  await next.page.goto(`${proxied}/console`);
  await expect(visitor.widget.fromOwner).toHaveCount(1);
  await next.view('Mine').click();
  await next.open('Before the reload');
  await expect(next.said('Before the reload')).toContainText(/delivered|seen/);
  await expect(next.said('Before the reload')).toHaveCount(1);
  await expect(next.input).toHaveValue('A draft');
  expect(count(await owner.everything(), 'Before the reload')).toBe(1);
});
