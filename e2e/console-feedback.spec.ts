/** What visitors think of answers, in the open inbox. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { expect, hashOfOnly, inboxOn, test, type Inbox } from './browser/console.ts';
import { chat, connectHello, type WsClient } from './server/ws-client.ts';

test.use({ serverEnvironment: { RATE_LIMIT: '1000/10s' } });

/** A visitor who has been told something that no post says, and something that one does. */
async function asked(wsUrl: string): Promise<WsClient> {
  const { client } = await connectHello(wsUrl, { lang: 'en' });
  client.send(chat('How do I deploy it to production?', 'deploy'));
  await client.until('chat_message', ({ in_reply_to: to }) => to === 'deploy');
  client.send(chat('Which shoes do you wear on Sundays?', 'shoes'));
  await client.until('chat_message', ({ in_reply_to: to }) => to === 'shoes');
  return client;
}

const rate = (client: WsClient, question: string, value: 'up' | 'down'): void =>
  client.send({ type: 'feedback', id: `ai:${question}`, value });

const answerTo = (inbox: Inbox, question: 'deploy' | 'shoes') =>
  inbox.log.locator(question === 'deploy' ? '[data-seq="2"]' : '[data-seq="4"]');

/** What axe finds of consequence. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

const answersButton = (page: Page) =>
  page.getByRole('button', { name: 'Answers of the assistant' });

test('a rating stands at the answer at once, and stays', async ({ inbox, server, owner }) => {
  const visitor = await asked(server.wsUrl);
  await inbox.logIn(server.url, await hashOfOnly(owner));
  const answer = answerTo(inbox, 'deploy');
  await expect(answer).toContainText('Assistant');
  await expect(answer).not.toContainText('elpful');
  // What no post says is marked without anybody rating it.
  await expect(answerTo(inbox, 'shoes')).toContainText('Not in your posts');
  await expect(answer).not.toContainText('Not in your posts');

  rate(visitor, 'deploy', 'down');
  await expect(answer).toContainText('The visitor found this: Not helpful');
  await expect(inbox.rows).toContainText('Rated not helpful');
  rate(visitor, 'deploy', 'up');
  await expect(answer).toContainText('The visitor found this: Helpful');
  await expect(inbox.rows).not.toContainText('Rated not helpful');
  rate(visitor, 'deploy', 'down');
  await expect(answer).toContainText('Not helpful');

  await inbox.page.reload();
  await expect(answer).toContainText('Not helpful');
  await server.restart();
  await expect(inbox.page.getByText('reconnecting')).toBeHidden();
  await expect(answer).toContainText('Not helpful');
  await inbox.page.reload();
  await expect(answer).toContainText('Not helpful');
  await expect(inbox.rows).toContainText('Rated not helpful');
  visitor.terminate();
});

test('a rating that was given while the line was cut is there when it stands again', async ({
  inbox,
  server,
  owner,
}) => {
  const visitor = await asked(server.wsUrl);
  const other = await connectHello(server.wsUrl, { lang: 'en' });
  await inbox.logIn(server.url, await hashOfOnly(owner));
  const [answer, unsure] = [answerTo(inbox, 'deploy'), answerTo(inbox, 'shoes')];
  await expect(unsure).toContainText('Not in your posts');
  other.client.send(chat('hello', 'hello'));
  await expect(inbox.page.locator('nav.views')).toContainText('Waiting');
  await inbox.view('Assistant').click();
  await inbox.row('hello').getByRole('link').click();
  await expect(inbox.said('hello').first()).toBeVisible();

  // Neither the one that is looked at, nor one that is kept from before.
  await inbox.page.context().setOffline(true);
  await expect(inbox.page.getByText('No network.')).toBeVisible();
  rate(visitor, 'deploy', 'up');
  rate(visitor, 'shoes', 'down');
  rate(other.client, 'hello', 'up');
  await expect
    .poll(async () => (await owner.everything()).filter((one) => 'feedback' in one).length)
    .toBe(3);
  await inbox.page.context().setOffline(false);
  await expect(inbox.log.locator('[data-seq="2"]')).toContainText('Helpful');
  await inbox.page.goBack();
  await inbox.page.goBack();
  await expect(answer).toContainText('Helpful');
  await expect(unsure).toContainText('Not helpful');
  visitor.terminate();
  other.client.terminate();
});

test('an answer that does not stand under its question says which one was rated', async ({
  inbox,
  server,
  owner,
}) => {
  const visitor = await asked(server.wsUrl);
  // As where both questions came before the first answer.
  await inbox.page.route('**/messages?*', async (route) => {
    const response = await route.fetch();
    const { messages, more } = (await response.json()) as { messages: object[]; more: boolean };
    const moved = messages.map((one) =>
      'in_reply_to' in one && one.in_reply_to === 'shoes' ? { ...one, in_reply_to: 'deploy' } : one,
    );
    await route.fulfill({ json: { messages: moved, more } });
  });
  await inbox.logIn(server.url, await hashOfOnly(owner));
  rate(visitor, 'deploy', 'up');
  rate(visitor, 'shoes', 'down');
  await expect(answerTo(inbox, 'shoes').locator('q')).toHaveText(
    'How do I deploy it to production?',
  );
  await expect(answerTo(inbox, 'deploy')).toContainText('Helpful');
  await expect(answerTo(inbox, 'deploy').locator('q')).toHaveCount(0);
  visitor.terminate();
});

test('the answers are listed by what was thought of them, and lead to their place', async ({
  inbox,
  server,
}) => {
  const { page } = inbox;
  await inbox.logIn(server.url);
  await answersButton(page).click();
  const dialog = inbox.dialog('Answers of the assistant');
  await expect(dialog).toContainText('No visitor has rated an answer as not helpful.');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(answersButton(page)).toBeFocused();

  const visitor = await asked(server.wsUrl);
  rate(visitor, 'deploy', 'down');
  rate(visitor, 'shoes', 'up');
  await inbox.view('Assistant').click();
  await expect(inbox.view('Waiting')).toHaveAccessibleName('Waiting, 1');
  await answersButton(page).press('Enter');
  const items = dialog.getByRole('listitem');
  await expect(items).toHaveCount(1);
  await expect(items).toContainText('How do I deploy it to production?');
  await expect(dialog.getByRole('radio', { name: 'Not helpful 1' })).toBeChecked();
  // By the keyboard alone: the lists, then the answer.
  await dialog.getByRole('radio', { name: 'Not helpful 1' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(dialog.getByRole('radio', { name: 'Not in your posts 1' })).toBeChecked();
  await expect(items).toContainText('Which shoes do you wear on Sundays?');
  await expect(items).toContainText('Helpful');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(answerTo(inbox, 'shoes')).toBeInViewport();
  await expect(page).toHaveURL(/#\/c\/.+\/4$/);
  visitor.terminate();
});

test('more answers than a page come page by page, and a failure says so', async ({
  inbox,
  server,
}) => {
  const { page } = inbox;
  const { client } = await connectHello(server.wsUrl, { lang: 'en' });
  for (let at = 1; at <= 23; at += 1) {
    client.send(chat(`Which shoes do you wear on day ${at}?`, `q${at}`));
    await client.until('chat_message', ({ in_reply_to: to }) => to === `q${at}`);
    rate(client, `q${at}`, 'down');
  }
  await inbox.logIn(server.url);
  await page.route('**/api/answers*', (route) => route.fulfill({ status: 500, json: {} }));
  await answersButton(page).click();
  const dialog = inbox.dialog('Answers of the assistant');
  await expect(dialog.getByRole('alert')).toContainText('Something went wrong on the server.');
  await page.unroute('**/api/answers*');
  await dialog.getByRole('button', { name: 'Try again' }).click();
  const items = dialog.getByRole('listitem');
  await expect(items).toHaveCount(20);
  await expect(items.first()).toContainText('on day 23?');
  await dialog.getByRole('button', { name: 'Show more' }).click();
  await expect(items).toHaveCount(23);
  await expect(items.last()).toContainText('on day 1?');
  await expect(dialog.getByRole('button', { name: 'Show more' })).toBeHidden();
  client.terminate();
});

test('the settings say who answers, and what a language model cost', async ({ inbox, server }) => {
  const { page } = inbox;
  await inbox.logIn(server.url);
  const open = async () => page.getByRole('button', { name: 'Settings' }).first().click();
  const assistant = inbox.dialog('Settings').getByRole('region', { name: 'Assistant' });
  await open();
  await expect(assistant).toContainText('It answers from your posts, without a language model.');
  await page.keyboard.press('Escape');
  // It is read anew whenever the settings are opened.
  const usage = { model: 'small-1', tokens_today: 12_340, guarded_today: 3 };
  const state = { name: 'openai', description: '9 posts', ready: true };
  await page.route('**/api/answerer', (route) =>
    route.fulfill({ json: { ...state, usage: { ...usage, tokens_per_day: 500_000 } } }),
  );
  await open();
  await expect(assistant).toContainText(
    'Language model (small-1): 12,340 of 500,000 tokens today · 3 answers without it',
  );
  await page.keyboard.press('Escape');
  await page.unroute('**/api/answerer');
  await page.route('**/api/answerer', (route) =>
    route.fulfill({ json: { ...state, ready: false, usage: { ...usage, guarded_today: 0 } } }),
  );
  await open();
  await expect(assistant).toContainText('12,340 tokens today, without a limit');
  await expect(assistant).toContainText('It cannot answer just now.');
  await expect(assistant).not.toContainText('without it');
  await page.keyboard.press('Escape');
  await page.unroute('**/api/answerer');
  await server.restart({ ANSWERER: 'off' });
  await open();
  await expect(assistant).toContainText('No assistant answers here');
});

for (const [name, options] of [
  ['in the dark', { colorScheme: 'dark' }],
  ['on a phone', { viewport: { width: 375, height: 667 }, hasTouch: true, isMobile: true }],
] as const) {
  test(`ratings and their list fit ${name}, in Chinese too`, async ({
    newBrowser,
    server,
    owner,
  }, testInfo) => {
    const visitor = await asked(server.wsUrl);
    rate(visitor, 'deploy', 'up');
    rate(visitor, 'shoes', 'down');
    const rest = { locale: 'zh-CN', reducedMotion: 'reduce' } as const;
    const page = await newBrowser({ ...options, ...rest });
    const inbox = inboxOn(page, 'zh');
    await inbox.logIn(server.url, '#/waiting');
    await expect(inbox.rows).toContainText('评为没有帮助');
    await page.screenshot({ path: testInfo.outputPath('list.png'), animations: 'disabled' });
    await page.getByRole('button', { name: '助手的回答' }).click();
    const dialog = inbox.dialog('助手的回答');
    await expect(dialog.getByRole('listitem')).toHaveCount(1);
    await page.screenshot({ path: testInfo.outputPath('answers.png'), animations: 'disabled' });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(
      true,
    );
    await dialog.getByRole('link').click();
    await expect(page).toHaveURL(new RegExp(`${await hashOfOnly(owner)}/4$`));
    await expect(answerTo(inbox, 'shoes')).toContainText('访客评价： 没有帮助');
    // Only the messages have moved.
    await expect(inbox.conversation.locator('header')).toBeInViewport({ ratio: 1 });
    await expect(inbox.composer).toBeInViewport({ ratio: 1 });
    await expect(answerTo(inbox, 'shoes')).toContainText('文章中没有');
    await expect(answerTo(inbox, 'deploy')).toContainText('有帮助');
    await page.screenshot({ path: testInfo.outputPath('talk.png'), animations: 'disabled' });
    expect(await violations(page)).toEqual([]);
    visitor.terminate();
  });
}
