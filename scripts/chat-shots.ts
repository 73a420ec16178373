/** The chat on the demo blog in its states. */
import type { BrowserContextOptions, Page } from 'playwright';
import { ownerOf } from '../e2e/browser/owner.ts';
import type { Widget } from '../e2e/browser/widget.ts';
import type { TestServer } from '../e2e/server/start-test-server.ts';

export const desktop: BrowserContextOptions = {
  viewport: { width: 1040, height: 760 },
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

export interface ChatShot {
  readonly name: string;
  readonly options?: BrowserContextOptions;
  /** Path on the demo blog, or a whole address. */
  readonly page: string;
  readonly language?: 'en' | 'zh';
  prepare(page: Page, widget: Widget): Promise<void>;
}

const question = 'How do I deploy it to production?';
const longText =
  'I have been reading your posts for a while and would like to know whether the chat can stand ' +
  'on a page that is served from another domain, behind two proxies, in a country with a slow ' +
  'and lossy network, without losing what was typed. Supercalifragilisticexpialidocious' +
  'Donaudampfschifffahrtsgesellschaft.';

async function connected(widget: Widget): Promise<void> {
  await widget.panel
    .getByText(/^(Assistant answers|助手)/)
    .first()
    .waitFor();
}

/** @param server - killed and started again for pictures of a lost connection */
export function chatShots(
  server: TestServer,
  blog: string,
): { main: ChatShot[]; others: ChatShot[] } {
  const owner = ownerOf(server);
  const newest = async (): Promise<string> => (await owner.conversations())[0]?.id ?? '';
  const dark: BrowserContextOptions = { ...desktop, colorScheme: 'dark' };
  const main: ChatShot[] = [
    {
      name: 'chat-light',
      page: '/en/tech-stack',
      async prepare(_page, widget) {
        await widget.open();
        await widget.ask('How do I start the server from Node code?');
        await widget.citations.first().waitFor();
      },
    },
    {
      name: 'chat-dark',
      options: dark,
      page: '/en/introduction',
      async prepare(page, widget) {
        await widget.open();
        await widget.panel.getByRole('button', { name: 'Talk to the owner' }).click();
        await widget.panel
          .getByRole('textbox', { name: 'Message' })
          .fill('I would like to translate this page into Portuguese. May I?');
        await widget.panel.getByRole('textbox', { name: 'E-mail' }).fill('ada@example.com');
        await page.keyboard.press('Enter');
        await widget.log.getByText('Received.').waitFor();
        await owner.reply(
          await newest(),
          'Gladly, thank you! The source is in `docs/en/introduction.md`.',
        );
        await owner.reply(await newest(), 'Tell me when it is done, and I will link to it.');
        await widget.fromOwner.nth(1).waitFor();
      },
    },
    {
      name: 'chat-phone',
      options: phone,
      page: '/zh',
      language: 'zh',
      async prepare(_page, widget) {
        await widget.launcher.tap();
        await connected(widget);
      },
    },
  ];
  const others: ChatShot[] = [
    {
      name: 'launcher',
      page: '/',
      async prepare(_page, widget) {
        await widget.launcher.waitFor();
      },
    },
    {
      name: 'first-screen',
      page: '/',
      async prepare(_page, widget) {
        await widget.open();
        await connected(widget);
      },
    },
    {
      name: 'first-screen-dark',
      options: dark,
      page: '/',
      async prepare(_page, widget) {
        await widget.open();
        await connected(widget);
      },
    },
    ...(['light', 'dark'] as const).map((colorScheme): ChatShot => ({
      name: `contact-form-${colorScheme}`,
      options: { ...desktop, colorScheme },
      page: '/',
      async prepare(page, widget) {
        await widget.open();
        await widget.panel.getByRole('button', { name: 'Talk to the owner' }).click();
        await widget.panel.getByRole('textbox', { name: 'Message' }).fill('May I translate it?');
        await widget.panel.getByRole('textbox', { name: 'E-mail' }).fill('ada at example');
        await page.keyboard.press('Enter');
        await widget.panel.getByRole('alert').waitFor();
      },
    })),
    {
      name: 'contact-sent',
      page: '/',
      async prepare(page, widget) {
        await widget.open();
        await widget.panel.getByRole('button', { name: 'Talk to the owner' }).click();
        await widget.panel.getByRole('textbox', { name: 'Message' }).fill('May I translate it?');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await widget.log.getByText('Received.').waitFor();
      },
    },
    {
      name: 'conversation-zh',
      page: '/zh/deploy-to-production',
      language: 'zh',
      async prepare(_page, widget) {
        await widget.open();
        await widget.ask('如何部署到生产环境？');
        await widget.citations.first().scrollIntoViewIfNeeded();
      },
    },
    {
      name: 'long-text-and-code',
      page: '/',
      async prepare(_page, widget) {
        await widget.open();
        await widget.send(longText);
        await owner.reply(
          await newest(),
          'Put this into `nginx.conf`:\n\n```nginx\nlocation /websocket/ {\n  proxy_pass http://websocket_backend; # the path arrives unchanged\n}\n```\n\nMore at https://example.com/a/rather/long/address/that/has/to/wrap/somewhere?and=more.',
        );
        await widget.fromOwner.first().waitFor();
      },
    },
    {
      name: 'not-sent',
      page: '/',
      async prepare(_page, widget) {
        await widget.open();
        await widget.send('A message that arrived.');
        await widget.host.evaluate((element) => {
          (element as never as { send(text: string): void }).send('Too long. '.repeat(410).trim());
        });
        await widget.log.getByRole('button', { name: 'Try again' }).waitFor();
      },
    },
    {
      name: 'erase',
      page: '/',
      async prepare(_page, widget) {
        await widget.open();
        await widget.send('Hello');
        await widget.panel.getByLabel('More', { exact: true }).click();
        await widget.panel.getByRole('button', { name: 'Erase my messages' }).click();
      },
    },
    {
      name: 'unread',
      page: '/',
      async prepare(_page, widget) {
        await widget.open();
        await widget.ask('Hello');
        await widget.close();
        await owner.reply(await newest(), 'One');
        await owner.reply(await newest(), 'Two');
        await widget.host.getByText('2', { exact: true }).waitFor();
      },
    },
    {
      name: 'inline',
      page: `${blog}/inline`,
      async prepare(_page, widget) {
        await widget.ask('Can you introduce the technology stack?');
      },
    },
    {
      name: 'attributes',
      page: `${blog}/attributes?lang=en`,
      async prepare(_page, widget) {
        await widget.open();
        await connected(widget);
      },
    },
    {
      name: 'phone-conversation',
      options: phone,
      page: '/zh',
      language: 'zh',
      async prepare(_page, widget) {
        await widget.launcher.tap();
        await widget.ask('你好，这个博客系统是怎么构建的？');
      },
    },
    {
      name: 'reconnecting',
      page: '/',
      async prepare(_page, widget) {
        await widget.open();
        await widget.ask(question);
        await server.kill('SIGKILL');
        await widget.say('Does it work with Hugo?');
        await widget.panel.getByText('Connection lost').waitFor();
      },
    },
  ];
  return { main, others };
}
