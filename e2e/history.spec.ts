import { expect, test } from './browser/fixtures.ts';
import { widgetOn } from './browser/widget.ts';

test('reloading shows the conversation as it was', async ({ page, blog, owner, widget }) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('How do I deploy it to production?');
  await owner.replyToVisitor('Ask me if it does not work.');
  await expect(widget.fromOwner).toHaveCount(1);
  const shown = async (): Promise<string[]> => widget.log.locator('.message .text').allInnerTexts();
  const before = await shown();
  await page.reload();
  await widget.open();
  await expect(widget.fromOwner).toHaveCount(1);
  expect(await shown()).toEqual(before);
  await expect(widget.citations.first()).toBeVisible();
  expect(await owner.conversations()).toHaveLength(1);
});

test.describe('a long conversation', () => {
  test.use({ serverEnvironment: { RATE_LIMIT: '1000/1s', ANSWERER: 'off' } });

  test('shows its newest 50 messages, and earlier ones when asked', async ({
    page,
    blog,
    owner,
    widget,
  }) => {
    await page.goto(`${blog.url}/plain`);
    await widget.open();
    for (const [from, to] of [
      [1, 60],
      [61, 120],
    ] as const) {
      await widget.host.evaluate(
        (element, [first, last]) => {
          const chat = element as never as { send(text: string): void };
          for (let count = first; count <= last; count += 1) chat.send(`Message number ${count}.`);
        },
        [from, to] as const,
      );
      await expect.poll(async () => (await owner.everything()).length).toBe(to);
    }
    await page.reload();
    await widget.open();
    await expect(widget.own).toHaveCount(50);
    await expect(widget.own.first()).toContainText('Message number 71.');
    await expect(widget.own.last()).toBeInViewport();

    const earlier = widget.log.getByRole('button', { name: 'Earlier messages' });
    await earlier.scrollIntoViewIfNeeded();
    // Nobody clicks before the frame in which the button came into view is drawn.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
    await earlier.click();
    await expect(widget.own).toHaveCount(100);
    // The reader stays where they were.
    await expect(widget.mine('Message number 71.')).toBeInViewport();
    await earlier.click();
    await expect(widget.own).toHaveCount(120);
    await expect(earlier).toHaveCount(0);
    const texts = await widget.own.locator('.text').allInnerTexts();
    expect(texts).toEqual(
      Array.from({ length: 120 }, (_none, index) => `Message number ${index + 1}.`),
    );
  });
});

test('erasing asks, and then leaves nothing anywhere', async ({
  page,
  context,
  blog,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  await widget.input.fill('A draft');
  const second = await context.newPage();
  await second.goto(`${blog.url}/plain`);
  const other = widgetOn(second);
  await other.open();
  await expect(other.mine('Hello')).toBeVisible();
  const device = (): Promise<string[]> => page.evaluate(() => Object.keys(localStorage));
  await widget.log.getByRole('button', { name: 'Helpful', exact: true }).click();
  expect(await device()).toEqual(['contact-chat:verdicts']);

  const eraseIn = async (answer: string): Promise<void> => {
    await widget.panel.getByLabel('More', { exact: true }).click();
    await widget.panel.getByRole('button', { name: 'Erase my messages' }).click();
    await expect(widget.panel.getByText('This cannot be undone.')).toBeVisible();
    await widget.panel.getByRole('button', { name: answer, exact: true }).click();
  };
  await eraseIn('Keep them');
  await expect(widget.mine('Hello')).toBeVisible();
  await eraseIn('Erase');

  for (const each of [widget, other]) {
    await expect(each.log).toContainText('Your messages were erased.');
    await expect(each.own).toHaveCount(0);
    await expect(each.input).toHaveValue('');
  }
  expect(await owner.conversations()).toEqual([]);
  await expect.poll(() => page.evaluate(() => indexedDB.databases())).toEqual([]);
  await expect.poll(device).toEqual([]);

  await widget.send('A new beginning');
  expect(await owner.conversations()).toHaveLength(1);
});
