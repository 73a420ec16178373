/**
 * Markdown as data for templates. marked's lexer takes the text apart; what comes out of here
 * names no element that was not asked for, leads nowhere but to http(s) and mail addresses, and
 * is nested no deeper than anybody writes.
 */
import { Lexer, type MarkedToken, type Token } from 'marked';

export type Inline =
  | { readonly type: 'text' | 'code'; readonly text: string }
  | { readonly type: 'strong' | 'em' | 'del'; readonly inside: readonly Inline[] }
  | { readonly type: 'link'; readonly href: string; readonly inside: readonly Inline[] }
  /** Never loaded: who writes must not learn when the owner reads. */
  | { readonly type: 'image'; readonly href: string; readonly alt: string }
  | { readonly type: 'break' };

export type Block =
  | { readonly type: 'paragraph'; readonly inside: readonly Inline[] }
  | { readonly type: 'heading'; readonly depth: number; readonly inside: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'quote'; readonly blocks: readonly Block[] }
  | {
      readonly type: 'list';
      /** Number of the first item; absent where items are not numbered. */
      readonly start?: number;
      readonly items: readonly (readonly Block[])[];
    }
  | {
      readonly type: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly type: 'rule' };

const maxDepth = 12;

/** An address that a link may lead to, whole; `undefined` for `javascript:` and its like. */
export function safeAddress(href: string): string | undefined {
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
}

const plain = (text: string): Inline => ({ type: 'text', text });
const all = (tokens: readonly Token[] | undefined): readonly MarkedToken[] =>
  (tokens ?? []) as readonly MarkedToken[];

function readInline(token: MarkedToken, depth: number): readonly Inline[] {
  if (depth > maxDepth) return [plain(token.raw)];
  const inside = (tokens: readonly Token[] | undefined): readonly Inline[] =>
    all(tokens).flatMap((child) => readInline(child, depth + 1));
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return [{ type: token.type, inside: inside(token.tokens) }];
    case 'codespan':
      return [{ type: 'code', text: token.text }];
    case 'br':
      return [{ type: 'break' }];
    case 'link': {
      const href = safeAddress(token.href);
      return href ? [{ type: 'link', href, inside: inside(token.tokens) }] : [plain(token.raw)];
    }
    case 'image': {
      const href = safeAddress(token.href);
      return href ? [{ type: 'image', href, alt: token.text }] : [plain(token.raw)];
    }
    case 'text':
      return token.tokens ? inside(token.tokens) : [plain(token.text)];
    case 'escape':
      return [plain(token.text)];
    case 'checkbox':
      return [plain(token.checked ? '☑ ' : '☐ ')];
    case 'blockquote':
    case 'code':
    case 'def':
    case 'heading':
    case 'hr':
    case 'html':
    case 'list':
    case 'list_item':
    case 'paragraph':
    case 'space':
    case 'table':
      // Among them markup, which is shown as what it is: text.
      return [plain(token.raw)];
  }
}

/** What stands between blocks, such as the words of a tight list item, becomes paragraphs. */
function readBlocks(tokens: readonly Token[], depth: number): readonly Block[] {
  const blocks: Block[] = [];
  let loose: Inline[] = [];
  const endLoose = (): void => {
    if (loose.length > 0) blocks.push({ type: 'paragraph', inside: loose });
    loose = [];
  };
  const inline = (cell: readonly Token[]): readonly Inline[] =>
    all(cell).flatMap((child) => readInline(child, depth + 1));
  for (const token of all(tokens)) {
    const block = depth > maxDepth ? undefined : readBlock(token, depth, inline);
    if (block === 'nothing') continue;
    if (block) {
      endLoose();
      blocks.push(block);
    } else loose.push(...readInline(token, depth));
  }
  endLoose();
  return blocks;
}

function readBlock(
  token: MarkedToken,
  depth: number,
  inline: (tokens: readonly Token[]) => readonly Inline[],
): Block | 'nothing' | undefined {
  switch (token.type) {
    case 'space':
    case 'def':
      return 'nothing';
    case 'paragraph':
      return { type: 'paragraph', inside: inline(token.tokens) };
    case 'heading':
      return { type: 'heading', depth: token.depth, inside: inline(token.tokens) };
    case 'code':
      return { type: 'code', text: token.text };
    case 'blockquote':
      return { type: 'quote', blocks: readBlocks(token.tokens, depth + 1) };
    case 'list': {
      const items = token.items.map((item) => readBlocks(item.tokens, depth + 1));
      return token.start === ''
        ? { type: 'list', items }
        : { type: 'list', start: token.start, items };
    }
    case 'table':
      return {
        type: 'table',
        head: token.header.map((cell) => inline(cell.tokens)),
        rows: token.rows.map((row) => row.map((cell) => inline(cell.tokens))),
      };
    case 'hr':
      return { type: 'rule' };
    case 'html':
    case 'text':
    case 'br':
    case 'checkbox':
    case 'codespan':
    case 'del':
    case 'em':
    case 'escape':
    case 'image':
    case 'link':
    case 'list_item':
    case 'strong':
      return undefined;
  }
}

/** A text as blocks. A line break is one, as in a chat; what cannot be read is one paragraph. */
export function readMarkdown(text: string): readonly Block[] {
  try {
    return readBlocks(Lexer.lex(text, { gfm: true, breaks: true }), 0);
  } catch {
    // Thousands of nested quotes exhaust the lexer's stack.
    return [{ type: 'paragraph', inside: [plain(text)] }];
  }
}
