import { expect, test } from './browser/fixtures.ts';
import { scriptChat } from './browser/scripted-chat.ts';

test('thumbs say what an answer was worth, also when the line comes back', async ({
  page,
  blog,
  widget,
}) => {
  const chat = await scriptChat(page);
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.send('One?');
  const { id } = chat.store({ id: `ai:${chat.question()}`, message: 'Plain answer' });
  chat.store({ sender: 'system', message: 'A notice' });
  chat.store({ sender: 'owner', message: 'The owner' });
  await expect(widget.fromOwner).toHaveCount(1);
  const up = widget.log.getByRole('button', { name: 'Helpful', exact: true });
  const down = widget.log.getByRole('button', { name: 'Not helpful' });
  await expect(up).toHaveCount(1);
  await expect(up).toHaveAttribute('aria-pressed', 'false');
  const given = (): unknown[] => chat.heard.filter(({ type }) => type === 'feedback');
  await up.click();
  await expect(up).toHaveAttribute('aria-pressed', 'true');
  await expect(widget.log.getByRole('status').filter({ hasText: 'Thanks' })).toBeVisible();
  expect(given()).toEqual([{ type: 'feedback', id, value: 'up' }]);
  await up.click();
  expect(given()).toHaveLength(1);

  chat.reachable = false;
  await chat.cut();
  await expect(widget.panel).toContainText('Connection lost');
  await down.click();
  await expect(down).toHaveAttribute('aria-pressed', 'true');
  await expect(up).toHaveAttribute('aria-pressed', 'false');
  expect(given()).toHaveLength(1);
  chat.reachable = true;
  await expect.poll(given, { timeout: 30_000 }).toHaveLength(2);
  expect(given()[1]).toEqual({ type: 'feedback', id, value: 'down' });

  // It stays said, on the page and after it, and is not said again.
  await widget.close();
  await widget.open();
  await expect(down).toHaveAttribute('aria-pressed', 'true');
  await page.reload();
  await widget.open();
  await expect(down).toHaveAttribute('aria-pressed', 'true');
  await expect(up).toHaveAttribute('aria-pressed', 'false');
  expect(given()).toHaveLength(2);
  const boxes = await Promise.all([up, down].map((one) => one.boundingBox()));
  for (const box of boxes) expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBe(44);
});

test('thumbs are quiet: seen on the newest answer, and where the pointer or the focus is', async ({
  page,
  blog,
  widget,
}) => {
  const chat = await scriptChat(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  for (const nth of [1, 2]) {
    await widget.send(`Question ${nth}?`);
    chat.store({ message: `Answer ${nth}` });
  }
  const thumbs = widget.log.getByRole('group', { name: 'Was this answer helpful?' });
  await expect(thumbs).toHaveCount(2);
  await page.mouse.move(0, 0);
  await expect(thumbs.first()).toHaveCSS('opacity', '0');
  await expect(thumbs.last()).toHaveCSS('opacity', '1');
  await widget.answers.first().hover();
  await expect(thumbs.first()).toHaveCSS('opacity', '1');
  await page.mouse.move(0, 0);
  await expect(thumbs.first()).toHaveCSS('opacity', '0');
  await thumbs.first().getByRole('button').first().focus();
  await expect(thumbs.first()).toHaveCSS('opacity', '1');
});

test('citations say post and heading, and what else to see', async ({ page, blog, widget }) => {
  const chat = await scriptChat(page);
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.send('Where?');
  const citations = ['Post › Heading', 'Other', 'Third › A › B'].map((title, nth) => ({
    title,
    url: `/posts/${nth}`,
  }));
  chat.store({ message: 'There', citations });
  await expect(widget.citations).toHaveCount(3);
  await expect(widget.citations.first()).toContainText(/Post\s*Heading/);
  const labels = await widget.log
    .locator('.cards li')
    .evaluateAll((items) => items.map((item) => getComputedStyle(item, '::before').content));
  expect(labels.map((label) => label.replaceAll('"', ''))).toEqual(['none', 'Also see', 'none']);
});
