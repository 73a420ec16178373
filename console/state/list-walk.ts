/** Which conversation comes next, from wherever one is in a list. */
export interface ListPlace {
  readonly ids: readonly string[];
  /** The conversation that is open. */
  readonly openId: string | undefined;
  /** Where it stands, or stood before it left the list. */
  readonly openIndex: number;
  /** The row that the keyboard is at, or was. */
  readonly activeId: string | undefined;
}

/** @returns index of the row so many steps on; where there is none, one outside the list */
export function indexBeyond(
  { ids, openId, openIndex, activeId }: ListPlace,
  steps: 1 | -1,
): number {
  const from = openId ?? activeId;
  const at = from === undefined ? -1 : ids.indexOf(from);
  if (at >= 0) return at + steps;
  if (openId === undefined) return 0;
  // What stood below it has moved up into its place.
  if (steps < 0) return Math.max(0, openIndex - 1);
  return Math.min(openIndex, ids.length - 1);
}
