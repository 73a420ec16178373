import { html, nothing, type TemplateResult } from 'lit';
import { rareWords } from '../lang/choose-rare.ts';
import { PartElement } from './part-element.ts';
import { dressRareViews } from './rare-dress.ts';

/** Asks before everything is erased, in the place of the composer. */
export class EraseQuestion extends PartElement {
  static override properties = { tag: { attribute: false }, online: { attribute: false } };

  /** Language of the widget's own words. */
  declare tag: string;
  declare online: boolean;

  protected override createRenderRoot(): HTMLElement {
    dressRareViews(this);
    return super.createRenderRoot();
  }

  override firstUpdated(): void {
    this.querySelector<HTMLElement>('.keep')?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    const words = rareWords(this.tag);
    return html`<div class="ask" role="group" aria-labelledby="cc-erase">
      <p id="cc-erase">${words.eraseAsk}</p>
      ${this.online ? nothing : html`<p class="bad" role="status">${words.eraseOffline}</p>`}
      <div class="actions">
        <button
          class="danger"
          type="button"
          ?disabled=${!this.online}
          @click=${() => this.ask('erase')}
        >
          ${words.eraseYes}
        </button>
        <button class="keep" type="button" @click=${() => this.ask('show', 'chat')}>
          ${words.keep}
        </button>
      </div>
    </div>`;
  }
}
