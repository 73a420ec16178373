/**
 * A post's Markdown as HTML. Headings get the anchors that the answerer cites, from the same
 * slugger and the same text, so that a citation lands on its heading.
 */
import { Marked, type Tokens } from 'marked';
import { createHeadingSlugger } from '../server/posts/heading-slug.ts';
import { inlineText } from '../server/posts/markdown-text.ts';
import { escapeHtml } from './escape-html.ts';

export interface Heading {
  readonly id: string;
  readonly text: string;
  readonly depth: number;
}

interface RenderedPost {
  readonly html: string;
  readonly headings: readonly Heading[];
}

/** Words of the frame around the content, in the post's language. */
export interface MarkdownWords {
  /** Name of a heading's own link: `Link to “Usage”`. */
  readonly linkTo: (heading: string) => string;
  /** Name of a table that scrolls sideways. */
  readonly table: string;
  /** Name of a block of code that scrolls sideways. */
  readonly code: string;
}

const harmlessLink = /^(https?:|mailto:|[/#])/i;
/** Pictures come from the site itself. */
const ownPicture = /^\/(?:[\w-]+\/)*[\w-]+\.(?:png|svg|webp)$/;

/**
 * A table that scrolls where it must. From three columns on its rows become blocks on a phone:
 * each cell carries its column's name for that, and the roles keep it a table when it does.
 */
function renderTable(
  { header, rows }: Tokens.Table,
  words: MarkdownWords,
  inline: (cell: Tokens.TableCell) => string,
): string {
  const stacks = header.length > 2;
  const names = header.map((cell) => inlineText(cell.tokens, { ticks: false }).text);
  const role = (name: string): string => (stacks ? ` role="${name}"` : '');
  const head = header.map((cell) => `<th scope="col"${role('columnheader')}>${inline(cell)}</th>`);
  const body = rows.map((cells) => {
    const inner = cells.map((cell, column) => {
      const name = stacks && column > 0 ? ` data-column="${escapeHtml(names[column] ?? '')}"` : '';
      return `<td${role('cell')}${name}>${inline(cell)}</td>`;
    });
    return `<tr${role('row')}>${inner.join('')}</tr>`;
  });
  return `<div class="table" tabindex="0" role="group" aria-label="${escapeHtml(words.table)}"><table${stacks ? ' class="stacks"' : ''}${role('table')}>
<thead${role('rowgroup')}><tr${role('row')}>${head.join('')}</tr></thead>
<tbody${role('rowgroup')}>
${body.join('\n')}
</tbody></table></div>
`;
}

/**
 * Renders one post. Raw HTML is shown as text: the posts are trusted, their examples are not
 * meant to run.
 *
 * @param options.resolveLink - turns an address of the source into one of the site
 */
export function renderMarkdown(
  markdown: string,
  options: { readonly words: MarkdownWords; readonly resolveLink: (href: string) => string },
): RenderedPost {
  const { words } = options;
  const slug = createHeadingSlugger();
  const headings: Heading[] = [];

  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth }) {
        const text = inlineText(tokens, { ticks: false }).text.replaceAll('\n', ' ');
        const id = slug(text);
        headings.push({ id, text, depth });
        const label = escapeHtml(words.linkTo(text));
        const anchor = `<a class="anchor" href="#${escapeHtml(id)}" aria-label="${label}">#</a>`;
        const inner = this.parser.parseInline(tokens);
        return `<h${depth} id="${escapeHtml(id)}">${inner} ${anchor}</h${depth}>\n`;
      },
      code({ text, lang }: Tokens.Code) {
        const language = /^[\w+#.-]{1,30}/.exec(lang ?? '')?.[0];
        const label = language === undefined ? '' : ` data-language="${escapeHtml(language)}"`;
        const name = escapeHtml(words.code);
        return `<div class="code"${label}><pre tabindex="0" role="group" aria-label="${name}"><code>${escapeHtml(text)}</code></pre></div>\n`;
      },
      table(token) {
        return renderTable(token, words, (cell) => this.parser.parseInline(cell.tokens));
      },
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens);
        const address = options.resolveLink(href);
        if (!harmlessLink.test(address)) return inner;
        const away = /^https?:/i.test(address) ? ' rel="noopener"' : '';
        return `<a href="${escapeHtml(address)}"${away}>${inner}</a>`;
      },
      image({ href, text }) {
        const address = options.resolveLink(href);
        if (!ownPicture.test(address)) return escapeHtml(text);
        return `<img src="${escapeHtml(address)}" alt="${escapeHtml(text)}" />`;
      },
      html: ({ text }) => escapeHtml(text),
    },
  });

  const html = marked.parse(markdown, { async: false });
  return { html, headings };
}
