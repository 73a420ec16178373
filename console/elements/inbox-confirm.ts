import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { register } from '../../widget/register.ts';
import type { FrameWords } from '../lang/en-frame.ts';
import { base, buttons, inputs } from '../styles/controls.ts';
import { dialogs } from '../styles/dialogs.ts';

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What the button says: the deed, not "OK". */
  readonly action: string;
  readonly danger?: boolean;
  /** A word to be typed before the deed can be done. */
  readonly typed?: string;
}

/** Asks before something that cannot be taken back. One question at a time. */
export class InboxConfirm extends LitElement {
  static override styles = [
    base,
    buttons,
    inputs,
    dialogs,
    css`
      .dialog {
        width: min(420px, calc(100vw - 32px));
      }
      .dialog-head {
        padding-top: 20px;
      }
      .dialog-foot {
        border: 0;
        padding-top: 0;
        padding-bottom: 20px;
      }
      p {
        color: var(--ink-2);
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override properties = {
    words: { attribute: false },
    question: { state: true },
    typed: { state: true },
  };

  declare words: FrameWords;
  declare private question: Question | undefined;
  declare private typed: string;
  #answer: ((yes: boolean) => void) | undefined;

  constructor() {
    super();
    this.typed = '';
  }

  /** @returns whether it shall be done; closing and Escape mean no */
  async ask(question: Question): Promise<boolean> {
    this.#settle(false);
    this.question = question;
    this.typed = '';
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog');
    if (!dialog?.open) dialog?.showModal();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#settle(false);
  }

  #settle(yes: boolean): void {
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.(yes);
    this.renderRoot?.querySelector('dialog')?.close();
  }

  #submit(event: Event): void {
    event.preventDefault();
    const word = this.question?.typed;
    if (word === undefined || this.typed.trim() === word) this.#settle(true);
  }

  override render(): TemplateResult {
    const { question, words } = this;
    return html`<dialog
      class="dialog"
      aria-labelledby="title"
      aria-describedby="text"
      @close=${() => this.#settle(false)}
    >
      ${question ? this.#content(question, words) : nothing}
    </dialog>`;
  }

  #content(question: Question, words: FrameWords): TemplateResult {
    const { title, text, action, danger, typed } = question;
    const field =
      typed === undefined
        ? nothing
        : html`<div class="field">
            <label for="typed">${words.confirm.type(typed)}</label>
            <input
              class="input"
              id="typed"
              autofocus
              autocomplete="off"
              .value=${this.typed}
              @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value)}
            />
          </div>`;
    const waits = typed !== undefined && this.typed.trim() !== typed;
    return html`<form @submit=${this.#submit}>
      <div class="dialog-head"><h2 id="title">${title}</h2></div>
      <div class="dialog-body">
        <p id="text">${text}</p>
        ${field}
      </div>
      <div class="dialog-foot">
        <button
          class="button"
          type="button"
          ?autofocus=${typed === undefined}
          @click=${() => this.#settle(false)}
        >
          ${words.cancel}
        </button>
        <button
          class="button primary ${danger ? 'danger' : ''}"
          aria-disabled=${waits ? 'true' : 'false'}
        >
          ${action}
        </button>
      </div>
    </form>`;
  }
}

register('inbox-confirm', InboxConfirm);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-confirm': InboxConfirm;
  }
}
