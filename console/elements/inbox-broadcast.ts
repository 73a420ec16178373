import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { isVisible } from '../../shared/protocol.ts';
import { countCharacters } from '../../widget/count-characters.ts';
import { randomId } from '../../widget/random-id.ts';
import { register } from '../../widget/register.ts';
import { Failure, failureText } from '../failure.ts';
import type { FrameApi } from '../frame-api.ts';
import type { FrameWords } from '../lang/en-frame.ts';
import { base, buttons, inputs } from '../styles/controls.ts';
import { dialogs } from '../styles/dialogs.ts';
import { icons } from './icons.ts';
import './inbox-markdown.ts';

type Step =
  | { readonly name: 'write' }
  | { readonly name: 'confirm'; readonly count: number }
  | { readonly name: 'sent'; readonly count: number };

const maxChars = 4_000;
/** From here on the count of what is left is shown. */
const nearChars = 500;

/** A message to everybody who is connected: write, see it and to how many, send. */
export class InboxBroadcast extends LitElement {
  static override styles = [
    base,
    buttons,
    inputs,
    dialogs,
    css`
      .intro {
        color: var(--ink-2);
        font-size: var(--text-m);
      }
      .preview {
        max-height: 40dvh;
        padding: 12px 14px;
        overflow-y: auto;
        border-radius: 16px 16px 5px 16px;
        background: var(--fill);
        color: var(--on-fill);
      }
      .to {
        font-weight: 600;
      }
      .result {
        display: flex;
        align-items: center;
        gap: 10px;
        color: var(--good);
        font-weight: 600;
      }
      textarea {
        min-height: 120px;
        max-height: 45dvh;
      }
      .count {
        justify-self: end;
      }
      .small.error {
        color: var(--danger);
      }
    `,
  ];
  static override properties = {
    words: { attribute: false },
    api: { attribute: false },
    text: { state: true },
    step: { state: true },
    busy: { state: true },
    problem: { state: true },
  };

  declare words: FrameWords;
  declare api: Pick<FrameApi, 'broadcast'>;
  declare private text: string;
  declare private step: Step;
  declare private busy: boolean;
  declare private problem: string;
  /** Stays over failures, so that the same text sent again reaches nobody twice. */
  #id = '';

  constructor() {
    super();
    this.text = '';
    this.step = { name: 'write' };
    this.busy = false;
    this.problem = '';
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  /** What was written before and not sent is still there. */
  async show(): Promise<void> {
    await this.updateComplete;
    if (this.#dialog?.open) return;
    this.step = { name: 'write' };
    this.problem = '';
    this.#dialog?.showModal();
    this.renderRoot.querySelector('textarea')?.focus();
  }

  get #leftChars(): number {
    return maxChars - countCharacters(this.text);
  }

  get #canGoOn(): boolean {
    return !this.busy && isVisible(this.text) && this.#leftChars >= 0;
  }

  /** What had the focus is gone with the step before; a key that repeats must not send. */
  protected override updated(changed: PropertyValues): void {
    if (!changed.has('step') || !this.#dialog?.open) return;
    const next = { write: 'textarea', confirm: '.preview', sent: '.button.primary' }[
      this.step.name
    ];
    this.renderRoot.querySelector<HTMLElement>(next)?.focus();
  }

  #typed(event: Event): void {
    this.text = (event.target as HTMLTextAreaElement).value;
    this.#id = '';
    this.problem = '';
  }

  #typedKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    void this.#preview();
  }

  async #ask(preview: boolean): Promise<number | undefined> {
    this.busy = true;
    this.problem = '';
    this.#id ||= randomId();
    try {
      const request = { message: this.text, id: this.#id };
      const { delivered } = await this.api.broadcast(preview ? { ...request, preview } : request);
      return delivered;
    } catch (error) {
      const { failure, broadcast } = this.words;
      const lost = error instanceof Failure && ['offline', 'server'].includes(error.kind);
      this.problem = lost && !preview ? broadcast.unsure : failureText({ failure }, error);
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  async #preview(): Promise<void> {
    if (!this.#canGoOn) return;
    const count = await this.#ask(true);
    if (count !== undefined) this.step = { name: 'confirm', count };
  }

  async #send(): Promise<void> {
    if (this.busy || this.step.name !== 'confirm' || this.step.count === 0) return;
    const count = await this.#ask(false);
    if (count === undefined) return;
    this.text = '';
    this.#id = '';
    this.step = { name: 'sent', count };
    this.dispatchEvent(
      new CustomEvent('inbox-broadcast-sent', {
        detail: { delivered: count },
        bubbles: true,
        composed: true,
      }),
    );
  }

  #close(): void {
    this.#dialog?.close();
  }

  override render(): TemplateResult {
    const { broadcast, close } = this.words;
    return html`<dialog class="dialog" aria-labelledby="title">
      <div class="dialog-head">
        <h2 id="title">${broadcast.title}</h2>
        <button class="icon" aria-label=${close} @click=${this.#close}>${icons.close}</button>
      </div>
      <div class="dialog-body">${this.#body()}</div>
      <div class="dialog-foot">
        <p class="grow small error" role="alert">${this.problem}</p>
        ${this.#buttons()}
      </div>
    </dialog>`;
  }

  #body(): TemplateResult {
    const { broadcast } = this.words;
    const { step } = this;
    switch (step.name) {
      case 'write': {
        const left = this.#leftChars;
        return html`<p class="intro">${broadcast.intro}</p>
          <div class="field">
            <label for="text">${broadcast.label}</label>
            <textarea
              class="input"
              id="text"
              rows="4"
              dir="auto"
              aria-describedby="left"
              aria-invalid=${left < 0 ? 'true' : 'false'}
              .value=${this.text}
              @input=${this.#typed}
              @keydown=${this.#typedKey}
            ></textarea>
            <p
              class="small count ${left < 0 ? 'error' : ''}"
              id="left"
              role="status"
              ?hidden=${left > nearChars}
            >
              ${left < 0 ? broadcast.tooLong(-left) : broadcast.left(left)}
            </p>
          </div>`;
      }
      case 'confirm':
        return html`<div class="preview" tabindex="0" role="group" aria-label=${broadcast.preview}>
            <inbox-markdown .words=${this.words} .text=${this.text}></inbox-markdown>
          </div>
          <p role="status">
            ${
              step.count === 0
                ? broadcast.nobody
                : html`<span class="to">${broadcast.confirm(step.count)}</span
                    >${` ${broadcast.cannotUndo}`}`
            }
          </p>`;
      case 'sent':
        return html`<p class="result" role="status">
          ${icons.check} ${broadcast.sent(step.count)}
        </p>`;
    }
  }

  #buttons(): TemplateResult {
    const { broadcast, cancel } = this.words;
    const { step, busy } = this;
    const off = (is: boolean): 'true' | 'false' => (is ? 'true' : 'false');
    switch (step.name) {
      case 'write':
        return html`<button class="button" @click=${this.#close}>${cancel}</button>
          <button
            class="button primary"
            aria-disabled=${off(!this.#canGoOn)}
            @click=${() => void this.#preview()}
          >
            ${busy ? broadcast.counting : broadcast.next}
          </button>`;
      case 'confirm':
        return html`<button class="button" @click=${() => (this.step = { name: 'write' })}>
            ${broadcast.back}
          </button>
          ${
            step.count === 0
              ? nothing
              : html`<button
                  class="button primary"
                  aria-disabled=${off(busy)}
                  @click=${() => void this.#send()}
                >
                  ${busy ? broadcast.sending : broadcast.send(step.count)}
                </button>`
          }`;
      case 'sent':
        return html`<button class="button primary" @click=${this.#close}>
          ${broadcast.done}
        </button>`;
    }
  }
}

register('inbox-broadcast', InboxBroadcast);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-broadcast': InboxBroadcast;
  }
}
