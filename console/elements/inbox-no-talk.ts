import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { register } from '../../widget/register.ts';
import { failureText } from '../failure.ts';
import type { TalkProblem } from '../inbox-state.ts';
import type { Words } from '../lang/choose.ts';
import { base, buttons, inputs } from '../styles/controls.ts';
import { ask } from './ask.ts';
import { icons } from './icons.ts';

/**
 * Stands where no conversation is shown, and says why. What was written in one that was deleted
 * meanwhile can be copied. Asks: `inbox-talk-retry`, `inbox-back`.
 */
export class InboxNoTalk extends LitElement {
  static override styles = [
    base,
    buttons,
    inputs,
    css`
      :host {
        display: grid;
        align-content: center;
        justify-items: center;
        gap: 6px;
        padding: 24px;
        overflow-y: auto;
        color: var(--ink-2);
        text-align: center;
      }
      svg {
        width: 40px;
        height: 40px;
        margin-bottom: 6px;
        stroke-width: 1.2;
        opacity: 0.6;
      }
      h2 {
        color: var(--ink);
        font-size: var(--text-xl);
        font-weight: 600;
      }
      h2:focus-visible {
        outline: 0;
        box-shadow: none;
      }
      .button {
        margin-top: 10px;
      }
      .unsent {
        display: grid;
        justify-items: center;
        width: min(480px, 100%);
        margin-top: 14px;
      }
      .unsent label {
        margin-bottom: 6px;
        font-size: var(--text-m);
      }
    `,
  ];
  static override properties = {
    words: { attribute: false },
    problem: { attribute: false },
    copied: { state: true },
  };

  declare words: Words;
  /** Absent where simply none is open. */
  declare problem: TalkProblem | undefined;
  declare private copied: boolean;

  constructor() {
    super();
    this.copied = false;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('problem')) this.copied = false;
  }

  get #unsent(): string {
    return this.problem?.type === 'gone' ? this.problem.unsent.join('\n\n') : '';
  }

  #copy = async (): Promise<void> => {
    const field = this.renderRoot.querySelector('textarea');
    try {
      await navigator.clipboard.writeText(this.#unsent);
      this.copied = true;
    } catch {
      // Without a secure origin there is no clipboard: it is chosen, and copied by hand.
      field?.focus();
      field?.select();
    }
  };

  #about(): readonly [title: string, text: string] {
    const { words, problem } = this;
    const { talk } = words;
    switch (problem?.type) {
      case undefined:
        return [talk.nothing, talk.nothingText];
      case 'gone':
        return [talk.gone, talk.goneText];
      case 'unknown':
        return [talk.unknown, talk.unknownText];
      case 'failed':
        return [talk.failed, failureText(words, problem.error)];
    }
  }

  protected override render(): TemplateResult {
    const { words, problem } = this;
    const [title, text] = this.#about();
    const unsent = this.#unsent;
    return html`${icons.bubble}
      <h2 tabindex="-1">${title}</h2>
      <p>${text}</p>
      ${
        unsent
          ? html`<div class="unsent">
              <label for="unsent">${words.talk.unsent}</label>
              <textarea
                class="input"
                id="unsent"
                rows="5"
                dir="auto"
                readonly
                .value=${unsent}
              ></textarea>
              <button class="button" @click=${this.#copy}>${words.talk.copy}</button>
              <p class="small" role="status">${this.copied ? words.talk.copied : ''}</p>
            </div>`
          : nothing
      }
      ${
        problem?.type === 'failed'
          ? html`<button class="button" @click=${() => ask(this, 'inbox-talk-retry')}>
              ${words.tryAgain}
            </button>`
          : nothing
      }
      ${
        problem
          ? html`<button class="button plain" @click=${() => ask(this, 'inbox-back')}>
              ${words.talk.back}
            </button>`
          : nothing
      }`;
  }
}

register('inbox-no-talk', InboxNoTalk);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-no-talk': InboxNoTalk;
  }
}
