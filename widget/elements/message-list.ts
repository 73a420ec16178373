import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { isRefusal, type ChatState } from '../chat-state.ts';
import { dayName, isSameDay } from '../format-time.ts';
import type { Words } from '../lang/en.ts';
import { awaitsAnswer } from '../state/timeline-views.ts';
import { oldestSeq, type Entry } from '../state/timeline.ts';
import { messageItem, type ItemContext } from './message-item.ts';
import { PartElement } from './part-element.ts';

const groupGapMs = 5 * 60_000;
const nearBottomPx = 48;

const belongTogether = (one: Entry | undefined, other: Entry | undefined): boolean =>
  one !== undefined &&
  other !== undefined &&
  one.sender === other.sender &&
  one.kind === other.kind &&
  one.delivery === other.delivery &&
  one.broadcast === other.broadcast &&
  Math.abs(one.atMs - other.atMs) < groupGapMs &&
  isSameDay(one.atMs, other.atMs);

/** The conversation, newest below. Keeps the reader's place whatever arrives above or below. */
export class MessageList extends PartElement {
  static override properties = {
    chat: { attribute: false },
    words: { attribute: false },
    open: { attribute: false },
    welcome: { attribute: false },
    behind: { state: true },
  };

  declare chat: ChatState;
  declare words: Words;
  declare open: boolean;
  /** Shown while there is nothing else. */
  declare welcome: TemplateResult;
  /** Something new lies below what is in view. */
  declare protected behind: boolean;

  #atBottom = true;
  #newest: Entry | undefined;
  #height = 0;
  #oldest: number | undefined;
  #resized: ResizeObserver | undefined;

  get #view(): HTMLElement | null {
    return this.querySelector('.scroll');
  }

  override firstUpdated(): void {
    this.#observe();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#observe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized?.disconnect();
  }

  // A keyboard that slides in makes the list shorter: the newest message stays in view.
  #observe(): void {
    if (!this.#view) return;
    this.#resized = new ResizeObserver(() => this.#atBottom && this.#toBottom());
    this.#resized.observe(this.#view);
  }

  /** Down, but never past the beginning of what others said last: long answers begin on top. */
  #toBottom(): void {
    const view = this.#view;
    const last = [...this.querySelectorAll<HTMLElement>('.message')].at(-1);
    const isOwn = !last || last.matches('.visitor');
    if (view) view.scrollTop = isOwn ? view.scrollHeight : last.offsetTop - 12;
    this.#atBottom = true;
    this.behind = false;
  }

  #scrolled = (): void => {
    const view = this.#view;
    if (!view || view.clientHeight === 0) return;
    this.#atBottom = view.scrollHeight - view.scrollTop - view.clientHeight < nearBottomPx;
    if (this.#atBottom) this.behind = false;
  };

  protected override willUpdate(): void {
    this.#height = this.#view?.scrollHeight ?? 0;
  }

  protected override updated(changed: PropertyValues): void {
    const view = this.#view;
    if (!view || !(changed.has('chat') || changed.has('open'))) return;
    const { entries } = this.chat.timeline;
    const oldest = oldestSeq(this.chat.timeline);
    const olderCame = this.#oldest !== undefined && oldest !== undefined && oldest < this.#oldest;
    this.#oldest = oldest;
    const newest = entries.at(-1);
    const isNew = newest !== undefined && newest.id !== this.#newest?.id;
    this.#newest = newest;
    if (changed.has('open') && this.open) this.#toBottom();
    else if (olderCame) view.scrollTop += view.scrollHeight - this.#height;
    else if (isNew && newest.delivery === 'sending') this.#toBottom();
    else if (this.#atBottom) this.#toBottom();
    else if (isNew && newest.sender !== 'visitor') this.behind = true;
  }

  protected override render(): TemplateResult {
    const { words, chat } = this;
    const { timeline } = chat;
    const { entries } = timeline;
    return html`<div
        class="scroll"
        part="messages"
        role="log"
        aria-label=${words.messages}
        aria-relevant="additions"
        aria-live=${chat.synced && !chat.loadingOlder ? 'polite' : 'off'}
        tabindex="0"
        @scroll=${this.#scrolled}
      >
        ${
          timeline.more
            ? html`<button
                class="small older"
                ?disabled=${chat.loadingOlder || chat.status !== 'online'}
                @click=${() => this.ask('older')}
              >
                ${chat.loadingOlder ? words.loading : words.earlier}
              </button>`
            : nothing
        }
        ${entries.length === 0 ? this.welcome : this.#items(entries)} ${this.#typing()}
      </div>
      ${
        this.behind
          ? html`<button class="pill" @click=${() => this.#toBottom()}>
              ${words.newMessages}
            </button>`
          : nothing
      }`;
  }

  #items(entries: readonly Entry[]): unknown {
    const { words, chat } = this;
    const now = Date.now();
    const context: ItemContext = {
      words,
      ownerName: chat.owner.name,
      readByOwner: chat.timeline.readByOwner,
      connected: chat.status === 'online',
      refused: chat.status === 'stopped' && isRefusal(chat.closeCode),
      retry: (id) => this.ask('retry', id),
      discard: (id) => this.ask('discard', id),
    };
    return entries.map((entry, index) => {
      const before = entries[index - 1];
      const newDay = entry.atMs > 0 && !(before && isSameDay(before.atMs, entry.atMs));
      const first = newDay || !belongTogether(before, entry);
      const last = !belongTogether(entry, entries[index + 1]);
      return html`${
        newDay
          ? html`<div class="small day" role="separator">${dayName(entry.atMs, now, words)}</div>`
          : nothing
      }${messageItem(entry, first, last, context)}`;
    });
  }

  #typing(): TemplateResult | typeof nothing {
    const { words, chat } = this;
    if (chat.status !== 'online') return nothing;
    const awaited = chat.assistant && chat.answering === 'assistant' && awaitsAnswer(chat.timeline);
    const writer = chat.timeline.typing ?? (awaited ? 'assistant' : undefined);
    if (writer !== 'owner' && writer !== 'assistant') return nothing;
    if (chat.timeline.entries.some(({ deltas }) => deltas)) return nothing;
    const who = writer === 'owner' ? chat.owner.name || words.owner : words.assistant;
    return html`<div class="dots" role="status">
      <span class="hide">${words.writing(who)}</span><i></i><i></i><i></i>
    </div>`;
  }
}
