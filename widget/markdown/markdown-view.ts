import { html, type TemplateResult } from 'lit';
import { markdownWords } from '../lang/choose-markdown.ts';
import type { MarkdownWords } from '../lang/en-markdown.ts';
import { codeBlock } from './code-block.ts';
import type { Align, Block, Inline, Item } from './markdown-tree.ts';

const link = (href: string, content: unknown): TemplateResult =>
  html`<a href=${href} target="_blank" rel="noopener nofollow">${content}</a>`;

function inline(piece: Inline): TemplateResult | string {
  switch (piece.type) {
    case 'text':
      return piece.text;
    case 'code':
      return html`<code dir="ltr">${piece.text}</code>`;
    case 'strong':
      return html`<strong>${piece.inside.map(inline)}</strong>`;
    case 'em':
      return html`<em>${piece.inside.map(inline)}</em>`;
    case 'del':
      return html`<del>${piece.inside.map(inline)}</del>`;
    case 'link':
      return link(piece.href, piece.inside.map(inline));
    case 'image':
      return link(piece.href, piece.alt);
    case 'break':
      return html`<br />`;
    case 'caret':
      return html`<i class="caret"></i>`;
  }
}

const sides = { left: 'start', center: 'middle', right: 'end' } as const;
const side = (align: Align | undefined): string => (align ? sides[align] : '');

function item({ done, blocks }: Item, words: MarkdownWords): TemplateResult {
  return done === undefined
    ? html`<li>${draw(blocks, words)}</li>`
    : html`<li class="task">
        <span
          class="box ${done ? 'done' : ''}"
          role="img"
          aria-label=${done ? words.done : words.open}
        ></span>
        ${draw(blocks, words)}
      </li>`;
}

function block(part: Block, words: MarkdownWords): TemplateResult {
  switch (part.type) {
    case 'paragraph':
      return html`<p>${part.inside.map(inline)}</p>`;
    case 'heading':
      // No heading of the page, which has its own order: a line that stands out.
      return html`<p class="heading h-${Math.min(part.depth, 4)}">${part.inside.map(inline)}</p>`;
    case 'code':
      return codeBlock(part, words);
    case 'quote':
      return html`<blockquote>${draw(part.blocks, words)}</blockquote>`;
    case 'list': {
      const items = part.items.map((one) => item(one, words));
      return part.start === undefined
        ? html`<ul>
            ${items}
          </ul>`
        : html`<ol start=${part.start}>
            ${items}
          </ol>`;
    }
    case 'table':
      return html`<div class="table" tabindex="0" role="group" aria-label=${words.table}>
        <table>
          <thead>
            <tr>
              ${part.head.map(
                (cell, at) => html`<th class=${side(part.align[at])}>${cell.map(inline)}</th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${part.rows.map(
              (row) =>
                html`<tr>
                  ${row.map(
                    (cell, at) => html`<td class=${side(part.align[at])}>${cell.map(inline)}</td>`,
                  )}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
    case 'rule':
      return html`<hr />`;
  }
}

const draw = (blocks: readonly Block[], words: MarkdownWords): readonly TemplateResult[] =>
  blocks.map((one) => block(one, words));

/**
 * Blocks as they are shown. Every piece is a text node or an attribute of a template: nothing is
 * ever parsed as HTML.
 *
 * @param tag - language of the words around them, BCP 47
 */
export const markdownView = (blocks: readonly Block[], tag: string): TemplateResult =>
  html`<div class="text md" dir="auto">${draw(blocks, markdownWords(tag))}</div>`;
