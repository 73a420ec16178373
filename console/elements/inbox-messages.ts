import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ConversationJson } from '../../shared/console-protocol.ts';
import { dayName } from '../../widget/format-time.ts';
import { richText } from '../../widget/elements/rich-text.ts';
import { keepPlace } from '../../widget/keep-place.ts';
import { loadMarkdown, needsMarkdown } from '../../widget/markdown/load-markdown.ts';
import { register } from '../../widget/register.ts';
import { initialOf } from '../format.ts';
import type { Words } from '../lang/choose.ts';
import { askedElsewhere } from '../state/asked.ts';
import type { Conversation } from '../state/conversation.ts';
import { talkItems, type TalkItem } from '../state/talk-items.ts';
import { answerLabelStyles } from '../styles/answer-labels.ts';
import { avatars } from '../styles/avatars.ts';
import { base, buttons } from '../styles/controls.ts';
import { richTextStyles } from '../styles/rich-text.ts';
import { ask } from './ask.ts';
import { messagesStyles } from './inbox-messages-styles.ts';
import { messageView, noteView, pendingView, type MessageContext } from './message-view.ts';

const nearBottomPx = 60;
const nearTopPx = 300;
/** So long a message that was searched for stands out; as in `inbox-messages-styles.ts`. */
const soughtMs = 3_000;

/**
 * The messages of a conversation, newest below. Keeps the reader's place whatever arrives above
 * or below. Asks: `inbox-older`, `inbox-read`, `inbox-retry {id}`, `inbox-discard {id}`,
 * `inbox-note-remove {id}`.
 */
export class InboxMessages extends LitElement {
  static override styles = [
    base,
    buttons,
    avatars,
    richTextStyles,
    messagesStyles,
    answerLabelStyles,
  ];
  static override properties = {
    words: { attribute: false },
    talk: { attribute: false },
    conversation: { attribute: false },
    live: { attribute: false },
    loadingOlder: { attribute: false },
    seek: { attribute: false },
    nowMs: { attribute: false },
    behind: { state: true },
  };

  declare words: Words;
  declare talk: Conversation;
  declare conversation: ConversationJson | undefined;
  declare live: boolean;
  declare loadingOlder: boolean;
  /** `seq` of a message to be shown, once. */
  declare seek: number | undefined;
  declare nowMs: number;
  /** Something new lies below what is in view. */
  declare private behind: boolean;

  #atBottom = true;
  #height = 0;
  #top = 0;
  #firstKey: string | undefined;
  #lastKey: string | undefined;
  #sought: number | undefined;
  #resized: ResizeObserver | undefined;

  get #scroll(): HTMLElement | null {
    return this.renderRoot.querySelector('.scroll');
  }

  override focus(): void {
    this.#scroll?.focus({ preventScroll: true });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('focus', this.#looked);
    document.addEventListener('visibilitychange', this.#looked);
    if (this.hasUpdated) this.#observe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('focus', this.#looked);
    document.removeEventListener('visibilitychange', this.#looked);
    this.#resized?.disconnect();
  }

  override firstUpdated(): void {
    this.#observe();
    this.#toBottom();
  }

  /** Somebody looks again: what came meanwhile is read now. */
  #looked = (): void => {
    if (this.#atBottom) ask(this, 'inbox-read');
  };

  // A keyboard that slides in, or a reply that grows, makes this shorter.
  #observe(): void {
    if (!this.#scroll) return;
    this.#resized = new ResizeObserver(() => this.#atBottom && this.#toBottom());
    this.#resized.observe(this.#scroll);
  }

  #toBottom(): void {
    const scroll = this.#scroll;
    if (scroll) scroll.scrollTop = scroll.scrollHeight;
    this.#atBottom = true;
    this.behind = false;
    ask(this, 'inbox-read');
  }

  #scrolled = (): void => {
    const scroll = this.#scroll;
    if (!scroll || scroll.clientHeight === 0) return;
    this.#top = scroll.scrollTop;
    this.#atBottom = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < nearBottomPx;
    if (this.#atBottom) {
      this.behind = false;
      ask(this, 'inbox-read');
    }
    if (scroll.scrollTop < nearTopPx) this.#older();
  };

  #older(): void {
    if (this.talk.more && this.talk.loaded && !this.loadingOlder) ask(this, 'inbox-older');
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const scroll = this.#scroll;
    this.#height = scroll?.scrollHeight ?? 0;
    this.#top = scroll?.scrollTop ?? 0;
    if (changed.has('seek')) this.#sought = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const scroll = this.#scroll;
    if (!scroll || !(changed.has('talk') || changed.has('seek'))) return;
    const { messages, pending } = this.talk;
    const firstKey = messages[0]?.id;
    const olderCame = this.#firstKey !== undefined && firstKey !== this.#firstKey;
    this.#firstKey = firstKey;
    const newest = pending.at(-1) ?? messages.at(-1);
    const isNew = newest !== undefined && newest.id !== this.#lastKey;
    this.#lastKey = newest?.id;
    const isOwn = pending.length > 0 && isNew;
    if (this.seek !== undefined && this.#sought !== this.seek) {
      this.#show(this.seek);
      return;
    }
    if (olderCame && !this.#atBottom) {
      scroll.scrollTop = this.#top + scroll.scrollHeight - this.#height;
    } else if (this.#atBottom || isOwn) this.#toBottom();
    else if (isNew && messages.at(-1)?.sender === 'visitor') this.behind = true;
    // A first page that does not fill the pane.
    if (this.talk.loaded && scroll.scrollHeight <= scroll.clientHeight + nearTopPx) this.#older();
  }

  /** Brings a message into view, reading older ones until it is here. */
  #show(seq: number): void {
    if (!this.talk.loaded) return;
    const { messages } = this.talk;
    if ((messages[0]?.seq ?? 0) > seq && this.talk.more) {
      this.#older();
      return;
    }
    this.#sought = seq;
    const place = this.renderRoot.querySelector(`[data-seq="${seq}"]`);
    if (!place) {
      this.#toBottom();
      return;
    }
    place.scrollIntoView({ block: 'center' });
    place.classList.add('sought');
    setTimeout(() => place.classList.remove('sought'), soughtMs);
    this.#scrolled();
  }

  protected override render(): TemplateResult {
    const { words, talk } = this;
    return html`<div
        class="scroll"
        role="log"
        tabindex="0"
        aria-label=${words.talk.messages}
        aria-relevant="additions"
        aria-live=${talk.loaded && !this.loadingOlder ? 'polite' : 'off'}
        aria-busy=${talk.loaded ? 'false' : 'true'}
        @scroll=${this.#scrolled}
      >
        <div class="column">${this.#beginning()} ${this.#items()} ${this.#typing()}</div>
      </div>
      ${
        this.behind
          ? html`<button class="button pill" @click=${() => this.#toBottom()}>
              ${words.talk.newMessages}
            </button>`
          : nothing
      }`;
  }

  #beginning(): TemplateResult | typeof nothing {
    const { words, talk } = this;
    if (!talk.loaded && talk.messages.length === 0) {
      return html`<p class="hide" role="status">${words.talk.loading}</p>
        <div class="ghosts"><i></i><i class="own"></i><i></i></div>`;
    }
    if (!talk.more) return nothing;
    return html`<button
      class="link earlier"
      aria-disabled=${this.loadingOlder ? 'true' : 'false'}
      @click=${() => this.#older()}
    >
      ${this.loadingOlder ? words.talk.loading : words.talk.earlier}
    </button>`;
  }

  /** Markdown has come: what is longer or shorter by it moves nothing that is looked at. */
  #came = (): void => {
    const items = this.renderRoot.querySelectorAll<HTMLElement>('.item');
    void keepPlace(this.#scroll, items, async () => {
      this.requestUpdate();
      await this.updateComplete;
      if (this.#atBottom) this.#toBottom();
    });
  };

  #markdown = (said: { readonly id: string }, text: string): TemplateResult => {
    const { now } = loadMarkdown;
    now?.dressMarkdown(this.renderRoot);
    if (now) return now.markdownText(said, text, this.words.tag);
    if (needsMarkdown(text)) loadMarkdown.want(said.id, this.#came);
    return richText(said, text);
  };

  #items(): unknown {
    const { words, talk, conversation } = this;
    const context: MessageContext = {
      words,
      initial: initialOf(conversation ?? { id: talk.id }),
      readByVisitor: talk.readByVisitor,
      live: this.live,
      asked: (message) => askedElsewhere(message, talk.messages),
      markdown: this.#markdown,
      retry: (id) => ask(this, 'inbox-retry', { id }),
      discard: (id) => ask(this, 'inbox-discard', { id }),
      removeNote: (id) => ask(this, 'inbox-note-remove', { id }),
    };
    const dayWords = { tag: words.tag, today: words.talk.today, yesterday: words.talk.yesterday };
    return repeat(
      talkItems(talk),
      ({ key }) => key,
      (item) =>
        html`${
          item.newDay
            ? html`<div class="small day" role="separator">
                ${dayName(item.atMs, this.nowMs, dayWords)}
              </div>`
            : nothing
        }${this.#item(item, context)}`,
    );
  }

  #item(item: TalkItem, context: MessageContext): TemplateResult {
    const grouped = item.first ? '' : 'grouped';
    switch (item.type) {
      case 'message': {
        const { message, last } = item;
        return html`<div class="item ${message.sender} ${grouped}" data-seq=${message.seq}>
          ${messageView(message, last, context)}
        </div>`;
      }
      case 'note':
        return html`<div class="item wide">${noteView(item.note, context)}</div>`;
      case 'pending':
        return html`<div
          class="item ${item.pending.kind === 'note' ? 'wide' : 'owner'} sending ${grouped}"
        >
          ${pendingView(item.pending, context)}
        </div>`;
    }
  }

  #typing(): TemplateResult | typeof nothing {
    const { words, talk, live } = this;
    const { typing } = talk;
    if (!live || (typing !== 'visitor' && typing !== 'assistant')) return nothing;
    const text =
      typing === 'visitor' ? words.talk.visitorWrites : words.talk.writing(words.assistantName);
    return html`<div class="typing small" role="status">
      <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${text}
    </div>`;
  }
}

register('inbox-messages', InboxMessages);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-messages': InboxMessages;
  }
}
