/** What keeps the owner's place: drafts, the keyboard's focus, and the row they were at. */
import type { Page } from 'playwright/test';
import { expect, hashOfOnly, inboxOn, ownerToken, test, type Inbox } from './browser/console.ts';
import type { TestServer } from './server/start-test-server.ts';
import { connect } from './server/ws-client.ts';

/** What has the focus, through every shadow root; `BODY` where nothing has. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const host = at?.getRootNode();
    const within = host instanceof ShadowRoot ? `${host.host.localName} ` : '';
    return `${within}${at?.localName ?? ''}`;
  });

/** Conversations that wait, by the names of their visitors, the last of them at the top. */
async function waitingFor(server: TestServer, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const client = await connect(server.wsUrl);
    await client.next('connection_established');
    client.send({
      type: 'contact_request',
      id: `request-of-${name}`,
      message: `I am ${name}.`,
      name,
      timestamp: new Date().toISOString(),
      userAgent: 'test',
    });
    await client.until('contact_request_received');
    await client.close();
  }
}

const api = (server: TestServer, path: string, method: string): Promise<Response> =>
  fetch(`${server.url}/api/${path}`, {
    method,
    headers: { authorization: `Bearer ${ownerToken}` },
  });

const note = (inbox: Inbox) => inbox.composer.getByRole('textbox', { name: 'Note' });
const reply = (inbox: Inbox) => inbox.composer.getByRole('textbox', { name: 'Reply' });

test.beforeEach(() => test.setTimeout(150_000));

test('a note that is half written never comes back as a reply', async ({
  inbox,
  server,
  visitor,
  owner,
}) => {
  const { page } = inbox;
  const { keyboard } = page;
  await visitor.widget.ask('Which shoes do you wear on Sundays?');
  await inbox.logIn(server.url, await hashOfOnly(owner));
  await keyboard.press('r');
  await keyboard.type('Brown ones');
  await keyboard.press('Escape');
  await keyboard.press('n');
  await expect(note(inbox)).toHaveValue('');
  await keyboard.type('A nuisance');

  // Away and back, over a reload, and by the keys.
  await keyboard.press('Escape');
  await keyboard.press('Escape');
  await inbox.rows.getByRole('link').click();
  await expect(note(inbox)).toHaveValue('A nuisance');
  await page.reload();
  await expect(note(inbox)).toHaveValue('A nuisance');
  await note(inbox).press('Escape');
  await keyboard.press('r');
  await expect(reply(inbox)).toHaveValue('Brown ones');
  await keyboard.press('ControlOrMeta+Enter');
  await expect(visitor.widget.fromOwner).toContainText('Brown ones');
  await inbox.log.focus();
  await keyboard.press('n');
  await expect(note(inbox)).toHaveValue('A nuisance');
  await keyboard.press('ControlOrMeta+Enter');
  await expect(inbox.said('A nuisance')).toContainText('only you see this');
  await expect(reply(inbox)).toHaveValue('');
  expect(JSON.stringify(await owner.everything())).not.toContain('A nuisance');
});

test('a draft that was sent in one tab is none in the other; a text of its own stays', async ({
  inbox,
  context,
  server,
  visitor,
  owner,
}) => {
  await visitor.widget.ask('Which shoes do you wear on Sundays?');
  const hash = await hashOfOnly(owner);
  await inbox.logIn(server.url, hash);
  await inbox.input.fill('Brown ones.');
  const other = inboxOn(await context.newPage());
  await other.page.goto(`${server.url}/console${hash}`);
  await expect(other.input).toHaveValue('Brown ones.');
  await inbox.reply('Brown ones.');
  await expect(inbox.said('Brown ones.')).toContainText(/delivered|seen/);
  await expect(other.input).toHaveValue('');

  await inbox.input.fill('Of leather.');
  await other.input.fill('Size 43.');
  await inbox.input.press('ControlOrMeta+Enter');
  await expect(other.said('Of leather.')).toHaveCount(1);
  await expect(other.input).toHaveValue('Size 43.');
  await other.page.reload();
  await expect(other.input).toHaveValue('Size 43.');
});

test('after a message to everyone the keys still belong to its dialog', async ({
  inbox,
  server,
  visitor,
  owner,
}) => {
  await visitor.widget.ask('Which shoes do you wear on Sundays?');
  const hash = await hashOfOnly(owner);
  await inbox.logIn(server.url, hash);
  const { page } = inbox;
  await page.getByRole('button', { name: 'Message to everyone' }).click();
  const dialog = inbox.dialog('Message to everyone');
  await dialog.getByRole('textbox').fill('The blog moves.');
  await page.keyboard.press('ControlOrMeta+Enter');
  await dialog.getByRole('button', { name: 'Send to 1 visitor' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('Delivered to 1 visitor.');
  await expect(dialog.getByRole('button', { name: 'Close' }).last()).toBeFocused();
  await page.keyboard.press('e');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`${hash}$`));
  await expect(inbox.act('Done')).toBeVisible();
});

test('done, the row stays until one goes on, and the next is the one below it', async ({
  inbox,
  server,
}) => {
  await waitingFor(server, ['fourth', 'third', 'second', 'first']);
  await inbox.logIn(server.url, '#/waiting');
  const { keyboard } = inbox.page;
  await inbox.open('second');
  await inbox.log.focus();
  await keyboard.press('e');
  await expect(inbox.row('second')).toContainText('Now in Done');
  await expect(inbox.rows).toHaveCount(4);
  await expect(inbox.rows.nth(1)).toContainText('second');
  await keyboard.press('j');
  await expect(inbox.said('third')).toHaveCount(1);
  await expect(inbox.row('second')).toHaveCount(0);
  await keyboard.press('k');
  await expect(inbox.said('first')).toHaveCount(1);

  // One that is deleted leaves its place to the one below it.
  await keyboard.press('j');
  await expect(inbox.said('third')).toHaveCount(1);
  const id = new URL(inbox.page.url()).hash.slice('#/c/'.length);
  await api(server, `conversations/${id}`, 'DELETE');
  await expect(inbox.page.getByText('This conversation no longer exists')).toBeVisible();
  await keyboard.press('j');
  await expect(inbox.said('fourth')).toHaveCount(1);
});

test('the focus is never nowhere', async ({ inbox, server, owner }) => {
  await waitingFor(server, ['other', 'shoemaker']);
  await inbox.logIn(server.url, '#/waiting');
  const { page } = inbox;
  const { keyboard } = page;
  await inbox.open('shoemaker');
  await keyboard.press('r');
  await keyboard.press('Escape');
  await expect(inbox.log).toBeFocused();
  await keyboard.press('Escape');
  await expect(inbox.row('shoemaker').getByRole('link')).toBeFocused();

  await keyboard.press('Enter');
  await inbox.visitor.getByRole('button', { name: 'Block', exact: true }).click();
  await inbox.dialog('Block this visitor?').getByRole('button', { name: 'Block' }).click();
  await expect(inbox.visitor.getByRole('button', { name: 'Unblock' })).toBeFocused();
  await expect(inbox.row('shoemaker')).toContainText('Blocked');
  await expect(inbox.act('Take over')).toBeHidden();
  await inbox.visitor.getByRole('button', { name: 'Delete conversation' }).click();
  await inbox
    .dialog('Delete this conversation?')
    .getByRole('button', { name: 'Delete conversation' })
    .click();
  await expect(inbox.row('other').getByRole('link')).toBeFocused();

  // Deleted elsewhere, with half a reply in hand.
  await keyboard.press('Enter');
  await inbox.input.fill('Half an answer');
  const [{ id } = { id: '' }] = await owner.conversations();
  await api(server, `conversations/${id}`, 'DELETE');
  await expect(page.getByText('This conversation no longer exists')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'What you had written' })).toHaveValue(
    'Half an answer',
  );
  await expect.poll(() => focused(page)).toBe('inbox-no-talk h2');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByText('Copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Half an answer');
});

test('an address of no conversation is asked for once, and said to be none', async ({
  inbox,
  server,
}) => {
  await inbox.logIn(server.url);
  const asked: string[] = [];
  inbox.page.on('request', (request) => {
    if (request.url().includes('no-such')) asked.push(request.url());
  });
  await inbox.page.goto(`${server.url}/console#/c/no-such-conversation`);
  await expect(inbox.page.getByText('There is no such conversation')).toBeVisible();
  expect(asked).toHaveLength(1);
});

test('a server that keeps refusing is said to, and what it says is told', async ({
  inbox,
  server,
  visitor,
  owner,
}) => {
  const { page } = inbox;
  await visitor.widget.ask('Which shoes do you wear on Sundays?');
  await inbox.logIn(server.url, await hashOfOnly(owner));
  const fails = (route: { fulfill(answer: { status: number }): Promise<void> }): Promise<void> =>
    route.fulfill({ status: 503 });
  await page.route('**/messages', fails);
  await inbox.reply('Brown ones.');
  await expect(inbox.said('Brown ones.')).toContainText('Not stored yet · trying again');
  await page.unroute('**/messages', fails);
  await expect(inbox.said('Brown ones.')).toContainText(/delivered|seen/);
  await page.route('**/api/conversations/*', fails);
  await page.reload();
  await expect(page.getByText('The conversation could not be loaded.')).toBeVisible();
  await expect(page.locator('inbox-no-talk')).not.toContainText('cannot be reached');
});

test('times are the server’s, whatever the clock of the device says', async ({
  newBrowser,
  server,
  visitor,
}) => {
  await visitor.widget.ask('Which shoes do you wear on Sundays?');
  const page = await newBrowser();
  await page.clock.install({ time: Date.now() + 2 * 3_600_000 });
  const inbox = inboxOn(page);
  await inbox.logIn(server.url);
  await expect(inbox.rows.locator('time')).toHaveText(/^now$|^\d min$/);
});

test('where little room is, everything in the composer can be reached', async ({
  newBrowser,
  server,
  visitor,
}) => {
  await visitor.widget.ask('Which shoes do you wear on Sundays?');
  const page = await newBrowser({
    viewport: { width: 320, height: 640 },
    hasTouch: true,
    isMobile: true,
  });
  const inbox = inboxOn(page);
  await inbox.logIn(server.url);
  await inbox.rows.getByRole('link').tap();
  await inbox.input.fill('x'.repeat(3_900));
  const send = inbox.composer.getByRole('button', { name: 'Send' });
  const box = await send.boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeGreaterThan(280);
  await expect(send).toBeInViewport({ ratio: 1 });
  const last = inbox.composer.getByRole('button', { name: 'internal note' });
  await last.scrollIntoViewIfNeeded();
  await expect(last).toBeInViewport({ ratio: 1 });
});

test('logging out everywhere leaves no draft in another tab either', async ({
  inbox,
  context,
  server,
  visitor,
  owner,
}) => {
  await visitor.widget.ask('Which shoes do you wear on Sundays?');
  const hash = await hashOfOnly(owner);
  await inbox.logIn(server.url);
  const other = inboxOn(await context.newPage());
  await other.page.goto(`${server.url}/console${hash}`);
  await other.input.fill('A draft at the end');
  await inbox.page.getByRole('button', { name: 'Settings' }).click();
  await inbox.page.getByRole('button', { name: 'Log out everywhere' }).click();
  await inbox
    .dialog('Log out everywhere?')
    .getByRole('button', { name: 'Log out everywhere' })
    .click();
  await expect(other.token).toBeVisible();
  await other.token.fill(ownerToken);
  await other.token.press('Enter');
  await expect(other.input).toHaveValue('');
});
