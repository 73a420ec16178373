/**
 * `<script src="…/contact-chat.js" async></script>`: draws the launcher and loads nothing else
 * until the visitor touches it. A classic script, so that `document.currentScript` tells where
 * the server is.
 */
import { absoluteServer, serverBase } from './addresses.ts';
import { adoptStyles } from './adopt-styles.ts';
import { attributes, drawLauncher, embedCss, wordsFor, type Launcher } from './embed-launcher.ts';
import { bubblePath, launcherCss } from './launcher.ts';
import { loadOnce } from './load-once.ts';
import { stayInPage } from './stay-in-page.ts';

type Call = readonly [name: string, ...args: unknown[]];
type Upgraded = HTMLElement & Record<string, ((...args: unknown[]) => unknown) | undefined>;

interface Widget {
  readonly server: string;
  call(call: Call): void;
}

/** Everything a page can ask for, before or after loading. */
const methods = ['open', 'close', 'toggle', 'send', 'identify', 'reset', 'setLocale'] as const;
const methodsThatLoad: readonly string[] = ['open', 'toggle', 'send'];

/** One list for all copies of this script in a page, whatever their versions. */
const registry = globalThis as unknown as {
  contactChatWidgets?: Widget[] & { look?: unknown };
  contactChat?: unknown;
};

const isDefined = (): boolean => Boolean(customElements.get('contact-chat'));

function createWidget(element: HTMLElement, server: string): Widget {
  const load = loadOnce(`${server}/${__WIDGET_CHUNK__}`);
  const waiting: Call[] = [];
  let launcher: Launcher | undefined;

  // A method of a page that knows a newer version is no reason to fail.
  const run = ([name, ...args]: Call): void => {
    if ((methods as readonly string[]).includes(name)) (element as Upgraded)[name]?.(...args);
  };

  function wake(): void {
    launcher?.busy();
    load().catch(() => launcher?.failed());
  }

  function call(next: Call): void {
    if (isDefined()) return run(next);
    // A second touch while loading is impatience, not a wish to close what is about to open.
    const again = next[0] === 'toggle' && waiting.some(([name]) => name === 'toggle');
    if (!again) waiting.push(next);
    if (methodsThatLoad.includes(next[0])) wake();
  }

  if (!isDefined()) {
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    adoptStyles(root, embedCss, element.getAttribute('nonce'));
    launcher = drawLauncher(root, wordsFor(element), element.getAttribute('accent'), () =>
      call(['toggle']),
    );
    // The definition may also come with the script of another server.
    void customElements.whenDefined('contact-chat').then(() => {
      customElements.upgrade(element);
      for (const next of waiting.splice(0)) run(next);
    });
    if (element.hasAttribute('open') || element.getAttribute('connect') === 'eager') wake();
  }
  return { server, call };
}

/** The elements of this server: those the page has placed itself, or a new one. */
function place(script: HTMLScriptElement, server: string): HTMLElement[] {
  const own = [...document.querySelectorAll<HTMLElement>('contact-chat')].filter((element) => {
    const wanted = element.getAttribute('server');
    return !wanted || absoluteServer(wanted, document.baseURI) === server;
  });
  if (own.length === 0) {
    const element = document.createElement('contact-chat');
    for (const name of attributes) {
      const value = script.dataset[name];
      const off = name === 'open' && value === 'false';
      if (value !== undefined && !off) element.setAttribute(name, value);
    }
    const nonce = script.dataset['nonce'] || script.nonce;
    if (nonce) element.setAttribute('nonce', nonce);
    // "Inline" is where the script stands.
    if (script.dataset['position'] === 'inline' && script.isConnected) script.after(element);
    else document.body.append(element);
    own.push(element);
  }
  for (const element of own) element.setAttribute('server', server);
  return own;
}

function begin(script: HTMLScriptElement): void {
  const address = script.dataset['server'];
  const server = address ? absoluteServer(address, document.baseURI) : serverBase(script.src);
  const widgets: Widget[] & { look?: unknown } = (registry.contactChatWidgets ??= []);
  // What is drawn here and taken over by the chunk is sent once: see launcher-from-script.ts.
  widgets.look = [bubblePath, launcherCss];
  if (widgets.some((widget) => widget.server === server)) return;
  for (const element of place(script, server)) {
    widgets.push(createWidget(element, server));
    stayInPage(element);
  }
  takeCalls(widgets);
}

/** `window.contactChat`: what was pushed before goes to the first widget, as does what comes. */
function takeCalls(widgets: readonly Widget[]): void {
  const before = registry.contactChat;
  const push = (...calls: Call[]): number => {
    for (const call of calls) if (Array.isArray(call)) widgets[0]?.call(call);
    return 0;
  };
  // An element with this id is a global of the page too, and no queue.
  const queue = before instanceof Element ? undefined : before;
  if (queue && !Array.isArray(queue)) return;
  registry.contactChat = Object.fromEntries<unknown>([
    ['push', push],
    ...methods.map((name) => [name, (...args: unknown[]) => push([name, ...args])] as const),
  ]);
  if (queue) push(...(queue as Call[]));
}

const script = document.currentScript as HTMLScriptElement | null;
if (script) {
  if (document.readyState === 'loading') {
    // The page may have its own <contact-chat> further down.
    document.addEventListener('DOMContentLoaded', () => begin(script), { once: true });
  } else begin(script);
}
