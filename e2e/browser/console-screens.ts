/** Every screen of the inbox, one after the other. */
import { expect, ownerToken, type Inbox, type Visitor } from './console.ts';
import type { Owner } from './owner.ts';

interface Scene {
  readonly inbox: Inbox;
  readonly visitor: Visitor;
  readonly owner: Owner;
  readonly url: string;
}

/**
 * Leads through every screen of the inbox, and calls back at each of them.
 *
 * @param isPhone - one pane at a time
 */
export async function everyScreen(
  { inbox, visitor: { widget }, owner, url }: Scene,
  isPhone: boolean,
  look: (screen: string) => Promise<void>,
): Promise<void> {
  const { page } = inbox;
  await page.goto(`${url}/console`);
  await expect(inbox.token).toBeFocused();
  await look('log-in');
  await inbox.token.fill('wrong');
  await inbox.token.press('Enter');
  await expect(page.getByRole('alert')).toContainText('This token is not right.');
  await look('log-in, refused');
  await inbox.token.fill(ownerToken);
  await inbox.token.press('Enter');
  await expect(page.getByText('Nobody is waiting')).toBeVisible();
  await look('empty');

  await widget.ask('How do I deploy it to production?');
  await widget.send('Which shoes do you wear on Sundays?');
  await expect(inbox.rows).toHaveCount(1);
  await look('list');
  await inbox.rows.getByRole('link').click();
  await expect(inbox.said('Which shoes')).toHaveCount(1);
  await inbox.reply('Brown ones: `size 43`, see https://example.com/shoes');
  await inbox.composer.getByRole('button', { name: 'internal note' }).click();
  await inbox.reply('Likes shoes.');
  await expect(inbox.said('Likes shoes.').getByRole('button')).toBeVisible();
  await expect(inbox.said('Brown ones')).toContainText('seen');
  await widget.input.pressSequentially('Well');
  await expect(inbox.log).toContainText('The visitor is writing…');
  await look('conversation');
  await inbox.input.fill('**Bold**, a list:\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |');
  await inbox.composer.getByRole('button', { name: 'Preview' }).click();
  await expect(inbox.composer.locator('strong')).toBeVisible();
  await look('preview');
  await inbox.composer.getByRole('button', { name: 'Preview' }).click();
  await inbox.input.fill('x'.repeat(4_001));
  await expect(inbox.composer).toContainText('1 character too many');
  await look('too long');
  await inbox.input.fill('');
  await inbox.input.pressSequentially('/');
  await expect(inbox.composer).toContainText('You have no canned replies yet.');
  await look('canned replies, none');
  await inbox.input.press('Escape');
  await inbox.input.fill('');

  if (isPhone) {
    await inbox.conversation.getByRole('button', { name: 'About the visitor' }).click();
    await expect(inbox.visitor).toBeVisible();
    await look('visitor');
  }
  for (const [button, title] of [
    ['Block', 'Block this visitor?'],
    ['Delete conversation', 'Delete this conversation?'],
  ] as const) {
    await inbox.visitor.getByRole('button', { name: button, exact: true }).click();
    await expect(inbox.dialog(title)).toBeVisible();
    await look(title);
    await page.keyboard.press('Escape');
    await expect(inbox.dialog(title)).toBeHidden();
  }
  if (isPhone) {
    await inbox.visitor.getByRole('button', { name: 'Close' }).click();
    await expect(inbox.visitor).toBeHidden();
    await inbox.conversation.getByRole('button', { name: 'Back to the list' }).click();
  }

  for (const [query, status] of [
    ['shoes', 'results'],
    ['no such words anywhere', 'Nothing found'],
  ] as const) {
    await inbox.search.fill(query);
    await expect(page.locator('inbox-search [role="status"]')).toContainText(status);
    await look(`search: ${status}`);
  }
  await page.getByRole('button', { name: 'Close search' }).click();

  await page.getByRole('button', { name: 'Answers of the assistant' }).click();
  const answers = inbox.dialog('Answers of the assistant');
  await expect(answers).toContainText('No visitor has rated an answer as not helpful.');
  await look('answers, none');
  await answers.getByText('Not in your posts').click();
  await expect(answers.getByRole('listitem')).toContainText('Which shoes');
  await look('answers');
  await page.keyboard.press('Escape');
  await expect(answers).toBeHidden();

  for (const title of ['Canned replies', 'Message to everyone', 'Settings']) {
    await page.getByRole('button', { name: title }).first().click();
    const dialog = inbox.dialog(title);
    await expect(dialog).toBeVisible();
    await look(title);
    if (title === 'Canned replies') {
      await dialog.getByRole('button', { name: 'Add a reply' }).click();
      await dialog.getByLabel('Text', { exact: true }).fill('Hello {name}');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await expect(dialog).toContainText('Please give it a title.');
      await look('canned replies, with a mistake');
      await dialog.getByLabel('Title', { exact: true }).fill('Greeting');
      await dialog.getByRole('button', { name: 'Save' }).click();
    } else if (title === 'Message to everyone') {
      await dialog.getByRole('textbox').fill('The blog moves.');
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await expect(dialog).toContainText('This goes to');
      await look('message to everyone, about to be sent');
      await page.keyboard.press('Escape');
    } else {
      await dialog.getByRole('button', { name: 'Keyboard shortcuts' }).click();
      await expect(inbox.dialog('Keyboard shortcuts')).toBeVisible();
      await look('keyboard shortcuts');
      await page.keyboard.press('Escape');
    }
    await expect(page.locator('dialog[open]')).toHaveCount(0);
  }

  await owner.reply((await owner.conversations())[0]?.id ?? '', 'One more.');
  await inbox.view('Mine').click();
  await inbox.rows.getByRole('link').click();
  await inbox.input.pressSequentially('/');
  await expect(inbox.composer.getByRole('listbox')).toBeVisible();
  await look('canned replies');
  await inbox.input.press('Escape');
  await page.goto(`${url}/console#/c/no-such-conversation`);
  await expect(page.getByText('There is no such conversation')).toBeVisible();
  await look('no such conversation');
}
