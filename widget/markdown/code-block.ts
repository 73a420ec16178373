import { html, nothing, type TemplateResult } from 'lit';
import type { MarkdownWords } from '../lang/en-markdown.ts';
import { copyText } from './copy-text.ts';
import { highlight, type Piece } from './highlight.ts';
import { languageOf } from './languages.ts';
import type { Block } from './markdown-tree.ts';

type Code = Block & { readonly type: 'code' };

const saidForMs = 2_500;

const taken = new WeakMap<Code, readonly Piece[]>();

function piecesOf(code: Code): readonly Piece[] {
  let pieces = taken.get(code);
  if (!pieces) {
    pieces = highlight(code.text, languageOf(code.language).family);
    taken.set(code, pieces);
  }
  return pieces;
}

const piece = ({ kind, text }: Piece): TemplateResult | string =>
  kind ? html`<span class="c-${kind}">${text}</span>` : text;

/** Copies, and says so beside the button; no template writes there. */
async function copy(button: Element, text: string, words: MarkdownWords): Promise<void> {
  const say = button.nextElementSibling;
  const copied = await copyText(text, button);
  if (!say) return;
  say.textContent = copied ? words.copied : words.copyFailed;
  setTimeout(() => (say.textContent = ''), saidForMs);
}

/** A block of code with its language and a button that copies it. */
export function codeBlock(code: Code, words: MarkdownWords): TemplateResult {
  const { label } = languageOf(code.language);
  return html`<div class="code">
    <div class="code-head">
      <span dir="ltr">${label}</span>
      <button
        type="button"
        title=${words.copy}
        @click=${({ currentTarget }: Event) => copy(currentTarget as Element, code.text, words)}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9"></path>
        </svg>
        <span class="hide">${words.copy}</span>
      </button>
      <span class="copied" role="status"></span>
    </div>
    <pre dir="ltr" tabindex="0" role="group" aria-label=${words.code(label)}><code>${piecesOf(
      code,
    ).map(piece)}${code.growing ? html`<i class="caret"></i>` : nothing}</code></pre>
  </div>`;
}
