import type { Page } from 'playwright/test';
import { hashOfOnly, inboxOn } from './browser/console.ts';
import { expect, test } from './browser/fixtures.ts';
import { scriptChat } from './browser/scripted-chat.ts';

const text = `Use **TLS** and *one* process, ~~never~~ two.

1. Build
2. Run
   - with \`npm start\`

> Nothing is lost.

- [x] done
- [ ] open

\`\`\`js
const a = "b"; // c
\`\`\`

| Name | Value |
|---|--:|
| a | 1 |

See [the docs](https://example.com/docs?a=1&amp;b=2) &copy; &lt;b&gt;, ![a cat](https://example.com/cat.png), mailto:me@example.com.`;

const parts = (page: Page, name: string): string[] => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes(`part-${name}-`)) asked.push(request.url());
  });
  return asked;
};

test.describe('without an assistant', () => {
  test.use({ serverEnvironment: { ANSWERER: 'off' } });

  test('what the owner writes looks as in the preview; the inbox shows it so too', async ({
    page,
    browser,
    blog,
    server,
    owner,
    widget,
  }) => {
    const asked = parts(page, 'markdown');
    await page.goto(`${blog.url}/plain`);
    await widget.open();
    await widget.send('**plain** [text](https://example.com/)');
    expect(asked).toEqual([]);
    await expect(widget.own.last()).toContainText('**plain** [text](https://example.com/)');
    await owner.replyToVisitor(text);
    const reply = widget.fromOwner.last();
    await expect(reply.locator('strong')).toHaveText('TLS');
    await expect(reply.locator('em')).toHaveText('one');
    await expect(reply.locator('del')).toHaveText('never');
    await expect(reply.locator('ol > li')).toHaveCount(2);
    await expect(reply.locator('ol ul code')).toHaveText('npm start');
    await expect(reply.locator('blockquote')).toHaveText('Nothing is lost.');
    await expect(reply.getByRole('img', { name: 'done' })).toHaveCount(1);
    await expect(reply.getByRole('img', { name: 'to do' })).toHaveCount(1);
    await expect(reply.locator('.code-head')).toContainText('JavaScript');
    await expect(reply.getByRole('table')).toContainText('Value');
    const link = reply.getByRole('link', { name: 'the docs' });
    await expect(link).toHaveAttribute('href', 'https://example.com/docs?a=1&b=2');
    await expect(link).toHaveAttribute('rel', 'noopener nofollow');
    await expect(link).toHaveAttribute('target', '_blank');
    await expect(reply.getByRole('link', { name: 'a cat' })).toHaveAttribute(
      'href',
      'https://example.com/cat.png',
    );
    await expect(reply).toContainText('© <b>');
    expect(asked).toHaveLength(1);
    // Tables and code scroll by themselves; the conversation never does sideways.
    const sizes = await widget.log.evaluate(
      ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
    );
    expect(sizes).toBeLessThanOrEqual(0);

    const other = await browser.newPage();
    try {
      const inbox = inboxOn(other);
      await inbox.logIn(server.url, await hashOfOnly(owner));
      const bubble = inbox.log.locator('.owner .bubble');
      await expect(bubble.locator('strong')).toHaveText('TLS');
      await expect(bubble.locator('pre .c-keyword')).toHaveText('const');
      // Of the visitor no Markdown is made.
      await expect(inbox.log.locator('.visitor').first()).toContainText('**plain**');
      await expect(inbox.log.locator('.visitor strong')).toHaveCount(0);
      const shape = (of: typeof reply): Promise<string> =>
        of.locator('.md').evaluate((md) => {
          const names = (node: Element): string =>
            `${node.tagName}.${node.className}(${[...node.children].map(names).join()})`;
          return names(md);
        });
      expect(await shape(bubble)).toBe(await shape(reply));
    } finally {
      await other.close();
    }
  });
});

test('code is copied, also where the page may not use the clipboard', async ({
  page,
  context,
  blog,
  widget,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const chat = await scriptChat(page);
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.send('Code?');
  chat.store({ message: '```sh\nnpm start\n```\n\n```sh\nnpm test\n```' });
  const copies = widget.answers.last().getByRole('button', { name: 'Copy' });
  await copies.first().click();
  await expect(widget.answers.last().getByText('Copied')).toHaveCount(1);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('npm start');
  await expect(widget.answers.last().getByText('Copied')).toHaveCount(0);

  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('not here'));
  });
  await copies.last().focus();
  await page.keyboard.press('Enter');
  await expect(widget.answers.last().getByText('Copied')).toHaveCount(1);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('npm test');
  await expect(copies.last()).toBeFocused();
});

test('without the part that draws Markdown a text is still read; a later message tries again', async ({
  page,
  blog,
  widget,
}) => {
  const chat = await scriptChat(page);
  let refused = 0;
  await page.route('**/part-markdown-*', (route) => {
    if (refused > 0) return route.continue();
    refused += 1;
    return route.abort();
  });
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.send('One?');
  const failed = page.waitForEvent('requestfailed', (request) =>
    request.url().includes('markdown'),
  );
  chat.store({ message: 'It is **bold**.\n\nAnd `code`.' });
  await failed;
  await expect(widget.answers.first()).toContainText('It is **bold**.');
  await expect(widget.answers.first().locator('code')).toHaveText('code');
  chat.store({ message: 'Plain words' });
  await expect(widget.answers).toHaveCount(2);
  await expect(widget.answers.first().locator('strong')).toHaveCount(0);
  chat.store({ message: 'Also **bold**' });
  await expect(widget.answers.first().locator('strong')).toHaveText('bold');
  await expect(widget.answers.last().locator('strong')).toHaveText('bold');
});

test('nothing that is looked at moves when Markdown comes', async ({ page, blog, widget }) => {
  const chat = await scriptChat(page);
  let come = (): void => undefined;
  const held = new Promise<void>((done) => (come = done));
  await page.route('**/part-markdown-*', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.send('Long?');
  for (let nth = 0; nth < 8; nth += 1) {
    chat.store({
      message: `### Part ${nth}\n\n- one\n- two\n\n| a |\n|---|\n| b |\n\n\`\`\`js\nlet x;\n\`\`\``,
    });
  }
  await expect(widget.answers).toHaveCount(8);
  await widget.log.evaluate((log) => (log.scrollTop = log.scrollHeight / 2));
  const inView = (): Promise<string> =>
    widget.log.evaluate((log) => {
      const view = log.getBoundingClientRect();
      const first = [...log.querySelectorAll('.message')].find(
        (one) => one.getBoundingClientRect().bottom > view.top,
      );
      const { top = 0 } = first?.getBoundingClientRect() ?? {};
      return `${first?.textContent?.match(/Part \d/)?.[0]} ${Math.round(top)}`;
    });
  await page.waitForTimeout(100);
  const before = await inView();
  come();
  await expect(widget.answers.first().locator('table')).toHaveCount(1);
  expect(await inView()).toBe(before);
});
