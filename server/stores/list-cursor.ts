/** A place in the list of conversations: newest first, equal times by descending id. */
export interface ListPosition {
  readonly updatedAtMs: number;
  readonly id: string;
}

/** The position as an opaque text that survives a query string. */
export const cursorOf = (position: ListPosition): string =>
  `${position.updatedAtMs}.${encodeURIComponent(position.id)}`;

/** The position that a cursor names; `undefined` where it is none of ours. */
export function positionOf(cursor: string): ListPosition | undefined {
  const match = /^(-?\d{1,16})\.(.+)$/s.exec(cursor);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  try {
    return { updatedAtMs: Number(match[1]), id: decodeURIComponent(match[2]) };
  } catch {
    return undefined; // a stray `%`
  }
}
