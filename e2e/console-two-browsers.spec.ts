/** Several browsers of one owner show the same, whichever of them did it. */
import { expect, inboxOn, test as base, type Inbox } from './browser/console.ts';

const test = base.extend<{ second: Inbox }>({
  /** The owner in another browser, logged in on their own. */
  second: async ({ newBrowser, server }, use) => {
    const second = inboxOn(await newBrowser());
    await second.logIn(server.url, '#/waiting');
    await use(second);
  },
});

// Two browsers of the owner, one of a visitor, and a server each.
test.setTimeout(120_000);

test('replies, notes, hand-over, done and reading in one browser are seen in the other', async ({
  inbox: first,
  second,
  server,
  visitor,
}) => {
  await visitor.widget.ask('How do I deploy it to production?');
  await visitor.widget.ask('Which shoes do you wear on Sundays?');
  await first.logIn(server.url, '#/waiting');
  for (const each of [first, second]) await expect(each.row('unread')).toHaveCount(1);
  await first.rows.getByRole('link').click();
  // Reading in one takes the mark off in both.
  for (const each of [first, second]) await expect(each.row('unread')).toHaveCount(0);

  await second.rows.getByRole('link').click();
  await first.reply('The brown ones.');
  for (const each of [first, second]) {
    await expect(each.said('The brown ones.')).toHaveCount(1);
    await expect(each.said('The brown ones.')).toContainText(/delivered|seen/);
    await expect(each.conversation).toContainText('you answer');
    await expect(each.view('Mine')).toHaveAccessibleName('Mine, 1');
    await expect(each.view('Waiting')).toHaveAccessibleName('Waiting, 0');
  }
  await second.act('Hand back to assistant').click();
  await expect(first.act('Take over')).toBeVisible();

  await second.composer.getByRole('button', { name: 'internal note' }).click();
  await second.reply('Likes shoes.');
  for (const each of [first, second]) await expect(each.said('Likes shoes.')).toHaveCount(1);
  await first.log.getByRole('button', { name: 'Delete note' }).click();
  for (const each of [first, second]) await expect(each.said('Likes shoes.')).toHaveCount(0);
  await expect(visitor.widget.log).not.toContainText('Likes shoes.');

  await first.act('Done').click();
  for (const each of [first, second]) await expect(each.act('Reopen')).toBeVisible();
  await second.view('Done').click();
  await expect(second.rows).toHaveCount(1);
  await visitor.widget.ask('And on Mondays?');
  await expect(second.rows).toHaveCount(0);
  await expect(first.act('Done')).toBeVisible();
});

test('a canned reply made in one browser is there in the other, filled in', async ({
  inbox: first,
  second,
  server,
  visitor,
}) => {
  await visitor.widget.ask('How do I deploy it to production?');
  await first.logIn(server.url);
  await first.page.getByRole('button', { name: 'Canned replies' }).click();
  const editor = first.dialog('Canned replies');
  await editor.getByRole('button', { name: 'Add a reply' }).click();
  await editor.getByLabel('Title', { exact: true }).fill('Greeting');
  await editor.getByLabel('Text', { exact: true }).fill('Hello {name}, about “{page}”:');
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(editor).toBeHidden();

  await second.view('Assistant').click();
  await second.rows.getByRole('link').click();
  await second.input.pressSequentially('/gree');
  const picker = second.composer.getByRole('listbox', { name: 'Canned replies' });
  await expect(picker.getByRole('option')).toHaveText([/Greeting/]);
  await second.input.press('Enter');
  await expect(second.input).toHaveValue('Hello there, about “A plain page”:');
  await expect(picker).toBeHidden();
  await second.input.press('ControlOrMeta+Enter');
  await expect(visitor.widget.fromOwner).toContainText('Hello there, about “A plain page”:');
});

test('a conversation that is deleted in one browser is gone in the other, with what was written', async ({
  inbox: first,
  second,
  server,
  visitor,
}) => {
  await visitor.widget.ask('Which shoes do you wear on Sundays?');
  await first.logIn(server.url, '#/waiting');
  for (const each of [first, second]) await each.rows.getByRole('link').click();
  await second.input.fill('A draft of an answer');
  await first.visitor.getByRole('button', { name: 'Delete conversation' }).click();
  const sure = first.dialog('Delete this conversation?');
  await sure.getByRole('button', { name: 'Delete conversation' }).click();
  await expect(second.page.getByText('This conversation no longer exists')).toBeVisible();
  for (const each of [first, second]) await expect(each.rows).toHaveCount(0);
  const kept = await second.page.evaluate(() => JSON.stringify({ ...localStorage }));
  expect(kept).not.toContain('A draft of an answer');
});

test('logging out everywhere ends both, and a log-in in one does not bring back the other', async ({
  inbox: first,
  second,
  server,
}) => {
  await first.logIn(server.url);
  await first.page.getByRole('button', { name: 'Settings' }).click();
  await first.page.getByRole('button', { name: 'Log out everywhere' }).click();
  const sure = first.dialog('Log out everywhere?');
  await sure.getByRole('button', { name: 'Log out everywhere' }).click();
  for (const each of [first, second]) await expect(each.token).toBeVisible();
  await first.logIn(server.url);
  await second.page.reload();
  await expect(second.token).toBeVisible();
});
