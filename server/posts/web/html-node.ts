/** Small questions to nodes of a page. */

export const isElement = (node: Node): node is Element => node.nodeType === 1;

export const nameOf = (element: Element): string => element.localName.toLowerCase();

/** Elements whose content no reader sees as text. */
const silent: ReadonlySet<string> = new Set([
  ...['script', 'style', 'template', 'noscript', 'iframe', 'svg', 'object', 'embed', 'canvas'],
  ...['audio', 'video', 'button', 'select', 'textarea', 'head', 'link', 'meta', 'dialog'],
]);

/** Whether a reader sees an element, by what it says itself; styles of the page are not read. */
export function isShown(element: Element): boolean {
  if (silent.has(nameOf(element)) || element.hasAttribute('hidden')) return false;
  if (element.getAttribute('aria-hidden') === 'true') return false;
  const style = element.getAttribute('style');
  return !style || !/(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(style);
}
