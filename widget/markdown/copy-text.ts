/** Copies where the page may not use the clipboard's interface, as on plain http. */
function copyBySelection(text: string, near: Element): boolean {
  const root = near.getRootNode() as Document | ShadowRoot;
  const focused = root.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'hide';
  near.append(area);
  area.select();
  let copied = false;
  try {
    copied = document.execCommand('copy');
  } catch {
    // Refused; said by what is returned.
  }
  area.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}

/**
 * Puts a text on the clipboard.
 *
 * @param near - an element of the tree that has the focus
 * @returns whether it is there
 */
export async function copyText(text: string, near: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text, near);
  }
}
