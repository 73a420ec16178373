import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CannedReply } from '../../shared/console-protocol.ts';
import { maxMessageChars } from '../../shared/limits.ts';
import { isVisible } from '../../shared/protocol.ts';
import { countCharacters } from '../../widget/count-characters.ts';
import { register } from '../../widget/register.ts';
import type { Draft, DraftKind } from '../drafts.ts';
import type { ReplyVariables } from '../fill-variables.ts';
import type { Words } from '../lang/choose.ts';
import type { Settings } from '../settings.ts';
import { base, buttons } from '../styles/controls.ts';
import { ask } from './ask.ts';
import { icons } from './icons.ts';
import { composerStyles } from './inbox-composer-styles.ts';
import './inbox-canned.ts';
import './inbox-markdown.ts';

const counterFrom = 400;
const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/**
 * Where the owner writes: a reply, or a note that only they see. Never cuts a text: one that is
 * too long says so and stays. The two are kept apart: turning from one to the other exchanges
 * their texts. Asks: `inbox-reply {text}`, `inbox-note {text}`, `inbox-draft {kind, text}`,
 * `inbox-draft-turn {kind}`, `inbox-typing {active}`, `inbox-composer-leave`.
 */
export class InboxComposer extends LitElement {
  static override styles = [base, buttons, composerStyles];
  static override properties = {
    words: { attribute: false },
    draft: { attribute: false },
    placeholder: { attribute: false },
    replies: { attribute: false },
    variables: { attribute: false },
    sendKey: { attribute: false },
    blocked: { attribute: false },
    texts: { state: true },
    kind: { state: true },
    preview: { state: true },
    picking: { state: true },
  };

  declare words: Words;
  /** What was typed before; read once, when the conversation is opened. */
  declare draft: Draft | undefined;
  declare placeholder: string;
  declare replies: readonly CannedReply[];
  declare variables: ReplyVariables;
  declare sendKey: Settings['sendKey'];
  /** The visitor gets no replies; notes are still written. */
  declare blocked: boolean;
  declare private texts: Readonly<Record<DraftKind, string>>;
  declare private kind: DraftKind;
  declare private preview: boolean;
  declare private picking: boolean;

  #composing = false;
  #begun = false;

  constructor() {
    super();
    this.texts = { reply: '', note: '' };
    this.kind = 'reply';
    this.preview = false;
    this.picking = false;
  }

  private get text(): string {
    return this.texts[this.kind];
  }

  private get note(): boolean {
    return this.kind === 'note';
  }

  get #input(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector('textarea');
  }

  override focus(): void {
    this.preview = false;
    void this.updateComplete.then(() => this.#input?.focus({ preventScroll: true }));
  }

  /** Begins a note, or a reply. */
  begin(kind: DraftKind): void {
    this.#turn(kind);
    this.focus();
  }

  /** What was written is a draft no longer: another tab sent it, or threw it away. */
  drop(kind: DraftKind): void {
    this.texts = { ...this.texts, [kind]: '' };
  }

  #turn(kind: DraftKind): void {
    if (kind === this.kind) return;
    this.kind = kind;
    this.picking = false;
    ask(this, 'inbox-draft-turn', { kind });
    ask(this, 'inbox-typing', { active: false });
  }

  protected override willUpdate(): void {
    if (this.#begun || !this.draft) return;
    this.#begun = true;
    const { kind, reply, note } = this.draft;
    this.texts = { reply, note };
    this.kind = kind;
  }

  protected override updated(changed: PropertyValues): void {
    const input = this.#input;
    if (!input || !['texts', 'kind', 'preview'].some((name) => changed.has(name))) return;
    if (input.value !== this.text) input.value = this.text;
    // CSS alone (`field-sizing`) is too young.
    input.style.height = '';
    if (this.text) input.style.height = `${input.scrollHeight}px`;
  }

  #set(text: string): void {
    const { kind } = this;
    this.texts = { ...this.texts, [kind]: text };
    ask(this, 'inbox-draft', { kind, text });
  }

  #typed = (event: Event): void => {
    const before = this.text;
    this.#set((event.target as HTMLTextAreaElement).value);
    if (this.text === '/' && before === '' && !this.note) this.picking = true;
    else if (this.picking && (!this.text.startsWith('/') || this.text.includes('\n'))) {
      this.picking = false;
    }
    if (!this.note) {
      const active = this.text.trim() !== '' && !this.text.startsWith('/');
      ask(this, 'inbox-typing', { active });
    }
  };

  #key = (event: KeyboardEvent): void => {
    if (event.isComposing || this.#composing || event.keyCode === 229) return;
    const picker = this.renderRoot.querySelector('inbox-canned');
    if (this.picking && picker?.handleKey(event)) return;
    if (event.key === 'Escape') {
      ask(this, 'inbox-composer-leave');
      return;
    }
    if (event.key !== 'Enter' || event.altKey) return;
    const modified = event.ctrlKey || event.metaKey;
    if (!modified && (this.sendKey !== 'enter' || event.shiftKey)) return;
    event.preventDefault();
    this.#send();
  };

  get #cannotSend(): boolean {
    const isEmpty = !isVisible(this.text);
    return isEmpty || countCharacters(this.text.trim()) > maxMessageChars || this.#isBarred;
  }

  get #isBarred(): boolean {
    return this.blocked && !this.note;
  }

  #send = (): void => {
    this.focus();
    if (this.#cannotSend) return;
    const text = this.text.trim();
    ask(this, this.note ? 'inbox-note' : 'inbox-reply', { text });
    this.#set('');
    this.picking = false;
    this.#turn('reply');
  };

  #picked(text: string): void {
    const input = this.#input;
    this.picking = false;
    if (!input || this.text.startsWith('/') || this.text === '') this.#set(text);
    else {
      const { selectionStart: from, selectionEnd: to } = input;
      this.#set(this.text.slice(0, from) + text + this.text.slice(to));
    }
    this.focus();
    if (!this.note) ask(this, 'inbox-typing', { active: true });
  }

  #closePicker(): void {
    this.picking = false;
    this.#input?.focus();
  }

  #togglePicker = (): void => {
    this.picking = !this.picking;
    this.focus();
  };

  protected override render(): TemplateResult {
    const { words, note, preview } = this;
    const { compose } = words;
    const left = maxMessageChars - countCharacters(this.text.trim());
    const label = note ? compose.noteLabel : compose.label;
    const state = this.#state(left);
    return html`<div
      class="outer"
      @inbox-canned-picked=${(event: CustomEvent<{ text: string }>) =>
        this.#picked(event.detail.text)}
      @inbox-canned-closed=${() => this.#closePicker()}
    >
      ${
        this.picking
          ? html`<inbox-canned
              .words=${words}
              .replies=${this.replies}
              .variables=${this.variables}
              .query=${this.text.startsWith('/') ? this.text.slice(1) : ''}
            ></inbox-canned>`
          : nothing
      }
      <div class="box ${note ? 'note' : ''}">
        ${
          preview
            ? html`<div class="preview" tabindex="0" role="region" aria-label=${compose.markdown}>
                <inbox-markdown .words=${words} .text=${this.text} preview></inbox-markdown>
              </div>`
            : html`<textarea
                rows="1"
                dir="auto"
                autocomplete="off"
                aria-label=${label}
                aria-describedby="state"
                aria-invalid=${left < 0 ? 'true' : nothing}
                placeholder=${note ? compose.notePlaceholder : this.blocked ? compose.placeholderBlocked : this.placeholder}
                @input=${this.#typed}
                @keydown=${this.#key}
                @compositionstart=${() => (this.#composing = true)}
                @compositionend=${() => (this.#composing = false)}
              ></textarea>`
        }
        <div class="tools">
          <div class="kinds">
            <button
              class="tool"
              aria-expanded=${this.picking ? 'true' : 'false'}
              ?hidden=${note}
              @mousedown=${(event: Event) => event.preventDefault()}
              @click=${this.#togglePicker}
            >
              <span class="slash" aria-hidden="true">/ </span>${compose.canned}
            </button>
            <button
              class="tool"
              aria-pressed=${preview ? 'true' : 'false'}
              @click=${() => (preview ? this.focus() : (this.preview = true))}
            >
              ${compose.markdown}
            </button>
            <button
              class="tool"
              aria-pressed=${note ? 'true' : 'false'}
              @click=${() => this.begin(note ? 'reply' : 'note')}
            >
              ${compose.note}
            </button>
          </div>
          <span
            class="small state ${left < 0 ? 'error' : ''} ${state ? '' : 'none'}"
            id="state"
            role="status"
            >${state}</span
          >
          ${
            this.sendKey === 'mod-enter'
              ? html`<span class="keys small" aria-hidden="true">${isMac ? '⌘' : 'Ctrl'} ↵</span>`
              : nothing
          }
          <button
            class="send"
            aria-label=${note ? compose.save : compose.send}
            aria-disabled=${this.#cannotSend ? 'true' : 'false'}
            @click=${this.#send}
          >
            ${icons.up}
          </button>
        </div>
      </div>
    </div>`;
  }

  #state(left: number): string {
    const { compose } = this.words;
    if (this.#isBarred) return compose.blocked;
    if (left < 0) return compose.tooLong(-left);
    return left <= counterFrom ? compose.left(left) : '';
  }
}

register('inbox-composer', InboxComposer);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-composer': InboxComposer;
  }
}
