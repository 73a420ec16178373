import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { expect, test } from './browser/fixtures.ts';

test('everything can be done with the keyboard alone', async ({ page, blog, owner, widget }) => {
  await page.goto(`${blog.url}/plain`);
  await widget.launcher.waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(widget.launcher).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(widget.input).toBeFocused();

  await page.keyboard.type('first line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await expect(widget.own).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(widget.mine('first line').getByText('Sent', { exact: true })).toBeAttached();
  const [stored] = await owner.everything();
  expect(stored?.message).toBe('first line\nsecond line');

  // From the input on: send, talk to the owner, the launcher; backwards to the header.
  await page.keyboard.press('Tab');
  await expect(widget.sendButton).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(widget.panel.getByRole('button', { name: 'Talk to the owner' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(widget.hide).toBeFocused();
  await widget.panel.getByLabel('More', { exact: true }).focus();
  await page.keyboard.press('Tab');
  await expect(widget.panel.getByRole('button', { name: 'Close chat' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(widget.log).toBeFocused();

  await page.keyboard.press('Escape');
  await expect(widget.panel).toBeHidden();
  await expect(widget.launcher).toBeFocused();
  await page.keyboard.press('Space');
  await expect(widget.input).toBeFocused();
});

test('Escape closes the menu first, then the question, then the panel', async ({
  page,
  blog,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  const menu = widget.panel.getByLabel('More', { exact: true });
  const erase = widget.panel.getByRole('button', { name: 'Erase my messages' });
  await menu.focus();
  await page.keyboard.press('Enter');
  await expect(erase).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(erase).toBeHidden();
  await expect(menu).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(erase).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(widget.panel.getByText('This cannot be undone.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(widget.panel.getByText('This cannot be undone.')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(widget.panel).toBeHidden();
});

test('Enter that chooses a word of an input method sends nothing', async ({
  page,
  blog,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  const browser = await page.context().newCDPSession(page);
  await browser.send('Input.imeSetComposition', {
    text: '你好',
    selectionStart: 2,
    selectionEnd: 2,
  });
  await expect(widget.input).toHaveValue('你好');
  await page.keyboard.press('Enter');
  await expect(widget.own).toHaveCount(0);
  await browser.send('Input.insertText', { text: '你好' });
  await expect(widget.input).toHaveValue(/你好/);
  await expect(widget.own).toHaveCount(0);

  // Safari ends the composition first, and tells it by the key code alone.
  await widget.input.evaluate((input) => {
    const init = { key: 'Enter', keyCode: 229, bubbles: true, composed: true, cancelable: true };
    input.dispatchEvent(new KeyboardEvent('keydown', init));
  });
  await expect(widget.own).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(widget.own).toHaveCount(1);
});

/** What axe finds of consequence. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).include('contact-chat').analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in ${colorScheme}`, async ({ page, blog, owner, widget }) => {
    // Colours are measured at rest.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(`${blog.url}/plain`);
    await widget.launcher.waitFor();
    expect(await violations(page)).toEqual([]);
    await widget.open();
    await expect(widget.panel).toContainText(/assistant answers/i);
    expect(await violations(page)).toEqual([]);

    await widget.ask('How do I deploy it to production?');
    await owner.replyToVisitor('With `code`, and https://example.com to read.');
    await owner.broadcast('To everyone.');
    await expect(widget.fromOwner).toHaveCount(2);
    await widget.host.evaluate((element, text) => {
      (element as never as { send(message: string): void }).send(text);
    }, 'x'.repeat(4001));
    await expect(widget.log).toContainText('Not sent');
    expect(await violations(page)).toEqual([]);

    await widget.panel.getByRole('button', { name: /Talk to the owner|Ask the assistant/ }).click();
    if (await widget.panel.getByRole('textbox', { name: 'E-mail' }).isVisible()) {
      await widget.panel.getByRole('button', { name: 'Send to the owner' }).click();
      await expect(widget.panel.getByRole('alert')).toBeVisible();
      expect(await violations(page)).toEqual([]);
    }
  });
}

test('new messages are announced, history is not', async ({ page, blog, widget }) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await expect(widget.log).toHaveAttribute('aria-live', 'polite');
  await widget.ask('Hello');
  await expect(widget.panel).toHaveAccessibleName('Ask this blog');
  await expect(widget.panel.getByRole('status').first()).toBeAttached();
});
