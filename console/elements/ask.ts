/** Requests go up as events: bubbling, and out of every shadow root. */
export function ask(from: HTMLElement, name: `inbox-${string}`, detail?: unknown): void {
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
