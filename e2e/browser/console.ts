/** The owner's inbox as the owner finds it: by roles, labels and words. */
import { expect, type Browser, type Locator, type Page } from 'playwright/test';
import { test as base } from './fixtures.ts';
import { ownerToken, type Owner } from './owner.ts';
import { widgetOn, type Widget } from './widget.ts';

export { expect, ownerToken };

const words = {
  en: {
    token: 'Owner token',
    logIn: 'Log in',
    search: 'Search everything',
    list: /^Conversations: /,
    messages: 'Messages',
    visitor: 'Visitor',
  },
  zh: {
    token: '博主令牌',
    logIn: '登录',
    search: '搜索全部内容',
    list: /^对话：/,
    messages: '消息',
    visitor: '访客',
  },
};

export interface Inbox {
  readonly page: Page;
  readonly token: Locator;
  readonly search: Locator;
  /** Those that exist in the page, not all of a long list. */
  readonly rows: Locator;
  readonly conversation: Locator;
  readonly log: Locator;
  readonly composer: Locator;
  /** Where a reply, or a note, is typed. */
  readonly input: Locator;
  /** What is known of the visitor, beside the conversation. */
  readonly visitor: Locator;
  /** Messages of the open conversation that hold this text, whoever wrote them. */
  said(text: string): Locator;
  row(text: string): Locator;
  view(name: string): Locator;
  act(name: string): Locator;
  dialog(name: string): Locator;
  /** @param hash - where it leads, such as `#/done` */
  logIn(url: string, hash?: string): Promise<void>;
  /** Opens the conversation whose row holds this text: a name, or what was said last. */
  open(text: string): Promise<void>;
  /** Types and sends, without waiting for anything. */
  reply(text: string): Promise<void>;
}

export function inboxOn(page: Page, language: 'en' | 'zh' = 'en'): Inbox {
  const say = words[language];
  const conversation = page.locator('inbox-conversation');
  const composer = page.locator('inbox-composer');
  const log = conversation.getByRole('log', { name: say.messages });
  const rows = page.getByRole('list', { name: say.list }).getByRole('listitem');
  const inbox: Inbox = {
    page,
    conversation,
    composer,
    log,
    rows,
    token: page.getByLabel(say.token, { exact: true }),
    search: page.getByRole('searchbox', { name: say.search }),
    input: composer.getByRole('textbox'),
    visitor: page.getByRole('complementary', { name: say.visitor }),
    said: (text) => log.locator('.item').filter({ hasText: text }),
    row: (text) => rows.filter({ hasText: text }),
    view: (name) => page.locator('nav.views').getByRole('link', { name: new RegExp(`^${name}`) }),
    act: (name) => conversation.locator('header').getByRole('button', { name, exact: true }),
    dialog: (name) => page.getByRole('dialog', { name }),
    async logIn(url, hash = '') {
      await page.goto(`${url}/console${hash}`);
      await inbox.token.fill(ownerToken);
      await page.getByRole('button', { name: say.logIn, exact: true }).click();
      await expect(inbox.search).toBeVisible();
      if (hash.startsWith('#/c/')) await expect(log).toHaveAttribute('aria-busy', 'false');
    },
    async open(text) {
      await inbox.row(text).getByRole('link').click();
      await expect(log).toHaveAttribute('aria-busy', 'false');
      await expect(inbox.input).toBeVisible();
    },
    async reply(text) {
      await inbox.input.fill(text);
      await inbox.input.press('ControlOrMeta+Enter');
    },
  };
  return inbox;
}

export interface Visitor {
  readonly page: Page;
  readonly widget: Widget;
}

type NewBrowser = (options?: Parameters<Browser['newContext']>[0]) => Promise<Page>;

interface ConsoleFixtures {
  /** A page of a browser of its own, with cookies and storage of its own. */
  newBrowser: NewBrowser;
  /** The owner, in the browser of `page`. */
  inbox: Inbox;
  /** Somebody in another browser, with the chat open on the page of a foreign blog. */
  visitor: Visitor;
}

export const test = base.extend<ConsoleFixtures>({
  newBrowser: async ({ browser, pageErrors }, use) => {
    const pages: Page[] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      page.on('pageerror', (error) => pageErrors.push(error.message));
      pages.push(page);
      return page;
    });
    for (const page of pages) await page.context().close();
  },
  inbox: async ({ page }, use) => use(inboxOn(page)),
  visitor: async ({ newBrowser, blog }, use) => {
    const page = await newBrowser();
    await page.goto(`${blog.url}/plain`);
    const widget = widgetOn(page);
    await widget.open();
    await use({ page, widget });
  },
});

/** Where the only conversation is found: `#/c/…`. */
export async function hashOfOnly(owner: Owner): Promise<string> {
  const [only, ...others] = await owner.conversations();
  if (!only || others.length > 0) throw new Error('There is not exactly one conversation.');
  return `#/c/${only.id}`;
}

/** Writes to the owner by the form, and waits until the server has it. */
export async function sendContactRequest(
  { panel, log }: Widget,
  { message, name, email }: { message: string; name?: string; email?: string },
): Promise<void> {
  const field = (label: string): Locator => panel.getByRole('textbox', { name: label });
  await panel.getByRole('button', { name: 'Talk to the owner' }).click();
  await field('Message').fill(message);
  if (name) await field('Name').fill(name);
  if (email) await field('E-mail').fill(email);
  await panel.getByRole('button', { name: 'Send to the owner' }).click();
  await expect(log).toContainText('Received. The owner will come back to you');
}
