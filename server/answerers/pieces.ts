/** Text cut into what is made into terms: words, runs of scripts without spaces, names like `C++`. */
const unspaced =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}ー々';
const piece = new RegExp(
  `([${unspaced}]+)|([^\\W_]\\+\\+(?!\\+)|[A-Za-z]#)(?![\\p{L}\\p{N}])|` +
    `(?:(?![${unspaced}])[\\p{L}\\p{N}\\p{M}_])+(?:[.\\-'’](?:(?![${unspaced}])[\\p{L}\\p{N}\\p{M}_])+)*`,
  'uy',
);

export interface PieceVisitor {
  /** A word as it is written: `readFile`, `don't`, `node.js`. */
  word(raw: string): void;
  /** Characters of scripts without spaces. */
  run(raw: string): void;
  /** `C++`, `c#` */
  special(raw: string): void;
}

// What a character of ASCII is: part of a word, what may stand inside one, neither.
const inWord = 1;
const joins = 2;
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/\w/.test(char)) return inWord;
  return /[.\-']/.test(char) ? joins : 0;
});
const hash = 35;
const plus = 43;
const underscore = 95;
const firstLetter = 65;

/** ASCII letters, digits and `_`; −1 beyond the end. */
const isWordAt = (text: string, at: number): boolean => kinds[text.charCodeAt(at)] === inWord;
const isSignAt = (text: string, at: number): boolean =>
  isWordAt(text, at) && text.charCodeAt(at) !== underscore;

/** Where a name like `C++` or `C#` that starts here ends; `at` where there is none. */
function specialEnd(text: string, at: number): number {
  const next = text.charCodeAt(at + 1);
  if (next === hash) {
    const isLetter = text.charCodeAt(at) >= firstLetter && text.charCodeAt(at) !== underscore;
    return isLetter && !isSignAt(text, at + 2) ? at + 2 : at;
  }
  if (next !== plus || text.charCodeAt(at + 2) !== plus) return at;
  const after = text.charCodeAt(at + 3);
  return isSignAt(text, at) && after !== plus && !isSignAt(text, at + 3) ? at + 3 : at;
}

/** Where a word of ASCII that starts here ends. */
function wordEnd(text: string, at: number): number {
  let end = at + 1;
  for (;;) {
    while (isWordAt(text, end)) end += 1;
    if (kinds[text.charCodeAt(end)] !== joins || !isWordAt(text, end + 1)) return end;
    end += 2;
  }
}

const lastAscii = 0x7f;
const isBeyondAscii = (text: string, at: number): boolean => text.charCodeAt(at) > lastAscii;

/**
 * Tells of every piece, in order. Words of ASCII, which most texts are made of, are found without
 * regular expressions: an index of a blog has hundreds of thousands of them.
 */
export function forEachPiece(text: string, visitor: PieceVisitor): void {
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code <= lastAscii) {
      if (kinds[code] !== inWord) {
        at += 1;
        continue;
      }
      const end = specialEnd(text, at);
      const isSpecial = end > at;
      const stop = isSpecial ? end : wordEnd(text, at);
      // What letters beyond ASCII follow may be part of it: `naïve`, `it’s`, `C++é`.
      const joined = kinds[text.charCodeAt(stop)] === joins ? stop + 1 : stop;
      if (!isBeyondAscii(text, stop) && !isBeyondAscii(text, joined)) {
        const raw = text.slice(at, stop);
        if (isSpecial) visitor.special(raw);
        else visitor.word(raw);
        at = stop;
        continue;
      }
    }
    piece.lastIndex = at;
    const match = piece.exec(text);
    if (match === null) {
      at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
      continue;
    }
    const [raw, run, special] = match;
    if (run !== undefined) visitor.run(run);
    else if (special !== undefined) visitor.special(special);
    else visitor.word(raw);
    at += raw.length;
  }
}
