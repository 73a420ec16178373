/**
 * Takes out of a failure what neither a log nor the store may hold: receivers of notices answer
 * with texts of their own, and like to quote whom and what they refuse.
 */
import { NoticeFailed } from '../notifier-ports.ts';

// What is longer comes from a flood, not from a person who explains something.
const maxInputChars = 4_000;
const deepestCause = 4;

/**
 * An address, with the whole of what stands before its last `@`. It starts where such a run
 * starts, which keeps the time linear; the quoted form is that of RFC 5321, 4.1.2.
 */
const mailAddress =
  /(?:"[^"]*"|(?<![^\s<>"@,;:()[\]])[^\s<>"@,;:()[\]]+)(?:@[^\s<>"@,;:()[\]]+)+/gu;

function maskAddress(address: string): string {
  const [first = ''] = address;
  return `${first}…${address.slice(address.lastIndexOf('@'))}`;
}

const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim();

const quoteChars = 12;

/** How many characters in a row show that they were taken from a text. */
const quotes = [
  { chars: quoteChars, tells: () => true },
  // Of Chinese and its like, few characters say much.
  { chars: 4, tells: (piece: string) => /^[^\p{ASCII}\p{P}\s]+$/u.test(piece) },
];

/** Hides what the line has in common with a text, wherever in the text that stands. */
function hideQuotes(line: string, texts: readonly string[]): string {
  const hidden = new Set<number>();
  for (const { chars, tells } of quotes) {
    const places = new Map<string, number[]>();
    for (let at = 0; at + chars <= line.length; at += 1) {
      const piece = line.slice(at, at + chars);
      if (!tells(piece)) continue;
      const known = places.get(piece);
      if (known) known.push(at);
      else places.set(piece, [at]);
    }
    for (const text of places.size > 0 ? texts : []) {
      for (let from = 0; from + chars <= text.length; from += 1) {
        const piece = text.slice(from, from + chars);
        for (const start of places.get(piece) ?? []) {
          for (let at = start; at < start + chars; at += 1) hidden.add(at);
        }
        // Hidden wherever it stands; a text that repeats itself costs nothing more.
        places.delete(piece);
      }
    }
  }
  let shown = '';
  for (let at = 0; at < line.length; at += 1) {
    if (!hidden.has(at)) shown += line[at];
    else if (!hidden.has(at - 1)) shown += '***';
  }
  return shown.toWellFormed();
}

/** Hides a text that is too short to be found by its parts, where it stands by itself. */
function hideWhole(line: string, text: string): string {
  if (text.length < 2 || text.length >= quoteChars) return line;
  const escaped = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const alone = /^\p{ASCII}+$/u.test(text)
    ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`
    : escaped;
  return line.replace(new RegExp(alone, 'gu'), '***');
}

/**
 * A failure's words in one line, with every e-mail address as `o…@example.com`, and `***` for
 * what quotes one of the texts: 12 characters in a row or more, 4 where they are not ASCII, or a
 * whole text.
 */
export function maskWords(words: string, texts: readonly string[]): string {
  const line = oneLine(words.slice(0, maxInputChars)).replace(/%40|＠/gi, '@');
  const said = texts.map(oneLine);
  return said.reduce(hideWhole, hideQuotes(line, said)).replace(mailAddress, maskAddress);
}

/**
 * The same failure with masked words, in its causes and its stack too. What else hung on it is
 * gone: errors of clients carry whole answers.
 */
export function maskFailure(error: unknown, texts: readonly string[], depth = 0): Error {
  const message = maskWords(error instanceof Error ? error.message : String(error), texts);
  const inner = error instanceof Error && depth < deepestCause ? error.cause : undefined;
  const options = inner instanceof Error ? { cause: maskFailure(inner, texts, depth + 1) } : {};
  const masked =
    error instanceof NoticeFailed
      ? new NoticeFailed(message, {
          ...options,
          retryable: error.retryable,
          ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
        })
      : new Error(message, options);
  const name = error instanceof Error ? error.name : masked.name;
  masked.stack = `${name}: ${message}${framesOf(error)}`;
  return masked;
}

/** Where it came from, without the words that V8 puts before that. */
function framesOf(error: unknown): string {
  const { stack = '', message } = error instanceof Error ? error : new Error('');
  const at = stack.indexOf(message);
  // Words that were changed later: what the stack begins with is unknown.
  if (at < 0) return '';
  const lines = stack.slice(at + message.length).split('\n');
  return lines.flatMap((line) => (/^ +at \S/.test(line) ? `\n${line}` : [])).join('');
}
