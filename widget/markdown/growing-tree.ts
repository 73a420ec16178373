/**
 * An answer that is being written, as blocks: whatever stands before its last block has been
 * read and stays as it is, so that each look costs no more than the last block does.
 */
import type { Links, Token } from 'marked';
import { mend } from './half-written.ts';
import { lex } from './lex-markdown.ts';
import { readSimply } from './light-tree.ts';
import { readTree, type Block, type Inline } from './markdown-tree.ts';
import { isTame } from './tame-text.ts';

const blankLine = /\n[ \t]*\n/;
const caret: Inline = { type: 'caret' };

/** The blocks with a caret where the text goes on. */
export function withCaret(blocks: readonly Block[]): readonly Block[] {
  const rest = blocks.slice(0, -1);
  const last = blocks.at(-1);
  switch (last?.type) {
    case undefined:
    case 'rule':
      return [...blocks, { type: 'paragraph', inside: [caret] }];
    case 'paragraph':
    case 'heading':
      return [...rest, { ...last, inside: [...last.inside, caret] }];
    case 'code':
      return [...rest, { ...last, growing: true }];
    case 'quote':
      return [...rest, { ...last, blocks: withCaret(last.blocks) }];
    case 'list': {
      const item = last.items.at(-1) ?? { blocks: [] };
      const items = [...last.items.slice(0, -1), { ...item, blocks: withCaret(item.blocks) }];
      return [...rest, { ...last, items }];
    }
    case 'table': {
      const row = last.rows.at(-1) ?? [];
      const at = row.findLastIndex((cell) => cell.length > 0);
      const grown = row.map((cell, index) => (index === at ? [...cell, caret] : cell));
      return [...rest, { ...last, rows: [...last.rows.slice(0, -1), grown] }];
    }
  }
}

/** What may become an item of the list above it: `- - -` and then a word, or a number alone. */
const mayJoin = ({ type, raw }: Token): boolean =>
  type === 'hr' || /^ {0,3}(?:[-+*]|\d{1,9}[.)]?)\s*$/.test(raw);

/** Reads one answer again and again while it grows. */
export interface GrowingTree {
  /** @param text - what is known of it; one that does not begin as before is read anew */
  read(text: string): readonly Block[];
}

export function createGrowingTree(): GrowingTree {
  let settledText = '';
  let settled: readonly Block[] = [];
  let definitions: Links = {};

  /** Puts aside all that stands above the last blank line between two blocks. */
  function settle(text: string): void {
    const tokens = lex(text.slice(settledText.length), { ...definitions });
    const gap = tokens.findLastIndex(({ type, raw }, at) => {
      const [next, ...more] = tokens.slice(at + 1, at + 3);
      const isEnd = !next || (more.length === 0 && mayJoin(next));
      return type === 'space' && blankLine.test(raw) && at > 0 && !isEnd;
    });
    if (gap < 0) return;
    const before = tokens.slice(0, gap + 1);
    const raw = before.map((token) => token.raw).join('');
    // What cannot be found again is left where it is.
    if (!text.startsWith(raw, settledText.length)) return;
    settled = [...settled, ...readTree(lex(raw, definitions))];
    settledText += raw;
  }

  return {
    read(written) {
      const text = written.replace(/\r\n?/g, '\n');
      if (!text.startsWith(settledText)) {
        settledText = '';
        settled = [];
        definitions = {};
      }
      const begun = text.slice(settledText.length);
      if (!isTame(begun)) return withCaret([...settled, ...readSimply(begun)]);
      try {
        if (blankLine.test(begun)) settle(text);
        const last = text.slice(settledText.length);
        return withCaret([...settled, ...readTree(lex(mend(last), { ...definitions }))]);
      } catch {
        // Quotes nested too deep for the lexer.
        return withCaret([...settled, ...readSimply(text.slice(settledText.length))]);
      }
    },
  };
}
