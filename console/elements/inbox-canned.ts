import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import type { CannedReply } from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import { fillVariables, type ReplyVariables } from '../fill-variables.ts';
import type { FrameWords } from '../lang/en-frame.ts';
import { filterReplies } from '../state/canned-list.ts';
import { base, buttons, rows } from '../styles/controls.ts';

/**
 * Picks a canned reply while the composer keeps the focus: it hands on its keys by `handleKey`
 * and what stands after the `/` as `query`. Tells `inbox-canned-picked {text, reply}`,
 * `inbox-canned-closed`, `inbox-canned-edit`.
 */
export class InboxCanned extends LitElement {
  static override styles = [
    base,
    buttons,
    rows,
    css`
      :host {
        display: block;
        flex: none;
        overflow: hidden;
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--raised);
        box-shadow: var(--shadow);
      }
      ul {
        max-height: min(288px, 40dvh);
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      .row {
        padding: 8px 14px;
      }
      .title {
        display: block;
        font-size: var(--text-m);
        font-weight: 600;
      }
      .text {
        display: block;
        font-size: var(--text-m);
        line-height: 1.4;
        color: var(--ink-2);
      }
      .none {
        padding: 14px;
        color: var(--ink-2);
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0 12px;
        padding: 0 14px;
        border-top: 1px solid var(--line);
        font-size: var(--text-s);
      }
      .row:last-child {
        border-bottom: 0;
      }
      @media (pointer: coarse) {
        .keys {
          display: none;
        }
      }
    `,
  ];
  static override properties = {
    words: { attribute: false },
    replies: { attribute: false },
    variables: { attribute: false },
    query: { attribute: false },
    active: { state: true },
  };

  declare words: FrameWords;
  declare replies: readonly CannedReply[];
  declare variables: ReplyVariables;
  declare query: string;
  declare private active: number;
  #found: readonly CannedReply[] = [];

  constructor() {
    super();
    this.replies = [];
    this.variables = {};
    this.query = '';
    this.active = 0;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('query')) this.active = 0;
    this.#found = filterReplies(this.replies, this.query);
    this.active = Math.max(0, Math.min(this.active, this.#found.length - 1));
  }

  protected override updated(): void {
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  /** @returns whether the key was for the picker, and the composer shall do nothing with it */
  handleKey(event: KeyboardEvent): boolean {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    const count = this.#found.length;
    const reply = this.#found[this.active];
    if (event.key === 'Escape') this.#tell('inbox-canned-closed');
    else if (event.key === 'ArrowDown' && count > 0) this.active = (this.active + 1) % count;
    else if (event.key === 'ArrowUp' && count > 0) this.active = (this.active + count - 1) % count;
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && reply) {
      this.#pick(reply);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #pick(reply: CannedReply): void {
    const text = fillVariables(reply.text, this.variables, this.words.canned.fallback);
    this.#tell('inbox-canned-picked', { text, reply });
  }

  #tell(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  override render(): TemplateResult {
    const { canned } = this.words;
    const active = this.#found[this.active];
    return html`${
        this.#found.length === 0
          ? html`<p class="none">${this.replies.length === 0 ? canned.none : canned.noMatch}</p>`
          : html`<ul role="listbox" aria-label=${canned.title}>
              ${this.#found.map((reply, index) => this.#row(reply, index))}
            </ul>`
      }
      <p class="hide" role="status">
        ${
          active
            ? canned.active(active.title, this.active + 1, this.#found.length)
            : this.replies.length === 0
              ? canned.none
              : canned.noMatch
        }
      </p>
      <footer>
        <span class="small keys">${canned.hint}</span>
        <button class="link" @click=${() => this.#tell('inbox-canned-edit')}>${canned.edit}</button>
      </footer>`;
  }

  #row(reply: CannedReply, index: number): TemplateResult {
    // Pressing must not take the focus from the composer.
    return html`<li
      class="row"
      role="option"
      aria-selected=${index === this.active ? 'true' : 'false'}
      @pointermove=${() => (this.active = index)}
      @mousedown=${(event: Event) => event.preventDefault()}
      @click=${() => this.#pick(reply)}
    >
      <span class="title clip">${reply.title}</span>
      <span class="text clip" dir="auto">${reply.text.replace(/\s+/g, ' ')}</span>
    </li>`;
  }
}

register('inbox-canned', InboxCanned);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-canned': InboxCanned;
  }
}
