import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { View } from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import type { Words } from '../lang/choose.ts';
import { viewHash } from '../route.ts';
import { base } from '../styles/controls.ts';
import { ask } from './ask.ts';
import { icons } from './icons.ts';
import type { DialogName } from './inbox-dialogs.ts';

/** Sections at the left edge; at the lower one on phones. Asks: `inbox-dialog {name}`. */
export class InboxRail extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        background: var(--sunken);
        border-inline-end: 1px solid var(--line);
      }
      nav {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 6px;
        height: 100%;
        padding: 14px 0;
      }
      a,
      button {
        position: relative;
        display: grid;
        place-items: center;
        width: 44px;
        height: 44px;
        border: 0;
        border-radius: 13px;
        background: none;
        color: var(--ink-2);
        font: inherit;
        cursor: pointer;
        transition: background-color var(--quick) ease-out;
      }
      :is(a, button):hover {
        background: var(--hover);
        color: var(--ink);
      }
      :is(a, button):active {
        opacity: 0.75;
      }
      [aria-current] {
        background: var(--raised);
        color: var(--accent);
        box-shadow: 0 1px 3px #0f172a1f;
      }
      .last {
        margin-top: auto;
      }
      .count {
        position: absolute;
        inset: -1px -3px auto auto;
        min-width: 18px;
        padding: 0 5px;
        border-radius: 9px;
        background: var(--badge);
        color: #fff;
        font-size: 11.5px;
        font-weight: 600;
        line-height: 18px;
        text-align: center;
        font-variant-numeric: tabular-nums;
      }
      @media (max-width: 760px) {
        :host {
          border-inline-end: 0;
          border-top: 1px solid var(--line);
        }
        nav {
          flex-direction: row;
          justify-content: space-around;
          height: auto;
          padding: 5px 8px max(5px, env(safe-area-inset-bottom));
        }
        .last {
          margin: 0;
        }
      }
      @media (forced-colors: active) {
        [aria-current] {
          outline: 2px solid Highlight;
        }
      }
    `,
  ];
  static override properties = {
    words: { attribute: false },
    view: { attribute: false },
    wanting: { attribute: false },
  };

  declare words: Words;
  declare view: View;
  /** How many conversations want the owner. */
  declare wanting: number;

  protected override render(): TemplateResult {
    const { words, wanting } = this;
    const { rail } = words;
    const label =
      wanting > 0
        ? `${rail.conversations}, ${words.list.count(words.views.waiting, wanting)}`
        : rail.conversations;
    return html`<nav aria-label=${words.sections.main}>
      <a href=${viewHash(this.view)} aria-current="page" aria-label=${label} title=${label}>
        ${icons.bubble}
        ${
          wanting > 0
            ? html`<span class="count" aria-hidden="true">${wanting > 99 ? '99+' : wanting}</span>`
            : nothing
        }
      </a>
      ${this.#dialog('answers', rail.answers, icons.spark)}
      ${this.#dialog('canned-editor', rail.canned, icons.book)}
      ${this.#dialog('broadcast', rail.broadcast, icons.broadcast)}
      ${this.#dialog('settings', rail.settings, icons.settings, 'last')}
    </nav>`;
  }

  #dialog(name: DialogName, label: string, icon: TemplateResult, place = ''): TemplateResult {
    return html`<button
      class=${place}
      aria-label=${label}
      aria-haspopup="dialog"
      title=${label}
      @click=${() => ask(this, 'inbox-dialog', { name })}
    >
      ${icon}
    </button>`;
  }
}

register('inbox-rail', InboxRail);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-rail': InboxRail;
  }
}
