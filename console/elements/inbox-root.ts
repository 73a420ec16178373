import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { OwnerSession } from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import { createApi, serverBase, type Api } from '../api.ts';
import { Failure, failureText } from '../failure.ts';
import { loadWords, type Words } from '../lang/choose.ts';
import { endAttention } from '../notify.ts';
import {
  applyTheme,
  loadSettings,
  saveSettings,
  watchSettings,
  type Settings,
} from '../settings.ts';
import { base, buttons } from '../styles/controls.ts';
import './inbox-app.ts';
import './inbox-log-in.ts';

type Stage =
  | { readonly name: 'starting' }
  | { readonly name: 'failed'; readonly error: unknown }
  | { readonly name: 'log-in'; readonly ended: boolean }
  | { readonly name: 'inbox'; readonly session: OwnerSession };

const retryMs = 5_000;

const wordsFor = ({ lang }: Settings): Promise<Words> =>
  lang === 'auto' ? loadWords(...navigator.languages) : loadWords(lang);

/** Who sees what: the log-in, or the inbox in the chosen language and theme. */
export class InboxRoot extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        height: 100%;
      }
      .middle {
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 16px;
        min-height: 100dvh;
        padding: 24px;
        text-align: center;
        color: var(--ink-2);
      }
    `,
  ];
  static override properties = {
    words: { state: true },
    settings: { state: true },
    stage: { state: true },
  };

  declare private words: Words | undefined;
  declare private settings: Settings;
  declare private stage: Stage;
  readonly #api: Api = createApi({
    base: serverBase(location.href),
    onLoggedOut: () => this.#leave(true),
  });
  #unwatch: (() => void) | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** Counts changes of the language: one that loads slowly must not overtake a later one. */
  #asked = 0;

  constructor() {
    super();
    this.settings = loadSettings();
    this.stage = { name: 'starting' };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watchSettings((settings) => this.#use(settings));
    addEventListener('online', this.#again);
    navigator.serviceWorker?.addEventListener('message', this.#told);
    this.#use(this.settings);
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    clearTimeout(this.#retry);
    removeEventListener('online', this.#again);
    navigator.serviceWorker?.removeEventListener('message', this.#told);
  }

  /** A notification was clicked: the service worker says where it leads. */
  readonly #told = ({ data }: MessageEvent<unknown>): void => {
    const { type, hash } = (data ?? {}) as { readonly type?: unknown; readonly hash?: unknown };
    if (type === 'open' && typeof hash === 'string' && hash.startsWith('#/')) location.hash = hash;
  };

  readonly #again = (): void => {
    if (this.stage.name === 'failed') void this.#start();
  };

  #use(settings: Settings): void {
    this.settings = settings;
    applyTheme(settings.theme);
    const asked = (this.#asked += 1);
    void wordsFor(settings).then((words) => {
      if (asked !== this.#asked) return;
      this.words = words;
      document.documentElement.lang = words.tag;
      if (this.stage.name !== 'inbox') document.title = words.inbox;
    });
  }

  async #start(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      this.stage = { name: 'inbox', session: await this.#api.session() };
    } catch (error) {
      if (error instanceof Failure && error.kind === 'logged-out') {
        this.stage = { name: 'log-in', ended: false };
        return;
      }
      this.stage = { name: 'failed', error };
      this.#retry = setTimeout(this.#again, retryMs);
    }
  }

  #leave(ended: boolean): void {
    if (this.stage.name === 'log-in') return;
    this.stage = { name: 'log-in', ended };
    endAttention();
    if (this.words) document.title = this.words.inbox;
  }

  #changed({ detail }: CustomEvent<{ readonly settings: Settings }>): void {
    saveSettings(detail.settings);
    this.#use(detail.settings);
  }

  override render(): TemplateResult {
    const { words, stage } = this;
    if (!words) return html`${nothing}`;
    switch (stage.name) {
      case 'starting':
        return html`<main class="middle" aria-busy="true">
          <p class="hide">${words.boot.connecting}</p>
        </main>`;
      case 'failed':
        return html`<main class="middle">
          <p role="status">${failureText(words, stage.error)}</p>
          <button class="button" @click=${this.#again}>${words.tryAgain}</button>
        </main>`;
      case 'log-in':
        return html`<main>
          <inbox-log-in
            .words=${words}
            .api=${this.#api}
            .ended=${stage.ended}
            @inbox-logged-in=${({ detail }: CustomEvent<{ session: OwnerSession }>) =>
              (this.stage = { name: 'inbox', session: detail.session })}
          ></inbox-log-in>
        </main>`;
      case 'inbox':
        return html`<inbox-app
          .words=${words}
          .api=${this.#api}
          .session=${stage.session}
          .settings=${this.settings}
          @inbox-settings-changed=${this.#changed}
          @inbox-logged-out=${({ detail }: CustomEvent<{ wanted?: boolean } | null>) =>
            this.#leave(!detail?.wanted)}
        ></inbox-app>`;
    }
  }
}

register('inbox-root', InboxRoot);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-root': InboxRoot;
  }
}
