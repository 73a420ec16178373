import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CannedReply } from '../../shared/console-protocol.ts';
import { maxMessageChars } from '../../shared/limits.ts';
import { isVisible } from '../../shared/protocol.ts';
import { countCharacters } from '../../widget/count-characters.ts';
import { register } from '../../widget/register.ts';
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
 * too long says so and stays. Asks: `inbox-reply {text}`, `inbox-note {text}`,
 * `inbox-draft {text}`, `inbox-typing {active}`.
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
    text: { state: true },
    note: { state: true },
    preview: { state: true },
    picking: { state: true },
  };

  declare words: Words;
  /** What was typed before; read once, when the conversation is opened. */
  declare draft: string;
  declare placeholder: string;
  declare replies: readonly CannedReply[];
  declare variables: ReplyVariables;
  declare sendKey: Settings['sendKey'];
  /** The visitor gets no replies; notes are still written. */
  declare blocked: boolean;
  declare private text: string;
  declare private note: boolean;
  declare private preview: boolean;
  declare private picking: boolean;

  #composing = false;
  #begun = false;

  constructor() {
    super();
    this.text = '';
    this.note = false;
    this.preview = false;
    this.picking = false;
  }

  get #input(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector('textarea');
  }

  override focus(): void {
    this.preview = false;
    void this.updateComplete.then(() => this.#input?.focus({ preventScroll: true }));
  }

  /** Begins a note, or a reply. */
  begin(kind: 'reply' | 'note'): void {
    this.note = kind === 'note';
    this.focus();
  }

  protected override willUpdate(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.text = this.draft;
  }

  protected override updated(changed: PropertyValues): void {
    const input = this.#input;
    if (!input || !(changed.has('text') || changed.has('preview'))) return;
    if (input.value !== this.text) input.value = this.text;
    // CSS alone (`field-sizing`) is too young.
    input.style.height = '';
    if (this.text) input.style.height = `${input.scrollHeight}px`;
  }

  #set(text: string): void {
    this.text = text;
    ask(this, 'inbox-draft', { text });
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
      this.#input?.blur();
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
    this.note = false;
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
                placeholder=${note ? compose.notePlaceholder : this.placeholder}
                @input=${this.#typed}
                @keydown=${this.#key}
                @compositionstart=${() => (this.#composing = true)}
                @compositionend=${() => (this.#composing = false)}
              ></textarea>`
        }
        <div class="tools">
          <button
            class="tool"
            aria-expanded=${this.picking ? 'true' : 'false'}
            ?hidden=${note}
            @mousedown=${(event: Event) => event.preventDefault()}
            @click=${this.#togglePicker}
          >
            <span aria-hidden="true">/ </span>${compose.canned}
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
          <span class="small state ${left < 0 ? 'error' : ''}" id="state" role="status">
            ${this.#state(left)}
          </span>
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
