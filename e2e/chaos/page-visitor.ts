/** One tab of one visitor in Chromium, and what becomes of it: a loop of small misfortunes. */
import type { BrowserContext, CDPSession, Page } from 'playwright';
import type { PageView } from './history.ts';
import { messageText } from './message-texts.ts';
import { widgetOn, type PageWidget, type Shown } from './page-widget.ts';
import type { Random } from './random.ts';

export const pageFaults = [
  'page reloaded',
  'page closed mid-send',
  'page crashed',
  'page frozen',
  'page offline',
] as const;
export type PageFault = (typeof pageFaults)[number];

/** A visitor, with one tab or more. */
export interface Visitor {
  readonly context: BrowserContext;
  /** Texts that some tab has shown as written. */
  readonly typed: string[];
  /** Texts of tabs that went away before they showed anything: they may have been sent or not. */
  readonly unsure: string[];
}

export interface TabView extends Shown, Pick<PageView, 'page' | 'conversationId'> {}

export interface PageVisitor {
  readonly name: string;
  readonly visitor: Visitor;
  start(): Promise<void>;
  /** No more misfortunes; resolves when the tab is open, awake and online. */
  heal(): Promise<void>;
  /** What is shown. `conversationId` is empty where no address has named it yet. */
  view(): Promise<TabView>;
}

interface Options {
  readonly name: string;
  readonly url: string;
  readonly visitor: Visitor;
  readonly random: Random;
  count(fault: PageFault): void;
  /** What happened, for whoever looks into a finding. */
  trace(what: string): void;
  onSurprise(what: string): void;
}

export function createPageVisitor(options: Options): PageVisitor {
  const { name, url, visitor, random } = options;
  let page: Page | undefined;
  let widget: PageWidget | undefined;
  let devTools: CDPSession | undefined;
  let conversationId = '';
  let texts = 0;
  let stopped = false;
  let hasCrashed = false;
  let running: Promise<void> = Promise.resolve();

  async function open(): Promise<void> {
    const opened = await visitor.context.newPage();
    page = opened;
    hasCrashed = false;
    // The crash of one tab may take another of the same process along.
    opened.on('crash', () => (hasCrashed ||= page === opened));
    opened.on('websocket', (socket) => {
      conversationId = new URL(socket.url()).searchParams.get('c') ?? '';
    });
    opened.on('pageerror', (error) => options.onSurprise(`${name} threw: ${error.message}`));
    devTools = await visitor.context.newCDPSession(opened);
    widget = widgetOn(opened);
    await widget.visit(url);
  }

  async function close(): Promise<void> {
    const closing = page;
    page = undefined;
    await within(5_000, closing?.close({ runBeforeUnload: false })).catch(() => undefined);
  }

  async function say(): Promise<void> {
    if (!widget) return;
    texts += 1;
    const textName = `${name}-${texts}`;
    const text = messageText(textName, random);
    try {
      const outcome = await widget.say(textName, text);
      options.trace(`${textName} ${outcome}`);
      if (outcome === 'taken') visitor.typed.push(text);
      if (outcome === 'lost') {
        visitor.unsure.push(text);
        options.onSurprise(`${name} took "${textName}" out of the input and shows it nowhere`);
      }
    } catch (error) {
      options.trace(`${textName} unsure: ${String(error).split('\n')[0]}`);
      visitor.unsure.push(text);
      throw error;
    }
  }

  const pause = async (least: number, most: number): Promise<void> => {
    const endMs = performance.now() + random.between(least, most);
    while (!stopped && performance.now() < endMs) await delay(100);
  };

  async function reload(): Promise<void> {
    options.count('page reloaded');
    await widget?.visit(url);
  }

  async function misfortune(fault: PageFault): Promise<void> {
    options.trace(`${name} ${fault}`);
    switch (fault) {
      case 'page reloaded':
        await say();
        return reload();
      case 'page closed mid-send':
        await say();
        options.count(fault);
        await close();
        return open();
      case 'page crashed': {
        await say();
        options.count(fault);
        const crashed = new Promise((done) => page?.once('crash', done));
        devTools?.send('Page.crash').catch(() => undefined);
        await Promise.race([crashed, delay(3_000)]);
        await close();
        return open();
      }
      case 'page frozen':
        options.count(fault);
        await devTools?.send('Page.setWebLifecycleState', { state: 'frozen' });
        await pause(500, 12_000);
        await devTools?.send('Page.setWebLifecycleState', { state: 'active' });
        return;
      case 'page offline':
        options.count(fault);
        await visitor.context.setOffline(true);
        await say().catch(() => undefined);
        await pause(300, 6_000);
        await visitor.context.setOffline(false);
    }
  }

  async function live(): Promise<void> {
    while (!stopped) {
      await pause(1_000, 4_000);
      if (stopped) return;
      const next = random.weighted([
        [12, 'say'],
        [2, 'page reloaded'],
        [2, 'page closed mid-send'],
        [1.5, 'page crashed'],
        [1.5, 'page frozen'],
        [1.5, 'page offline'],
      ] as const);
      try {
        if (hasCrashed) throw new Error('It crashed.');
        // A page that is gone leaves some questions to it open for ever.
        await within(90_000, next === 'say' ? say() : misfortune(next));
      } catch {
        // A tab that another one's crash took along, or that a slow machine left behind.
        await repair();
      }
    }
  }

  async function repair(): Promise<void> {
    options.trace(`${name} is opened again`);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await close();
      const opened = await within(90_000, open()).then(
        () => true,
        () => false,
      );
      if (opened) return;
    }
    options.onSurprise(`${name} could not be opened again`);
  }

  return {
    name,
    visitor,
    async start() {
      await open();
      running = live();
    },
    async heal() {
      stopped = true;
      await running;
      await visitor.context.setOffline(false);
      const awake = devTools?.send('Page.setWebLifecycleState', { state: 'active' });
      await within(5_000, awake).catch(() => undefined);
      if (hasCrashed || (page?.isClosed() ?? true)) await repair();
    },
    async view() {
      const shown = await within(60_000, widget?.read()).catch(() => undefined);
      if (!shown) await repair();
      return { page: name, conversationId, entries: [], unsent: [], offersOlder: false, ...shown };
    },
  };
}

/** Rejects where it takes longer, and lets it go on unheard. */
async function within<Value>(ms: number, doing: Promise<Value> | undefined) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_done, failed) => {
    timer = setTimeout(() => failed(new Error(`not done within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([doing, late]);
  } finally {
    clearTimeout(timer);
  }
}

const delay = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
