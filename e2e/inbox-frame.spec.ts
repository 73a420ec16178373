/** The inbox's frame: the log-in, settings, search, canned replies, messages to everyone. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { expect, test } from './browser/fixtures.ts';
import { ownerToken } from './browser/owner.ts';
import { widgetOn } from './browser/widget.ts';

const tokenField = (page: Page) => page.getByLabel('Owner token', { exact: true });

async function logIn(page: Page, url: string, hash = ''): Promise<void> {
  await page.goto(`${url}/console${hash}`);
  await tokenField(page).fill(ownerToken);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('searchbox', { name: 'Search everything' })).toBeVisible();
}

/** What axe finds of consequence. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

test('one logs in once, and out again', async ({ page, server }) => {
  await page.goto(`${server.url}/console#/done`);
  await expect(tokenField(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Please enter the token.');
  await tokenField(page).fill('not the token');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('This token is not right.');
  await page.getByRole('button', { name: 'Show token' }).click();
  await expect(tokenField(page)).toHaveAttribute('type', 'text');

  await tokenField(page).fill(ownerToken);
  await page.keyboard.press('Enter');
  const search = page.getByRole('searchbox', { name: 'Search everything' });
  await expect(search).toBeVisible();
  await expect(page).toHaveURL(/#\/done$/);
  await page.reload();
  await expect(search).toBeVisible();

  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await expect(tokenField(page)).toBeVisible();
  await page.reload();
  await expect(tokenField(page)).toBeVisible();
});

test('whoever guesses is told how long to wait', async ({ page, server }) => {
  await page.goto(`${server.url}/console`);
  const alert = page.getByRole('alert');
  // As many as this machine's own address may try, so that the next one is one too many.
  const guesses = Array.from({ length: 110 }, (_, guess) =>
    page.request.post(`${server.url}/api/session`, { data: { token: `guess ${guess}` } }),
  );
  await Promise.all(guesses);
  await tokenField(page).fill('one more');
  await page.keyboard.press('Enter');
  await expect(alert).toContainText(/Try again in \d+ seconds?/);
  await expect(page.getByRole('button', { name: 'Log in' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
});

test('logging out everywhere ends the other browser too', async ({ page, browser, server }) => {
  const context = await browser.newContext();
  const other = await context.newPage();
  await logIn(other, server.url);
  await logIn(page, server.url);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Log out everywhere' }).click();
  await page
    .getByRole('dialog', { name: 'Log out everywhere?' })
    .getByRole('button', { name: 'Log out everywhere' })
    .click();
  await expect(tokenField(page)).toBeVisible();
  await expect(tokenField(other)).toBeVisible();
  await expect(other.getByText('You were logged out.')).toBeVisible();
  await context.close();
});

test('theme and language are kept, and there before anything is painted', async ({
  page,
  server,
}) => {
  await logIn(page, server.url);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'Sound' }).click();
  await expect(page.getByRole('switch', { name: 'Sound' })).toBeChecked();
  await page.getByText('Dark', { exact: true }).click();
  await page.getByText('中文', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  // Without its modules the page is what it is at the first paint.
  await page.route('**/console/assets/*.js', (route) => route.abort());
  await page.reload({ waitUntil: 'commit' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.unroute('**/console/assets/*.js');
  await page.reload();
  await expect(page.getByRole('searchbox', { name: '搜索全部内容' })).toBeVisible();
  await page.getByRole('button', { name: '设置' }).click();
  await expect(page.getByRole('switch', { name: '提示音' })).toBeChecked();
});

test('a search finds what was written, marks it, and leads there', async ({
  page,
  context,
  blog,
  server,
}) => {
  const visitor = await context.newPage();
  await visitor.goto(`${blog.url}/plain`);
  const widget = widgetOn(visitor);
  await widget.open();
  await widget.ask('May I reprint <b>the figures</b> of your essay?');
  await logIn(page, server.url, '#/waiting');
  await page.keyboard.press('/');
  await page.keyboard.type('REPRINT figures');
  await expect(page.getByRole('status').filter({ hasText: /^1 result|results$/ })).toBeAttached();
  const hit = page.locator('inbox-search .row').first();
  await expect(hit.locator('mark').first()).toHaveText('reprint');
  await expect(hit).toContainText('<b>the');
  await page.keyboard.press('ArrowDown');
  await expect(hit).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/c\/[\w-]+/);
  await expect(page.locator('inbox-conversation')).toContainText('May I reprint');

  await page.getByRole('searchbox').fill('no such words anywhere');
  await expect(page.locator('inbox-search')).toContainText('Nothing found for “no such words');
  await page.getByRole('searchbox').press('Escape');
  await expect(page.getByRole('searchbox')).toHaveValue('');
});

test('who waits is seen in the title and on the icon, until one logs out', async ({
  page,
  context,
  blog,
  server,
}) => {
  await logIn(page, server.url);
  await expect(page).toHaveTitle('Inbox');
  const visitor = await context.newPage();
  await visitor.goto(`${blog.url}/plain`);
  const widget = widgetOn(visitor);
  await widget.open();
  await widget.ask('Which shoes do you wear on Sundays?');
  await expect(page).toHaveTitle('(1) Inbox');
  const icon = page.locator('link[rel="icon"]');
  await expect(icon).toHaveAttribute('href', /icon-dot\.svg$/);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await expect(page).toHaveTitle('Inbox');
  await expect(icon).toHaveAttribute('href', /icon\.svg$/);
});

test('canned replies are made, ordered, kept and guarded', async ({ page, server }) => {
  await logIn(page, server.url);
  const editor = page.getByRole('dialog', { name: 'Canned replies' });
  await page.getByRole('button', { name: 'Canned replies' }).click();
  for (const title of ['First', 'Second']) {
    await editor.getByRole('button', { name: 'Add a reply' }).click();
    await expect(editor.getByLabel('Title', { exact: true })).toBeFocused();
    await page.keyboard.type(title);
    if (title === 'Second') {
      await editor.getByRole('button', { name: 'Save' }).click();
      await expect(editor.getByLabel('Text', { exact: true })).toBeFocused();
      await expect(editor).toContainText('Please write the text.');
    }
    await editor.getByLabel('Text', { exact: true }).fill(`${title}: hello {name}`);
  }
  await editor.getByRole('button', { name: 'Move “Second” up' }).click();
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(editor).toBeHidden();

  await page.getByRole('button', { name: 'Canned replies' }).click();
  await expect(editor.locator('.name')).toHaveText(['Second', 'First']);
  await editor.getByRole('button', { name: 'Remove “First”' }).click();
  await page.keyboard.press('Escape');
  const sure = page.getByRole('dialog', { name: 'Discard your changes?' });
  // The second and third Escape in a row must not get past the question either.
  await page.keyboard.press('Escape');
  await expect(sure).toBeHidden();
  await page.keyboard.press('Escape');
  await sure.getByRole('button', { name: 'Cancel' }).click();
  await editor.getByRole('button', { name: 'Undo' }).click();
  await expect(editor.locator('.name')).toHaveText(['Second', 'First']);
  await editor.getByRole('button', { name: 'Close' }).click();
  await expect(editor).toBeHidden();
});

test('canned replies that changed elsewhere are not overwritten unasked', async ({
  page,
  server,
}) => {
  await logIn(page, server.url);
  const editor = page.getByRole('dialog', { name: 'Canned replies' });
  await page.getByRole('button', { name: 'Canned replies' }).click();
  await editor.getByRole('button', { name: 'Add a reply' }).click();
  await page.keyboard.type('Mine');
  await editor.getByLabel('Text', { exact: true }).fill('Mine');
  const put = await fetch(`${server.url}/api/canned-replies`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${ownerToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ replies: [{ id: 'theirs-0123456789', title: 'T', text: 'T' }] }),
  });
  expect(put.ok).toBe(true);
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(editor.getByRole('alert')).toContainText('changed in another window');
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(editor).toBeHidden();
});

test('a message to everyone is counted, shown and sent once', async ({
  page,
  context,
  blog,
  server,
}) => {
  const visitor = await context.newPage();
  await visitor.goto(`${blog.url}/plain`);
  const widget = widgetOn(visitor);
  await widget.open();
  await widget.ask('Hello');
  await logIn(page, server.url);
  const dialog = page.getByRole('dialog', { name: 'Message to everyone' });
  await page.getByRole('button', { name: 'Message to everyone' }).click();
  await dialog.getByRole('textbox').fill('The server moves **tonight**.');
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toContainText('This goes to 1 visitor now.');
  await expect(dialog.locator('strong')).toHaveText('tonight');
  await expect(widget.fromOwner).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Send to 1 visitor' }).click();
  await expect(dialog).toContainText('Delivered to 1 visitor.');
  await expect(widget.fromOwner).toHaveCount(1);
});

test('the service worker shows what is pushed and leads to the conversation', async ({
  page,
  context,
  server,
}) => {
  await context.grantPermissions(['notifications'], { origin: server.url });
  await logIn(page, server.url);
  await page.getByRole('button', { name: 'Settings' }).click();
  // This browser has no push service: that is said, and the switch stays off.
  const push = page.getByRole('switch', { name: 'Notifications on this device' });
  await push.click();
  await expect(page.getByRole('alert')).toContainText('This browser could not be subscribed.');
  await expect(push).not.toBeChecked();

  const devtools = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations;
      if (first) resolve(first.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  await devtools.send('ServiceWorker.deliverPushMessage', {
    origin: server.url,
    registrationId: await registered,
    data: JSON.stringify({
      title: 'A visitor asked for you',
      body: 'May I reprint it?',
      url: 'https://elsewhere.example/console#/c/abc',
      tag: 'abc',
    }),
  });
  const shown = (): Promise<unknown> =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration('/console/');
      const notifications = (await registration?.getNotifications()) ?? [];
      return notifications.map(({ title, body, tag, data }) => [title, body, tag, data.url]);
    });
  await expect
    .poll(shown)
    .toEqual([
      ['A visitor asked for you', 'May I reprint it?', 'abc', `${server.url}/console#/c/abc`],
    ]);
});

test('where the browser keeps nothing, the inbox works and says so', async ({ page, server }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
  });
  await logIn(page, server.url);
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('dialog', { name: 'Settings' })).toContainText(
    'This browser keeps no settings',
  );
  await page.getByText('Dark', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in the frame in ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(`${server.url}/console`);
    await tokenField(page).fill('wrong');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await logIn(page, server.url);
    for (const name of ['Settings', 'Canned replies', 'Message to everyone']) {
      await page.getByRole('button', { name }).click();
      await expect(page.getByRole('dialog', { name })).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}
