import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright/test';
import { expect, test } from './browser/fixtures.ts';
import { hostileAnswers, hostileTexts } from './browser/hostile-texts.ts';
import { scriptChat } from './browser/scripted-chat.ts';
import { startBlog } from './browser/blog-server.ts';
import { widgetOn } from './browser/widget.ts';
import { startTestServer } from './server/start-test-server.ts';

/** What texts may be made of. Everything else would be somebody's markup. */
const elements =
  'P BR SPAN B I CODE PRE A STRONG EM DEL UL OL LI BLOCKQUOTE HR DIV TABLE THEAD TBODY TR TH TD BUTTON svg path';
const attributes =
  'class dir href target rel tabindex role aria-label start type title viewBox aria-hidden d';

/** Nine thousand cells take a small machine seconds to lay out. */
const patient = { timeout: 60_000 };

interface Watch {
  /** Throws where anything of what was written is more than text. */
  check(): Promise<void>;
}

/** Watches a page from now on. */
async function watch(page: Page, hosts: readonly string[], texts: Locator): Promise<Watch> {
  const strange: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && !hosts.includes(url.host))
      strange.push(request.url());
  });
  page.on('dialog', (dialog) => {
    strange.push(dialog.message());
    void dialog.dismiss();
  });
  const outside = (): Promise<string> =>
    page.evaluate(() => {
      const copy = document.documentElement.cloneNode(true) as Element;
      copy.querySelector('contact-chat')?.remove();
      return `${location.href}\n${document.title}\n${copy.outerHTML}`;
    });
  const before = await outside();
  return {
    async check() {
      expect(await page.evaluate(() => Reflect.get(globalThis, 'ran'))).toBeUndefined();
      expect(strange).toEqual([]);
      expect(await outside()).toBe(before);
      const found = await texts.evaluateAll(
        (all, [tags, names]) => {
          const odd = new Set<string>();
          for (const text of all) {
            for (const element of text.querySelectorAll('*')) {
              if (!tags?.includes(element.tagName)) odd.add(`<${element.tagName}>`);
              for (const { name, value } of element.attributes) {
                if (!names?.includes(name)) odd.add(`${element.tagName} ${name}=${value}`);
              }
              if (element instanceof HTMLAnchorElement) {
                if (!['http:', 'https:', 'mailto:'].includes(element.protocol))
                  odd.add(element.outerHTML);
                if (element.rel !== 'noopener nofollow' || element.target !== '_blank')
                  odd.add(element.outerHTML);
              }
            }
          }
          return [...odd];
        },
        [elements.split(' '), attributes.split(' ')],
      );
      expect(found).toEqual([]);
    },
  };
}

test.describe('whatever anybody writes', () => {
  test.use({ serverEnvironment: { RATE_LIMIT: '5000/1s', ANSWERER: 'off' } });

  test('is shown as text and runs nothing', async ({ page, blog, server, owner, widget }) => {
    test.setTimeout(180_000);
    expect(hostileTexts.length).toBeGreaterThanOrEqual(100);
    await page.goto(`${blog.url}/plain`);
    await widget.open();
    const hosts = [blog.url, server.url].map((url) => new URL(url).host);
    const seen = await watch(page, hosts, widget.log.locator('.text'));
    for (const [index, text] of hostileTexts.entries()) {
      await widget.say(text);
      await expect(widget.own).toHaveCount(index + 1);
    }
    await expect
      .poll(async () => (await owner.everything()).length)
      .toBeGreaterThanOrEqual(hostileTexts.length);
    const [conversation] = await owner.conversations();
    for (const text of hostileTexts) await owner.reply(conversation?.id ?? '', text);
    await owner.broadcast(hostileTexts.slice(0, 20).join('\n'));
    await expect(widget.own).toHaveCount(hostileTexts.length);
    await expect(widget.fromOwner).toHaveCount(hostileTexts.length + 1);
    await expect(widget.fromOwner.locator('.md').first()).toBeAttached();
    await seen.check();

    // A visitor's own words stand there letter by letter.
    const shown = await widget.own
      .locator('.text')
      .evaluateAll((all) => all.map((text) => (text as HTMLElement).textContent ?? ''));
    const letters = (text: string): string => text.replace(/[\s`#\u0000]/g, '');
    for (const [index, text] of hostileTexts.entries()) {
      // The line of a fence is not part of its code.
      if (/```|~~~/.test(text)) continue;
      expect(letters(shown[index] ?? '')).toBe(letters(text));
    }
    await page.reload();
    await widget.open();
    await expect(widget.fromOwner.locator('.md').last()).toBeVisible();
    await seen.check();
  });
});

test('what an answerer says in Markdown, at any length, does no more', async ({
  page,
  blog,
  server,
  widget,
}) => {
  test.setTimeout(180_000);
  const chat = await scriptChat(page);
  await page.goto(`${blog.url}/plain`);
  await widget.open();
  const hosts = [blog.url, server.url].map((url) => new URL(url).host);
  const seen = await watch(page, hosts, widget.log.locator('.text'));
  for (const [index, message] of hostileAnswers.entries()) {
    await widget.send(`Question ${index}`);
    const id = `ai:${chat.question()}`;
    // Half of it first, cut wherever it happens to be.
    const half = Math.floor(message.length / 2);
    chat.write(id, [message.slice(0, half), message.slice(half)]);
    await expect(widget.answers.last()).toHaveAttribute('aria-busy', 'true', patient);
    await seen.check();
    chat.store({ id, message, answers: [chat.question()] });
    await expect(widget.answers.last()).toHaveAttribute('aria-busy', 'false', patient);
  }
  await expect(widget.answers).toHaveCount(hostileAnswers.length);
  await seen.check();
  const sizes = await widget.log.evaluate((log) => log.scrollWidth - log.clientWidth);
  expect(sizes).toBeLessThanOrEqual(0);
  // The widget still answers to its visitor.
  await widget.send('Still here?');
});

test('what stands in the posts does no more either', async ({ page }) => {
  test.setTimeout(180_000);
  const folder = await mkdtemp(join(tmpdir(), 'contact-chat-posts-'));
  const each = 6;
  const groups = Array.from({ length: Math.ceil(hostileTexts.length / each) }, (_, nth) =>
    hostileTexts.slice(nth * each, (nth + 1) * each).map((text) => text.slice(0, 600)),
  );
  for (const [nth, texts] of groups.entries()) {
    const paragraphs = texts.map((text) => `The quokka of island ${nth} eats ${text} every day.`);
    const title = `Quokka ${nth} <img src=x onerror=globalThis.ran=true>`;
    await writeFile(join(folder, `${nth}.md`), `# ${title}\n\n${paragraphs.join('\n\n')}\n`);
  }
  const server = await startTestServer({ POSTS: folder, RATE_LIMIT: '5000/1s' });
  const blog = await startBlog({ chat: server.url, 'chat-socket': server.wsUrl });
  try {
    await page.goto(`${blog.url}/plain`);
    const widget = widgetOn(page);
    await widget.open();
    const hosts = [blog.url, server.url].map((url) => new URL(url).host);
    const seen = await watch(page, hosts, widget.log.locator('.text'));
    for (const nth of groups.keys()) {
      await widget.ask(`What does the quokka of island ${nth} eat every day?`);
    }
    await expect(widget.answers.filter({ hasText: 'quokka' }).first()).toBeAttached();
    await expect(widget.citations.first()).toBeAttached();
    await seen.check();
    await expect(widget.log.locator('img, script, iframe, video, object, form')).toHaveCount(0);
  } finally {
    await blog.stop();
    await server.kill('SIGKILL');
    await server.stop();
    await rm(folder, { recursive: true });
  }
});
