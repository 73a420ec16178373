/** For everybody: keyboard alone, screen readers, phones, Chinese; and by the page's own policy. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { expect, hashOfOnly, inboxOn, ownerToken, test } from './browser/console.ts';
import { everyScreen } from './browser/console-screens.ts';
import { widgetOn } from './browser/widget.ts';

// Axe looks at twenty screens.
test.setTimeout(300_000);

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** What axe finds of consequence. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

for (const { name, isPhone } of [
  { name: 'on a desk', isPhone: false },
  { name: 'on a phone', isPhone: true },
]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`every screen ${name} in ${colorScheme}: axe finds nothing serious, the policy nothing to refuse`, async ({
      newBrowser,
      visitor,
      owner,
      server,
    }) => {
      const page = await newBrowser(isPhone ? phone : {});
      // Colours are measured at rest.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const refused: string[] = [];
      const foreign: string[] = [];
      await page.exposeFunction('tellRefused', (what: string) => void refused.push(what));
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          const { tellRefused } = window as never as { tellRefused(what: string): void };
          tellRefused(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
        });
      });
      const { host } = new URL(server.url);
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol !== 'data:' && url.host !== host) foreign.push(request.url());
      });
      page.on('websocket', (socket) => {
        if (new URL(socket.url()).host !== host) foreign.push(socket.url());
      });
      const inbox = inboxOn(page);
      const scene = { inbox, visitor, owner, url: server.url };
      const found: Record<string, string[]> = {};
      await everyScreen(scene, isPhone, async (screen) => {
        const serious = await violations(page);
        if (serious.length > 0) found[screen] = serious;
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wide, `${screen} does not scroll sideways`).toBeLessThanOrEqual(0);
      });
      expect(found).toEqual({});
      expect(refused).toEqual([]);
      expect(foreign).toEqual([]);
    });
  }
}

test('with the keyboard alone: find who waits, take over, answer, note, hand back, done', async ({
  inbox,
  server,
  visitor,
}) => {
  const { page } = inbox;
  const { keyboard } = page;
  await visitor.widget.ask('Which shoes do you wear on Sundays?');
  await page.goto(`${server.url}/console`);
  await expect(inbox.token).toBeFocused();
  await keyboard.type(ownerToken);
  await keyboard.press('Enter');
  await expect(inbox.rows).toHaveCount(1);
  await keyboard.press('j');
  await expect(inbox.said('Which shoes')).toHaveCount(1);
  await keyboard.press('t');
  await expect(inbox.conversation).toContainText('you answer');
  await keyboard.press('r');
  await expect(inbox.input).toBeFocused();
  // A letter that is typed is no shortcut.
  await keyboard.type('tennis shoes, just now.');
  await keyboard.press('ControlOrMeta+Enter');
  await expect(visitor.widget.fromOwner).toContainText('tennis shoes, just now.');
  await expect(inbox.conversation).toContainText('you answer');
  await keyboard.press('Escape');
  await keyboard.press('n');
  await keyboard.type('Asks about shoes.');
  await keyboard.press('ControlOrMeta+Enter');
  await expect(inbox.said('Asks about shoes.')).toHaveCount(1);
  await keyboard.press('Escape');
  await expect(inbox.input).not.toBeFocused();
  await keyboard.press('t');
  await expect(inbox.conversation).toContainText('the assistant answers');
  await keyboard.press('e');
  await expect(inbox.act('Reopen')).toBeVisible();
  await keyboard.press('4');
  await expect(inbox.view('Done')).toHaveAttribute('aria-current', 'page');
  await expect(inbox.rows).toHaveCount(1);

  // By Tab alone: the row, and what can be done with it.
  await inbox.view('Done').focus();
  await keyboard.press('Tab');
  await expect(inbox.rows.getByRole('link')).toBeFocused();
  await keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/c\//);
  for (let presses = 0; presses < 12; presses += 1) {
    if (await inbox.act('Reopen').evaluate((button) => button.matches(':focus'))) break;
    await keyboard.press('Tab');
  }
  await expect(inbox.act('Reopen')).toBeFocused();
  await keyboard.press('Enter');
  await expect(inbox.act('Done')).toBeVisible();
  await keyboard.press('/');
  await expect(inbox.search).toBeFocused();
  await keyboard.press('Escape');
});

test('keys do nothing to what lies behind a dialog', async ({ inbox, server, visitor, owner }) => {
  await visitor.widget.ask('Which shoes do you wear on Sundays?');
  await inbox.logIn(server.url, await hashOfOnly(owner));
  const { keyboard } = inbox.page;
  await inbox.page.getByRole('button', { name: 'Message to everyone' }).click();
  const dialog = inbox.dialog('Message to everyone');
  await keyboard.type('The blog moves.');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await expect(dialog).toContainText('This goes to 1 visitor now.');
  await expect(dialog.getByRole('group', { name: 'Preview' })).toBeFocused();
  // Even where nothing has the focus.
  await inbox.page.evaluate(() => {
    let focused = document.activeElement;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    if (focused instanceof HTMLElement) focused.blur();
  });
  for (const key of ['t', 'e', '4', 'j']) await keyboard.press(key);
  await keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(inbox.act('Take over')).toBeVisible();
  await expect(inbox.act('Done')).toBeVisible();
  await expect(inbox.view('Done')).not.toHaveAttribute('aria-current', 'page');
});

test('on a phone there is one pane at a time, and a way back', async ({
  newBrowser,
  server,
  visitor,
}) => {
  await visitor.widget.ask('Which shoes do you wear on Sundays?');
  const page = await newBrowser(phone);
  const inbox = inboxOn(page);
  await inbox.logIn(server.url);
  await expect(inbox.rows).toHaveCount(1);
  await expect(inbox.conversation).toBeHidden();
  await inbox.rows.getByRole('link').tap();
  await expect(inbox.input).toBeVisible();
  await expect(inbox.search).toBeHidden();
  await expect(inbox.visitor).toBeHidden();
  await inbox.input.fill('Brown ones.');
  await inbox.composer.getByRole('button', { name: 'Send' }).tap();
  await expect(visitor.widget.fromOwner).toContainText('Brown ones.');
  await inbox.conversation.getByRole('button', { name: 'About the visitor' }).tap();
  await expect(inbox.visitor).toContainText('A plain page');
  await inbox.visitor.getByRole('button', { name: 'Close' }).tap();
  await expect(inbox.visitor).toBeHidden();
  await inbox.conversation.getByRole('button', { name: 'Back to the list' }).tap();
  await expect(inbox.search).toBeVisible();
  await expect(inbox.conversation).toBeHidden();
  await inbox.view('Mine').tap();
  await inbox.rows.getByRole('link').tap();
  await expect(inbox.input).toBeVisible();
  await page.goBack();
  await expect(inbox.search).toBeVisible();
  // The field is not so small that iOS zooms in on it.
  await inbox.rows.getByRole('link').tap();
  const size = await inbox.input.evaluate((field) => parseFloat(getComputedStyle(field).fontSize));
  expect(size).toBeGreaterThanOrEqual(16);
});

test('in Chinese from the log-in to the answer', async ({ newBrowser, blog, server }) => {
  const away = await newBrowser({ locale: 'zh-CN' });
  await away.goto(`${blog.url}/chinese`);
  const widget = widgetOn(away, 'zh');
  await widget.open();
  await widget.say('我想联系博主');
  await expect(widget.own).toHaveCount(1);
  const inbox = inboxOn(await newBrowser({ locale: 'zh-CN' }), 'zh');
  await inbox.logIn(server.url);
  await expect(inbox.page).toHaveTitle(/收件箱/);
  await expect(inbox.page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await inbox.rows.getByRole('link').click();
  await expect(inbox.said('我想联系博主')).toHaveCount(1);
  await inbox.reply('你好，我在。');
  await expect(widget.fromOwner).toContainText('你好，我在。');
  await expect(inbox.said('你好，我在。')).toContainText(/已送达|已读/);
  // No English is left over, besides names.
  const text = await inbox.page.locator('inbox-app').innerText();
  const latin = text.match(/[A-Za-z]{4,}/g) ?? [];
  expect(latin.filter((word) => !/^(Chrome|Windows|Linux|Ctrl|[A-Z0-9]{4})$/.test(word))).toEqual(
    [],
  );
});
