import type { ClientMessage, Feedback } from '../shared/protocol.ts';

/** Sends; `told` is called at once, if it went out. */
export type Tell = (message: ClientMessage, told: () => void) => void;

/**
 * What the visitor has said of answers while this page is open, by their ids, which are unique:
 * also what a widget on another part of the page has heard.
 */
const said = new Map<string, Feedback['value']>();
const unsent = new Set<string>();

export const verdictOn = (id: string): Feedback['value'] | undefined => said.get(id);

/** Keeps it, to be sent; saying the same again changes nothing. */
export function sayOf(id: string, value: Feedback['value']): void {
  if (said.get(id) === value) return;
  said.set(id, value);
  unsent.add(id);
}

/**
 * Sends what has not been sent of the answers that are still there.
 *
 * @param ids - of the answers of the conversation that `tell` belongs to
 */
export function sendVerdicts(ids: readonly string[], tell: Tell): void {
  if (unsent.size === 0) return;
  for (const id of ids) {
    const value = said.get(id);
    if (value && unsent.has(id)) tell({ type: 'feedback', id, value }, () => unsent.delete(id));
  }
}
