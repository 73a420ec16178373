import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { register } from '../../widget/register.ts';
import type { FrameWords } from '../lang/en-frame.ts';
import type { Block, Inline, readMarkdown } from '../state/markdown-tree.ts';
import { base } from '../styles/controls.ts';

/** Loaded at the first text that is shown as Markdown; the lexer outweighs the element. */
let reading: typeof readMarkdown | undefined;
let loading: Promise<void> | undefined;

function load(): Promise<void> {
  loading ??= import('../state/markdown-tree.ts').then(
    (tree) => void (reading = tree.readMarkdown),
    // The next text tries again; until then texts are shown as they were written.
    () => (loading = undefined),
  );
  return loading;
}

/** A text in Markdown. Pieces are text nodes of templates: nothing is ever parsed as HTML. */
export class InboxMarkdown extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        font: inherit;
        color: inherit;
        overflow-wrap: anywhere;
      }
      .all {
        display: grid;
        gap: 8px;
        min-width: 0;
      }
      .raw {
        white-space: pre-wrap;
      }
      p,
      li,
      td {
        white-space: pre-line;
      }
      .heading {
        font-size: 1.05em;
        font-weight: 650;
        line-height: 1.35;
      }
      a {
        color: inherit;
        text-decoration: underline;
      }
      code,
      pre {
        font: 0.9em/1.5 var(--mono);
        background: color-mix(in srgb, currentColor 9%, transparent);
        border-radius: var(--radius-s);
      }
      code {
        padding: 1px 4px;
      }
      pre {
        margin: 0;
        padding: 8px 10px;
        overflow-x: auto;
        overflow-wrap: normal;
      }
      pre code {
        padding: 0;
        background: none;
        font-size: 1em;
      }
      blockquote {
        display: grid;
        gap: 8px;
        margin: 0;
        padding-inline-start: 12px;
        border-inline-start: 3px solid color-mix(in srgb, currentColor 30%, transparent);
      }
      ul,
      ol {
        display: grid;
        gap: 2px;
        padding-inline-start: 1.4em;
        list-style: revert;
      }
      .table {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        font-size: 0.95em;
      }
      th,
      td {
        padding: 4px 10px;
        border: 1px solid color-mix(in srgb, currentColor 22%, transparent);
        text-align: start;
      }
      hr {
        width: 100%;
        margin: 4px 0;
        border: 0;
        border-top: 1px solid color-mix(in srgb, currentColor 22%, transparent);
      }
    `,
  ];
  static override properties = {
    words: { attribute: false },
    text: { attribute: false },
    preview: { type: Boolean },
  };

  declare words: FrameWords;
  declare text: string;
  /** Says so where there is nothing yet. */
  declare preview: boolean;
  #blocks: readonly Block[] | undefined;

  constructor() {
    super();
    this.text = '';
    this.preview = false;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('text')) this.#blocks = undefined;
    if (reading) this.#blocks ??= reading(this.text);
    else void load().then(() => this.requestUpdate());
  }

  override render(): TemplateResult {
    if (this.text.trim() === '') {
      return this.preview
        ? html`<p class="small">${this.words.markdown.empty}</p>`
        : html`${nothing}`;
    }
    if (!this.#blocks) return html`<div class="raw" dir="auto">${this.text}</div>`;
    return html`<div class="all" dir="auto">
      ${this.#blocks.map((block) => this.#block(block))}
    </div>`;
  }

  #block(block: Block): TemplateResult {
    switch (block.type) {
      case 'paragraph':
        return html`<p>${this.#inside(block.inside)}</p>`;
      case 'heading':
        // No heading of the page, which has its own order: a line that stands out.
        return html`<p class="heading">${this.#inside(block.inside)}</p>`;
      case 'code':
        return html`<pre
          tabindex="0"
          role="group"
          aria-label=${this.words.markdown.code}
        ><code>${block.text}</code></pre>`;
      case 'quote':
        return html`<blockquote>${block.blocks.map((one) => this.#block(one))}</blockquote>`;
      case 'list': {
        const items = block.items.map(
          (item) => html`<li>${item.map((one) => this.#block(one))}</li>`,
        );
        return block.start === undefined
          ? html`<ul>
              ${items}
            </ul>`
          : html`<ol start=${block.start}>
              ${items}
            </ol>`;
      }
      case 'table':
        return html`<div
          class="table"
          tabindex="0"
          role="group"
          aria-label=${this.words.markdown.table}
        >
          <table>
            <thead>
              <tr>
                ${block.head.map((cell) => html`<th>${this.#inside(cell)}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${block.rows.map(
                (row) =>
                  html`<tr>
                    ${row.map((cell) => html`<td>${this.#inside(cell)}</td>`)}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`;
      case 'rule':
        return html`<hr />`;
    }
  }

  #inside(pieces: readonly Inline[]): readonly (TemplateResult | string)[] {
    return pieces.map((piece) => this.#inline(piece));
  }

  #inline(piece: Inline): TemplateResult | string {
    switch (piece.type) {
      case 'text':
        return piece.text;
      case 'code':
        return html`<code>${piece.text}</code>`;
      case 'strong':
        return html`<strong>${this.#inside(piece.inside)}</strong>`;
      case 'em':
        return html`<em>${this.#inside(piece.inside)}</em>`;
      case 'del':
        return html`<del>${this.#inside(piece.inside)}</del>`;
      case 'link':
        return this.#link(piece.href, this.#inside(piece.inside));
      case 'image':
        return this.#link(piece.href, this.words.markdown.image(piece.alt));
      case 'break':
        return html`<br />`;
    }
  }

  #link(href: string, content: unknown): TemplateResult {
    return html`<a href=${href} target="_blank" rel="noopener nofollow">${content}</a>`;
  }
}

register('inbox-markdown', InboxMarkdown);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-markdown': InboxMarkdown;
  }
}
