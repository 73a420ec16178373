import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { CannedReply } from '../../shared/console-protocol.ts';
import { register } from '../../widget/register.ts';
import type { FrameWords } from '../lang/en-frame.ts';
import { maxTitleChars, type CannedFault } from '../state/canned-list.ts';
import { base, buttons, inputs } from '../styles/controls.ts';
import { icons } from './icons.ts';

export type CannedPart = 'title' | 'text' | 'up' | 'down';

/**
 * One canned reply in the editor, folded or open. Tells the editor `toggle-item`, `move-item`
 * (-1 or 1), `remove-item`, `change-item` (what changed).
 */
export class InboxCannedItem extends LitElement {
  static override styles = [
    base,
    buttons,
    inputs,
    css`
      :host {
        display: block;
        min-width: 0;
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
      }
      .line {
        display: flex;
        align-items: center;
        padding-inline-end: 6px;
      }
      .summary {
        display: grid;
        flex: 1;
        min-width: 0;
        min-height: max(52px, var(--target));
        align-content: center;
        padding: 6px 14px;
        border: 0;
        border-radius: var(--radius-l);
        background: none;
        text-align: start;
        cursor: pointer;
      }
      .clip {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .name {
        font-size: var(--text-m);
        font-weight: 600;
      }
      .icon svg {
        width: 17px;
        height: 17px;
      }
      .fields {
        display: grid;
        gap: 12px;
        padding: 4px 14px 14px;
      }
      .small.error {
        color: var(--danger);
      }
    `,
  ];
  static override properties = {
    words: { attribute: false },
    reply: { attribute: false },
    open: { attribute: false },
    first: { attribute: false },
    last: { attribute: false },
    fault: { attribute: false },
  };

  declare words: FrameWords;
  declare reply: CannedReply;
  declare open: boolean;
  declare first: boolean;
  declare last: boolean;
  declare fault: CannedFault | undefined;

  async focusPart(part: CannedPart): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-part="${part}"]`)?.focus();
  }

  #tell(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  override render(): TemplateResult {
    const { cannedEditor } = this.words;
    const { reply, open } = this;
    const title = reply.title.trim() || cannedEditor.untitled;
    const move = (by: -1 | 1, atEnd: boolean): TemplateResult =>
      html`<button
        class="icon"
        data-part=${by === 1 ? 'down' : 'up'}
        aria-label=${by === 1 ? cannedEditor.down(title) : cannedEditor.up(title)}
        aria-disabled=${atEnd ? 'true' : 'false'}
        @click=${() => atEnd || this.#tell('move-item', by)}
      >
        ${by === 1 ? icons.down : icons.up}
      </button>`;
    return html`<div class="line">
        <button
          class="summary"
          aria-expanded=${open ? 'true' : 'false'}
          @click=${() => this.#tell('toggle-item')}
        >
          <span class="name clip">${title}</span>
          ${
            open
              ? nothing
              : html`<span class="small clip" dir="auto">${reply.text.replace(/\s+/g, ' ')}</span>`
          }
        </button>
        ${move(-1, this.first)} ${move(1, this.last)}
        <button
          class="icon"
          aria-label=${cannedEditor.remove(title)}
          @click=${() => this.#tell('remove-item')}
        >
          ${icons.trash}
        </button>
      </div>
      ${open ? this.#fields() : nothing}`;
  }

  #said(part: 'title' | 'text'): string {
    const { cannedEditor } = this.words;
    if (this.fault?.field !== part) return '';
    const missing = this.fault.fault === 'missing';
    if (part === 'title') return missing ? cannedEditor.titleMissing : cannedEditor.titleTooLong;
    return missing ? cannedEditor.textMissing : cannedEditor.textTooLong;
  }

  #fields(): TemplateResult {
    const { cannedEditor } = this.words;
    const { title, text } = this.reply;
    const [titleFault, textFault] = [this.#said('title'), this.#said('text')];
    const change = (part: 'title' | 'text') => (event: Event) => {
      const { value } = event.target as HTMLInputElement | HTMLTextAreaElement;
      this.#tell('change-item', { [part]: value });
    };
    return html`<div class="fields">
      <div class="field">
        <label for="title">${cannedEditor.titleLabel}</label>
        <input
          class="input"
          id="title"
          data-part="title"
          maxlength=${maxTitleChars}
          autocomplete="off"
          aria-invalid=${titleFault ? 'true' : 'false'}
          aria-describedby="title-fault"
          .value=${title}
          @input=${change('title')}
        />
        <p class="small error" id="title-fault" ?hidden=${!titleFault}>${titleFault}</p>
      </div>
      <div class="field">
        <label for="text">${cannedEditor.textLabel}</label>
        <textarea
          class="input"
          id="text"
          data-part="text"
          rows="5"
          dir="auto"
          aria-invalid=${textFault ? 'true' : 'false'}
          aria-describedby="text-fault"
          .value=${text}
          @input=${change('text')}
        ></textarea>
        <p class="small error" id="text-fault" ?hidden=${!textFault}>${textFault}</p>
      </div>
    </div>`;
  }
}

register('inbox-canned-item', InboxCannedItem);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-canned-item': InboxCannedItem;
  }
}
