import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { register } from '../../widget/register.ts';
import type { FrameWords } from '../lang/en-frame.ts';
import { base, buttons } from '../styles/controls.ts';
import { icons } from './icons.ts';

export interface ToastOptions {
  readonly kind?: 'plain' | 'error';
  /** Where taking it back is cheap. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** With an action there is something to decide, which takes longer. */
const shownMs = { plain: 5_000, action: 10_000 } as const;

/** One short message at the bottom; the newest takes the place of the one before. */
export class InboxToast extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        position: fixed;
        z-index: 20;
        /* Beside what is being written, never over it: over the list, or above the input. */
        inset: auto auto 20px 80px;
        display: grid;
        max-width: 460px;
        pointer-events: none;
      }
      .toast {
        display: flex;
        align-items: center;
        gap: 4px;
        max-width: min(560px, 100%);
        padding: 4px 4px 4px 18px;
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--raised);
        box-shadow: var(--shadow);
        font-size: var(--text-m);
        pointer-events: auto;
        animation: toast-in 160ms ease-out;
      }
      .toast.error {
        color: var(--danger);
      }
      .text {
        flex: 1;
        padding: 8px 0;
        overflow-wrap: anywhere;
      }
      .link {
        margin: 0;
        padding: 0 10px;
        white-space: nowrap;
      }
      @media (max-width: 760px) {
        :host {
          inset: auto 0 calc(env(safe-area-inset-bottom) + var(--toast-bottom, 128px)) 0;
          justify-items: center;
          max-width: none;
          padding: 0 16px;
        }
      }
      @keyframes toast-in {
        from {
          opacity: 0;
          transform: translateY(8px);
        }
      }
    `,
  ];
  static override properties = {
    words: { attribute: false },
    text: { state: true },
    options: { state: true },
  };

  declare words: FrameWords;
  declare private text: string;
  declare private options: ToastOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #endMs = 0;

  constructor() {
    super();
    this.text = '';
    this.options = {};
  }

  say(text: string, options: ToastOptions = {}): void {
    this.text = text;
    this.options = options;
    this.#wait(options.action ? shownMs.action : shownMs.plain);
  }

  dismiss(): void {
    clearTimeout(this.#timer);
    this.text = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.dismiss();
  }

  #wait(forMs: number): void {
    clearTimeout(this.#timer);
    this.#endMs = performance.now() + forMs;
    this.#timer = setTimeout(() => this.dismiss(), forMs);
  }

  /** It stays while somebody points at it or is in it. */
  #hold(): void {
    clearTimeout(this.#timer);
  }

  #release(): void {
    if (this.text) this.#wait(Math.max(this.#endMs - performance.now(), 1_500));
  }

  #run(run: () => void): void {
    this.dismiss();
    run();
  }

  override render(): TemplateResult {
    const { action, kind = 'plain' } = this.options;
    // The live region stands before its content changes: else nothing is read out.
    return html`<div
      role="status"
      aria-live="polite"
      aria-label=${this.words?.toast.label ?? nothing}
    >
      ${
        this.text
          ? html`<div
              class="toast ${kind}"
              @pointerenter=${this.#hold}
              @pointerleave=${this.#release}
              @focusin=${this.#hold}
              @focusout=${this.#release}
            >
              <span class="text">${this.text}</span>
              ${
                action
                  ? html`<button class="link" @click=${() => this.#run(action.run)}>
                      ${action.label}
                    </button>`
                  : nothing
              }
              <button class="icon" aria-label=${this.words.toast.dismiss} @click=${this.dismiss}>
                ${icons.close}
              </button>
            </div>`
          : nothing
      }
    </div>`;
  }
}

register('inbox-toast', InboxToast);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-toast': InboxToast;
  }
}
