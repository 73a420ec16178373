/** Marks a literal as CSS for editors and for the build, which takes the white space out. */
export const css = String.raw;

/**
 * Gives a shadow root its styles in a way that a strict content security policy allows: as a
 * constructed sheet, or, in browsers without them, as a `<style>` with the page's nonce.
 * Adds to what is there.
 */
export function adoptStyles(root: ShadowRoot, text: string, nonce: string | null): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    const style = document.createElement('style');
    if (nonce) style.nonce = nonce;
    style.textContent = text;
    root.append(style);
  }
}
