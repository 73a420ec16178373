import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { OwnerSession } from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import { serverBase, type Api } from '../api.ts';
import { createInboxController, type InboxController } from '../inbox-controller.ts';
import { firstState, openSummary, type InboxState } from '../inbox-state.ts';
import type { Draft } from '../drafts.ts';
import { createKeep } from '../keep.ts';
import type { Words } from '../lang/choose.ts';
import { createNotifier } from '../notify.ts';
import { conversationHash, readRoute } from '../route.ts';
import type { Settings } from '../settings.ts';
import { serverClock } from '../server-clock.ts';
import { shortcutOf } from '../shortcuts.ts';
import { listWithHeld } from '../state/held-row.ts';
import { wantingOwner } from '../state/inbox.ts';
import { base, buttons } from '../styles/controls.ts';
import { requestsOf, runShortcut, type AppHost, type Detail } from './app-host.ts';
import { ask } from './ask.ts';
import { appStyles } from './inbox-app-styles.ts';
import './inbox-conversation.ts';
import './inbox-dialogs.ts';
import './inbox-failed-notices.ts';
import './inbox-list.ts';
import './inbox-no-talk.ts';
import './inbox-rail.ts';
import './inbox-visitor.ts';
import { statusLine } from './status-line.ts';

const tickMs = 20_000;

/**
 * The inbox: sections, list, conversation, visitor. Hears what its parts ask and has the
 * controller do it. Tells `inbox-logged-out` when the session is over.
 */
export class InboxApp extends LitElement {
  static override styles = [base, buttons, appStyles];
  static override properties = {
    words: { attribute: false },
    api: { attribute: false },
    session: { attribute: false },
    settings: { attribute: false },
    inbox: { state: true },
    nowMs: { state: true },
    wide: { state: true },
    narrow: { state: true },
    visitorOpen: { state: true },
  };

  declare words: Words;
  declare api: Api;
  declare session: OwnerSession;
  declare settings: Settings;
  declare private inbox: InboxState;
  declare private nowMs: number;
  /** There is room for the visitor beside the conversation. */
  declare private wide: boolean;
  /** List and conversation are seen one at a time. */
  declare private narrow: boolean;
  declare private visitorOpen: boolean;

  #controller: InboxController | undefined;
  #until: AbortController | undefined;
  #failedNotices = 0;
  #draft: { readonly id: string; readonly draft: Draft } | undefined;

  constructor() {
    super();
    this.inbox = firstState(readRoute(location.hash));
    this.nowMs = serverClock.nowMs();
    this.wide = true;
    this.narrow = false;
    this.visitorOpen = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const until = new AbortController();
    this.#until = until;
    const { signal } = until;
    const timer = setInterval(() => (this.nowMs = serverClock.nowMs()), tickMs);
    signal.addEventListener('abort', () => clearInterval(timer));
    addEventListener('keydown', this.#key, { signal });
    const fits = (room: string, tell: (matches: boolean) => void): void => {
      const media = matchMedia(room);
      tell(media.matches);
      media.addEventListener('change', () => tell(media.matches), { signal });
    };
    fits('(min-width: 1180px)', (wide) => (this.wide = wide));
    fits('(max-width: 760px)', (narrow) => (this.narrow = narrow));
    const base = serverBase(location.href);
    const controller = createInboxController({
      api: this.api,
      base,
      keep: createKeep(() => localStorage),
      words: () => this.words,
      notifier: createNotifier({
        settings: () => this.settings,
        words: () => this.words,
        openConversation: (id) => (location.hash = conversationHash(id)),
      }),
      onChange: () => (this.inbox = controller.state),
      onLoggedOut: () => ask(this, 'inbox-logged-out'),
      onDraftGone: ({ id, kind }) => {
        if (id === this.#openId) this.#talk?.dropDraft(kind);
      },
      say: (text, { error, undo } = {}) =>
        this.#dialogs?.say(text, {
          ...(error ? { kind: 'error' } : {}),
          ...(undo ? { action: { label: this.words.act.undo, run: undo } } : {}),
        }),
    });
    this.#controller = controller;
    for (const [name, heard] of Object.entries(requestsOf(this.#host, controller))) {
      const listen = (event: Event): void => void heard((event as CustomEvent<Detail>).detail);
      this.renderRoot.addEventListener(name, listen, { signal });
    }
    controller.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#until?.abort();
    this.#controller?.stop();
  }

  get #dialogs(): HTMLElementTagNameMap['inbox-dialogs'] | null {
    return this.renderRoot.querySelector('inbox-dialogs');
  }

  get #list(): HTMLElementTagNameMap['inbox-list'] | null {
    return this.renderRoot.querySelector('inbox-list');
  }

  get #talk(): HTMLElementTagNameMap['inbox-conversation'] | null {
    return this.renderRoot.querySelector('inbox-conversation');
  }

  get #openId(): string | undefined {
    const { route } = this.inbox;
    return route.type === 'conversation' ? route.id : undefined;
  }

  readonly #host: AppHost = ((app: InboxApp): AppHost => ({
    get words() {
      return app.words;
    },
    get state() {
      return app.inbox;
    },
    get visitorLiesOver() {
      return app.visitorOpen && !app.wide;
    },
    showVisitor: (shown) => app.#showVisitor(shown),
    openDialog: (name) => void app.#dialogs?.open(name),
    confirm: async (question) => (await app.#dialogs?.ask(question)) ?? false,
    walk: (steps) => app.#list?.walk(steps),
    focusSearch: () => app.#list?.focusSearch(),
    write: (kind) => app.#talk?.write(kind),
  }))(this);

  #showVisitor(shown: boolean): void {
    if (shown === this.visitorOpen) return;
    this.visitorOpen = shown;
    if (this.wide) return;
    void this.updateComplete.then(() =>
      shown
        ? this.renderRoot.querySelector('inbox-visitor')?.focus()
        : this.#talk?.focusVisitorButton(),
    );
  }

  /** Whatever has the focus: keys are not for what lies behind a dialog. */
  get #hasDialog(): boolean {
    const hosts = this.renderRoot.querySelectorAll('inbox-dialogs > *, inbox-failed-notices');
    return [...hosts].some(({ shadowRoot }) => shadowRoot?.querySelector('dialog[open]'));
  }

  #key = (event: KeyboardEvent): void => {
    if (this.#hasDialog) return;
    const id = shortcutOf(event);
    const controller = this.#controller;
    if (id && controller && runShortcut(id, this.#host, controller)) event.preventDefault();
  };

  // ── what is shown ────────────────────────────────────────────────────────────────────────────

  protected override updated(changed: PropertyValues<this>): void {
    const before = (changed as Map<string, unknown>).get('inbox') as InboxState | undefined;
    if (!before) return;
    this.#follow(before);
    let failed = 0;
    if (before.inbox.byId !== this.inbox.inbox.byId) {
      for (const one of this.inbox.inbox.byId.values()) failed += one.failed_notices?.count ?? 0;
      if (failed !== this.#failedNotices) {
        void this.renderRoot.querySelector('inbox-failed-notices')?.refresh();
      }
      this.#failedNotices = failed;
    }
  }

  /** The keyboard and the reader follow what is shown; nothing leaves them nowhere. */
  #follow(before: InboxState): void {
    const { route, talkProblem } = this.inbox;
    const at = this.shadowRoot?.activeElement;
    if (before.route.type !== route.type) {
      if (route.type === 'view') {
        if (this.narrow || !at || at.closest('main, aside')) this.#list?.focusRow();
      } else if (this.narrow) void this.updateComplete.then(() => this.#talk?.focusTitle());
    } else if (talkProblem && talkProblem !== before.talkProblem && !at) {
      void this.updateComplete.then(() => this.renderRoot.querySelector('inbox-no-talk')?.focus());
    }
  }

  protected override render(): TemplateResult {
    const { words, inbox, nowMs, api } = this;
    const { view } = inbox;
    const summary = openSummary(inbox);
    const open = this.#openId;
    return html`<div class="app ${open === undefined ? 'list' : 'talk'}">
      <div class="top">
        ${statusLine(words, inbox.line, () => this.#controller?.reconnect())}
        <inbox-failed-notices .words=${words} .api=${api}></inbox-failed-notices>
      </div>
      <inbox-rail .words=${words} .view=${view} .wanting=${wantingOwner(inbox.inbox)}></inbox-rail>
      <inbox-list
        role=${this.narrow ? 'main' : 'region'}
        aria-label=${words.sections.inbox}
        .words=${words}
        .api=${api}
        .view=${view}
        .counts=${inbox.inbox.counts}
        .conversations=${listWithHeld(inbox.inbox, view, inbox.held)}
        .openId=${open}
        .heldId=${inbox.held?.id}
        .loaded=${inbox.inbox.pages[view].loaded}
        .failed=${inbox.failed.has(view)}
        .nowMs=${nowMs}
      ></inbox-list>
      <main>${this.#main()}</main>
      ${
        open !== undefined && !inbox.talkProblem && (this.wide || (summary && this.visitorOpen))
          ? html`<div class="veil" @click=${() => this.#showVisitor(false)}></div>
              <aside aria-label=${words.person.label}>
                ${
                  summary
                    ? html`<inbox-visitor
                        .words=${words}
                        .conversation=${summary}
                        .nowMs=${nowMs}
                        .closable=${!this.wide}
                      ></inbox-visitor>`
                    : nothing
                }
              </aside>`
          : nothing
      }
      <inbox-dialogs
        .words=${words}
        .api=${api}
        .settings=${this.settings}
        .session=${this.session}
      ></inbox-dialogs>
    </div>`;
  }

  #main(): TemplateResult {
    const { words, inbox } = this;
    const { talk, talkProblem } = inbox;
    if (talk && talkProblem === undefined) {
      const { route } = inbox;
      return html`<inbox-conversation
        .words=${words}
        .talk=${talk}
        .conversation=${openSummary(inbox)}
        .live=${inbox.line === 'live'}
        .loadingOlder=${inbox.loadingOlder}
        .seek=${route.type === 'conversation' ? route.seq : undefined}
        .draft=${this.#draftOf(talk.id)}
        .replies=${inbox.canned}
        .ownerName=${this.session.owner.name}
        .assistant=${this.session.ai}
        .sendKey=${this.settings.sendKey}
        .visitorShown=${this.wide}
        .alone=${this.narrow}
        .nowMs=${this.nowMs}
      ></inbox-conversation>`;
    }
    this.#draft = undefined;
    return html`<inbox-no-talk .words=${words} .problem=${talkProblem}></inbox-no-talk>`;
  }

  /** What was half written, read once when a conversation is opened. */
  #draftOf(id: string): Draft | undefined {
    if (this.#draft?.id !== id) {
      const draft = this.#controller?.draft(id);
      this.#draft = draft && { id, draft };
    }
    return this.#draft?.draft;
  }
}

register('inbox-app', InboxApp);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-app': InboxApp;
  }
}
