/** What was typed stays on the device until the server has it, whatever becomes of the page. */
import type { Page } from 'playwright/test';
import { expect, test } from './browser/fixtures.ts';
import type { Owner } from './browser/owner.ts';
import { startOwnBrowser } from './browser/own-browser.ts';
import { widgetOn, type Widget } from './browser/widget.ts';

/** After a pause of the server the next try may be half a minute away. */
const patient = { timeout: 40_000 };
test.describe.configure({ timeout: 120_000 });

const waiting = 'Waiting for the connection…';
const keepsNothing = 'This browser keeps nothing';
const tooMuch = 'Too much is waiting to be sent.';

const stored = async (owner: Owner, text: string): Promise<number> =>
  (await owner.everything()).filter(({ message }) => message === text).length;
const isSent = (widget: Widget, text: string): Promise<void> =>
  expect(widget.mine(text)).toHaveClass(/\bsent\b/, patient);
/** The page says it, as it may through the element. */
const sayByPage = (page: Page, text: string): Promise<string | undefined> =>
  page.evaluate(
    (said) =>
      (
        document.querySelector('contact-chat') as never as {
          send(text: string): string | undefined;
        }
      ).send(said),
    text,
  );

test('what was typed survives reloads, and is sent once [D8]', async ({
  page,
  blog,
  server,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  await server.kill('SIGKILL');
  await widget.say('Typed before a reload');
  await widget.input.fill('Half a thou');
  // A page cannot come back from a server that is away: a copy of the script is served instead.
  await server.restart();
  server.signal('SIGSTOP');
  const again = page.reload();
  server.signal('SIGCONT');
  await again;
  await widget.open();
  await isSent(widget, 'Typed before a reload');
  await expect(widget.mine('Typed before a reload')).toHaveCount(1);
  await expect(widget.input).toHaveValue('Half a thou');
  expect(await stored(owner, 'Typed before a reload')).toBe(1);
});

for (const end of ['closed', 'left', 'crashed'] as const) {
  test(`a page that is ${end} in the instant of sending loses nothing [D8]`, async ({
    page,
    context,
    blog,
    server,
    owner,
    widget,
  }) => {
    await page.goto(`${blog.url}/plain`);
    await widget.open();
    await widget.ask('Hello');
    server.signal('SIGSTOP');
    if (end === 'closed') {
      await sayByPage(page, 'The last words');
      await page.close();
    } else if (end === 'left') {
      await page.evaluate(() => {
        const chat = document.querySelector('contact-chat') as never as {
          send(text: string): void;
        };
        chat.send('The last words');
        location.href = 'about:blank';
      });
    } else {
      await sayByPage(page, 'The last words');
      const crashed = page.waitForEvent('crash');
      const devtools = await context.newCDPSession(page);
      devtools.send('Page.crash').catch(() => undefined);
      await crashed;
    }
    server.signal('SIGCONT');
    const next = await context.newPage();
    await next.goto(`${blog.url}/plain`);
    const again = widgetOn(next);
    await again.open();
    await isSent(again, 'The last words');
    await expect(again.mine('The last words')).toHaveCount(1);
    expect(await stored(owner, 'The last words')).toBe(1);
  });
}

test('a browser that is killed loses nothing, not the conversation either [D8]', async ({
  blog,
  server,
  owner,
}) => {
  const browser = await startOwnBrowser();
  try {
    const page = await browser.context.newPage();
    await page.goto(`${blog.url}/plain`);
    const widget = widgetOn(page);
    await widget.open();
    await widget.ask('Hello');
    server.signal('SIGSTOP');
    await widget.input.pressSequentially('Half a thought');
    await widget.input.fill('');
    await widget.say('Before the power went');
    await expect(widget.mine('Before the power went')).toContainText('Sending…');
    await browser.kill();
    server.signal('SIGCONT');

    await browser.start();
    const next = await browser.context.newPage();
    await next.goto(`${blog.url}/plain`);
    const again = widgetOn(next);
    await again.open();
    await isSent(again, 'Before the power went');
    await expect(again.mine('Hello')).toHaveCount(1);
    await expect(again.mine('Before the power went')).toHaveCount(1);
    expect(await owner.conversations()).toHaveLength(1);
    expect(await stored(owner, 'Before the power went')).toBe(1);
  } finally {
    await browser.close();
  }
});

test.describe('at the bound', () => {
  test.use({ serverEnvironment: { RATE_LIMIT: '1000/1s', ANSWERER: 'off' } });

  test('it says so, and the text stays in the input until there is room [D9]', async ({
    page,
    blog,
    server,
    owner,
    widget,
  }) => {
    const setLang = (lang: string): Promise<void> =>
      widget.host.evaluate((element, value) => element.setAttribute('lang', value), lang);
    await page.goto(`${blog.url}/plain`);
    await widget.open();
    await widget.send('Hello');
    // Its words come from the server, like the rest.
    await setLang('zh');
    await expect(widgetOn(page, 'zh').mine('Hello').getByText('已发送')).toBeAttached();
    await setLang('en');
    await server.kill('SIGKILL');
    const taken = await widget.host.evaluate((element) => {
      const chat = element as never as { send(text: string): string | undefined };
      return Array.from({ length: 101 }, (_none, index) => chat.send(`Number ${index}.`));
    });
    expect(taken.map((id) => typeof id)).toEqual([...Array(100).fill('string'), 'undefined']);
    await widget.say('One too many');
    await expect(widget.panel).toContainText(tooMuch);
    await expect(widget.input).toHaveValue('One too many');
    await setLang('zh');
    await expect(widgetOn(page, 'zh').panel).toContainText('等待发送的内容太多');
    await setLang('en');

    await server.restart();
    await expect.poll(async () => (await owner.everything()).length, patient).toBe(101);
    await widget.input.press('Enter');
    await isSent(widget, 'One too many');
    await expect(widget.input).toHaveValue('');
    await expect(widget.panel).not.toContainText(tooMuch);
    const texts = (await owner.everything()).map(({ message }) => message);
    expect(texts).toEqual([
      'Hello',
      ...Array.from({ length: 100 }, (_none, index) => `Number ${index}.`),
      'One too many',
    ]);
  });
});

/** Ways in which a browser may refuse to keep anything. */
const refusals: Readonly<Record<string, () => void>> = {
  'is not to be touched': () => {
    Object.defineProperty(window, 'indexedDB', {
      get: () => {
        throw new DOMException('Blocked', 'SecurityError');
      },
    });
  },
  'is not there': () => {
    Object.defineProperty(window, 'indexedDB', { value: undefined });
  },
  'fails to open': () => {
    IDBFactory.prototype.open = () => {
      const request = { error: new DOMException('Broken', 'UnknownError') } as never as {
        onerror?: () => void;
      };
      setTimeout(() => request.onerror?.());
      return request as never;
    };
  },
  'never answers': () => {
    IDBFactory.prototype.open = () => ({}) as never;
  },
  'is full': () => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('Full', 'QuotaExceededError');
    };
  },
  'is full when it commits': () => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...given) {
      const request = put.apply(this, given);
      const { transaction } = this;
      Object.defineProperty(transaction, 'commit', { value: () => transaction.abort() });
      return request;
    };
  },
};

for (const [how, refuse] of Object.entries(refusals)) {
  test(`a storage that ${how}: it works from memory, and says so [D9]`, async ({
    page,
    blog,
    server,
    owner,
    widget,
  }) => {
    await page.addInitScript(refuse);
    await page.goto(`${blog.url}/plain`);
    await widget.open();
    await widget.ask('How do I deploy it to production?');
    await server.kill('SIGKILL');
    await widget.say('From memory');
    await expect(widget.mine('From memory')).toContainText(waiting);
    await expect(widget.panel).toContainText(keepsNothing);
    await server.restart();
    await isSent(widget, 'From memory');
    await expect(widget.own).toHaveCount(2);
    expect(await stored(owner, 'From memory')).toBe(1);
  });
}

test('a storage that the visitor clears takes no text off the page [D8]', async ({
  page,
  blog,
  server,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  await server.kill('SIGKILL');
  await widget.say('Not on the device any more');
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name ?? '');
  });
  await server.restart();
  await isSent(widget, 'Not on the device any more');
  expect(await owner.conversations()).toHaveLength(1);
  expect(await stored(owner, 'Not on the device any more')).toBe(1);
  // What comes next is kept again.
  await widget.send('Kept');
  await page.reload();
  await widget.open();
  await expect(widget.mine('Kept')).toHaveCount(1);
});
