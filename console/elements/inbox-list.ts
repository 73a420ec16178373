import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import {
  type ConversationJson,
  type View,
  type ViewCounts,
} from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import type { Api } from '../api.ts';
import type { Words } from '../lang/choose.ts';
import { conversationHash } from '../route.ts';
import { indexBeyond } from '../state/list-walk.ts';
import { base, buttons } from '../styles/controls.ts';
import { ask } from './ask.ts';
import { listStyles } from './inbox-list-styles.ts';
import './inbox-row.ts';
import './inbox-search.ts';
import { viewTabs } from './view-tabs.ts';

/** Height of a row, in CSS pixels; the same in `inbox-list-styles.ts`. */
const rowPx = 88;
/** Rows drawn above and below what is in view. */
const margin = 6;
/** Rows before the end at which the next page is asked for. */
const ahead = 30;

/**
 * Views and the list of one of them. Only the rows in view exist, so ten thousand conversations
 * cost no more than ten. Asks: `inbox-more`.
 */
export class InboxList extends LitElement {
  static override styles = [base, buttons, listStyles];
  static override properties = {
    words: { attribute: false },
    api: { attribute: false },
    view: { attribute: false },
    counts: { attribute: false },
    conversations: { attribute: false },
    openId: { attribute: false },
    heldId: { attribute: false },
    loaded: { attribute: false },
    failed: { attribute: false },
    nowMs: { attribute: false },
    from: { state: true },
    to: { state: true },
    active: { state: true },
    searching: { state: true },
  };

  declare words: Words;
  declare api: Pick<Api, 'search'>;
  declare view: View;
  declare counts: ViewCounts;
  declare conversations: readonly ConversationJson[];
  declare openId: string | undefined;
  /** The open one, where it stands here though it has left this view. */
  declare heldId: string | undefined;
  declare loaded: boolean;
  declare failed: boolean;
  declare nowMs: number;
  declare private from: number;
  declare private to: number;
  /** The row that Tab leads to: the one that was walked to, else the open one, else the first. */
  declare private active: string | undefined;

  declare private searching: boolean;

  #resized: ResizeObserver | undefined;
  #anchor: { readonly id: string; readonly offset: number } | undefined;
  #focusAfter = false;
  /** Where the open conversation stands, or stood before it left this list. */
  #openIndex = 0;

  constructor() {
    super();
    this.from = 0;
    this.to = 20;
    this.searching = false;
  }

  get #scroll(): HTMLElement | null {
    return this.renderRoot.querySelector('.scroll');
  }

  /** Opens the conversation below the open one, or the one above it. */
  walk(steps: 1 | -1): void {
    const { conversations, openId, active: activeId } = this;
    const ids = conversations.map(({ id }) => id);
    const index = indexBeyond({ ids, openId, activeId, openIndex: this.#openIndex }, steps);
    const next = conversations[index];
    if (!next) return;
    this.#reveal(index);
    location.hash = conversationHash(next.id);
  }

  focusSearch(): void {
    this.renderRoot.querySelector('inbox-search')?.focus();
  }

  /** Leads the keyboard into the list. */
  focusRow(): void {
    const active = this.#activeIndex();
    if (this.conversations.length > 0) this.#walkTo(active < 0 ? this.#openIndex : active);
    else this.#scroll?.focus({ preventScroll: true });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#observe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized?.disconnect();
  }

  #observe(): void {
    if (!this.#scroll) return;
    this.#resized = new ResizeObserver(() => this.#measure());
    this.#resized.observe(this.#scroll);
  }

  override firstUpdated(): void {
    this.#observe();
    this.#measure();
  }

  #measure = (): void => {
    const scroll = this.#scroll;
    if (!scroll) return;
    const top = Math.floor(scroll.scrollTop / rowPx);
    this.from = Math.max(0, top - margin);
    this.to = top + Math.ceil(scroll.clientHeight / rowPx) + margin;
    if (this.to > this.conversations.length - ahead && this.loaded) ask(this, 'inbox-more');
  };

  /** What came or moved above what is looked at does not move it. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('view')) this.#openIndex = 0;
    // What was open is where the keyboard goes on.
    const open = this.openId ?? changed.get('openId');
    if (open !== undefined) {
      const at = this.conversations.findIndex(({ id }) => id === open);
      if (at >= 0) {
        this.#openIndex = at;
        if (changed.has('openId')) this.active = open;
      }
    }
    const scroll = this.#scroll;
    const before = changed.get('conversations');
    this.#anchor = undefined;
    if (!scroll || !before || changed.has('view') || scroll.scrollTop < rowPx / 2) return;
    const top = Math.floor(scroll.scrollTop / rowPx);
    const held = before
      .slice(top)
      .find(({ id }) => this.conversations.some((one) => one.id === id));
    if (held) {
      this.#anchor = { id: held.id, offset: before.indexOf(held) * rowPx - scroll.scrollTop };
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    const scroll = this.#scroll;
    if (!scroll) return;
    this.renderRoot
      .querySelector<HTMLElement>('.space')
      ?.style.setProperty('height', `${this.conversations.length * rowPx}px`);
    this.renderRoot
      .querySelector<HTMLElement>('.window')
      ?.style.setProperty('transform', `translateY(${this.from * rowPx}px)`);
    if (changed.has('view')) scroll.scrollTop = 0;
    const anchor = this.#anchor;
    if (anchor) {
      const index = this.conversations.findIndex(({ id }) => id === anchor.id);
      const top = index * rowPx - anchor.offset;
      if (index >= 0 && scroll.scrollTop !== top) scroll.scrollTop = top;
    }
    if (changed.has('conversations') || changed.has('view')) this.#measure();
    if (this.#focusAfter) {
      const row = [...this.renderRoot.querySelectorAll('inbox-row')].find(
        ({ conversation }) => conversation.id === this.active,
      );
      if (row) {
        this.#focusAfter = false;
        void row.updateComplete.then(() => row.focus({ preventScroll: true }));
      }
    }
  }

  #activeIndex(): number {
    const { conversations } = this;
    const active = conversations.findIndex(({ id }) => id === this.active);
    return active >= 0 ? active : conversations.findIndex(({ id }) => id === this.openId);
  }

  #reveal(index: number): void {
    const scroll = this.#scroll;
    if (!scroll) return;
    const top = index * rowPx;
    if (top < scroll.scrollTop) scroll.scrollTop = top;
    else if (top + rowPx > scroll.scrollTop + scroll.clientHeight) {
      scroll.scrollTop = top + rowPx - scroll.clientHeight;
    }
    this.#measure();
  }

  #walkTo(index: number): void {
    const wanted = this.conversations[Math.min(Math.max(index, 0), this.conversations.length - 1)];
    if (!wanted) return;
    this.active = wanted.id;
    this.#focusAfter = true;
    this.#reveal(this.conversations.indexOf(wanted));
    this.requestUpdate();
  }

  #key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const page = Math.max(1, Math.floor((this.#scroll?.clientHeight ?? rowPx) / rowPx) - 1);
    const at = Math.max(0, this.#activeIndex());
    const places: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: this.conversations.length - 1,
      PageDown: at + page,
      PageUp: at - page,
    };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    this.#walkTo(place);
  };

  protected override render(): TemplateResult {
    const { words, view, counts } = this;
    return html`<div class="head">
        <div class="top">
          <h1>${words.sections.inbox}</h1>
          <span class="small">${words.list.connected(counts.connected)}</span>
        </div>
      </div>
      <inbox-search
        .words=${words}
        .api=${this.api}
        @inbox-search-opened=${() => (this.searching = true)}
        @inbox-search-closed=${() => (this.searching = false)}
      ></inbox-search>
      ${viewTabs(words, view, counts, this.searching)}
      <div
        class="scroll"
        tabindex="-1"
        ?hidden=${this.searching}
        @scroll=${this.#measure}
        @keydown=${this.#key}
      >
        ${this.#body()}
      </div>`;
  }

  #body(): TemplateResult {
    const { words, view, conversations, loaded } = this;
    if (conversations.length === 0) {
      if (this.failed) {
        return html`<div class="nothing" role="alert">
          <p>${words.list.failed}</p>
          <button class="button" @click=${() => ask(this, 'inbox-more')}>${words.tryAgain}</button>
        </div>`;
      }
      if (!loaded) {
        return html`<p class="hide" role="status">${words.list.loading}</p>
          ${[1, 2, 3, 4, 5].map(() => html`<div class="ghost"><i></i><i></i><i></i></div>`)}`;
      }
      const [title, text] = words.empty[view];
      return html`<div class="nothing">
        <h2>${title}</h2>
        <p>${text}</p>
      </div>`;
    }
    const total = Math.max(this.counts[view], conversations.length);
    const active = conversations[Math.max(0, this.#activeIndex())]?.id;
    return html`<div class="space"></div>
      <div class="window" role="list" aria-label=${words.list.label(words.views[view])}>
        ${repeat(
          conversations.slice(this.from, this.to),
          ({ id }) => id,
          (conversation, index) =>
            html`<div
              class="item"
              role="listitem"
              aria-setsize=${total}
              aria-posinset=${this.from + index + 1}
            >
              <inbox-row
                .conversation=${conversation}
                .words=${words}
                .nowMs=${this.nowMs}
                .current=${conversation.id === this.openId}
                .moved=${conversation.id === this.heldId}
                .reachable=${conversation.id === active}
                @focusin=${() => (this.active = conversation.id)}
              ></inbox-row>
            </div>`,
        )}
      </div>`;
  }
}

register('inbox-list', InboxList);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-list': InboxList;
  }
}
