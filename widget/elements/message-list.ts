import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { isRefusal, type ChatState } from '../chat-state.ts';
import { dayName, isSameDay } from '../format-time.ts';
import type { Words } from '../lang/en.ts';
import { awaitsAnswer, isShown } from '../state/timeline-views.ts';
import { oldestSeq, type Entry } from '../state/timeline.ts';
import type { Answers } from './answers.ts';
import { messageItem, type ItemContext } from './message-item.ts';
import { PartElement } from './part-element.ts';
import { richText } from './rich-text.ts';

/** What is more than plain text about what others say, once it has come. */
let createAnswers: typeof import('./answers.ts').createAnswers | undefined;

const ignore = (): void => undefined;
const groupGapMs = 5 * 60_000;
const nearBottomPx = 48;
/** Below every end. */
const farPx = 1e9;

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
  /** At the end of what is longer than the view, and nowhere else. */
  #atEnd = false;
  #answers: Answers | undefined;
  #asked = 0;
  #growing = false;
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

  /** Where what others said last begins: long answers are read from there. */
  get #beginning(): number {
    const last = [...this.querySelectorAll<HTMLElement>('.message')].at(-1);
    return !last || last.matches('.visitor') ? farPx : last.offsetTop - 12;
  }

  /** Down, but past the beginning of the last answer only with those who went there. */
  #toBottom(): void {
    const view = this.#view;
    if (view) view.scrollTop = this.#atEnd ? farPx : this.#beginning;
    this.#atBottom = true;
    this.behind = false;
  }

  #scrolled = (): void => {
    const view = this.#view;
    if (!view || view.clientHeight === 0) return;
    this.#atBottom = view.scrollHeight - view.scrollTop - view.clientHeight < nearBottomPx;
    this.#atEnd = this.#atBottom && view.scrollTop > this.#beginning + 1;
    if (this.#atBottom) this.behind = false;
  };

  /** Growing answers are drawn once a frame, however fast they come. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.#growing) await this.#answers?.frame();
    await super.scheduleUpdate();
  }

  protected override willUpdate(): void {
    this.#height = this.#view?.scrollHeight ?? 0;
  }

  protected override updated(changed: PropertyValues): void {
    const view = this.#view;
    this.#answers?.drawn();
    if (!view) return;
    if (!changed.has('chat') && !changed.has('open')) {
      if (this.#atBottom) this.#toBottom();
      return;
    }
    const { entries } = this.chat.timeline;
    const oldest = oldestSeq(this.chat.timeline);
    const olderCame = this.#oldest !== undefined && oldest !== undefined && oldest < this.#oldest;
    this.#oldest = oldest;
    const newest = entries.at(-1);
    const isNew = newest !== undefined && newest.id !== this.#newest?.id;
    this.#newest = newest;
    if (isNew) this.#atEnd = false;
    if (changed.has('open') && this.open) this.#toBottom();
    else if (olderCame) view.scrollTop += view.scrollHeight - this.#height;
    else if (isNew && newest.delivery === 'sending') this.#toBottom();
    else if (this.#atBottom) this.#toBottom();
    else if (isNew && newest.sender !== 'visitor') this.behind = true;
  }

  protected override render(): TemplateResult {
    const { words, chat } = this;
    const { timeline } = chat;
    const entries = timeline.entries.filter(isShown);
    this.#growing = false;
    this.#load(entries.length);
    this.#answers ??= createAnswers?.(this, (...given) => this.ask('tell', ...given));
    this.#answers?.begin();
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
      }<span class="hide whole" role="status"></span>`;
  }

  /** Asks with the first message of anybody, and again with a later one where that failed. */
  #load(messages: number): void {
    if (createAnswers || this.#asked === messages) return;
    this.#asked = messages;
    import('./answers.ts').then((module) => {
      ({ createAnswers } = module);
      this.requestUpdate();
    }, ignore);
  }

  #text = (entry: Entry): readonly [TemplateResult, boolean] => {
    const shown = this.#answers?.text(entry) ?? [richText(entry, entry.text), !!entry.deltas];
    this.#growing ||= shown[1];
    return shown;
  };

  #items(entries: readonly Entry[]): unknown {
    const { words, chat } = this;
    const now = Date.now();
    const context: ItemContext = {
      words,
      ownerName: chat.owner.name,
      readByOwner: chat.timeline.readByOwner,
      connected: chat.status === 'online',
      refused: chat.status === 'stopped' && isRefusal(chat.closeCode),
      text: this.#text,
      actions: (entry) => this.#answers?.actions(entry) ?? nothing,
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
    // Below an answer that grows, until it has a caret of its own.
    const awaited =
      this.#growing ||
      (chat.assistant && chat.answering === 'assistant' && awaitsAnswer(chat.timeline));
    const writer = chat.timeline.typing ?? (awaited ? 'assistant' : undefined);
    if (writer !== 'owner' && writer !== 'assistant') return nothing;
    const who = writer === 'owner' ? chat.owner.name || words.owner : words.assistant;
    return html`<div class="dots" role="status">
      <span class="hide">${words.writing(who)}</span><i></i><i></i><i></i>
    </div>`;
  }
}
