import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { loadMarkdown } from '../../widget/markdown/load-markdown.ts';
import { register } from '../../widget/register.ts';
import type { FrameWords } from '../lang/en-frame.ts';
import { base } from '../styles/controls.ts';

/** A text in Markdown, as visitors will see it: the widget's own renderer draws it. */
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
      .raw {
        white-space: pre-wrap;
      }
      a {
        color: inherit;
        text-decoration: underline;
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

  constructor() {
    super();
    this.text = '';
    this.preview = false;
  }

  /** Whose text was read; another text has another. */
  #owner = {};

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('text')) this.#owner = {};
  }

  #came = (): void => this.requestUpdate();

  override render(): TemplateResult {
    const { text, words } = this;
    if (text.trim() === '') {
      return this.preview ? html`<p class="small">${words.markdown.empty}</p>` : html`${nothing}`;
    }
    const { now } = loadMarkdown;
    if (now) {
      now.dressMarkdown(this.renderRoot);
      return html`${now.markdownText(this.#owner, text, words.tag)}`;
    }
    // Each text asks once; until it has come texts are shown as they were written.
    loadMarkdown.want(text, this.#came);
    return html`<div class="raw" dir="auto">${text}</div>`;
  }
}

register('inbox-markdown', InboxMarkdown);

declare global {
  interface HTMLElementTagNameMap {
    'inbox-markdown': InboxMarkdown;
  }
}
