/** The widget on a page of Chromium, as a visitor uses it. Everything here gives up in time. */
import type { Page } from 'playwright';
import type { PageView } from './history.ts';

const patienceMs = 5_000;
const visitPatienceMs = 60_000;

export interface PageWidget {
  /** Loads the blog's page and opens the chat, as often as it takes; rejects after a minute. */
  visit(url: string): Promise<void>;
  /**
   * Types and presses Enter.
   *
   * @param name - what the text begins with, and no other
   * @returns `taken` where the page shows it as written, `lost` where the input is empty and
   *   nothing shows it, `refused` where it still stands in the input
   */
  say(name: string, text: string): Promise<'taken' | 'lost' | 'refused'>;
  /** What is shown now, with older history loaded as far as the page offers it. */
  read(): Promise<Shown>;
}

export interface Shown extends Pick<PageView, 'entries' | 'unsent'> {
  /** The page says that there is more above. */
  readonly offersOlder: boolean;
}

export function widgetOn(page: Page): PageWidget {
  const host = page.locator('contact-chat').first();
  const launcher = host.getByRole('button', { name: /^Open chat/ });
  const input = host.locator('contact-chat-composer').getByRole('textbox');
  const messages = host.locator('.message');
  const older = host.locator('button.older');

  const succeeds = (doing: Promise<unknown>): Promise<boolean> =>
    doing.then(
      () => true,
      () => false,
    );
  const isOpen = (): Promise<boolean> => succeeds(input.waitFor({ timeout: patienceMs }));

  async function open(): Promise<boolean> {
    // A script that could not be loaded leaves a page without a chat, or a launcher that says so.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (await input.isVisible()) return true;
      if (!(await succeeds(launcher.click({ timeout: patienceMs })))) return false;
      if (await isOpen()) return true;
    }
    return false;
  }

  return {
    async visit(url) {
      const deadlineMs = performance.now() + visitPatienceMs;
      while (performance.now() < deadlineMs) {
        const loaded = await succeeds(
          page.goto(url, { waitUntil: 'domcontentloaded', timeout: 2 * patienceMs }),
        );
        if (page.isClosed()) throw new Error('The page is gone.');
        if (loaded && (await open())) return;
      }
      throw new Error('The chat did not open.');
    },
    async say(name, text) {
      await input.fill(text, { timeout: patienceMs });
      await input.press('Enter', { timeout: patienceMs });
      const own = host.locator('.message.visitor', { hasText: `${name} ` });
      if (await succeeds(own.first().waitFor({ state: 'attached', timeout: 3_000 })))
        return 'taken';
      return (await input.inputValue({ timeout: patienceMs })) === '' ? 'lost' : 'refused';
    },
    async read() {
      for (let pages = 0; pages < 100 && (await older.count()) > 0; pages += 1) {
        const before = await messages.count();
        if (!(await succeeds(older.click({ timeout: patienceMs })))) break;
        const hasMore = async (): Promise<boolean> => (await messages.count()) > before;
        for (let look = 0; look < 50 && !(await hasMore()); look += 1) {
          await page.waitForTimeout(100);
        }
        if (!(await hasMore())) break;
      }
      const shown = await messages.evaluateAll((elements) =>
        elements.map((element) => {
          const text = element.querySelector<HTMLElement>('.text');
          // Names of languages and what copies code are not what was said.
          const around = [...(text?.querySelectorAll<HTMLElement>('.code-head') ?? [])];
          for (const head of around) head.hidden = true;
          const said = text?.innerText ?? '';
          for (const head of around) head.hidden = false;
          return {
            sender: ['visitor', 'assistant', 'owner'].find((name) =>
              element.classList.contains(name),
            ),
            isSent: element.classList.contains('sent'),
            text: said,
          };
        }),
      );
      return {
        entries: shown.map(({ sender, text }) => ({ sender: sender ?? 'unknown', text })),
        unsent: shown
          .filter(({ sender, isSent }) => sender === 'visitor' && !isSent)
          .map(({ text }) => text),
        offersOlder: (await older.count()) > 0,
      };
    },
  };
}
