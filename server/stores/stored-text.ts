// SQLite's C interface ends a text at NUL, and UTF-8 has no lone surrogates: a text with one of
// them would come back as another text. They are written as U+0001 and four hex digits, as is
// U+0001 itself. Nearly all texts have none and are stored as they are.
const unsafe = /[\0\u0001\p{Cs}]/u;
const allUnsafe = /[\0\u0001\p{Cs}]/gu;
const allEscaped = /\u0001([0-9a-f]{4})/g;

/** A text in a form that SQLite gives back unchanged. */
export const toStoredText = (text: string): string =>
  unsafe.test(text)
    ? text.replace(allUnsafe, (unit) => `\u0001${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : text;

/** The text that `toStoredText` was given. */
export const fromStoredText = (stored: string): string =>
  stored.includes('\u0001')
    ? stored.replace(allEscaped, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : stored;
