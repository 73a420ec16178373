/**
 * Answers that are being written, as far as they are shown: what arrives in bursts is let out
 * frame by frame, never long behind, so that the text grows as if it were written.
 */
import type { Entry } from '../state/timeline.ts';
import { createGrowingTree, type GrowingTree } from './growing-tree.ts';
import type { Block } from './markdown-tree.ts';

interface Part {
  readonly tree: GrowingTree;
  shown: number;
  text: string;
  blocks: readonly Block[];
}

/** The answers of one list. */
export interface Reveal {
  /** What is to be shown of it now, `undefined` for the whole of what it says. */
  look(entry: Entry): readonly Block[] | undefined;
}

/** Of what is still to be shown, the part that comes with one frame, and at least so much. */
const share = 1 / 6;
const leastChars = 3;
/** What lies further behind is not written out: it came while nobody looked, or all at once. */
const mostBehindChars = 800;

/** Where the next frame ends: never between the two halves of one character. */
function next(text: string, already: number): number {
  const shown = Math.max(already, text.length - mostBehindChars);
  const end = shown + Math.max(leastChars, Math.ceil((text.length - shown) * share));
  const last = text.charCodeAt(end - 1);
  return Math.min(text.length, last >= 0xd800 && last < 0xdc00 ? end + 1 : end);
}

/**
 * @param begun - what was half written before: it is not written again
 * @param still - whether nothing should move; asked again each time
 * @param redraw - more is to be shown in the next frame
 */
export function createReveal(
  begun: readonly Entry[],
  still: () => boolean,
  redraw: () => void,
): Reveal {
  const parts = new Map<string, Part>();
  const begin = (shown: number): Part => ({
    tree: createGrowingTree(),
    shown,
    text: '',
    blocks: [],
  });
  for (const { id, deltas, text } of begun) if (deltas) parts.set(id, begin(text.length));

  return {
    look({ id, text, deltas }) {
      let part = parts.get(id);
      if (!part) {
        if (!deltas) return undefined;
        parts.set(id, (part = begin(0)));
      }
      const known = text.slice(0, part.shown);
      // Said in other words, or ended otherwise.
      if (!known.startsWith(part.text))
        part.shown = deltas ? Math.min(part.shown, text.length) : text.length;
      else part.shown = still() ? text.length : next(text, part.shown);
      if (!deltas && part.shown >= text.length) {
        parts.delete(id);
        return undefined;
      }
      const shown = text.slice(0, part.shown);
      if (shown !== part.text || part.blocks.length === 0) part.blocks = part.tree.read(shown);
      part.text = shown;
      if (part.shown < text.length) redraw();
      return part.blocks;
    },
  };
}
