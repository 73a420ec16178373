/** Chromium with the real widget on pages of another origin: some of them tabs of one visitor. */
import { existsSync } from 'node:fs';
import { chromium, type BrowserContext } from 'playwright';
import { installedChromium, playwrightChromium } from '../../scripts/chromium.mjs';
import { startBlog } from '../browser/blog-server.ts';
import type { PageView, StoredConversation } from './history.ts';
import {
  createPageVisitor,
  pageFaults,
  type PageFault,
  type PageVisitor,
  type TabView,
  type Visitor,
} from './page-visitor.ts';
import type { Random } from './random.ts';

export interface BrowserPages {
  readonly faults: Readonly<Record<PageFault, number>>;
  readonly typed: number;
  readonly surprises: readonly string[];
  start(): Promise<void>;
  /** Ends what was done to pages, and waits until all of them show the same twice. */
  settle(patienceMs: number): Promise<void>;
  /** What the pages showed when they had settled, of visitors who have written. */
  views(stored: readonly StoredConversation[]): readonly PageView[];
  close(): Promise<void>;
}

export async function openBrowserPages(options: {
  readonly count: number;
  /** Where pages find the chat. */
  readonly chatUrl: string;
  readonly random: Random;
  trace(what: string): void;
}): Promise<BrowserPages> {
  const { count, chatUrl, random, trace } = options;
  const faults = Object.fromEntries(pageFaults.map((name) => [name, 0])) as Record<
    PageFault,
    number
  >;
  const surprises: string[] = [];
  const executablePath = installedChromium() ?? (await playwrightChromium());
  if (executablePath === undefined || !existsSync(executablePath)) {
    throw new Error('No Chromium is installed: see "npm test", or run with --pages 0.');
  }
  const browser = await chromium.launch({
    executablePath,
    // Else it would end this process before everything else has been put away.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });
  const blog = await startBlog({ chat: chatUrl });
  const pages: PageVisitor[] = [];
  const newVisitor = (context: BrowserContext): Visitor => ({ context, typed: [], unsure: [] });
  let visitor: Visitor | undefined;
  for (let index = 0; index < count; index += 1) {
    // The first two are tabs of one visitor.
    if (!visitor || index !== 1) {
      visitor = newVisitor(await browser.newContext({ locale: 'en-GB' }));
    }
    pages.push(
      createPageVisitor({
        name: `p${index}`,
        url: `${blog.url}/plain`,
        visitor,
        random: random.fork(`page ${index}`),
        count: (fault) => void (faults[fault] += 1),
        trace,
        onSurprise: (what) => void surprises.push(what),
      }),
    );
  }
  let shown: readonly TabView[] = [];

  return {
    faults,
    surprises,
    get typed() {
      const visitors = [...new Set(pages.map((page) => page.visitor))];
      return visitors.reduce((sum, one) => sum + one.typed.length, 0);
    },
    async start() {
      for (const page of pages) await page.start();
    },
    async settle(patienceMs) {
      await Promise.all(pages.map((page) => page.heal()));
      const deadlineMs = performance.now() + patienceMs;
      let before = '';
      for (;;) {
        shown = await Promise.all(pages.map((page) => page.view()));
        const now = JSON.stringify(shown);
        if ((now === before && shown.every(isSettled)) || performance.now() > deadlineMs) return;
        before = now;
        await new Promise((done) => setTimeout(done, 2_000));
      }
    },
    views(stored) {
      const all = stored.flatMap(({ id, messages }) =>
        messages.map(({ text }) => [text, id] as const),
      );
      const conversationOf = new Map(all);
      return pages.flatMap((page, index) => {
        const { typed, unsure } = page.visitor;
        const sent = [...typed, ...unsure.filter((text) => conversationOf.has(text))];
        const view = shown[index];
        if (!view || sent.length === 0) return [];
        const known = sent.map((text) => conversationOf.get(text)).find((id) => id !== undefined);
        const { offersOlder, ...seen } = view;
        const conversationId = view.conversationId || (known ?? '');
        const rows = stored.find(({ id }) => id === conversationId)?.messages ?? [];
        if (!offersOlder && seen.entries.length < rows.length) {
          const part = `${seen.entries.length} of ${rows.length} messages`;
          surprises.push(`[D5] ${page.name} shows ${part} as if they were all (${conversationId})`);
        }
        return [{ ...seen, conversationId, typed: sent }];
      });
    },
    async close() {
      await browser.close();
      await blog.stop();
    },
  };
}

/** Every question is sent and has its answer. */
function isSettled({ entries, unsent }: TabView): boolean {
  const of = (sender: string): number => entries.filter((one) => one.sender === sender).length;
  return unsent.length === 0 && of('visitor') === of('assistant');
}
