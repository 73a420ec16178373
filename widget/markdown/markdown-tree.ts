/**
 * Markdown as data for templates. marked's lexer takes the text apart; what comes out of here
 * names no element that was not asked for, leads nowhere but to http(s) and mail addresses, and
 * is nested no deeper than anybody writes. There is no raw HTML: it is text like any other.
 */
import type { MarkedToken, Token } from 'marked';
import { decodeReferences, readDestination } from './character-references.ts';
import { lex } from './lex-markdown.ts';
import { readSimply } from './light-tree.ts';
import { isTame } from './tame-text.ts';

export type Inline =
  | { readonly type: 'text' | 'code'; readonly text: string }
  | { readonly type: 'strong' | 'em' | 'del'; readonly inside: readonly Inline[] }
  | { readonly type: 'link'; readonly href: string; readonly inside: readonly Inline[] }
  /** Never loaded: who writes must not learn when it is read. */
  | { readonly type: 'image'; readonly href: string; readonly alt: string }
  | { readonly type: 'break' }
  /** Where the text is still growing. */
  | { readonly type: 'caret' };

export interface Item {
  /** Whether a task is done; absent where the item is none. */
  readonly done?: boolean;
  readonly blocks: readonly Block[];
}

export type Align = 'left' | 'center' | 'right' | null;

export type Block =
  | { readonly type: 'paragraph'; readonly inside: readonly Inline[] }
  | { readonly type: 'heading'; readonly depth: number; readonly inside: readonly Inline[] }
  /** `language` as it was written, or empty. */
  | {
      readonly type: 'code';
      readonly text: string;
      readonly language: string;
      /** More of it is to come. */
      readonly growing?: true;
    }
  | { readonly type: 'quote'; readonly blocks: readonly Block[] }
  | {
      readonly type: 'list';
      /** Number of the first item; absent where items are not numbered. */
      readonly start?: number;
      readonly items: readonly Item[];
    }
  | {
      readonly type: 'table';
      readonly align: readonly Align[];
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly type: 'rule' };

const maxDepth = 12;

/** An address that a link may lead to, whole; `undefined` for `javascript:` and its like. */
export function safeAddress(href: string): string | undefined {
  try {
    const url = new URL(href);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

const plain = (text: string): Inline => ({ type: 'text', text });
const all = (tokens: readonly Token[] | undefined): readonly MarkedToken[] =>
  (tokens ?? []) as readonly MarkedToken[];

/** Words of a picture or a link, whatever they are dressed in. */
const wordsOf = (tokens: readonly Token[] | undefined): string =>
  all(tokens)
    .map((token) => {
      if ('tokens' in token && token.tokens) return wordsOf(token.tokens);
      return token.type === 'text'
        ? decodeReferences(token.raw)
        : 'text' in token
          ? token.text
          : ' ';
    })
    .join('');

function readInline(token: MarkedToken, depth: number, inLink = false): readonly Inline[] {
  if (depth > maxDepth) return [plain(token.raw)];
  const inside = (tokens: readonly Token[] | undefined, within = inLink): readonly Inline[] =>
    all(tokens).flatMap((child) => readInline(child, depth + 1, within));
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
      const written = readDestination(token.href);
      const href = safeAddress(token.autolink ? decodeReferences(token.href) : written);
      if (!href || inLink) return href ? inside(token.tokens) : [plain(token.raw)];
      const words = inside(token.tokens, true);
      return [{ type: 'link', href, inside: words.length > 0 ? words : [plain(href)] }];
    }
    case 'image': {
      const href = safeAddress(readDestination(token.href));
      const alt = wordsOf(token.tokens);
      if (inLink) return [plain(alt)];
      return href ? [{ type: 'image', href, alt: alt || href }] : [plain(token.raw)];
    }
    case 'text':
      // Not its `text`, where marked has decoded some references and escaped the others.
      return token.tokens ? inside(token.tokens) : [plain(decodeReferences(token.raw))];
    case 'escape':
      return [plain(token.text)];
    case 'checkbox':
      // Said by the item.
      return [];
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
      return [plain(token.raw)];
  }
}

/** What stands between blocks, such as the words of a tight list item, becomes paragraphs. */
function readTokens(tokens: readonly Token[], depth: number): readonly Block[] {
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
    case 'code': {
      const [language = ''] = readDestination(token.lang ?? '')
        .trim()
        .split(/[\s{,]/);
      return { type: 'code', text: token.text.replace(/\n$/, ''), language };
    }
    case 'blockquote':
      return { type: 'quote', blocks: readTokens(token.tokens, depth + 1) };
    case 'list': {
      const items = token.items.map((item): Item => {
        const blocks = readTokens(item.tokens, depth + 1);
        return item.task ? { blocks, done: item.checked === true } : { blocks };
      });
      return token.start === ''
        ? { type: 'list', items }
        : { type: 'list', start: token.start, items };
    }
    case 'table':
      return {
        type: 'table',
        align: token.align,
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

/** Tokens as blocks. */
export const readTree = (tokens: readonly Token[]): readonly Block[] => readTokens(tokens, 0);

/** A text as blocks. A line break is one, as in a chat. */
export function readMarkdown(text: string): readonly Block[] {
  if (!isTame(text)) return readSimply(text);
  try {
    return readTree(lex(text, {}));
  } catch {
    // Thousands of nested quotes exhaust the lexer's stack.
    return readSimply(text);
  }
}
