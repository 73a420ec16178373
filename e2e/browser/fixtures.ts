/** What every browser test has: a server of its own, the owner's side, and a foreign blog. */
import { test as base, expect } from 'playwright/test';
import { startBlog, type Blog } from './blog-server.ts';
import { ownerOf, ownerToken, type Owner } from './owner.ts';
import { startTestServer, type TestServer } from '../server/start-test-server.ts';
import { widgetOn, type Widget } from './widget.ts';

export { expect };

interface Options {
  /** Variables of the server. */
  serverEnvironment: Readonly<Record<string, string>>;
}

interface Fixtures {
  server: TestServer;
  owner: Owner;
  /** `{{chat}}` and `{{chat-socket}}` in its pages are the server's addresses. */
  blog: Blog;
  /** The first widget of the page, in English. */
  widget: Widget;
  /** Errors that nobody caught, and refusals of the page's policy; checked after each test. */
  pageErrors: string[];
}

export const test = base.extend<Options & Fixtures>({
  serverEnvironment: [{}, { option: true }],
  server: async ({ serverEnvironment }, use) => {
    const server = await startTestServer({ OWNER_TOKEN: ownerToken, ...serverEnvironment });
    await use(server);
    await server.kill('SIGKILL');
    await server.stop();
  },
  owner: async ({ server }, use) => use(ownerOf(server)),
  blog: async ({ server }, use) => {
    const blog = await startBlog({
      chat: server.url,
      'chat-socket': server.url.replace('http', 'ws'),
    });
    await use(blog);
    await blog.stop();
  },
  widget: async ({ page }, use) => use(widgetOn(page)),
  pageErrors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        const text = message.text();
        if (/Content Security Policy|Trusted ?Type/i.test(text)) errors.push(text);
      });
      await use(errors);
      expect(errors).toEqual([]);
    },
    { auto: true },
  ],
});
