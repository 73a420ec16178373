import type { Locator, Page } from 'playwright/test';
import { expect, test } from './browser/fixtures.ts';
import { widgetOn } from './browser/widget.ts';

const onlyLetters = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');

/** The first sentence of an answer, as the words it is made of. */
async function firstWords(answer: Locator): Promise<string> {
  const text = await answer.locator('.text p').first().innerText();
  return onlyLetters(text.split(/[.。]\s?/)[0] ?? '');
}

/** Opens the best citation of an answer, and shows that the post says what the answer said. */
async function expectPostSaysIt(page: Page, answer: Locator, sources: string): Promise<string> {
  const said = await firstWords(answer);
  expect(said.length).toBeGreaterThan(10);
  const opened = page.waitForEvent('popup');
  await answer.getByRole('list', { name: sources }).getByRole('link').first().click();
  const post = await opened;
  await expect(post.getByRole('heading', { level: 1 })).toBeVisible();
  expect(onlyLetters(await post.locator('main').innerText())).toContain(said);
  const { pathname, hash } = new URL(post.url());
  if (hash) await expect(post.locator(`[id="${decodeURIComponent(hash.slice(1))}"]`)).toBeVisible();
  await post.close();
  return pathname;
}

test('the four questions in English are answered from posts that say so', async ({
  page,
  server,
  widget,
}) => {
  await page.goto(server.url);
  await widget.open();
  const questions = [
    ['Hello, how is this blog system built?', '/en/how-it-is-built'],
    ['Can you introduce the technology stack?', '/en/tech-stack'],
    ['How do I deploy it to production?', '/en/deploy-to-production'],
    ['Hello, I would like to know about this project', '/en/introduction'],
  ] as const;
  for (const [question, path] of questions) {
    const answer = await widget.ask(question);
    await expect(widget.mine(question).getByText('Sent', { exact: true })).toBeAttached();
    expect(await expectPostSaysIt(page, answer, 'Found in')).toBe(path);
  }
  await expect(widget.own).toHaveCount(4);
  await expect(widget.answers).toHaveCount(4);
});

test('the four questions in Chinese too', async ({ page, server }) => {
  await page.goto(`${server.url}/zh`);
  const widget = widgetOn(page, 'zh');
  await widget.open();
  await expect(widget.panel.getByRole('heading', { name: '问问这个博客' })).toBeVisible();
  const questions = [
    ['你好，这个博客系统是怎么构建的？', '/zh/how-it-is-built'],
    ['能介绍一下使用的技术栈吗？', '/zh/tech-stack'],
    ['如何部署到生产环境？', '/zh/deploy-to-production'],
    ['你好，我想了解这个项目', '/zh/introduction'],
  ] as const;
  for (const [question, path] of questions) {
    const answer = await widget.ask(question);
    await expect(widget.mine(question).getByText('已发送')).toBeAttached();
    expect(await expectPostSaysIt(page, answer, '出处')).toBe(path);
  }
});

test('a question that no post answers gets an honest answer without citations', async ({
  page,
  server,
  widget,
}) => {
  await page.goto(server.url);
  await widget.open();
  const answer = await widget.ask('What is the boiling point of tungsten on Mars?');
  await expect(answer).toContainText('The posts do not cover this.');
  await expect(answer.getByRole('link')).toHaveCount(0);
});

test('every kind of message is shown as what it is', async ({ page, server, owner, widget }) => {
  await page.goto(server.url);
  await widget.open();
  const answer = await widget.ask('How do I deploy it to production?');
  await expect(answer).toContainText('Assistant');
  await expect(answer.locator('time')).toHaveText(/\d{1,2}:\d{2}/);
  await expect(widget.own.first()).toContainText('You: How do I deploy it to production?');
  await expect(widget.own.first().locator('time')).toBeVisible();
  await expect(widget.log.getByRole('separator')).toHaveText('Today');

  await widget.panel.getByRole('button', { name: 'Talk to the owner' }).click();
  await widget.panel.getByRole('textbox', { name: 'Message' }).fill('Please write back.');
  await widget.panel.getByRole('button', { name: 'Send to the owner' }).click();
  const request = widget.mine('Please write back.');
  await expect(request).toContainText('Message to the owner');
  await expect(widget.log).toContainText('Received. The owner will come back to you');

  await owner.replyToVisitor('Gladly.');
  await expect(widget.fromOwner).toHaveCount(1);
  await expect(widget.fromOwner).toContainText('Owner');
  await expect(widget.fromOwner).toContainText('Gladly.');

  expect(await owner.broadcast('Maintenance at noon.')).toBe(1);
  const broadcast = widget.fromOwner.filter({ hasText: 'Maintenance at noon.' });
  await expect(broadcast).toContainText('to everyone');
});

test.describe('where the owner can be notified', () => {
  // Nobody listens there: the notice is owed and tried again, which is all that matters here.
  test.use({ serverEnvironment: { NOTIFY: 'webhook+http://127.0.0.1:9/?secret=not-a-secret' } });

  test('a wish for a person silences the assistant until it is asked back', async ({
    page,
    server,
    owner,
    widget,
  }) => {
    await page.goto(server.url);
    await widget.open();
    await widget.ask('I want to talk to a person');
    await expect(widget.log).toContainText('The assistant is silent now.');
    await expect(widget.input).toHaveAccessibleName('Write to the owner');
    await widget.send('How do I deploy it to production?');

    await widget.panel.getByRole('button', { name: 'Ask the assistant' }).click();
    await expect(widget.log).toContainText('The assistant answers again.');
    await widget.ask('Can you introduce the technology stack?');
    const senders = (await owner.everything()).map(({ sender }) => sender);
    expect(senders.filter((sender) => sender !== 'system')).toEqual([
      ...['visitor', 'assistant'],
      'visitor',
      ...['visitor', 'assistant'],
    ]);
  });
});

test('dots are shown while an answer is awaited, and while the owner writes', async ({
  page,
  server,
  widget,
}) => {
  let tell = (_frame: object): void => undefined;
  let pass = false;
  const heldFrames: (string | Buffer)[] = [];
  await page.routeWebSocket(/\/contact/, (socket) => {
    const upstream = socket.connectToServer();
    tell = (frame) => socket.send(JSON.stringify(frame));
    upstream.onMessage((frame) => {
      const { type, sender } = JSON.parse(String(frame)) as { type: string; sender?: string };
      if (!pass && type === 'chat_message' && sender === 'assistant') heldFrames.push(frame);
      else socket.send(frame);
    });
  });
  await page.goto(server.url);
  await widget.open();
  await widget.send('How do I deploy it to production?');
  await expect(widget.log.getByText('Assistant is writing…')).toBeAttached();
  await expect.poll(() => heldFrames.length).toBe(1);
  pass = true;
  tell(JSON.parse(String(heldFrames[0])) as object);
  await expect(widget.answers).toHaveCount(1);
  await expect(widget.log.getByText('Assistant is writing…')).toHaveCount(0);

  tell({ type: 'typing', active: true, sender: 'owner' });
  await expect(widget.log.getByText('Owner is writing…')).toBeAttached();
  tell({ type: 'typing', active: false, sender: 'owner' });
  await expect(widget.log.getByText('Owner is writing…')).toHaveCount(0);
});
