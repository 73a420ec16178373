import type { ClientMessage, Feedback } from '../shared/protocol.ts';

/** Sends; `told` is called at once, if it went out. */
export type Tell = (message: ClientMessage, told: () => void) => void;

/**
 * What the visitor has said of answers, by their ids, which are unique: also what a widget on
 * another part of the page has heard, and what was said before the page was loaded.
 */
const said = new Map<string, Feedback['value']>();
const unsent = new Set<string>();

const place = 'contact-chat:verdicts';
/** The device keeps the newest of them. */
const most = 200;
type Kept = readonly [id: string, value: Feedback['value'], isSent: boolean];

const isKept = (entry: unknown): entry is Kept =>
  Array.isArray(entry) &&
  typeof entry[0] === 'string' &&
  (entry[1] === 'up' || entry[1] === 'down');

function kept(): readonly Kept[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(place) ?? '[]');
    return Array.isArray(list) ? list.filter(isKept) : [];
  } catch {
    // Blocked, or not ours: then they are known while the page is open.
    return [];
  }
}

/** Writes down what is known of these answers now; of the others another tab may know more. */
function keep(ids: readonly string[]): void {
  const list = kept().filter(([id]) => !ids.includes(id));
  for (const id of ids) {
    const value = said.get(id);
    if (value) list.push([id, value, !unsent.has(id)]);
  }
  try {
    if (list.length > 0) localStorage.setItem(place, JSON.stringify(list.slice(-most)));
    else localStorage.removeItem(place);
  } catch {
    // As above.
  }
}

for (const [id, value, isSent] of kept()) {
  said.set(id, value);
  if (!isSent) unsent.add(id);
}

export const verdictOn = (id: string): Feedback['value'] | undefined => said.get(id);

/** Keeps it, to be sent; saying the same again changes nothing. */
export function sayOf(id: string, value: Feedback['value']): void {
  if (said.get(id) === value) return;
  said.set(id, value);
  unsent.add(id);
  keep([id]);
}

/** The answers are gone: what was said of them is forgotten here, too. */
export function forgetVerdicts(ids: readonly string[]): void {
  for (const id of ids) {
    said.delete(id);
    unsent.delete(id);
  }
  keep(ids);
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
    if (!value || !unsent.has(id)) continue;
    tell({ type: 'feedback', id, value }, () => {
      unsent.delete(id);
      keep([id]);
    });
  }
}
