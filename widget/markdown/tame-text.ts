const maxChars = 60_000;
const maxMarks = 1_500;
/** Letters of an address before its `@`, or of one on the web, in a row. */
const longWord = /[\w.+-]{3000}|(?:https?:\/\/|ftp:\/\/|www\.)\S{2000}/i;

/**
 * Whether a text can be read as Markdown without making anybody wait. marked goes back over a
 * paragraph for every sign of emphasis that may have begun earlier, and over every long word that
 * may be an address; nobody who writes for readers comes near these numbers.
 */
export function isTame(text: string): boolean {
  return (
    text.length <= maxChars &&
    !longWord.test(text) &&
    text
      .split(/\n[ \t]*\n/)
      .every((paragraph) => (paragraph.match(/[*_~`[]+/g)?.length ?? 0) <= maxMarks)
  );
}
