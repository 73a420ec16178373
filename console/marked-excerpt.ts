/** A piece of an excerpt; `found` where it is what was searched. */
export interface ExcerptPiece {
  readonly text: string;
  readonly found: boolean;
}

const begin = '\uE000';
const end = '\uE001';

/**
 * Takes an excerpt apart at the signs around what matched. Signs that do not pair, as in a text
 * that contained them itself, are left out and mark at most up to the next sign.
 */
export function readExcerpt(excerpt: string): readonly ExcerptPiece[] {
  const pieces: ExcerptPiece[] = [];
  let found = false;
  for (const part of excerpt.split(/([\uE000\uE001])/)) {
    if (part === begin) found = true;
    else if (part === end) found = false;
    else if (part) pieces.push({ text: part, found });
  }
  return pieces;
}
