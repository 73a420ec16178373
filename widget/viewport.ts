/** Keeps a full-screen panel above the on-screen keyboard, where `dvh` alone does not. */
export function followViewport(root: HTMLElement, signal: AbortSignal): void {
  const view = window.visualViewport;
  if (!view || signal.aborted) return;
  const follow = (): void => {
    // A pinch also shrinks the visible part; the panel then stays as it is.
    if (view.scale > 1.01) return;
    root.style.setProperty('--view-height', `${view.height}px`);
    root.style.setProperty('--view-top', `${view.offsetTop}px`);
  };
  view.addEventListener('resize', follow, { signal });
  view.addEventListener('scroll', follow, { signal });
  follow();
}
