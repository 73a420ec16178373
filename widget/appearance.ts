/** What of the looks needs code. The code itself comes only where it is needed. */

const ignore = (): void => undefined;

/** Gives the root its accent; where the page has colours of its own, readable ones are derived. */
export function applyAppearance(
  host: Element,
  root: HTMLElement,
  accent: string | null,
  dark: boolean,
): void {
  if (accent) root.style.setProperty('--accent-in', accent);
  else root.style.removeProperty('--accent-in');
  const own = ['accent', 'background', 'text'].some((name) =>
    getComputedStyle(host).getPropertyValue(`--contact-chat-${name}`),
  );
  // The default colours are known to be readable.
  if (!accent && !own) return;
  void import('./accent.ts').then(({ applyAccent }) => applyAccent(root, dark), ignore);
}

/** Keeps the panel clear of an on-screen keyboard until the signal ends it. */
export function makeRoomForKeyboard(root: HTMLElement, signal: AbortSignal): void {
  if (!matchMedia('(pointer: coarse)').matches) return;
  void import('./viewport.ts').then(({ followViewport }) => followViewport(root, signal), ignore);
}
