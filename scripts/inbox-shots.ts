/** The owner's inbox in its states: empty, busy, in dark, on a phone, and the way in. */
import type { BrowserContextOptions, Page } from 'playwright';
import type { Inbox } from '../e2e/browser/console.ts';
import { ownerToken } from '../e2e/browser/owner.ts';
import type { SeededInbox } from './inbox-visitors.ts';

const desktop: BrowserContextOptions = {
  viewport: { width: 1280, height: 800 },
  deviceScaleFactor: 2,
  locale: 'en-GB',
  reducedMotion: 'reduce',
};
const phone: BrowserContextOptions = {
  ...desktop,
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  locale: 'zh-CN',
};

export interface InboxShot {
  readonly name: string;
  readonly options: BrowserContextOptions;
  readonly language: 'en' | 'zh';
  /** @param url - of the server */
  prepare(inbox: Inbox, url: string, page: Page): Promise<void>;
}

const shot = (
  name: string,
  options: BrowserContextOptions,
  prepare: InboxShot['prepare'],
): InboxShot => ({
  ...{ name, options, prepare },
  language: options.locale === 'zh-CN' ? 'zh' : 'en',
});

/** Logs in, whatever of the inbox is to be seen then. */
async function enter({ page, token }: Inbox, url: string, hash = ''): Promise<void> {
  await page.goto(`${url}/console${hash}`);
  await token.fill(ownerToken);
  await token.press('Enter');
  await page.locator('inbox-app').waitFor();
}

async function settled(inbox: Inbox): Promise<void> {
  await inbox.log.and(inbox.page.locator('[aria-busy=false]')).waitFor();
  // What is open is read; its row says so a moment later.
  const current = inbox.rows.filter({ has: inbox.page.locator('[aria-current]') });
  if (inbox.page.viewportSize()?.width !== desktop.viewport?.width) return;
  await current.waitFor();
  await current.getByText(/unread|未读/).waitFor({ state: 'detached' });
}

/** Before anybody wrote. */
export const emptyShots: readonly InboxShot[] = [
  shot(
    'inbox-log-in',
    { ...desktop, viewport: { width: 900, height: 600 } },
    async ({ token, page }, url) => {
      await page.goto(`${url}/console`);
      await token.fill('a-token-of-sixteen-or-more');
    },
  ),
  shot('inbox-empty', desktop, async (inbox, url) => {
    await enter(inbox, url);
    await inbox.page.getByText('Nobody is waiting').waitFor();
  }),
];

export const busyShots = ({ busy, contact, chinese }: SeededInbox): readonly InboxShot[] => [
  shot('inbox-busy', desktop, async (inbox, url) => {
    await enter(inbox, url, `#/c/${busy}`);
    await settled(inbox);
    await inbox.input.fill('Please do. The commands are in `docs/en/back-up-and-restore.md`.');
  }),
  shot('inbox-dark', { ...desktop, colorScheme: 'dark' }, async (inbox, url) => {
    await enter(inbox, url, `#/c/${contact}`);
    await settled(inbox);
    await inbox.input.fill('Gladly! The source is in `docs/en/introduction.md`.');
  }),
  shot('inbox-phone', phone, async (inbox, url) => {
    await enter(inbox, url);
    await inbox.rows.nth(3).waitFor();
  }),
  shot('inbox-phone-conversation', phone, async (inbox, url) => {
    await enter(inbox, url, `#/c/${chinese}`);
    await settled(inbox);
  }),
];

/** Other states, to be looked at. */
export const otherInboxShots = ({ busy, contact }: SeededInbox): readonly InboxShot[] => [
  shot('inbox-broadcast', desktop, async (inbox, url) => {
    await enter(inbox, url);
    await inbox.page.getByRole('button', { name: 'Message to everyone' }).click();
    const dialog = inbox.dialog('Message to everyone');
    await dialog.getByRole('textbox').fill('A new post is out: **Back up and restore**.');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByRole('button', { name: /^Send to/ }).waitFor();
  }),
  shot('inbox-canned', desktop, async (inbox, url) => {
    await enter(inbox, url, `#/c/${contact}`);
    await settled(inbox);
    await inbox.input.pressSequentially('/');
    await inbox.composer.getByText('Translations are welcome').waitFor();
  }),
  shot('inbox-search', desktop, async (inbox, url) => {
    await enter(inbox, url);
    await inbox.search.fill('post');
    await inbox.page
      .getByText(/\d+ results?/)
      .first()
      .waitFor();
  }),
  shot('inbox-shortcuts', desktop, async (inbox, url) => {
    await enter(inbox, url);
    await inbox.rows.first().waitFor();
    await inbox.page.keyboard.press('?');
    await inbox.dialog('Keyboard shortcuts').waitFor();
  }),
  shot('inbox-settings-dark', { ...desktop, colorScheme: 'dark' }, async (inbox, url) => {
    await enter(inbox, url);
    await inbox.page.getByRole('button', { name: 'Settings' }).click();
    await inbox.dialog('Settings').waitFor();
  }),
  shot('inbox-canned-editor', desktop, async (inbox, url) => {
    await enter(inbox, url);
    await inbox.page.getByRole('button', { name: 'Canned replies' }).first().click();
    await inbox.dialog('Canned replies').waitFor();
  }),
  shot('inbox-preview-zh', { ...desktop, locale: 'zh-CN' }, async (inbox, url) => {
    await enter(inbox, url, `#/c/${busy}`);
    await settled(inbox);
    await inbox.input.fill('请看 `POSTS`：\n\n- 一个文件夹\n- 一个服务器');
    await inbox.composer.getByRole('button', { name: '预览' }).click();
  }),
  shot('inbox-phone-dark', { ...phone, colorScheme: 'dark' }, async (inbox, url) => {
    await enter(inbox, url, `#/c/${contact}`);
    await settled(inbox);
  }),
];
