/** Markdown as it is shown; loaded with the first message that needs it. */
import type { TemplateResult } from 'lit';
import { adoptStyles } from '../adopt-styles.ts';
import { markdownCss } from './markdown-styles.ts';
import { readMarkdown, type Block } from './markdown-tree.ts';
import { markdownView } from './markdown-view.ts';
import { createReveal, type Reveal } from './reveal.ts';
import type { Entry } from '../state/timeline.ts';

export { markdownView } from './markdown-view.ts';

const parsed = new WeakMap<object, readonly Block[]>();

/**
 * A text in Markdown.
 *
 * @param owner - what says it: read once, however often it is drawn
 * @param tag - language of the words around it, BCP 47
 */
export function markdownText(owner: object, text: string, tag: string): TemplateResult {
  let blocks = parsed.get(owner);
  if (!blocks) parsed.set(owner, (blocks = readMarkdown(text)));
  return markdownView(blocks, tag);
}

const dressed = new WeakSet<ShadowRoot>();

/** Gives the tree that something stands in the styles of Markdown, once. */
export function dressMarkdown(node: Node): void {
  const root = node.getRootNode();
  if (!(root instanceof ShadowRoot) || dressed.has(root)) return;
  dressed.add(root);
  adoptStyles(root, markdownCss, root.host.getAttribute('nonce'));
}

const still = (): boolean =>
  document.hidden || matchMedia('(prefers-reduced-motion: reduce)').matches;

/**
 * Lets answers grow frame by frame; at once where nobody looks or nothing should move.
 *
 * @param begun - what is shown already
 * @param busy - whether drawing takes so long that more frames would only keep the page from it
 * @param redraw - more is to be shown in the next frame
 */
export const revealAnswers = (
  begun: readonly Entry[],
  busy: () => boolean,
  redraw: () => void,
): Reveal => createReveal(begun, () => busy() || still(), redraw);
