/** Cutting text where a reader would: after sentences, at line ends, never inside a character. */

// Latin sentences end before white space, Chinese and Japanese ones need none.
const sentenceEnd = /[.!?][)"'”’\]]*(?=\s)|[。！？；…][”’」』）)"]*|\n/g;

/** The sentences of a text, each with the white space after it; joined they are the text. */
export function sentences(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  for (const match of text.matchAll(sentenceEnd)) {
    let end = match.index + match[0].length;
    while (end < text.length && /\s/.test(text[end] ?? '')) end += 1;
    found.push(text.slice(from, end));
    from = end;
  }
  if (from < text.length) found.push(text.slice(from));
  return found;
}

const isHighSurrogate = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) === 0xd800;

/** Pieces of at most `size` units, cut at white space where there is some, for text without ends. */
export function hardCut(text: string, size: number): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (text.length - from > size) {
    const space = text.lastIndexOf(' ', from + size);
    let end = space > from + size / 2 ? space + 1 : from + size;
    if (isHighSurrogate(text, end - 1)) end -= 1;
    pieces.push(text.slice(from, end));
    from = end;
  }
  pieces.push(text.slice(from));
  return pieces;
}

/** Groups units (sentences, lines, rows) into pieces of about `size`, none over it where possible. */
export function group(units: readonly string[], size: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const unit of units.flatMap((one) => (one.length > size ? hardCut(one, size) : [one]))) {
    if (piece !== '' && piece.length + unit.length > size) {
      pieces.push(piece);
      piece = '';
    }
    piece += unit;
  }
  if (piece !== '') pieces.push(piece);
  return pieces;
}

/** Lines with their ends. */
export const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
