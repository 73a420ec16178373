// First: in the bundle, styles and code compress best apart.
import { styles } from './styles.ts';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Identity } from '../shared/protocol.ts';
import { absoluteServer } from './addresses.ts';
import { adoptStyles } from './adopt-styles.ts';
import type { Chat } from './chat-state.ts';
import { applyAppearance, makeRoomForKeyboard } from './appearance.ts';
import { createChatController, type ChatController } from './chat-controller.ts';
import { launcherButton } from './elements/launcher-button.ts';
import type { MessageComposer } from './elements/message-composer.ts';
import { closeMenu } from './elements/panel-header.ts';
import { panelBody } from './elements/panel-body.ts';
import type { View, Wishes } from './elements/part-element.ts';
import { browserEnvironment } from './environment.ts';
import { loadWords } from './lang/choose.ts';
import { en, type Words } from './lang/en.ts';
import { createWishes } from './wishes.ts';

/** Shortcuts of the page cannot see that an input has the focus: they get none of its keys. */
const keepInside = (event: Event): void => event.stopPropagation();

/**
 * `<contact-chat>`: a launcher and the conversation behind it.
 *
 * @attr server - base address of the server, default the page's origin
 * @attr lang - BCP 47; default the page's language, then the browser's
 * @attr theme - `auto` (default), `light`, `dark`
 * @attr position - `right` (default), `left`, `inline`
 * @attr accent - any CSS colour; readable contrast is derived from it
 * @attr heading - title of the panel
 * @attr greeting - sentence of the first screen
 * @attr questions - up to three questions of the first screen, separated by `|`
 * @attr open - whether the panel is open
 * @attr connect - `interaction` (default) or `eager`
 * @attr nonce - for the page's content security policy
 *
 * @fires contact-chat:ready - it can be used
 * @fires contact-chat:open - the panel opened
 * @fires contact-chat:close - the panel closed
 * @fires contact-chat:message - `{ id, sender, message }` arrived
 * @fires contact-chat:sent - `{ id, seq }`: the server has stored a message
 * @fires contact-chat:unread - `{ count }`
 * @fires contact-chat:status - `{ status }` of the connection
 * @fires contact-chat:error - `{ code, message }` from the server
 *
 * @csspart launcher @csspart panel @csspart header @csspart messages @csspart message
 * @csspart composer @csspart input @csspart send
 *
 * @cssprop --contact-chat-accent @cssprop --contact-chat-background @cssprop --contact-chat-text
 * @cssprop --contact-chat-radius @cssprop --contact-chat-font @cssprop --contact-chat-z-index
 * @cssprop --contact-chat-offset-x @cssprop --contact-chat-offset-y
 * @cssprop --contact-chat-width @cssprop --contact-chat-height
 */
export class ContactChat extends LitElement {
  static override properties = {
    server: {},
    lang: {},
    theme: {},
    position: {},
    accent: {},
    heading: {},
    greeting: {},
    questions: {},
    isOpen: { attribute: 'open', type: Boolean, reflect: true },
    connect: {},
    nonce: { attribute: false },
    view: { state: true },
    dark: { state: true },
    words: { state: true },
  };

  declare server: string | null;
  declare lang: string;
  declare theme: 'auto' | 'light' | 'dark' | null;
  declare position: 'right' | 'left' | 'inline' | null;
  declare accent: string | null;
  declare heading: string | null;
  declare greeting: string | null;
  declare questions: string | null;
  /** Mirrors the attribute `open`; `open()` is the method. */
  declare isOpen: boolean;
  declare connect: 'interaction' | 'eager' | null;
  declare protected view: View;
  declare protected dark: boolean;
  declare protected words: Words;

  #controller: ChatController;
  #here: AbortController | undefined;
  #prefersDark = matchMedia('(prefers-color-scheme: dark)');
  #takeFocus = false;
  #wordsFor: string | null = null;

  constructor() {
    super();
    this.isOpen = false;
    this.view = 'chat';
    this.dark = false;
    this.words = en;
    this.#controller = createChatController(this, {
      server: this.#server(),
      environment: browserEnvironment,
      lang: () => this.words.tag,
      onNews: ({ name, detail }) => this.#tell(name, detail),
    });
  }

  /** Opens the panel and connects. Takes the focus only where the visitor has just acted. */
  open(): void {
    this.#takeFocus = navigator.userActivation?.isActive ?? false;
    this.isOpen = true;
  }

  /** Closes the panel; the connection stays, so that answers are counted on the launcher. */
  close(): void {
    const inside = this.#find('.panel')?.contains(this.shadowRoot?.activeElement ?? null);
    this.isOpen = false;
    if (inside) void this.updateComplete.then(() => this.#find('.launcher')?.focus());
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  /**
   * Sends a message as the visitor. It is kept on the device until the server has stored it.
   *
   * @returns its id; `undefined` for a blank text, and where no more may wait
   */
  send(text: string): string | undefined {
    this.#controller.start();
    return this.#chat.send(text);
  }

  /** Says who the signed-in visitor is; a connection that stands is made anew. */
  identify(identity: Identity): void {
    this.#chat.identify(identity);
  }

  /** Forgets this visitor on this device, as after signing out. The server's copy stays. */
  async reset(): Promise<void> {
    await this.#chat.reset();
  }

  /** Changes the language of the widget at once, and of the server from the next connection. */
  setLocale(lang: string): void {
    this.lang = lang;
  }

  protected override createRenderRoot(): ShadowRoot {
    // The script on the page has drawn a launcher already; its root is taken over.
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    this.#takeFocus = root.activeElement !== null;
    root.replaceChildren();
    root.adoptedStyleSheets = [];
    adoptStyles(root, styles, this.getAttribute('nonce') ?? this.nonce ?? null);
    return root;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#here = new AbortController();
    const { signal } = this.#here;
    this.#prefersDark.addEventListener('change', () => this.#applyTheme(), { signal });
    document.addEventListener('visibilitychange', () => this.#attend(), { signal });
    this.#applyTheme();
    if (this.hasUpdated) this.#makeRoom();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#here?.abort();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('server')) this.#controller.use(this.#server());
    if (changed.has('theme')) this.#applyTheme();
    // Not on every change: a server that refused is not asked again by itself.
    if (changed.has('isOpen') || changed.has('connect')) {
      if (this.isOpen || this.connect === 'eager') this.#controller.start();
    }
    if (changed.has('isOpen') && !this.isOpen) this.view = 'chat';
  }

  protected override firstUpdated(): void {
    this.#makeRoom();
    if (this.#takeFocus && !this.isOpen) this.#find('.launcher')?.focus();
    this.#tell('ready', {});
  }

  protected override updated(changed: PropertyValues): void {
    const root = this.#find('.root');
    if (['dark', 'accent', 'isOpen'].some((name) => changed.has(name))) {
      if (root) applyAppearance(this, root, this.accent, this.dark);
    }
    if (changed.has('view') && this.view === 'chat' && this.isOpen && changed.get('view')) {
      this.#focusInput();
    }
    if (!changed.has('isOpen')) return;
    if (this.isOpen) {
      this.#tell('open', {});
      if (this.#takeFocus) this.#focusInput();
      this.#takeFocus = false;
    } else if (changed.get('isOpen')) this.#tell('close', {});
    this.#attend();
  }

  get #chat(): Chat {
    return this.#controller.chat;
  }

  #find(selector: string): HTMLElement | null {
    return this.renderRoot.querySelector(selector);
  }

  #server(): string {
    return absoluteServer(this.getAttribute('server') || this.server || '/', document.baseURI);
  }

  /** The first drawing waits for its language, so that nobody sees another one flash by. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.#wordsFor !== this.lang) {
      const { lang } = this;
      this.#wordsFor = lang;
      const loading = loadWords(lang, document.documentElement.lang, navigator.language).then(
        (words) => this.#wordsFor === lang && (this.words = words),
      );
      if (!this.hasUpdated) await loading;
    }
    await super.scheduleUpdate();
  }

  #tell(name: string, detail: object): void {
    this.dispatchEvent(
      new CustomEvent(`contact-chat:${name}`, { detail, bubbles: true, composed: true }),
    );
  }

  #applyTheme(): void {
    this.dark = this.theme === 'dark' || (this.theme !== 'light' && this.#prefersDark.matches);
  }

  #makeRoom(): void {
    const root = this.#find('.root');
    if (root && this.#here) makeRoomForKeyboard(root, this.#here.signal);
  }

  #attend(): void {
    this.#chat.attend(this.isOpen && document.visibilityState === 'visible');
  }

  #focusInput(): void {
    // On a touch screen the keyboard would cover half of what was just opened.
    const touch = matchMedia('(pointer: coarse)').matches;
    void this.updateComplete.then(async () => {
      const composer = this.renderRoot.querySelector<MessageComposer>('contact-chat-composer');
      await composer?.updateComplete;
      if (touch || !composer) this.#find('.panel')?.focus({ preventScroll: true });
      else composer.focusInput();
    });
  }

  #wishes = createWishes(
    () => this.#chat,
    (view) => void this.#show(view),
    () => this.close(),
  );

  #grant = ({ detail: [name, given] }: CustomEvent<[keyof Wishes, [never, never]]>): void => {
    this.#wishes[name](...given);
  };

  async #show(view: View): Promise<void> {
    try {
      if (view === 'chat') return void (this.view = view);
      const { registerRareViews } = await import('./rare-views.ts');
      registerRareViews();
      this.view = view;
    } catch {
      // Without a network they cannot come; the conversation itself takes messages.
      this.#focusInput();
    }
  }

  #key = (event: KeyboardEvent): void => {
    // Shortcuts of the page ("/" for its search) cannot see that this is an input: the event
    // reaches them as one of <contact-chat>.
    event.stopPropagation();
    if (event.key !== 'Escape' || event.isComposing) return;
    if (closeMenu(this.renderRoot)) return;
    if (this.view === 'chat') this.close();
    else this.view = 'chat';
  };

  protected override render(): TemplateResult {
    const words = this.words;
    const { state } = this.#chat;
    const open = this.isOpen;
    const inline = this.position === 'inline';
    return html`<div class="root" lang=${words.tag} ?data-dark=${this.dark}>
      <div
        class="panel"
        part="panel"
        role="dialog"
        aria-labelledby="cc-title"
        tabindex="-1"
        ?hidden=${!open}
        @ask=${this.#grant}
        @keydown=${this.#key}
        @keyup=${keepInside}
        @keypress=${keepInside}
      >
        ${open || this.hasUpdated ? panelBody(this, this.view, state, words, this.#wishes) : nothing}
      </div>
      ${inline && open ? nothing : launcherButton(open, state.unread, words, () => this.toggle())}
    </div>`;
  }
}
