/** Ten thousand conversations and a thousand visitors who are there: the inbox stays small. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from './browser/console.ts';
import { connectCrowd, seedConversations, type Crowd } from './browser/many-conversations.ts';
import { inWords, whileWatching } from './browser/smoothness.ts';

const stored = 10_000;
const present = 1_000;
/** As many as fit, and a few above and below: whatever the list holds. */
const mostRows = 40;

const test = base.extend<{ dataDir: string; crowd: Crowd }>({
  // oxlint-disable-next-line no-empty-pattern -- how Playwright learns that nothing is needed
  dataDir: async ({}, use) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'contact-chat-many-'));
    await seedConversations(dataDir, stored);
    await use(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  },
  serverEnvironment: async ({ dataDir }, use) =>
    use({ DATA_DIR: dataDir, ANSWERER: 'off', RATE_LIMIT: '100000/1s', DEFAULT_LANG: 'en' }),
  crowd: async ({ server }, use) => {
    const crowd = await connectCrowd(server.wsUrl, present);
    await use(crowd);
    crowd.leave();
  },
});

// Filling the store and the room takes part of it.
test.setTimeout(180_000);

test('10,000 conversations and 1,000 visitors: the list scrolls, finds, and stays as small as ever', async ({
  server,
  crowd,
  inbox,
}) => {
  const { page } = inbox;
  await inbox.logIn(server.url, '#/waiting');
  const scroll = page.locator('inbox-list .scroll');
  const rows = page.locator('inbox-row');
  await expect(inbox.view('Waiting')).toHaveAccessibleName(`Waiting, ${stored + present}`);
  await expect(page.locator('inbox-list')).toContainText(`${present} connected`);
  await expect(rows.first()).toContainText('Here I am');
  await expect(inbox.rows.first()).toHaveAttribute('aria-setsize', String(stored + present));
  expect(await rows.count()).toBeLessThan(mostRows);

  // Meanwhile somebody writes every tenth of a second: whoever does comes to the top.
  let writing = true;
  const chatter = (async () => {
    for (let index = 0; writing; index += 1) {
      await crowd.write(index % present, `And another thing, number ${index}.`);
      await new Promise((done) => setTimeout(done, 100));
    }
  })();

  let most = 0;
  const down = await whileWatching(page, async () => {
    for (let turn = 0; turn < 60; turn += 1) {
      await scroll.evaluate((element) => element.scrollBy(0, 1_500));
      most = Math.max(most, await rows.count());
    }
  });
  console.log(`Scrolled through 1,000 conversations while visitors write: ${inWords(down)}`);
  expect(most).toBeLessThan(mostRows);

  await test.step('to the very end', async () => {
    const last = page.locator(`[role="listitem"][aria-posinset="${stored + present}"]`);
    const toEnd = await whileWatching(page, async () => {
      await expect(async () => {
        await scroll.evaluate((element) => (element.scrollTop = element.scrollHeight));
        await expect(last).toBeVisible({ timeout: 50 });
      }).toPass({ timeout: 90_000, intervals: [10] });
    });
    console.log(`Read all ${stored + present} conversations: ${inWords(toEnd)}`);
    await expect(last).toContainText('Visitor 00000');
    expect(await rows.count()).toBeLessThan(mostRows);
  });

  await test.step('a conversation is opened and answered while they write', async () => {
    await inbox.open('Visitor 00003');
    const typing = await whileWatching(page, async () => {
      await inbox.input.pressSequentially('It is behind the house, beside the old tree.');
    });
    console.log(`Typed a reply with all of them in the list: ${inWords(typing)}`);
    await inbox.input.press('ControlOrMeta+Enter');
    await expect(inbox.said('behind the house')).toContainText('delivered');
    await expect(inbox.view('Mine')).toHaveAccessibleName('Mine, 1');
    expect(await rows.count()).toBeLessThan(mostRows);
  });

  writing = false;
  await chatter;
  await test.step('what comes on top does not move what one looks at', async () => {
    const at = () => inbox.row('Visitor 00002').boundingBox();
    await scroll.evaluate((element) => (element.scrollTop = element.scrollHeight));
    await expect.poll(async () => (await at())?.y ?? 0).toBeGreaterThan(0);
    const before = await at();
    await crowd.write(7, 'I come from far below.');
    await crowd.write(8, 'So do I.');
    await expect(inbox.view('Waiting')).toHaveAccessibleName(`Waiting, ${stored + present - 1}`);
    expect((await at())?.y).toBe(before?.y);
    await scroll.evaluate((element) => (element.scrollTop = 0));
    await expect(rows.first()).toContainText('So do I.');
  });

  await test.step('one among them is found', async () => {
    await inbox.search.fill('question 07421 garden');
    const results = page.locator('inbox-search .row');
    await expect(results).toHaveCount(1);
    await results.click();
    await expect(inbox.conversation.getByRole('heading')).toHaveText('Visitor 07421');
    await expect(inbox.said('Question 07421')).toHaveCount(1);
  });
});
