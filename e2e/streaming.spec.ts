import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { expect, test } from './browser/fixtures.ts';
import { scriptChat, type ScriptedChat } from './browser/scripted-chat.ts';
import type { Widget } from './browser/widget.ts';

async function begin(page: Page, url: string, widget: Widget): Promise<ScriptedChat> {
  const chat = await scriptChat(page);
  await page.goto(`${url}/plain`);
  await widget.open();
  await widget.send('How does it work?');
  return chat;
}

test('an answer grows as Markdown, and becomes whole without a jump', async ({
  page,
  blog,
  widget,
}) => {
  const chat = await begin(page, blog.url, widget);
  const id = `ai:${chat.question()}`;
  await expect(widget.log.locator('.dots')).toBeVisible();
  chat.write(id, ['First *block*', '.\n\nThen **bo']);
  const answer = widget.answers.last();
  await expect(answer.locator('strong')).toHaveText('bo');
  await expect(answer).toHaveAttribute('aria-busy', 'true');
  await expect(answer.locator('.caret')).toBeVisible();
  await expect(widget.log.locator('.dots')).toBeHidden();
  await expect(answer).not.toContainText('*');
  await expect(answer.getByRole('button')).toHaveCount(0);

  // The first block is held, and selected, while the last one grows.
  const text = await answer.locator('em').evaluateHandle((em) => {
    getSelection()?.selectAllChildren(em);
    Object.assign(globalThis, { block: em });
    return em.firstChild;
  });
  chat.write(id, ['ld**.\n\n```js\nconst a', ' = 1;'], 2);
  await expect(answer.locator('pre')).toHaveText('const a = 1;');
  await expect(answer.locator('pre .c-keyword')).toHaveText('const');
  const box = await answer.locator('.md > :first-child').boundingBox();
  const whole = 'First *block*.\n\nThen **bold**.\n\n```js\nconst a = 1;\n```';
  chat.store({ id, message: whole, answers: [chat.question()] });
  await expect(answer).toHaveAttribute('aria-busy', 'false');
  await expect(answer.locator('.caret')).toHaveCount(0);
  expect(await answer.locator('.md > :first-child').boundingBox()).toEqual(box);
  expect(
    await text.evaluate(
      (node) => node?.isConnected && getSelection()?.anchorNode === node.parentNode,
    ),
  ).toBe(true);
  await expect(widget.answers).toHaveCount(1);
});

test('what an answer says is announced once, when it is whole', async ({ page, blog, widget }) => {
  const chat = await begin(page, blog.url, widget);
  const id = `ai:${chat.question()}`;
  const region = widget.panel.locator('.whole');
  // Everything that any region outside the growing answer has said.
  await region.evaluate((element) => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    new MutationObserver(() => element.textContent && said.push(element.textContent)).observe(
      element,
      { childList: true, characterData: true, subtree: true },
    );
  });
  const said = (): Promise<string[]> =>
    page.evaluate(() => (globalThis as never as { said: string[] }).said);
  chat.write(id, ['One', ' two', ' three', ' four']);
  const answer = widget.answers.last();
  await expect(answer).toContainText('One two three four');
  await expect(answer).toHaveAttribute('aria-live', 'off');
  expect(await said()).toEqual([]);
  chat.store({ id, message: 'One two three four.', answers: [chat.question()] });
  await expect.poll(said).toEqual(['One two three four.']);
  await expect(region).toHaveText('', { timeout: 10_000 });
  await expect(region).toHaveAttribute('role', 'status');
});

test('is drawn once a frame at most, however fast it comes', async ({ page, blog, widget }) => {
  const chat = await begin(page, blog.url, widget);
  const id = `ai:${chat.question()}`;
  chat.write(id, ['Begin ']);
  await expect(widget.answers.last().locator('.caret')).toBeVisible();
  await page.evaluate(() => {
    const counted = { frames: 0, drawings: 0 };
    Object.assign(globalThis, { counted });
    const frame = (): void => {
      counted.frames += 1;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    const list = document
      .querySelector('contact-chat')
      ?.shadowRoot?.querySelector('contact-chat-messages') as unknown as {
      update: (changed: unknown) => void;
    };
    const update = list.update.bind(list);
    list.update = (changed) => {
      counted.drawings += 1;
      update(changed);
    };
  });
  const words = Array.from({ length: 2_000 }, (_, index) => `${index} `);
  chat.write(id, words, 1);
  await expect(widget.answers.last()).toContainText('1998 1999', { timeout: 30_000 });
  const { frames, drawings } = await page.evaluate(
    () => (globalThis as never as { counted: { frames: number; drawings: number } }).counted,
  );
  expect(drawings).toBeGreaterThan(1);
  expect(drawings).toBeLessThanOrEqual(frames + 1);
});

test('follows the reader who is at the end, and leaves alone the one who is not', async ({
  page,
  blog,
  widget,
}) => {
  const chat = await begin(page, blog.url, widget);
  const id = `ai:${chat.question()}`;
  const line = (count: number): string => `${'A line of words. '.repeat(count)}\n\n`;
  const top = (): Promise<number> => widget.log.evaluate((log) => log.scrollTop);
  const fromEnd = (): Promise<number> =>
    widget.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
  chat.write(id, [line(10), line(10), line(10), 'Stop one']);
  const answer = widget.answers.last();
  await expect(answer).toContainText('Stop one');
  // A short answer is seen to its end.
  expect(await fromEnd()).toBeLessThan(50);
  chat.write(id, [line(60), line(60), 'Stop two'], 4);
  await expect(answer).toContainText('Stop two');
  // A long one from its beginning.
  await expect(answer.getByText('Assistant', { exact: true })).toBeInViewport();

  await widget.log.hover();
  await page.mouse.wheel(0, 100_000);
  await expect.poll(fromEnd).toBeLessThan(5);
  chat.write(id, [line(60), 'Stop three'], 7);
  await expect(answer).toContainText('Stop three');
  await expect.poll(fromEnd).toBeLessThan(50);

  await page.mouse.wheel(0, -300);
  await expect.poll(fromEnd).toBeGreaterThan(200);
  const before = await top();
  chat.write(id, [line(60), 'Stop four'], 9);
  await expect(answer).toContainText('Stop four');
  expect(await top()).toBe(before);
  const text = await answer.locator('.text').innerText();
  chat.store({ id, message: `${text}\n\nThe end.`, answers: [chat.question()] });
  await expect(answer).toHaveAttribute('aria-busy', 'false');
  expect(await top()).toBe(before);
});

test('what was begun is given up where the server says so', async ({ page, blog, widget }) => {
  const chat = await begin(page, blog.url, widget);
  const first = chat.question();
  const half = widget.answers.filter({ hasText: 'Half' });
  chat.write(`ai:${first}`, ['Half']);
  await expect(half).toHaveCount(1);

  // One answer for two questions.
  await widget.send('And this?');
  const second = chat.question();
  chat.store({ id: `ai:${second}`, message: 'Both at once', answers: [first, second] });
  await expect(widget.answers.filter({ hasText: 'Both at once' })).toHaveCount(1);
  await expect(half).toHaveCount(0);
  await expect(widget.log.locator('.dots')).toHaveCount(0);
  chat.write(`ai:${first}`, [' late'], 1);
  await expect(widget.answers).toHaveCount(1);

  // The owner takes over.
  await widget.send('Anybody?');
  chat.write(`ai:${chat.question()}`, ['Half again']);
  await expect(half).toHaveCount(1);
  chat.store({ sender: 'owner', message: 'It is me' });
  await expect(widget.fromOwner).toHaveCount(1);
  await expect(half).toHaveCount(1);
  chat.say({ type: 'handler', answering: 'owner' });
  await expect(half).toHaveCount(0);
  chat.say({ type: 'handler', answering: 'assistant' });

  // Begun again at 0, with a piece missing.
  await widget.send('Again?');
  const id = `ai:${chat.question()}`;
  chat.write(id, ['Half old', ' words']);
  await expect(half).toHaveText(/Half old words/);
  chat.write(id, ['Half new']);
  await expect(half).not.toContainText('words');
  chat.write(id, [' never shown'], 2);
  await expect(half).toHaveText(/Half new$/);

  // A new session begins it anew, or brings the whole.
  await chat.cut();
  await expect.poll(() => chat.heard.filter(({ type }) => type === 'hello').length).toBe(2);
  await expect(half).toHaveCount(0);
  chat.write(id, ['Half', ' once more']);
  await expect(half).toHaveText(/Half once more/);
  chat.store({ id, message: 'Whole', answers: [chat.question()] });
  await expect(widget.answers.last()).toContainText('Whole');
  await expect(half).toHaveCount(0);
});

test('an answer whose beginning is missing is awaited, not shown', async ({
  page,
  blog,
  widget,
}) => {
  const chat = await begin(page, blog.url, widget);
  const id = `ai:${chat.question()}`;
  chat.write(id, ['late'], 3);
  await expect(widget.log.locator('.dots')).toBeVisible();
  await expect(widget.answers).toHaveCount(0);
  chat.store({ id, message: 'Whole', answers: [chat.question()] });
  await expect(widget.answers).toHaveCount(1);
});

test('where the visitor wants rest it comes at once, without a caret', async ({
  page,
  blog,
  widget,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const chat = await begin(page, blog.url, widget);
  const id = `ai:${chat.question()}`;
  chat.write(id, ['Begin ']);
  await expect(widget.answers.last()).toContainText('Begin');
  chat.write(id, ['word '.repeat(500)], 1);
  await expect(widget.answers.last()).toContainText('word');
  await expect(widget.answers.last().locator('.caret')).toBeHidden();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in growing and whole answers in ${colorScheme}`, async ({
    page,
    blog,
    widget,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const chat = await begin(page, blog.url, widget);
    const check = async (): Promise<string[]> => {
      const { violations } = await new AxeBuilder({ page }).include('contact-chat').analyze();
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`,
      );
    };
    const text =
      '## T\n\nA *b* **c** ~~d~~ `e` [f](https://e.example/)\n\n- [x] g\n- [ ] h\n\n> i\n\n```ts\n// j\nconst k = "l" + 1;\n```\n\n```json\n{ "m": 2 }\n```\n\n| n | o |\n|---|--:|\n| p | q |\n\n---';
    const id = `ai:${chat.question()}`;
    chat.write(id, [text]);
    await expect(widget.answers.last().locator('table')).toBeVisible();
    expect(await check()).toEqual([]);
    chat.store({
      id,
      message: text,
      answers: [chat.question()],
      citations: [
        { title: 'P › H', url: '/p' },
        { title: 'R', url: '/r' },
      ],
    });
    chat.store({ sender: 'owner', message: text });
    await expect(widget.fromOwner.locator('table')).toBeVisible();
    await widget.log.getByRole('button', { name: 'Helpful', exact: true }).click();
    expect(await check()).toEqual([]);
  });
}
