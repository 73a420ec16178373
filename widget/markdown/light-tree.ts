import { readBlocks, type Span } from '../state/rich-text.ts';
import type { Block, Inline } from './markdown-tree.ts';

const span = (part: Span): Inline =>
  part.type === 'link'
    ? { type: 'link', href: part.href, inside: [{ type: 'text', text: part.text }] }
    : part;

const line = (spans: readonly Span[], index: number): readonly Inline[] => [
  ...(index > 0 ? [{ type: 'break' } as const] : []),
  ...spans.map(span),
];

/** A text as the light reader has it, which takes no longer than its length whatever it says. */
export const readSimply = (text: string): readonly Block[] =>
  readBlocks(text).map((block): Block => {
    switch (block.type) {
      case 'paragraph':
        return { type: 'paragraph', inside: block.lines.flatMap(line) };
      case 'heading':
        return { type: 'heading', depth: 2, inside: block.spans.map(span) };
      case 'code':
        return { type: 'code', text: block.text, language: '' };
    }
  });
