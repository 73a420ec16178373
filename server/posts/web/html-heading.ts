/** Headings of a page: their words without what renderers add, and the anchor that leads there. */
import { isElement, isShown, nameOf } from './html-node.ts';

/** An attribute that keeps a heading's anchor while the page is being cleaned. */
export const keptAnchor = 'data-contact-chat-anchor';

/** Links to the heading itself that renderers add: `#`, `¶`, or a picture of a chain. */
const isMark = (text: string): boolean => !/[\p{L}\p{N}]/u.test(text);
const markClass =
  /(?:^|\s)(?:headerlink|header-anchor|heading-?anchor|anchor-?link|permalink|hash-link|sr-only|visually-hidden)(?:\s|$)/i;

function words(node: Node, depth: number): string {
  if (node.nodeType === 3) return node.nodeValue ?? '';
  if (!isElement(node) || depth > 50 || !isShown(node)) return '';
  if (nameOf(node) === 'br') return ' ';
  if (nameOf(node) === 'img') return node.getAttribute('alt') ?? '';
  const text = [...node.childNodes].map((child) => words(child, depth + 1)).join('');
  if (nameOf(node) === 'a' && isMark(text)) return '';
  // The words of a whole heading may be a link of such a class, which then is no addition.
  if (markClass.test(node.getAttribute('class') ?? '')) {
    const own = text.trim();
    const whole = node.parentElement?.textContent?.trim() ?? '';
    if (own !== whole) return '';
  }
  return text;
}

/** The words of a heading, on one line. */
export const headingText = (heading: Element): string =>
  words(heading, 0).replace(/\s+/g, ' ').trim();

function fragmentOf(link: Element): string {
  const href = link.getAttribute('href') ?? '';
  if (!href.startsWith('#') || href.length < 2) return '';
  try {
    return decodeURIComponent(href.slice(1));
  } catch {
    return href.slice(1);
  }
}

/**
 * The anchor of a heading, without `#`; empty where the page gives it none: its own `id`, that
 * of a link or a span inside it, a link to itself, or what stands just before it.
 *
 * @param before - anchor of an element that opens just before the heading
 */
export function anchorOf(heading: Element, before: string): string {
  const own = heading.getAttribute(keptAnchor) ?? heading.id;
  if (own) return own;
  const inside = heading.querySelector('[id], a[name]');
  const named = inside && (inside.id || inside.getAttribute('name'));
  if (named) return named;
  const { nextElementSibling: next } = heading;
  // GitHub puts the link behind the heading.
  const behind = next && nameOf(next) === 'a' && isMark(next.textContent ?? '') ? [next] : [];
  for (const link of [...heading.querySelectorAll('a[href^="#"]'), ...behind]) {
    const fragment = fragmentOf(link);
    if (fragment !== '') return fragment;
  }
  return before;
}
