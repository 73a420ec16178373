/** A post's body as a flat run of blocks: the units that are indexed, cut and shown. */
import type { MarkedToken, Token, Tokens } from 'marked';
import { group, hardCut, linesOf, sentences } from './cut-text.ts';
import { createHeadingSlugger } from './heading-slug.ts';
import { htmlToText } from './html-text.ts';
import { inlineText, withoutGeneratorTags } from './markdown-text.ts';
import { PostLexer } from './post-lexer.ts';

export interface Block {
  readonly kind: 'heading' | 'text' | 'list' | 'code' | 'table';
  /** Plain text that reads well as it is; code without its fence, headings without marks. */
  readonly text: string;
  /** What stands between the block before and this one: nothing where one paragraph was cut. */
  readonly glue: '' | '\n' | '\n\n';
  /** Of headings, 1–6; 0 otherwise. */
  readonly depth: number;
  /** Anchor of a heading; of code its language; empty otherwise. */
  readonly label: string;
  /** Which part of the text is words of links, 0–1. */
  readonly linkShare: number;
}

/** Longest block of prose, in UTF-16 units: what is longer is cut after a sentence. */
const proseSize = 700;
/** Code is kept whole up to this length, then cut at line ends. */
const codeSize = 1_800;

/** Longest heading, in UTF-16 units: what is longer was not meant as one. */
export const headingSize = 300;

/** Where the blocks of one document are gathered. */
export interface BlockWriter {
  readonly blocks: Block[];
  readonly slug: (heading: string) => string;
}

export type Prose = 'text' | 'list' | 'table';

/** Adds prose, cut where it is long; `linked` characters of it are words of links. */
export function push(to: BlockWriter, kind: Prose, text: string, linked = 0): void {
  if (text.trim() === '') return;
  const whole = text.length <= proseSize * 1.3;
  const units = kind === 'text' ? sentences(text) : linesOf(text);
  for (const [index, piece] of (whole ? [text] : group(units, proseSize)).entries()) {
    // Pieces keep the white space at their ends, so that they join into what was cut.
    const glue = index === 0 ? '\n\n' : '';
    to.blocks.push({
      kind,
      text: piece,
      glue,
      depth: 0,
      label: '',
      linkShare: linked / text.length,
    });
  }
}

/** Stands before a piece of code that goes on with the block before it. */
export const codeGlue = '\n';

/** Adds code; `label` is its language, or empty. */
export function pushCode(to: BlockWriter, text: string, label: string): void {
  const code = text.replace(/^\n+/, '').trimEnd();
  if (code === '') return;
  const whole = code.length <= codeSize;
  const pieces = whole ? [code] : group(linesOf(code), codeSize * 0.6);
  for (const [at, piece] of pieces.entries()) {
    const glue = at === 0 ? '\n\n' : codeGlue;
    const block = { kind: 'code', glue, depth: 0, label, linkShare: 0 } as const;
    to.blocks.push({ ...block, text: piece.replace(/\n$/, '') });
  }
}

function htmlBlock(raw: string, to: BlockWriter): void {
  const pre = /^\s*<pre\b[^>]{0,1000}>([^]*?)(?:<\/pre\s*>|$)/i.exec(raw);
  if (pre) {
    pushCode(to, htmlToText(pre[1] ?? '', { keepSpace: true }), '');
    const rest = raw.slice(pre[0].length);
    if (rest.trim() !== '') push(to, 'text', htmlToText(rest));
    return;
  }
  push(to, 'text', withoutGeneratorTags(htmlToText(raw)));
}

/** Lists and quotes become lines; code inside them stays a block of its own. */
function flatten(tokens: readonly Token[], first: string, indent: string, to: BlockWriter): void {
  let pending: string[] = [];
  let linked = 0;
  let lead = first;
  const kind: Prose = indent.includes('>') ? 'text' : 'list';
  const flush = (): void => {
    push(to, kind, pending.join('\n'), linked);
    pending = [];
    linked = 0;
  };
  const walk = (inner: readonly Token[], prefix: string, depth: number): void => {
    if (depth > 40) return;
    for (const generic of inner) {
      const token = generic as MarkedToken;
      if (token.type === 'list') {
        for (const [index, item] of token.items.entries()) {
          const start = typeof token.start === 'number' ? token.start : 1;
          const bullet = token.ordered ? `${start + index}. ` : '- ';
          lead = `${prefix}${bullet}`;
          walk(item.tokens, `${prefix}${' '.repeat(bullet.length)}`, depth + 1);
        }
      } else if (token.type === 'blockquote') {
        walk(token.tokens, `${prefix}> `, depth + 1);
      } else if (token.type === 'code') {
        flush();
        pushCode(to, token.text, languageOf(token));
      } else if (token.type === 'table') {
        flush();
        pushTable(token, to);
      } else {
        const inline: InlineParts =
          token.type === 'html'
            ? { text: htmlToText(token.raw), linked: 0 }
            : token.type === 'checkbox'
              ? { text: token.checked ? '[x]' : '[ ]', linked: 0 }
              : inlineText('tokens' in token && token.tokens ? token.tokens : [token], {
                  ticks: true,
                });
        if (inline.text === '' || token.type === 'space') continue;
        linked += inline.linked;
        for (const line of inline.text.split('\n')) {
          pending.push(`${lead === '' ? prefix : lead}${line}`);
          lead = '';
        }
        if (token.type === 'checkbox') lead = `${pending.pop() ?? ''} `;
      }
    }
  };
  walk(tokens, indent, 0);
  flush();
}
type InlineParts = ReturnType<typeof inlineText>;

const languageOf = (token: Tokens.Code): string =>
  /^[\w+#.-]{1,30}/.exec(token.lang?.trim() ?? '')?.[0] ?? '';

function pushTable(token: Tokens.Table, to: BlockWriter): void {
  const row = (cells: readonly Tokens.TableCell[]): string => {
    const texts = cells.map((cell) => inlineText(cell.tokens, { ticks: true }).text);
    return `| ${texts.map((text) => text.replaceAll('\n', ' ')).join(' | ')} |`;
  };
  const rule = `|${' --- |'.repeat(token.header.length)}`;
  push(to, 'table', [row(token.header), rule, ...token.rows.map(row)].join('\n'));
}

function block(token: MarkedToken, to: BlockWriter): void {
  if (token.type === 'heading') {
    const whole = inlineText(token.tokens, { ticks: false }).text.replaceAll('\n', ' ');
    if (whole === '') return;
    const label = to.slug(whole);
    const [text = ''] = hardCut(whole, headingSize);
    const { depth } = token;
    to.blocks.push({ kind: 'heading', text, glue: '\n\n', depth, label, linkShare: 0 });
  } else if (token.type === 'code') {
    pushCode(to, token.text, languageOf(token));
  } else if (token.type === 'html') {
    htmlBlock(token.raw, to);
  } else if (token.type === 'table') {
    pushTable(token, to);
  } else if (token.type === 'list') {
    flatten([token], '', '', to);
  } else if (token.type === 'blockquote') {
    flatten(token.tokens, '', '> ', to);
  } else if (token.type === 'paragraph' || token.type === 'text') {
    const { text, linked } = inlineText(token.tokens ?? [token], { ticks: true });
    push(to, 'text', text, linked);
  }
}

/**
 * Imports and exports of MDX, which are code to the page and nothing to its reader. They stand
 * at the start of a line outside fences and end at a blank line.
 */
export function withoutModuleLines(mdx: string): string {
  let fence = '';
  let dropping = false;
  const kept: string[] = [];
  for (const line of mdx.split('\n')) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (fence === '' && /^(?:import\s|export\s)/.test(line)) {
      // Prose may begin with the word "import"; statements have their punctuation.
      dropping =
        /^(?:import\s*(?:['"{*]|[\w$]+\s*(?:,|from\b))|export\s+(?:default|const|let|var|function|async|class|type|\{|\*))/.test(
          line,
        );
    }
    if (line.trim() === '') dropping = false;
    if (!dropping) kept.push(line);
    if (mark !== '' && !dropping) {
      if (fence === '') fence = mark;
      else if (mark.startsWith(fence) && line.trim() === mark) fence = '';
    }
  }
  return kept.join('\n');
}

/** The blocks of a body, in order. Throws where the parser does. */
export function markdownBlocks(body: string): Block[] {
  const to: BlockWriter = { blocks: [], slug: createHeadingSlugger() };
  for (const token of new PostLexer({ gfm: true }).lex(body)) block(token as MarkedToken, to);
  return to.blocks;
}
