import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { OwnerSession } from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import { Failure, failureText } from '../failure.ts';
import type { FrameApi } from '../frame-api.ts';
import type { FrameWords } from '../lang/en-frame.ts';
import { base, buttons, inputs } from '../styles/controls.ts';
import { icons } from './icons.ts';

/** `inbox-logged-in` tells who it is. */
export class InboxLogIn extends LitElement {
  static override styles = [
    base,
    buttons,
    inputs,
    css`
      :host {
        display: grid;
        place-items: center;
        min-height: 100dvh;
        padding: 24px 16px;
        background: var(--sunken);
      }
      form {
        display: grid;
        gap: 20px;
        width: min(400px, 100%);
        padding: 32px 28px 28px;
        border: 1px solid var(--line);
        border-radius: var(--radius-xl);
        background: var(--paper);
      }
      .mark {
        display: grid;
        place-items: center;
        width: 44px;
        height: 44px;
        border-radius: 12px;
        background: var(--fill);
        color: var(--on-fill);
      }
      h1 {
        margin-bottom: 4px;
        font-size: var(--text-2xl);
        font-weight: 650;
        line-height: 1.25;
        letter-spacing: -0.02em;
      }
      .intro {
        color: var(--ink-2);
      }
      .secret {
        position: relative;
      }
      .secret .input {
        padding-inline-end: 52px;
      }
      .secret .icon {
        position: absolute;
        inset-block-start: calc((max(40px, var(--target)) - var(--target)) / 2);
        inset-inline-end: 3px;
      }
      .button {
        min-height: 44px;
        font-size: var(--text-l);
      }
      .error {
        font-size: var(--text-m);
      }
    `,
  ];
  static override properties = {
    words: { attribute: false },
    api: { attribute: false },
    ended: { type: Boolean },
    shown: { state: true },
    busy: { state: true },
    problem: { state: true },
    waitS: { state: true },
  };

  declare words: FrameWords;
  declare api: Pick<FrameApi, 'logIn' | 'session'>;
  /** Whether somebody was logged in here until just now. */
  declare ended: boolean;
  declare private shown: boolean;
  declare private busy: boolean;
  declare private problem: string;
  /** Seconds until another attempt is let through. */
  declare private waitS: number;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.ended = false;
    this.shown = false;
    this.busy = false;
    this.problem = '';
    this.waitS = 0;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
  }

  override firstUpdated(): void {
    this.#input?.focus();
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('#token');
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    const { logIn } = this.words;
    const token = this.#input?.value.trim() ?? '';
    if (this.busy || this.waitS > 0) return;
    if (token === '') {
      this.#say(logIn.missing);
      return;
    }
    this.busy = true;
    this.problem = '';
    try {
      await this.api.logIn(token);
      const session = await this.api.session();
      if (this.#input) this.#input.value = '';
      this.dispatchEvent(
        new CustomEvent<{ session: OwnerSession }>('inbox-logged-in', {
          detail: { session },
          bubbles: true,
          composed: true,
        }),
      );
    } catch (error) {
      const wrong = error instanceof Failure && error.kind === 'logged-out';
      if (error instanceof Failure && error.kind === 'throttled') this.#countDown(error);
      else this.#say(wrong ? logIn.wrong : failureText(this.words, error));
    } finally {
      this.busy = false;
    }
  }

  #say(problem: string): void {
    this.problem = problem;
    this.#input?.focus();
    this.#input?.select();
  }

  #countDown({ retryAfterS }: Failure): void {
    clearInterval(this.#ticking);
    const untilMs = Date.now() + (retryAfterS ?? 30) * 1_000;
    const tick = (): void => {
      this.waitS = Math.max(0, Math.ceil((untilMs - Date.now()) / 1_000));
      if (this.waitS === 0) clearInterval(this.#ticking);
    };
    tick();
    this.#ticking = setInterval(tick, 1_000);
  }

  override render(): TemplateResult {
    const { logIn, failure } = this.words;
    const problem = this.waitS > 0 ? failure.throttled(this.waitS) : this.problem;
    const blocked = this.busy || this.waitS > 0;
    return html`<form @submit=${this.#submit} novalidate>
      <span class="mark">${icons.bubble}</span>
      <div>
        <h1>${logIn.title}</h1>
        <p class="intro">${this.ended ? logIn.ended : logIn.intro}</p>
      </div>
      <input
        class="hide"
        type="text"
        name="username"
        value="owner"
        autocomplete="username"
        tabindex="-1"
        aria-hidden="true"
        readonly
      />
      <div class="field">
        <label for="token">${logIn.token}</label>
        <div class="secret">
          <input
            class="input"
            id="token"
            name="password"
            type=${this.shown ? 'text' : 'password'}
            autocomplete="current-password"
            autocapitalize="off"
            spellcheck="false"
            maxlength="1000"
            required
            aria-describedby="where problem"
            aria-invalid=${problem ? 'true' : 'false'}
            @input=${() => (this.problem = '')}
          />
          <button
            class="icon"
            type="button"
            aria-label=${this.shown ? logIn.hide : logIn.show}
            @click=${() => (this.shown = !this.shown)}
          >
            ${this.shown ? icons.eyeOff : icons.eye}
          </button>
        </div>
        <p class="small" id="where">${logIn.where}</p>
      </div>
      <div role="alert" id="problem" ?hidden=${!problem}>
        ${
          this.waitS > 0
            ? html`<p class="error" aria-live="off">${problem}</p>`
            : problem
              ? html`<p class="error">${problem}</p>`
              : nothing
        }
      </div>
      <button class="button primary" aria-disabled=${blocked ? 'true' : 'false'}>
        ${this.busy ? logIn.busy : logIn.submit}
      </button>
    </form>`;
  }
}

register('inbox-log-in', InboxLogIn);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-log-in': InboxLogIn;
  }
}
