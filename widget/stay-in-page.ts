/** What pages that change without loading say after they have put in another body. */
const navigations = ['turbo:render', 'turbo:load', 'astro:after-swap', 'htmx:afterSettle'];

/**
 * Puts an element back when single-page navigation has thrown it out with the rest of the page.
 * Watches direct children of `<html>` and `<body>` only: what happens deeper costs nothing. An
 * element that a page removes on its own stays away until the next navigation.
 */
export function stayInPage(element: HTMLElement): void {
  if (element.parentNode !== document.body) return;
  const observer = new MutationObserver((changes) => {
    const alone = changes.every(
      ({ addedNodes, removedNodes }) =>
        addedNodes.length === 0 && removedNodes.length === 1 && removedNodes[0] === element,
    );
    if (!alone) restore();
    watch();
  });

  function watch(): void {
    observer.disconnect();
    observer.observe(document.documentElement, { childList: true });
    if (document.body) observer.observe(document.body, { childList: true });
  }

  function restore(): void {
    if (!element.isConnected && document.body) document.body.append(element);
  }

  for (const name of navigations) {
    document.addEventListener(name, () => {
      restore();
      watch();
    });
  }
  watch();
}
