import { folded } from '../stores/search-text.ts';

/** Stand around what matched; private-use characters, so that no text has them by itself. */
export const [matchStart, matchEnd] = ['\u{e000}', '\u{e001}'] as const;

/** From where to where, in UTF-16 units of the text. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Excerpts are about this long, in UTF-16 units. */
const excerptChars = 160;
/** So much of it stands before the first match. */
const leadChars = 40;
/** A long text is folded in pieces of about this length, to know where in it something stands. */
const pieceChars = 128;
const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * The words around the first place where something of a search stands, with every match in it
 * marked. Cut between characters as people see them. A long text is looked at closely only where
 * the excerpt comes from: character by character, one of 4,000 would hold up everything else.
 *
 * @param words - folded, see `searchWords`
 */
export function excerptOf(text: string, words: readonly string[]): string {
  const clean = text.replace(/[\u{e000}\u{e001}]/gu, '');
  const part = partAround(clean, words);
  const matches = matchesIn(clean.slice(part.from, part.to), words).map((match) => ({
    from: part.from + match.from,
    to: part.from + match.to,
  }));
  const first = matches[0]?.from ?? part.from;
  const wanted = Math.max(0, Math.min(first - leadChars, clean.length - excerptChars));
  const from = afterWord(clean, boundary(clean, wanted), first);
  // From `wanted` at least, so that an excerpt of the end reaches it.
  const to = boundary(clean, Math.min(clean.length, Math.max(from, wanted) + excerptChars));
  let marked = '';
  let at = from;
  for (const match of matches) {
    const [start, end] = [Math.max(match.from, at), Math.min(match.to, to)];
    if (start >= end) continue;
    marked += clean.slice(at, start) + matchStart + clean.slice(start, end) + matchEnd;
    at = end;
  }
  return `${from > 0 ? '…' : ''}${marked}${clean.slice(at, to)}${to < clean.length ? '…' : ''}`;
}

/** The beginning of the next word, where one begins soon and before what matched. */
function afterWord(text: string, from: number, match: number): number {
  if (from === 0) return from;
  const blank = /\s+/u.exec(text.slice(from, Math.min(match, from + leadChars / 2)));
  return blank ? from + blank.index + blank[0].length : from;
}

/** The next place at or before which a character ends, looked for nearby only. */
function boundary(text: string, at: number): number {
  if (at <= 0 || at >= text.length) return Math.max(0, Math.min(at, text.length));
  const nearby = Math.max(0, at - 64);
  // Begins between characters in all but contrived texts; never within a surrogate pair.
  const start = /[\udc00-\udfff]/.test(text.charAt(nearby)) ? nearby + 1 : nearby;
  const around = characters.segment(text.slice(start, at + 64)).containing(at - start);
  return around ? start + around.index : at;
}

/** The part of a text with the first place where a word stands, and all of an excerpt after it. */
function partAround(text: string, words: readonly string[]): Range {
  let whole = '';
  const pieces: { readonly at: number; readonly foldedAt: number }[] = [];
  for (let at = 0; at < text.length;) {
    const next = boundary(text, at + pieceChars);
    pieces.push({ at, foldedAt: whole.length });
    whole += folded(text.slice(at, next));
    at = next;
  }
  const spaced = blanked(whole);
  let first: Range | undefined;
  for (const word of words) {
    const from = spaced.indexOf(word);
    if (from >= 0 && (!first || from < first.from)) first = { from, to: from + word.length };
  }
  const { from: foldedFrom, to: foldedTo } = first ?? { from: 0, to: 0 };
  const from = pieces.findLast(({ foldedAt }) => foldedAt <= foldedFrom)?.at ?? 0;
  const until = pieces.find(({ foldedAt }) => foldedAt >= foldedTo)?.at ?? text.length;
  const longest = Math.max(0, ...words.map(({ length }) => length));
  return { from, to: Math.max(until, from + pieceChars + excerptChars + longest) };
}

/** Where the words stand, in order, without overlaps. */
function matchesIn(text: string, words: readonly string[]): readonly Range[] {
  const whole = folded(text);
  const found =
    whole.length === text.length
      ? rangesIn(whole, words).filter(({ from, to }) =>
          words.includes(blanked(folded(text.slice(from, to)))),
        )
      : [];
  return joined(found.length > 0 ? found : rangesByCharacter(text, words));
}

/** White space of any kind stands for a blank of a phrase, one for one. */
const blanked = (foldedText: string): string => foldedText.replace(/\s/gu, ' ');

function rangesIn(foldedText: string, words: readonly string[]): readonly Range[] {
  const spaced = blanked(foldedText);
  return words.flatMap((word) => {
    const ranges: Range[] = [];
    for (let from = spaced.indexOf(word); from >= 0; from = spaced.indexOf(word, from + 1)) {
      ranges.push({ from, to: from + word.length });
    }
    return ranges;
  });
}

/** Folding may change lengths (`ﬁ` is two letters): character by character it can be traced back. */
function rangesByCharacter(text: string, words: readonly string[]): readonly Range[] {
  let whole = '';
  const origin: Range[] = [];
  for (const { segment, index } of characters.segment(text)) {
    const part = folded(segment);
    const range = { from: index, to: index + segment.length };
    whole += part;
    for (let unit = 0; unit < part.length; unit += 1) origin.push(range);
  }
  return rangesIn(whole, words).flatMap(({ from, to }) => {
    const [first, last] = [origin[from], origin[to - 1]];
    return first && last ? [{ from: first.from, to: last.to }] : [];
  });
}

function joined(ranges: readonly Range[]): readonly Range[] {
  const result: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const last = result.at(-1);
    if (last && range.from <= last.to) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    } else result.push(range);
  }
  return result;
}
