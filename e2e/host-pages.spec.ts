import type { Page } from 'playwright/test';
import { expect, test } from './browser/fixtures.ts';
import { ownerOf, ownerToken } from './browser/owner.ts';
import { widgetOn } from './browser/widget.ts';
import { startTestServer } from './server/start-test-server.ts';

const question = 'How do I deploy it to production?';

test('works on a page of another origin; its citations lead to the blog', async ({
  page,
  blog,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask(question);
  await expect(widget.citations.first()).toHaveAttribute('href', /\/en\/deploy-to-production/);
});

test('works under a strict policy and Trusted Types, without one violation', async ({
  page,
  blog,
  server,
}) => {
  await page.addInitScript(() => {
    const violations: string[] = [];
    Object.assign(globalThis, { violations });
    document.addEventListener('securitypolicyviolation', (event) =>
      violations.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  const violations = (): Promise<string[]> =>
    page.evaluate(() => (globalThis as never as { violations: string[] }).violations);
  for (const address of [`${blog.url}/strict-policy`, server.url]) {
    await page.goto(address);
    const widget = widgetOn(page);
    await widget.open();
    await widget.ask(question);
    await widget.panel.getByRole('button', { name: 'Talk to the owner' }).click();
    await expect(widget.panel.getByRole('textbox', { name: 'E-mail' })).toBeVisible();
    expect(await widget.panel.evaluate((panel) => getComputedStyle(panel).position)).toBe(
      'absolute',
    );
    expect(await violations()).toEqual([]);
  }
});

test('two widgets of two servers keep apart', async ({ page, blog, server, owner }) => {
  const other = await startTestServer({ OWNER_TOKEN: ownerToken });
  try {
    await page.goto(`${blog.url}/two-servers?other=${encodeURIComponent(other.url)}`);
    const byHeading = async (heading: string): Promise<number> => {
      const hosts = page.locator('contact-chat');
      await expect(hosts).toHaveCount(2);
      const headings = await hosts.evaluateAll((all) =>
        all.map((one) => one.getAttribute('heading')),
      );
      return headings.indexOf(heading);
    };
    const first = widgetOn(page, 'en', await byHeading('First'));
    const second = widgetOn(page, 'en', await byHeading('Second'));
    await first.open();
    await second.open();
    await first.send('To the first');
    await second.send('To the second');
    const visitorsOf = async (of: ReturnType<typeof ownerOf>): Promise<string[]> =>
      (await of.everything()).flatMap(({ sender, message }) =>
        sender === 'visitor' ? message : [],
      );
    expect(await visitorsOf(owner)).toEqual(['To the first']);
    expect(await visitorsOf(ownerOf(other))).toEqual(['To the second']);
    await expect(first.log).not.toContainText('To the second');

    await page.reload();
    const again = widgetOn(page, 'en', await byHeading('Second'));
    await again.open();
    await expect(again.mine('To the second')).toHaveCount(1);
    expect(server.url).not.toBe(other.url);
  } finally {
    await other.kill('SIGKILL');
    await other.stop();
  }
});

test('a script that is loaded three times makes one launcher', async ({ page, blog, widget }) => {
  await page.goto(`${blog.url}/script-twice`);
  await page.waitForLoadState('load');
  await expect(page.locator('contact-chat')).toHaveCount(1);
  await widget.open();
  await widget.ask(question);
  await expect(page.locator('contact-chat')).toHaveCount(1);
});

test('stands in the text where its script stands', async ({ page, blog, widget }) => {
  await page.goto(`${blog.url}/inline`);
  await expect(widget.input).toBeVisible();
  const top = async (selector: string): Promise<number> =>
    (await page.locator(selector).boundingBox())?.y ?? Number.NaN;
  expect(await top('#before')).toBeLessThan(await top('contact-chat'));
  const box = await page.locator('contact-chat').boundingBox();
  expect(await top('#after')).toBeGreaterThanOrEqual((box?.y ?? 0) + (box?.height ?? 0));
  await widget.ask(question);
});

test('stays one widget, with its conversation, when navigation replaces the body', async ({
  page,
  blog,
  widget,
}) => {
  await page.goto(`${blog.url}/navigation`);
  await widget.open();
  await widget.ask(question);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('heading', { name: 'Second page' })).toBeVisible();

  await expect(page.locator('contact-chat')).toHaveCount(1);
  await expect(widget.mine(question)).toHaveCount(1);
  await expect(widget.panel).toBeVisible();
  await widget.ask('Can you introduce the technology stack?');
  await expect(widget.own).toHaveCount(2);
});

test('an untouched launcher stays one, too', async ({ page, blog, widget }) => {
  await page.goto(`${blog.url}/navigation`);
  await expect(widget.launcher).toBeVisible();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('heading', { name: 'Second page' })).toBeVisible();
  await expect(page.locator('contact-chat')).toHaveCount(1);
  await widget.open();
  await widget.ask(question);
});

const takeOut = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const element = document.querySelector('contact-chat');
    Object.assign(globalThis, { element });
    element?.remove();
  });
const putBack = (page: Page): Promise<void> =>
  page.evaluate(() => document.body.append((globalThis as never as { element: Element }).element));

test('taken out and put in again, it goes on', async ({ page, blog, owner, widget }) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask(question);
  await takeOut(page);
  await expect(page.locator('contact-chat')).toHaveCount(0);
  await putBack(page);
  await widget.send('Still here');
  await expect(widget.own).toHaveCount(2);

  // For good, the connection ends with it; what is said meanwhile is there on return.
  await takeOut(page);
  await expect.poll(() => owner.broadcast('Is anybody there?')).toBe(0);
  await owner.replyToVisitor('Said while you were away');
  await putBack(page);
  await expect(widget.fromOwner.filter({ hasText: 'Said while' })).toHaveCount(1);
});

test('holds its shape under quirks mode and the ugliest of style sheets', async ({
  page,
  blog,
  widget,
}) => {
  await page.goto(`${blog.url}/ugly-styles`);
  const view = page.viewportSize() ?? { width: 0, height: 0 };
  const launcher = await widget.launcher.boundingBox();
  expect(launcher).toEqual({ x: view.width - 76, y: view.height - 76, width: 56, height: 56 });
  await widget.open();
  await widget.ask(question);
  const style = (selector: string): Promise<Record<string, string>> =>
    widget.host
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { fontSize, letterSpacing, textTransform, direction, fontStyle } =
          getComputedStyle(element);
        return { fontSize, letterSpacing, textTransform, direction, fontStyle };
      });
  const plain = {
    letterSpacing: 'normal',
    textTransform: 'none',
    direction: 'ltr',
    fontStyle: 'normal',
  };
  expect(await style('.message.assistant .text')).toEqual({ fontSize: '15px', ...plain });
  expect(await style('textarea')).toEqual({ fontSize: '16px', ...plain });
  expect((await widget.panel.boundingBox())?.width).toBe(396);
  expect(await widget.hide.boundingBox()).toEqual(launcher);
});

test('shortcuts of the page do not hear what is typed into the chat', async ({
  page,
  blog,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await page.evaluate(() => {
    Object.assign(globalThis, { heard: [] });
    for (const type of ['keydown', 'keypress', 'keyup']) {
      document.addEventListener(type, (event) =>
        (globalThis as never as { heard: string[] }).heard.push(event.type),
      );
    }
  });
  await widget.open();
  await widget.input.pressSequentially('a/b?');
  expect(await page.evaluate(() => (globalThis as never as { heard: string[] }).heard)).toEqual([]);
});
