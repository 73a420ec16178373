import { expect, test } from './browser/fixtures.ts';
import { widgetOn } from './browser/widget.ts';

test("the owner's reply arrives live, and is counted while the panel is closed", async ({
  page,
  blog,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  await owner.replyToVisitor('Hello, this is the owner.');
  await expect(widget.fromOwner.filter({ hasText: 'this is the owner' })).toBeVisible();

  await widget.close();
  await expect(widget.launcher).toBeFocused();
  await expect(widget.launcher).toHaveAccessibleName('Open chat');
  await owner.replyToVisitor('One more thing.');
  await expect(widget.launcher).toHaveAccessibleName('Open chat, 1 new message');
  await owner.broadcast('To all of you.');
  await expect(widget.launcher).toHaveAccessibleName('Open chat, 2 new messages');
  await expect(widget.host.locator('.badge')).toHaveText('2');

  await widget.open();
  await expect(widget.log).toContainText('One more thing.');
  await expect(widget.log).toContainText('To all of you.');
  await widget.close();
  await expect(widget.launcher).toHaveAccessibleName('Open chat');
});

test('what the owner wrote while nobody was there is unread on return', async ({
  page,
  blog,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  await page.goto('about:blank');
  await owner.replyToVisitor('Written at night.');
  await page.goto(`${blog.url}/eager`);
  await expect(widget.launcher).toHaveAccessibleName('Open chat, 1 new message');
  await widget.open();
  await expect(widget.log).toContainText('Written at night.');
});

test('two tabs share one conversation', async ({ page, context, blog, owner, widget }) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  const second = await context.newPage();
  await second.goto(`${blog.url}/plain`);
  const other = widgetOn(second);
  await other.open();

  await widget.ask('Asked in the first tab');
  await expect(other.mine('Asked in the first tab')).toBeVisible();
  await expect(other.answers).toHaveCount(1);
  await other.ask('Asked in the second');
  await expect(widget.mine('Asked in the second')).toBeVisible();
  await expect(widget.answers).toHaveCount(2);
  await owner.replyToVisitor('To both of you');
  for (const each of [widget, other]) await expect(each.fromOwner).toHaveCount(1);
  expect(await owner.conversations()).toHaveLength(1);
});

test('the contact form checks, confirms, and is stored with name and address', async ({
  page,
  blog,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  const { panel } = widget;
  await panel.getByRole('button', { name: 'Talk to the owner' }).click();
  const message = panel.getByRole('textbox', { name: 'Message' });
  const email = panel.getByRole('textbox', { name: 'E-mail' });
  await expect(message).toBeFocused();
  await panel.getByRole('button', { name: 'Send to the owner' }).click();
  await expect(panel.getByRole('alert')).toHaveText('Please write a message.');
  await expect(message).toBeFocused();

  await message.fill('May I translate your posts?');
  await expect(panel.getByRole('alert')).toHaveCount(0);
  await page.keyboard.press('Tab');
  await page.keyboard.type('Ada');
  await page.keyboard.press('Tab');
  await page.keyboard.type('not an address');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('alert')).toHaveText('This does not look like an e-mail address.');
  await expect(email).toBeFocused();
  await expect(email).toHaveAttribute('aria-invalid', 'true');
  expect(await owner.everything()).toEqual([]);

  await email.fill('ada@example.com');
  await page.keyboard.press('Enter');
  await expect(widget.log).toContainText('Received. The owner will come back to you');
  await expect(widget.mine('May I translate your posts?')).toContainText('Message to the owner');
  await expect(widget.input).toBeFocused();
  expect(await owner.conversations()).toMatchObject([{ name: 'Ada', email: 'ada@example.com' }]);
  expect(await owner.everything()).toMatchObject([
    { sender: 'visitor', kind: 'contact_request', message: 'May I translate your posts?' },
  ]);

  await page.reload();
  await widget.open();
  await expect(widget.mine('May I translate your posts?')).toContainText('Message to the owner');
});

test('a contact request written while the server is away arrives once', async ({
  page,
  blog,
  server,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.ask('Hello');
  await widget.panel.getByRole('button', { name: 'Talk to the owner' }).click();
  await widget.panel.getByRole('textbox', { name: 'Message' }).fill('Are you well?');
  await server.kill('SIGKILL');
  await widget.panel.getByRole('button', { name: 'Send to the owner' }).click();
  await expect(widget.mine('Are you well?')).toContainText('Waiting for the connection…');
  await server.restart();
  await expect(widget.log).toContainText('Received. The owner will come back to you');
  const requests = (await owner.everything()).filter(({ kind }) => kind === 'contact_request');
  expect(requests).toHaveLength(1);
});

test('Escape leaves the form for the conversation, and keeps nothing half sent', async ({
  page,
  blog,
  owner,
  widget,
}) => {
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  await widget.panel.getByRole('button', { name: 'Talk to the owner' }).click();
  await widget.panel.getByRole('textbox', { name: 'Message' }).fill('Never mind');
  await page.keyboard.press('Escape');
  await expect(widget.input).toBeFocused();
  await expect(widget.panel).toBeVisible();
  expect(await owner.conversations()).toEqual([]);
});
