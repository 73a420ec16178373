import { css, html, LitElement, type TemplateResult } from 'lit';
import { register } from '../../widget/register.ts';
import type { FrameWords } from '../lang/en-frame.ts';
import { isMac } from '../settings.ts';
import type { ShortcutGroup } from '../shortcuts.ts';
import { base, buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialogs.ts';
import { icons } from './icons.ts';

const signs: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Enter: '↵',
};

/** `Mod+Enter` as the keys that are pressed. */
const keyNames = (combination: string): readonly string[] =>
  combination
    .split('+')
    .map((key) => (key === 'Mod' ? (isMac() ? '⌘' : 'Ctrl') : (signs[key] ?? key)))
    .map((key) => (/^[a-z]$/.test(key) ? key.toUpperCase() : key));

/** The sheet of keyboard shortcuts. */
export class InboxShortcuts extends LitElement {
  static override styles = [
    base,
    buttons,
    dialogs,
    css`
      .dialog-body {
        grid-template-columns: repeat(auto-fit, minmax(min(260px, 100%), 1fr));
        gap: 20px 32px;
      }
      h3 {
        margin-bottom: 6px;
        font-size: var(--text-s);
        font-weight: 600;
        color: var(--ink-2);
      }
      dl > div {
        display: flex;
        align-items: center;
        gap: 16px;
        padding: 5px 0;
        font-size: var(--text-m);
      }
      dt {
        flex: 1;
      }
      dd {
        display: flex;
        align-items: center;
        gap: 4px;
      }
    `,
  ];
  static override properties = { words: { attribute: false }, groups: { attribute: false } };

  declare words: FrameWords;
  declare groups: readonly ShortcutGroup[];

  constructor() {
    super();
    this.groups = [];
  }

  async show(): Promise<void> {
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog');
    if (!dialog?.open) dialog?.showModal();
  }

  #pressed(event: KeyboardEvent): void {
    // The key that opened the sheet closes it.
    if (event.key === '?') (event.currentTarget as HTMLDialogElement).close();
  }

  override render(): TemplateResult {
    const { shortcuts, close } = this.words;
    return html`<dialog
      class="dialog wide"
      aria-labelledby="title"
      closedby="any"
      @keydown=${this.#pressed}
    >
      <div class="dialog-head">
        <h2 id="title">${shortcuts.title}</h2>
        <form method="dialog">
          <button class="icon" aria-label=${close}>${icons.close}</button>
        </form>
      </div>
      <div class="dialog-body">
        ${this.groups.map(
          ({ title, keys }) =>
            html`<section>
              <h3>${title}</h3>
              <dl>
                ${keys.map(
                  ({ keys: ways, text }) =>
                    html`<div>
                      <dt>${text}</dt>
                      <dd>${ways.map((way, index) => this.#way(way, index))}</dd>
                    </div>`,
                )}
              </dl>
            </section>`,
        )}
      </div>
    </dialog>`;
  }

  #way(combination: string, index: number): readonly TemplateResult[] {
    const keys = keyNames(combination).map((key) => html`<kbd>${key}</kbd>`);
    const or = html`<span class="small">${this.words.shortcuts.or}</span>`;
    return index === 0 ? keys : [or, ...keys];
  }
}

register('inbox-shortcuts', InboxShortcuts);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-shortcuts': InboxShortcuts;
  }
}
