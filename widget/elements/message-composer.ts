import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { maxMessageChars } from '../../shared/limits.ts';
import { countCharacters } from '../count-characters.ts';
import type { Words } from '../lang/en.ts';
import { icons } from './icons.ts';
import { PartElement } from './part-element.ts';

const counterFrom = 400;

/** Where the visitor writes. Never cuts a text: one that is too long says so and stays. */
export class MessageComposer extends PartElement {
  static override properties = {
    words: { attribute: false },
    draft: { attribute: false },
    owner: { attribute: false },
    assistant: { attribute: false },
    disabled: { attribute: false },
    text: { state: true },
  };

  declare words: Words;
  /** What was typed on an earlier page; taken over while nothing is typed here. */
  declare draft: string;
  /** The owner answers, not the assistant. */
  declare owner: boolean;
  declare assistant: boolean;
  declare disabled: boolean;
  declare protected text: string;

  #composing = false;
  #lastDraft = '';

  constructor() {
    super();
    this.text = '';
  }

  get #input(): HTMLTextAreaElement | null {
    return this.querySelector('textarea');
  }

  /** Puts the cursor into the input. */
  focusInput(): void {
    this.#input?.focus({ preventScroll: true });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('draft') || this.draft === this.#lastDraft) return;
    // A draft that was emptied elsewhere (erased, reset) empties this input too.
    if (this.text === '' || this.draft === '') this.text = this.draft;
    this.#lastDraft = this.draft;
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('text')) return;
    const input = this.#input;
    if (!input) return;
    if (input.value !== this.text) input.value = this.text;
    this.#fit(input);
  }

  // CSS alone (`field-sizing`) is too young; five lines, then it scrolls.
  #fit(input: HTMLTextAreaElement): void {
    input.style.height = '';
    if (this.text) input.style.height = `${input.scrollHeight}px`;
  }

  #typed(input: HTMLTextAreaElement): void {
    this.text = input.value;
    this.#lastDraft = this.text;
    this.ask('draft', this.text);
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    // Enter that ends the choice of a Chinese or Japanese word sends nothing; Safari reports it
    // after the composition has ended, known only by the key code.
    if (event.isComposing || this.#composing || event.keyCode === 229) return;
    event.preventDefault();
    this.#send();
  }

  #send(): void {
    const text = this.text.trim();
    const input = this.#input;
    input?.focus({ preventScroll: true });
    if (!text || this.disabled || countCharacters(text) > maxMessageChars) return;
    this.ask('send', text, () => {
      this.text = '';
      this.#lastDraft = '';
    });
  }

  protected override render(): TemplateResult {
    const { words } = this;
    const left = maxMessageChars - countCharacters(this.text.trim());
    const cannotSend = this.disabled || left < 0 || this.text.trim() === '';
    const label = this.owner || !this.assistant ? words.writeOwner : words.ask;
    return html`<div class="box">
        <textarea
          part="input"
          rows="1"
          dir="auto"
          autocomplete="off"
          enterkeyhint="send"
          aria-label=${label.replace(/…$/, '')}
          aria-describedby="cc-count"
          aria-invalid=${left < 0 ? 'true' : nothing}
          placeholder=${label}
          @input=${(event: Event) => this.#typed(event.target as HTMLTextAreaElement)}
          @keydown=${this.#key}
          @compositionstart=${() => (this.#composing = true)}
          @compositionend=${() => (this.#composing = false)}
        ></textarea>
        <button
          class="send"
          part="send"
          aria-label=${words.send}
          aria-disabled=${cannotSend ? 'true' : 'false'}
          @click=${this.#send}
        >
          ${icons.up}
        </button>
      </div>
      <div class="small under">
        <span
          id="cc-count"
          class=${left < 0 ? 'bad' : nothing}
          role=${left < counterFrom ? 'status' : nothing}
          >${this.#hint(left)}</span
        >
        ${
          this.owner
            ? this.assistant
              ? html`<button class="link" @click=${() => this.ask('handBack')}>
                  ${words.askAssistant}
                </button>`
              : nothing
            : html`<button class="link" @click=${() => this.ask('show', 'contact')}>
                ${words.talkToOwner}
              </button>`
        }
      </div>`;
  }

  #hint(left: number): string {
    const { words } = this;
    if (left < 0) return words.tooLong(-left);
    if (left < counterFrom) return words.left(left);
    return this.owner || !this.assistant ? words.ownerReads : words.fromPosts;
  }
}
