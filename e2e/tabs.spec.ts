/** All tabs of a visitor are one conversation, and show the same. */
import type { BrowserContext, Page } from 'playwright/test';
import { expect, test } from './browser/fixtures.ts';
import { freeze, thaw } from './browser/freeze.ts';
import { widgetOn, type Widget } from './browser/widget.ts';

// After a pause of the server the next try may be half a minute away.
test.describe.configure({ timeout: 120_000 });

interface Tab {
  readonly page: Page;
  readonly widget: Widget;
  /** Frames of visitors' messages that this tab has sent. */
  readonly said: string[];
}

async function openTab(context: BrowserContext, url: string): Promise<Tab> {
  const page = await context.newPage();
  const said: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const { type, message } = JSON.parse(String(payload)) as { type: string; message: string };
      if (type === 'chat_message') said.push(message);
    }),
  );
  await page.goto(url);
  const widget = widgetOn(page);
  await widget.open();
  return { page, widget, said };
}

/** From now on nothing that this page sends arrives. */
async function swallowMessages(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (this: WebSocket, data) {
      if (typeof data !== 'string' || !data.includes('"chat_message"')) send.call(this, data);
    };
  });
}

const sent = (widget: Widget, text: string): Promise<void> =>
  // By the class: the word stands only under the last one of a group.
  expect(widget.mine(text)).toHaveClass(/\bsent\b/, { timeout: 40_000 });
/** Sent or not, in the order in which they stand. */
const shown = (widget: Widget): Promise<string[]> => widget.own.locator('.bubble').allInnerTexts();

test('what waits in one tab is shown in the other, which leaves the sending to it [D10]', async ({
  context,
  blog,
  server,
  owner,
}) => {
  const one = await openTab(context, `${blog.url}/plain`);
  await one.widget.ask('Hello');
  const other = await openTab(context, `${blog.url}/plain`);
  await sent(other.widget, 'Hello');
  await server.kill('SIGKILL');
  await one.widget.say('From one');
  await other.widget.say('From the other');
  for (const { widget } of [one, other]) {
    for (const text of ['From one', 'From the other']) {
      await expect(widget.mine(text)).toContainText('Waiting for the connection…');
    }
  }
  await server.restart();
  for (const { widget } of [one, other]) {
    for (const text of ['From one', 'From the other']) await sent(widget, text);
    await expect(widget.own).toHaveCount(3);
  }
  expect(one.said).toEqual(['Hello', 'From one']);
  expect(other.said).toEqual(['From the other']);
  const stored = (await owner.everything()).filter(({ sender }) => sender === 'visitor');
  for (const { widget } of [one, other]) {
    expect(await shown(widget)).toEqual(stored.map(({ message }) => message));
  }
});

for (const end of ['closed', 'crashed', 'frozen'] as const) {
  test(`a tab that is ${end} while it sends is replaced by the other [D8] [D10] [D11]`, async ({
    context,
    blog,
    owner,
  }) => {
    const one = await openTab(context, `${blog.url}/plain`);
    await one.widget.ask('Hello');
    const other = await openTab(context, `${blog.url}/plain`);
    await sent(other.widget, 'Hello');
    await swallowMessages(one.page);
    await one.widget.say('Half way');
    await expect(other.widget.mine('Half way')).toContainText('Sending…');
    expect(other.said).toEqual([]);

    const devtools = await context.newCDPSession(one.page);
    if (end === 'closed') await one.page.close();
    if (end === 'crashed') devtools.send('Page.crash').catch(() => undefined);
    if (end === 'frozen') await freeze(one.page, devtools);
    await sent(other.widget, 'Half way');
    await expect(other.widget.mine('Half way')).toHaveCount(1);
    expect(other.said).toEqual(['Half way']);
    if (end === 'frozen') {
      await thaw(one.page, devtools);
      await sent(one.widget, 'Half way');
      await expect(one.widget.own).toHaveCount(2);
    }
    const stored = (await owner.everything()).filter(({ message }) => message === 'Half way');
    expect(stored).toHaveLength(1);
  });
}

test('the first messages of two fresh tabs begin one conversation [D10]', async ({
  context,
  blog,
  owner,
}) => {
  const tabs = [
    await openTab(context, `${blog.url}/plain`),
    await openTab(context, `${blog.url}/plain`),
  ];
  for (const { widget } of tabs) await expect(widget.panel).toContainText(/assistant answers/i);
  await Promise.all(
    tabs.map(({ page }, index) =>
      page.evaluate((text) => {
        const chat = document.querySelector('contact-chat') as never as {
          send(text: string): void;
        };
        chat.send(text);
      }, `From tab ${index}`),
    ),
  );
  for (const { widget } of tabs) {
    for (const text of ['From tab 0', 'From tab 1']) await sent(widget, text);
    await expect(widget.own).toHaveCount(2);
  }
  expect(await owner.conversations()).toHaveLength(1);
});

test('two elements of one page are one conversation, after a reload too [D10]', async ({
  page,
  blog,
  server,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await expect(widget.panel).toContainText(/assistant answers/i);
  // Nothing was ever sent, so that no conversation is known when the page comes back.
  await swallowMessages(page);
  await widget.say('Kept without a conversation');
  await page.reload();
  await page.evaluate((address) => {
    const element = document.createElement('contact-chat');
    element.setAttribute('server', address);
    element.setAttribute('position', 'left');
    document.body.append(element);
  }, server.url);
  const second = widgetOn(page, 'en', 1);
  await widget.launcher.click();
  await second.host.evaluate((element) => (element as never as { open(): void }).open());
  for (const each of [widget, second]) {
    await sent(each, 'Kept without a conversation');
    await expect(each.own).toHaveCount(1);
  }
  expect(await owner.conversations()).toHaveLength(1);
  const stored = (await owner.everything()).filter(({ sender }) => sender === 'visitor');
  expect(stored).toHaveLength(1);
});

test('a reset in one tab is one in all; none brings the old conversation back [D10]', async ({
  context,
  blog,
  owner,
}) => {
  const one = await openTab(context, `${blog.url}/plain`);
  await one.widget.ask('Hello');
  const other = await openTab(context, `${blog.url}/plain`);
  await sent(other.widget, 'Hello');
  await other.widget.input.fill('A draft');
  await one.page.evaluate(() =>
    (document.querySelector('contact-chat') as never as { reset(): Promise<void> }).reset(),
  );
  for (const { widget } of [one, other]) {
    await expect(widget.own).toHaveCount(0);
    await expect(widget.input).toHaveValue('');
  }
  await expect.poll(() => other.page.evaluate(() => indexedDB.databases())).toEqual([]);
  await other.widget.send('Somebody else');
  await sent(one.widget, 'Somebody else');
  await expect(one.widget.own).toHaveCount(1);
  expect(await owner.conversations()).toHaveLength(2);
});

test('what is read in one tab is read in all [D10]', async ({ context, blog, owner }) => {
  const one = await openTab(context, `${blog.url}/plain`);
  await one.widget.ask('Hello');
  const other = await openTab(context, `${blog.url}/plain`);
  await sent(other.widget, 'Hello');
  for (const { widget } of [one, other]) await widget.close();
  await owner.replyToVisitor('A word from the owner');
  for (const { widget } of [one, other]) {
    await expect(widget.launcher).toHaveAccessibleName('Open chat, 1 new message');
  }
  await one.widget.open();
  await expect(other.widget.launcher).toHaveAccessibleName('Open chat');
});

test('two tabs write two drafts; neither disturbs the other [D8] [D10]', async ({
  context,
  blog,
}) => {
  const one = await openTab(context, `${blog.url}/plain`);
  const other = await openTab(context, `${blog.url}/plain`);
  await one.widget.input.pressSequentially('Written in one');
  await other.widget.input.pressSequentially('Written in the other');
  await expect(one.widget.input).toHaveValue('Written in one');
  await one.widget.input.press('Enter');
  await sent(other.widget, 'Written in one');
  await expect(other.widget.input).toHaveValue('Written in the other');
  await expect(one.widget.input).toHaveValue('');
  await other.page.reload();
  await other.widget.open();
  await expect(other.widget.input).toHaveValue('Written in the other');
});

test('on a page without locks a closed tab is replaced by the next page [D8]', async ({
  context,
  blog,
  owner,
}) => {
  await context.addInitScript(() => {
    Object.defineProperty(navigator, 'locks', { value: undefined });
  });
  const one = await openTab(context, `${blog.url}/plain`);
  await one.widget.ask('Hello');
  await swallowMessages(one.page);
  await one.widget.say('Half way');
  await expect(one.widget.mine('Half way')).toContainText('Sending…');
  await one.page.close();
  const next = await openTab(context, `${blog.url}/plain`);
  await sent(next.widget, 'Half way');
  expect((await owner.everything()).filter(({ message }) => message === 'Half way')).toHaveLength(
    1,
  );
});
