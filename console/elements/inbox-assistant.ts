import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { AnswererState } from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import { Failure } from '../failure.ts';
import type { FrameApi } from '../frame-api.ts';
import type { FrameWords } from '../lang/en-frame.ts';
import { base } from '../styles/controls.ts';

type Known =
  | { readonly type: 'reading' | 'none' | 'failed' }
  | { readonly type: 'answerer'; readonly state: AnswererState };

/** Who answers where the owner does not, and what a language model has cost today. */
export class InboxAssistant extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      h3 {
        padding-bottom: 6px;
        font-size: var(--text-m);
        font-weight: 500;
      }
      .facts {
        display: grid;
        gap: 2px;
        padding: 10px 14px;
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        font-size: var(--text-m);
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override properties = {
    words: { attribute: false },
    api: { attribute: false },
    known: { state: true },
  };

  declare words: FrameWords;
  declare api: Pick<FrameApi, 'answerer'>;
  declare private known: Known;

  constructor() {
    super();
    this.known = { type: 'reading' };
  }

  /** Reads it anew; what was known is shown until then. */
  async refresh(): Promise<void> {
    try {
      this.known = { type: 'answerer', state: await this.api.answerer() };
    } catch (error) {
      const none = error instanceof Failure && error.code === 'not_found';
      this.known = { type: none ? 'none' : 'failed' };
    }
  }

  override render(): TemplateResult {
    const { assistant } = this.words.settings;
    return html`<section aria-labelledby="title">
      <h3 id="title">${assistant}</h3>
      <div class="facts" aria-live="polite">${this.#facts()}</div>
    </section>`;
  }

  #facts(): TemplateResult {
    const { settings: words, loading } = this.words;
    const { known } = this;
    switch (known.type) {
      case 'reading':
        return html`<p class="small">${loading}</p>`;
      case 'none':
        return html`<p>${words.noAssistant}</p>`;
      case 'failed':
        return html`<p class="small">${words.answererUnknown}</p>`;
      case 'answerer': {
        const { name, ready, usage } = known.state;
        return html`<p>${words.answerers[name] ?? name}</p>
          ${ready ? nothing : html`<p class="small">${words.notReady}</p>`}
          ${usage ? html`<p class="small">${this.#usage(usage)}</p>` : nothing}`;
      }
    }
  }

  #usage(usage: NonNullable<AnswererState['usage']>): string {
    const { tag, settings: words } = this.words;
    const { format } = new Intl.NumberFormat(tag);
    const { model, tokens_today, tokens_per_day, guarded_today } = usage;
    const perDay = tokens_per_day === undefined ? undefined : format(tokens_per_day);
    const tokens = words.tokens(model, format(tokens_today), perDay);
    if (guarded_today === 0) return tokens;
    return `${tokens} · ${words.guarded(format(guarded_today), guarded_today === 1)}`;
  }
}

register('inbox-assistant', InboxAssistant);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-assistant': InboxAssistant;
  }
}
