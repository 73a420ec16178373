import { html, nothing, type TemplateResult } from 'lit';
import { readBlocks, type Block, type Span } from '../state/rich-text.ts';

const parsed = new WeakMap<object, readonly Block[]>();

// Entries are immutable, so a message is taken apart once however often the list is drawn.
function blocksOf(owner: object, text: string): readonly Block[] {
  let blocks = parsed.get(owner);
  if (!blocks) parsed.set(owner, (blocks = readBlocks(text)));
  return blocks;
}

function span(part: Span): TemplateResult | string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'code':
      return html`<code>${part.text}</code>`;
    case 'link':
      return html`<a href=${part.href} target="_blank" rel="noopener nofollow">${part.text}</a>`;
  }
}

function line(spans: readonly Span[], index: number): TemplateResult {
  return html`${index > 0 ? html`<br />` : nothing}<span>${spans.map(span)}</span>`;
}

function block(part: Block): TemplateResult {
  switch (part.type) {
    case 'paragraph':
      return html`<p>${part.lines.map(line)}</p>`;
    case 'heading':
      return html`<p><b>${line(part.spans, 0)}</b></p>`;
    case 'code':
      return html`<pre tabindex="0"><code>${part.text}</code></pre>`;
  }
}

/** A message's text. Each piece is a text node of its own: nothing is ever parsed as HTML. */
export const richText = (owner: object, text: string): TemplateResult =>
  html`<div class="text" dir="auto">${blocksOf(owner, text).map(block)}</div>`;
