import type { Page } from 'playwright/test';
import { expect, test } from './browser/fixtures.ts';
import { widgetOn } from './browser/widget.ts';

interface Told {
  readonly name: string;
  readonly detail: Record<string, unknown>;
}

const names = ['ready', 'open', 'close', 'message', 'sent', 'unread', 'status', 'error'];

/** Notes every event of the widget that reaches the document. */
const listen = async (page: Page): Promise<void> => {
  await page.addInitScript((events) => {
    const told: object[] = [];
    Object.assign(globalThis, { told });
    for (const name of events) {
      document.addEventListener(`contact-chat:${name}`, (event) =>
        told.push({
          name,
          detail: (event as CustomEvent<object>).detail,
          composed: event.composed,
        }),
      );
    }
  }, names);
};

const told = (page: Page): Promise<Told[]> =>
  page.evaluate(() => (globalThis as never as { told: Told[] }).told);

/** Calls a method, of the element or of `window.contactChat`. */
const call = (
  page: Page,
  on: 'element' | 'global',
  method: string,
  ...values: unknown[]
): Promise<unknown> =>
  page.evaluate(
    ([where, name, given]) => {
      const target =
        where === 'element'
          ? document.querySelector('contact-chat')
          : Reflect.get(globalThis, 'contactChat');
      return (target as Record<string, (...all: unknown[]) => unknown>)[name]?.(...given);
    },
    [on, method, values] as const,
  );

test('events tell the page what happens', async ({ page, blog, owner, widget }) => {
  await listen(page);
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  await widget.close();
  await owner.replyToVisitor('A word from the owner');
  await expect(widget.launcher).toHaveAccessibleName('Open chat, 1 new message');
  await call(page, 'element', 'send', 'x'.repeat(4001));
  await expect.poll(async () => (await told(page)).map(({ name }) => name)).toContain('error');

  const events = await told(page);
  const details = (name: string): readonly unknown[] =>
    events.flatMap((event) => (event.name === name ? event.detail : []));
  expect(details('ready')).toHaveLength(1);
  expect(details('open')).toHaveLength(1);
  expect(details('close')).toHaveLength(1);
  expect(details('status')).toContainEqual({ status: 'online' });
  expect(details('sent')).toEqual([{ id: expect.any(String), seq: 1 }]);
  expect(details('message')).toMatchObject([
    { sender: 'assistant' },
    { sender: 'owner', message: 'A word from the owner' },
  ]);
  expect(details('unread')).toContainEqual({ count: 1 });
  expect(details('error')).toMatchObject([{ code: 'message_too_long' }]);
  expect(events.every((event) => (event as never as { composed: boolean }).composed)).toBe(true);
});

test('methods do what buttons do', async ({ page, blog, owner, widget }) => {
  await page.goto(`${blog.url}/plain`);
  await widget.launcher.waitFor();
  await call(page, 'global', 'open');
  await expect(widget.input).toBeVisible();
  await call(page, 'element', 'close');
  await expect(widget.panel).toBeHidden();
  await call(page, 'element', 'toggle');
  await expect(widget.panel).toBeVisible();
  await call(page, 'global', 'send', 'Said by the page');
  await expect(widget.mine('Said by the page').getByText('Sent', { exact: true })).toBeAttached();
  await expect(widget.answers).toHaveCount(1);

  await widget.input.pressSequentially('half a sentence');
  await call(page, 'element', 'reset');
  await expect(widget.own).toHaveCount(0);
  await expect(widget.input).toHaveValue('');
  await expect.poll(() => page.evaluate(() => indexedDB.databases())).toEqual([]);
  // The server's copy stays; what comes next is another conversation.
  await widget.send('A second visitor');
  expect(await owner.conversations()).toHaveLength(2);
});

test('calls made before the script has loaded are carried out', async ({ page, blog }) => {
  await page.goto(`${blog.url}/queue`);
  const widget = widgetOn(page, 'zh');
  await expect(widget.panel.getByRole('heading', { name: '问问这个博客' })).toBeVisible();
  await expect(widget.input).toBeVisible();
  await call(page, 'global', 'close');
  await expect(widget.panel).toBeHidden();
});

test('setLocale changes every word at once, and the draft stays', async ({
  page,
  blog,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.send('Hello');
  await widget.input.fill('Half a thought');
  await call(page, 'element', 'setLocale', 'zh-CN');
  const chinese = widgetOn(page, 'zh');
  await expect(chinese.panel.getByRole('heading', { name: '问问这个博客' })).toBeVisible();
  await expect(chinese.input).toHaveValue('Half a thought');
  await expect(chinese.input).toHaveAttribute('placeholder', '输入你的问题…');
  await expect(chinese.mine('Hello').getByText('已发送')).toBeAttached();
  await call(page, 'element', 'setLocale', 'en-GB');
  await expect(widget.panel.getByRole('heading', { name: 'Ask this blog' })).toBeVisible();
});

test('the language is that of the attribute, else of the page, else of the browser', async ({
  page,
  browser,
  blog,
}) => {
  await page.goto(`${blog.url}/chinese`);
  await widgetOn(page, 'zh').open();
  await page.goto(`${blog.url}/attributes?lang=zh`);
  await widgetOn(page, 'zh').open();
  await page.goto(`${blog.url}/attributes?lang=xx`);
  await widgetOn(page, 'en').open();

  const context = await browser.newContext({ locale: 'zh-CN' });
  const chinese = await context.newPage();
  await chinese.goto(`${blog.url}/no-language`);
  await widgetOn(chinese, 'zh').open();
  await context.close();
});

test('attributes of the script choose texts, side, theme and accent', async ({
  page,
  blog,
  widget,
}) => {
  await page.goto(`${blog.url}/attributes`);
  await widget.open();
  await expect(widget.panel.getByRole('heading', { name: 'Ask this bakery' })).toBeVisible();
  await expect(widget.log).toContainText('Everything about bread.');
  expect((await widget.panel.boundingBox())?.x).toBe(20);
  const colours = await widget.sendButton.evaluate((button) => {
    const { backgroundColor, color } = getComputedStyle(button);
    return { backgroundColor, color };
  });
  // On yellow, white could not be read.
  expect(colours.color).not.toBe('rgb(255, 255, 255)');
  expect(await widget.panel.evaluate((panel) => getComputedStyle(panel).backgroundColor)).toBe(
    'rgb(22, 24, 29)',
  );

  await widget.panel.getByRole('button', { name: 'Which flour?' }).click();
  await expect(widget.mine('Which flour?')).toBeVisible();
  await expect(widget.panel.getByRole('button', { name: 'How do I bake?' })).toHaveCount(0);
});

test("an element of the page's own is used, and follows its attributes", async ({
  page,
  blog,
  widget,
}) => {
  await page.goto(`${blog.url}/own-element`);
  await expect(page.locator('contact-chat')).toHaveCount(1);
  await widget.open();
  await expect(widget.panel.getByRole('heading', { name: 'Placed by the page' })).toBeVisible();
  const set = (name: string, value: string | null): Promise<void> =>
    widget.host.evaluate(
      (element, [key, to]) =>
        to === null ? element.removeAttribute(key) : element.setAttribute(key, to),
      [name, value] as const,
    );
  const background = (): Promise<string> =>
    widget.panel.evaluate((panel) => getComputedStyle(panel).backgroundColor);
  await set('theme', 'dark');
  await expect.poll(background).toBe('rgb(22, 24, 29)');
  await set('theme', 'light');
  await expect.poll(background).toBe('rgb(255, 255, 255)');
  await set('heading', 'Another heading');
  await expect(widget.panel.getByRole('heading', { name: 'Another heading' })).toBeVisible();
  await set('position', 'left');
  await expect.poll(async () => (await widget.panel.boundingBox())?.x).toBe(20);
  await set('open', null);
  await expect(widget.panel).toBeHidden();
  await set('open', '');
  await expect(widget.panel).toBeVisible();
});

test('custom properties and parts restyle it', async ({ page, blog, widget }) => {
  await page.goto(`${blog.url}/plain`);
  await page.addStyleTag({
    content: `contact-chat { --contact-chat-accent: #0a7d4b; --contact-chat-width: 420px;
      --contact-chat-radius: 4px; --contact-chat-offset-x: 32px; --contact-chat-z-index: 7; }
      contact-chat::part(header) { background: rgb(1, 2, 3); }`,
  });
  await widget.open();
  await widget.send('Hello');
  const style = (selector: string, property: string): Promise<string> =>
    widget.host
      .locator(selector)
      .first()
      .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
  expect(await style('.panel', 'width')).toBe('420px');
  expect(await style('.panel', 'border-top-left-radius')).toBe('4px');
  expect(await style('header', 'background-color')).toBe('rgb(1, 2, 3)');
  expect(await style('.visitor .bubble', 'background-color')).toBe('rgb(10, 125, 75)');
  const host = await widget.host.evaluate((element) => {
    const { right, zIndex } = getComputedStyle(element);
    return { right, zIndex };
  });
  expect(host).toEqual({ right: '32px', zIndex: '7' });
});
