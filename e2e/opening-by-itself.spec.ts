import { expect, test } from './browser/fixtures.ts';

// A trace looks into the page, and that counts as an act of the visitor.
test.use({ trace: 'off' });

test('what opens by itself takes neither the focus nor the scroll position', async ({
  page,
  blog,
}) => {
  // Reported by the page, unasked: whatever a test asks counts as an act of the visitor.
  await page.addInitScript(() => {
    document.addEventListener('contact-chat:status', (event) => {
      if ((event as CustomEvent<{ status: string }>).detail.status !== 'online') return;
      const free = document.activeElement === document.body;
      console.log(`online, focus ${free ? 'free' : 'taken'}, scrolled ${scrollY}`);
    });
  });
  const report = page.waitForEvent('console', (message) => message.text().startsWith('online'));
  await page.goto(`${blog.url}/queue`, { waitUntil: 'commit' });
  expect((await report).text()).toBe('online, focus free, scrolled 0');
  await expect(page.locator('contact-chat').getByRole('textbox')).toBeVisible();
});
