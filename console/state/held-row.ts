/** The open conversation stays in the list where it stood, until the owner leaves it. */
import type { ConversationJson, View } from '../../shared/console-protocol.ts';
import { byPlace, listOf, type Inbox, type Place } from './inbox.ts';

export interface HeldRow {
  readonly id: string;
  /** The view that it has left. */
  readonly view: View;
  readonly place: Place;
}

/**
 * What is held after a change, where `open` is looked at in the list of `view`.
 *
 * @param held - what was held before
 */
export function heldAfter(
  held: HeldRow | undefined,
  before: Inbox,
  after: Inbox,
  { open, view }: { readonly open: string | undefined; readonly view: View },
): HeldRow | undefined {
  const now = open === undefined ? undefined : after.byId.get(open);
  if (!now || now.view === view) return undefined;
  if (held?.id === now.id && held.view === view) return held;
  const was = before.byId.get(now.id);
  if (was?.view !== view || !listOf(before, view).includes(was)) return undefined;
  return { id: now.id, view, place: { updated_at: was.updated_at, id: was.id } };
}

const made = new WeakMap<
  readonly ConversationJson[],
  readonly [HeldRow, ConversationJson, readonly ConversationJson[]]
>();

/** The list of a view, with what is held in it; the same as long as nothing in it changed. */
export function listWithHeld(
  inbox: Inbox,
  view: View,
  held: HeldRow | undefined,
): readonly ConversationJson[] {
  const list = listOf(inbox, view);
  const one = held?.view === view ? inbox.byId.get(held.id) : undefined;
  if (!held || !one || one.view === view) return list;
  const [knownHeld, knownOne, known] = made.get(list) ?? [];
  if (known && knownHeld === held && knownOne === one) return known;
  const at = list.findIndex((other) => byPlace(held.place, other) < 0);
  const whole = list.toSpliced(at < 0 ? list.length : at, 0, one);
  made.set(list, [held, one, whole]);
  return whole;
}
