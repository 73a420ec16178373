/** Where something that was found stands in the order of a search: newest first. */
export interface SearchPlace {
  readonly atMs: number;
  readonly conversationId: string;
  /** Of a message; 0 for what else there is. */
  readonly seq: number;
  /** Id of a note; else empty. */
  readonly noteId: string;
}

/** Negative where `a` comes before `b` in the results. */
export function compareFound(a: SearchPlace, b: SearchPlace): number {
  if (a.atMs !== b.atMs) return b.atMs - a.atMs;
  if (a.conversationId !== b.conversationId) return a.conversationId > b.conversationId ? -1 : 1;
  if (a.seq !== b.seq) return b.seq - a.seq;
  if (a.noteId === b.noteId) return 0;
  return a.noteId > b.noteId ? -1 : 1;
}

/** The place as an opaque text that survives a query string. */
export const searchCursor = ({ atMs, conversationId, seq, noteId }: SearchPlace): string =>
  [atMs, seq, noteId, conversationId].map((part) => encodeURIComponent(part)).join('~');

/** The place that a cursor names; `undefined` where it is none of ours. */
export function searchPlace(cursor: string): SearchPlace | undefined {
  const match = /^(-?\d{1,16})~(\d{1,16})~([^~]*)~([^~]+)$/.exec(cursor);
  const [, atMs, seq, noteId, conversationId] = match ?? [];
  if (atMs === undefined || seq === undefined) return undefined;
  try {
    return {
      atMs: Number(atMs),
      seq: Number(seq),
      noteId: decodeURIComponent(noteId ?? ''),
      conversationId: decodeURIComponent(conversationId ?? ''),
    };
  } catch {
    return undefined; // a stray `%`
  }
}
