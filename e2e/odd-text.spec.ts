import { expect, test } from './browser/fixtures.ts';

test('addresses become links that tell the other side nothing', async ({
  page,
  blog,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.send('Hello');
  await owner.replyToVisitor('See https://example.com/a_(b)?c=1#d, and (https://example.org).');
  const links = widget.fromOwner.getByRole('link');
  await expect(links).toHaveCount(2);
  await expect(links.first()).toHaveAttribute('href', 'https://example.com/a_(b)?c=1#d');
  await expect(links.last()).toHaveAttribute('href', 'https://example.org/');
  for (const link of await links.all()) {
    await expect(link).toHaveAttribute('rel', /noopener/);
    await expect(link).toHaveAttribute('target', '_blank');
  }
});

test('long words, other scripts and control characters break nothing', async ({
  page,
  blog,
  owner,
  widget,
}) => {
  const word = 'Donaudampfschiff'.repeat(250);
  const override = 'file \u202Egnp.exe and on';
  const family = '👨‍👩‍👧‍👦'.repeat(100);
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  for (const text of [word, override, family, 'שלום, מה שלומך?', 'a\u0000b\u0007c']) {
    await widget.say(text);
  }
  await expect(widget.own).toHaveCount(5);
  await expect
    .poll(async () =>
      (await owner.everything()).flatMap(({ sender, message }) =>
        sender === 'visitor' ? message.length : [],
      ),
    )
    .toHaveLength(5);
  const [first] = await owner.everything();
  expect(first?.message).toBe(word);

  const sizes = await widget.log.evaluate(({ scrollWidth, clientWidth }) => [
    scrollWidth,
    clientWidth,
  ]);
  expect(sizes[0]).toBeLessThanOrEqual(sizes[1] ?? 0);
  const panel = await widget.panel.boundingBox();
  for (const bubble of await widget.own.locator('.bubble').all()) {
    const box = await bubble.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(panel?.x ?? 0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(
      (panel?.x ?? 0) + (panel?.width ?? 0),
    );
  }
  // An override in a message turns nothing outside it around.
  const time = widget.own.locator('time').last();
  await expect(time).toHaveText(/^\d{1,2}:\d{2}/);
  await expect(widget.mine('שלום').locator('.text')).toHaveAttribute('dir', 'auto');
});
