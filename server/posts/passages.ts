/** Passages: the runs of blocks that are found and cited as one. */
import type { Block } from './markdown-blocks.ts';

export interface Passage {
  /** First block, a heading where the passage opens its section. */
  readonly start: number;
  /** One after the last block. */
  readonly end: number;
  /** Headings above it, outermost first, without the title's own. */
  readonly headings: readonly string[];
  /** Anchor of the innermost of them; empty where there is none. */
  readonly anchor: string;
}

/** A passage of this length takes no further prose, in UTF-16 units. */
const wanted = 750;
/** Code that belongs to the prose before it may make a passage this long. */
const longest = 1_500;

/**
 * Cuts a post at its headings, and long sections by size.
 *
 * @param blocks - of the whole post
 * @param title - of the post; a heading that repeats it is no part of the trail
 */
export function cutPassages(blocks: readonly Block[], title: string): Passage[] {
  const passages: Passage[] = [];
  const trail: { readonly text: string; readonly depth: number; readonly anchor: string }[] = [];
  let start = 0;
  let size = 0;
  let hasContent = false;
  const close = (end: number): void => {
    if (hasContent) {
      const headings = trail.map((heading) => heading.text);
      passages.push({ start, end, headings, anchor: trail.at(-1)?.anchor ?? '' });
    }
    start = end;
    size = 0;
    hasContent = false;
  };
  for (const [index, block] of blocks.entries()) {
    if (block.kind === 'heading') {
      close(index);
      while ((trail.at(-1)?.depth ?? 0) >= block.depth) trail.pop();
      if (!isTitle(block, title)) {
        trail.push({ text: block.text, depth: block.depth, anchor: block.label });
      }
      continue;
    }
    const room = block.kind === 'code' ? longest : wanted;
    if (hasContent && size + block.text.length > room) close(index);
    size += block.text.length;
    hasContent = true;
  }
  close(blocks.length);
  return passages;
}

/** Whether a heading only repeats the post's title. */
export const isTitle = (block: Block, title: string): boolean =>
  block.kind === 'heading' && block.text.trim().toLowerCase() === title.trim().toLowerCase();
