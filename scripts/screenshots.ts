/**
 * Makes the pictures of the documentation from the real thing: starts the built server, drives
 * Chromium.
 *
 *   npm run screenshots                    docs/images/{chat,inbox}-….webp
 *   npm run screenshots -- --all <folder>  and every other state, into that folder
 *
 * `SCREENSHOTS_OF=inbox` makes those only whose name begins so.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright';
import { startBlog } from '../e2e/browser/blog-server.ts';
import { ownerToken } from '../e2e/browser/owner.ts';
import { widgetOn } from '../e2e/browser/widget.ts';
import { createClockShim } from '../e2e/chaos/clock-shim.ts';
import { chatShots, desktop, type ChatShot } from './chat-shots.ts';
import { installedChromium } from './chromium.mjs';
import type { InboxShot } from './inbox-shots.ts';
import { webPictures, type WebPictures } from './web-picture.ts';

interface Studio {
  readonly browser: Browser;
  readonly pictures: WebPictures;
  readonly images: string;
  /** Where the states go that are only looked at. */
  readonly others: string | undefined;
}

const isWanted = ({ name }: { readonly name: string }): boolean =>
  name.startsWith(process.env['SCREENSHOTS_OF'] ?? '');

async function take(
  { browser, pictures }: Studio,
  shot: { readonly name: string; readonly options?: BrowserContextOptions },
  folder: string,
  prepare: (page: Page) => Promise<void>,
): Promise<void> {
  if (!isWanted(shot)) return;
  const context = await browser.newContext(shot.options ?? desktop);
  const page = await context.newPage();
  await prepare(page);
  // Nothing blinks, and the tip of no pointer lights a button up.
  await page.mouse.move(2, 2);
  const path = join(folder, `${shot.name}.webp`);
  const png = await page.screenshot({ caret: 'hide', animations: 'disabled' });
  const bytes = await pictures.write(path, png);
  await context.close();
  console.log(`${path}  ${Math.ceil(bytes / 1000)} kB`);
}

async function takeChat(studio: Studio): Promise<void> {
  const { startTestServer } = await import('../e2e/server/start-test-server.ts');
  const server = await startTestServer({ OWNER_TOKEN: ownerToken });
  const blog = await startBlog({ chat: server.url });
  const takeAll = async (list: readonly ChatShot[], folder: string): Promise<void> => {
    for (const shot of list) {
      await take(studio, shot, folder, async (page) => {
        await page.goto(new URL(shot.page, server.url).href);
        await shot.prepare(page, widgetOn(page, shot.language));
      });
    }
  };
  try {
    const { main: pictures, others } = chatShots(server, blog.url);
    await takeAll(pictures, studio.images);
    if (studio.others) await takeAll(others, studio.others);
  } finally {
    await blog.stop();
    await server.kill('SIGKILL');
    await server.stop();
  }
}

async function takeInbox(studio: Studio): Promise<void> {
  const { startTestServer } = await import('../e2e/server/start-test-server.ts');
  const { inboxOn } = await import('../e2e/browser/console.ts');
  const { busyShots, emptyShots, otherInboxShots } = await import('./inbox-shots.ts');
  const { seedInbox, startNoticeSink } = await import('./inbox-visitors.ts');
  const folder = await mkdtemp(join(tmpdir(), 'contact-chat-pictures-'));
  const clock = createClockShim(folder);
  const sink = await startNoticeSink();
  const server = await startTestServer({
    ...{ OWNER_TOKEN: ownerToken, NOTIFY: sink.notify, DEFAULT_LANG: 'en' },
    NODE_OPTIONS: clock.nodeOptions,
  });
  const takeAll = async (list: readonly InboxShot[], into: string): Promise<void> => {
    for (const shot of list) {
      await take(studio, shot, into, async (page) => {
        await shot.prepare(inboxOn(page, shot.language), server.url, page);
      });
    }
  };
  try {
    await takeAll(emptyShots, studio.images);
    const seeded = await seedInbox(server, clock);
    await takeAll(busyShots(seeded), studio.images);
    if (studio.others) await takeAll(otherInboxShots(seeded), studio.others);
    await seeded.leave();
  } finally {
    await server.kill('SIGKILL');
    await server.stop();
    sink.stop();
    await rm(folder, { recursive: true });
  }
}

async function main(): Promise<void> {
  const [flag, where] = process.argv.slice(2);
  if (flag !== undefined && (flag !== '--all' || !where)) {
    throw new Error('usage: npm run screenshots [-- --all <folder>]');
  }
  const images = resolve('docs', 'images');
  await mkdir(images, { recursive: true });
  if (where) await mkdir(where, { recursive: true });
  // This file runs bundled, from another folder: the build is where the command was given.
  process.env['CONTACT_CHAT_TEST_DIST'] ??= resolve('dist');
  const executablePath = installedChromium();
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ['--disable-lcd-text', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  try {
    const pictures = await webPictures(browser);
    const studio = { browser, pictures, images, others: where && resolve(where) };
    await takeInbox(studio);
    await takeChat(studio);
  } finally {
    await browser.close();
  }
}

await main();
