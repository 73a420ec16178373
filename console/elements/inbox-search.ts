import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { SearchResults } from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import { failureText, isAbort } from '../failure.ts';
import { relativeTime, visitorName } from '../format.ts';
import type { FrameApi } from '../frame-api.ts';
import type { Words } from '../lang/choose.ts';
import { readExcerpt } from '../marked-excerpt.ts';
import { serverClock } from '../server-clock.ts';
import { base, buttons, inputs, rows } from '../styles/controls.ts';
import { searchStyles } from './inbox-search-styles.ts';
import { icons } from './icons.ts';

type Hit = SearchResults['hits'][number];

const pauseMs = 220;
const maxQueryChars = 200;

/**
 * Searches everything. Its input is always there; results lie over the list while something is
 * searched, which `inbox-search-closed` ends. Tells `inbox-open-conversation {id, seq?}`.
 */
export class InboxSearch extends LitElement {
  static override styles = [base, buttons, inputs, rows, searchStyles];
  static override properties = {
    words: { attribute: false },
    api: { attribute: false },
    query: { state: true },
    hits: { state: true },
    cursor: { state: true },
    busy: { state: true },
    problem: { state: true },
    active: { type: Boolean, reflect: true },
  };

  declare words: Words;
  declare api: Pick<FrameApi, 'search'>;
  /** Whether there is something to show in the place of the list; reflected. */
  declare active: boolean;
  declare private query: string;
  declare private hits: readonly Hit[] | undefined;
  declare private cursor: string | undefined;
  declare private busy: boolean;
  declare private problem: string;
  #running: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.query = '';
    this.busy = false;
    this.problem = '';
    this.active = false;
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input');
  }

  override focus(): void {
    this.#input?.focus();
    this.#input?.select();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('active') || changed.get('active') === undefined) return;
    const name = this.active ? 'inbox-search-opened' : 'inbox-search-closed';
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true }));
  }

  /** Ends the search: the list is seen again. */
  clear(): void {
    this.#stop();
    this.query = '';
    this.hits = undefined;
    this.cursor = undefined;
    this.problem = '';
    this.active = false;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = undefined;
    this.busy = false;
  }

  #typed(event: Event): void {
    this.query = (event.target as HTMLInputElement).value;
    // Words are composed of several keys in Chinese; half of one finds nothing.
    if (event instanceof InputEvent && event.isComposing) return;
    this.#stop();
    if (this.query.trim() === '') {
      this.clear();
      return;
    }
    this.active = true;
    this.busy = true;
    this.#timer = setTimeout(() => void this.#search(), pauseMs);
  }

  async #search(before?: string): Promise<void> {
    this.#stop();
    const running = new AbortController();
    this.#running = running;
    this.busy = true;
    this.problem = '';
    try {
      const { signal } = running;
      const found = await this.api.search(
        this.query.trim(),
        before === undefined ? { signal } : { before, signal },
      );
      if (this.#running !== running) return;
      const earlier = before === undefined ? [] : (this.hits ?? []);
      this.hits = [...earlier, ...found.hits];
      this.cursor = found.cursor;
    } catch (error) {
      if (this.#running !== running || isAbort(error)) return;
      this.problem = failureText(this.words, error);
    }
    this.busy = false;
    this.#running = undefined;
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const all = [...this.renderRoot.querySelectorAll<HTMLElement>('.row')];
    const at = all.indexOf(event.target as HTMLElement);
    if (event.key === 'ArrowDown') (all[at + 1] ?? all.at(-1))?.focus();
    else if (event.key === 'ArrowUp' && at >= 0) (all[at - 1] ?? this.#input)?.focus();
    else if (event.key === 'Enter' && at < 0 && this.query.trim()) void this.#search();
    else if (event.key === 'Escape' && (this.active || at >= 0)) {
      this.clear();
      this.#input?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #open(hit: Hit): void {
    const seq = hit.message?.seq;
    this.dispatchEvent(
      new CustomEvent('inbox-open-conversation', {
        detail: { id: hit.conversation.id, ...(seq === undefined ? {} : { seq }) },
        bubbles: true,
        composed: true,
      }),
    );
  }

  override render(): TemplateResult {
    const { search } = this.words;
    return html`<search @keydown=${this.#key}>
      <div class="bar">
        ${icons.search}
        <input
          class="input"
          type="search"
          enterkeyhint="search"
          autocomplete="off"
          spellcheck="false"
          maxlength=${maxQueryChars}
          placeholder=${search.label}
          aria-label=${search.label}
          aria-describedby="hint"
          .value=${this.query}
          @input=${this.#typed}
          @compositionend=${this.#typed}
        />
        ${
          this.query
            ? html`<button
                class="icon"
                aria-label=${search.clear}
                @click=${() => {
                  this.clear();
                  this.#input?.focus();
                }}
              >
                ${icons.close}
              </button>`
            : html`<kbd aria-hidden="true">/</kbd>`
        }
      </div>
      <p class="hide" id="hint">${search.hint}</p>
      <p class="hide" role="status">${this.active ? this.#status() : ''}</p>
      ${this.active ? this.#results() : nothing}
    </search>`;
  }

  #status(): string {
    const { search } = this.words;
    if (this.busy) return search.searching;
    if (this.problem) return this.problem;
    if (!this.hits) return '';
    return this.hits.length === 0
      ? search.none(this.query.trim())
      : search.found(this.hits.length, this.cursor !== undefined);
  }

  #results(): TemplateResult {
    const { search, tryAgain } = this.words;
    const { hits, cursor } = this;
    return html`<div class="results" aria-busy=${this.busy ? 'true' : 'false'}>
      <p class="small status ${this.problem ? 'error' : ''}" aria-hidden="true">
        ${this.#status()}
      </p>
      ${
        this.problem
          ? html`<button class="link more" @click=${() => void this.#search()}>${tryAgain}</button>`
          : nothing
      }
      ${
        hits && hits.length === 0 && !this.busy
          ? html`<p class="small status">${search.hint}</p>`
          : nothing
      }
      <ul aria-label=${search.label}>
        ${hits?.map((hit) => html`<li>${this.#row(hit)}</li>`)}
      </ul>
      ${
        cursor !== undefined && !this.problem
          ? html`<button
              class="link more"
              aria-disabled=${this.busy ? 'true' : 'false'}
              @click=${() => (this.busy ? undefined : void this.#search(cursor))}
            >
              ${search.more}
            </button>`
          : nothing
      }
    </div>`;
  }

  #row(hit: Hit): TemplateResult {
    const { search } = this.words;
    const { conversation, message, note } = hit;
    const who = message ? search.who[message.sender] : note ? search.note : undefined;
    const at = (message ?? note)?.timestamp ?? conversation.updated_at;
    return html`<button class="row" @click=${() => this.#open(hit)}>
      <span class="top">
        <span class="name clip"><bdi>${visitorName(conversation, this.words)}</bdi></span>
        <time class="small" datetime=${at}
          >${relativeTime(at, serverClock.nowMs(), this.words)}</time
        >
      </span>
      <span class="excerpt" dir="auto">
        ${who ? html`<span class="who ${note ? 'note' : ''}">${who}</span>` : nothing}
        ${readExcerpt(hit.excerpt).map(({ text, found }) =>
          found ? html`<mark>${text}</mark>` : text,
        )}
      </span>
    </button>`;
  }
}

register('inbox-search', InboxSearch);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-search': InboxSearch;
  }
}
