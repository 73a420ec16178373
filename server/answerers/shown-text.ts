/**
 * What a visitor is shown of what a model writes, piece by piece: marks of citations are taken
 * out and counted, links that nobody gave the model lose their address, images go, and code stays
 * as it is. Nothing is let through that what follows could turn into something else.
 */
import {
  readAngle,
  readBareAddress,
  readBracket,
  readCodeSpan,
  readImage,
  readParenthesis,
  type Reading,
} from './marked-up.ts';

export interface ShownText {
  /** What may be shown of the text so far that was not shown yet. */
  push(text: string): string;
  /** The rest; the whole has no white space at its ends. */
  end(): string;
  /** How often each number given was cited, in the order of the first mention. */
  readonly cited: ReadonlyMap<number, number>;
  /** Whether the model said `[0]`: that no passage answers. */
  readonly declined: boolean;
}

export interface ShownTextOptions {
  /** Citations are good from 1 to this number. */
  readonly passages: number;
  /** Whether an address, as it was written, may be shown as a link. */
  allowsUrl(url: string): boolean;
}

/** What has to be seen of a construct before it is taken for plain text, in UTF-16 units. */
const longestHeld = 1_200;
/** No construct begins in it; addresses do with a letter, wherever they stand. */
const plain = /^[^`~<[【!(（\\hHwWfF]+/u;

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

function withoutBlanksAtEnd(text: string): string {
  let length = text.length;
  while (isBlank(text[length - 1])) length -= 1;
  return text.slice(0, length);
}

/** Whether a text ends where a line begins, but for blanks. */
function endsAtLineStart(text: string): boolean {
  let at = text.length - 1;
  while (isBlank(text[at])) at -= 1;
  return at < 0 || text[at] === '\n';
}

export function createShownText({ passages, allowsUrl }: ShownTextOptions): ShownText {
  const cited = new Map<number, number>();
  let declined = false;
  /** Not let through yet. */
  let held = '';
  /** What was let through last, as far as it matters for what follows. */
  let tail = '';
  /** White space at the end, not let through yet: a mark may follow, or nothing at all. */
  let blank = '';
  /** What closes the block of code that we are in. */
  let fence = '';
  /** What goes with a mark that began the line. */
  let goesWithMark: RegExp | undefined;

  function cite(numbers: readonly number[]): void {
    for (const number of numbers) {
      if (number === 0) declined = true;
      else if (number <= passages) cited.set(number, (cited.get(number) ?? 0) + 1);
    }
  }

  function read(before: string, isLast: boolean): Reading {
    if (endsAtLineStart(before) && /^[`~]/.test(held)) {
      const marks = /^(`+|~+)/.exec(held)?.[0] ?? '';
      const end = held.indexOf('\n');
      if (!isLast && end < 0 && marks.length > 2) return 'more';
      if (!isLast && marks.length === held.length) return 'more';
      if (marks.length > 2) {
        fence = marks;
        return { length: end < 0 ? held.length : end + 1 };
      }
    }
    switch (held[0]) {
      case '`':
        return readCodeSpan(held, isLast);
      case '!':
        return readImage(held, isLast);
      case '[':
      case '【':
        return readBracket(held, isLast, allowsUrl);
      case '(':
      case '（':
        return readParenthesis(held, isLast);
      case '<':
        return readAngle(held, isLast, allowsUrl);
      case '\\':
        return held.length > 1 || isLast ? { length: Math.min(2, held.length) } : 'more';
      case undefined:
        return undefined;
    }
    return readBareAddress(held, isLast, allowsUrl);
  }

  /** One line inside a block of code, or what there is of it. */
  function readCodeLine(before: string, isLast: boolean): Reading {
    const end = held.indexOf('\n');
    const line = end < 0 ? held : held.slice(0, end + 1);
    if (!endsAtLineStart(before) || line.length > longestHeld) return { length: line.length };
    // Half a line may still become the closing one.
    if (end < 0 && !isLast && /^\s*[`~]*\s*$/.test(line)) return 'more';
    if (line.trim().startsWith(fence) && /^\s*([`~])\1*\s*$/.test(line)) fence = '';
    return { length: line.length };
  }

  function take(isLast: boolean): string {
    let out = blank;
    blank = '';
    while (held !== '') {
      if (goesWithMark) {
        const gone = goesWithMark.exec(held)?.[0] ?? '';
        goesWithMark = gone === '' ? undefined : /^[ \t]/;
        held = held.slice(gone.length);
        if (gone !== '') continue;
      }
      const run = fence === '' ? (plain.exec(held)?.[0] ?? '') : '';
      if (run !== '') {
        out += run;
        held = held.slice(run.length);
        continue;
      }
      const before = tail + out;
      let reading = fence === '' ? read(before, isLast) : readCodeLine(before, isLast);
      if (reading === 'more' && held.length < longestHeld) break;
      if (reading === 'more') reading = undefined;
      const { length, instead, numbers } = reading ?? { length: 1 };
      if (instead === undefined && !numbers) out += held.slice(0, length);
      held = (instead ?? '') + held.slice(length);
      if (!numbers) continue;
      cite(numbers);
      // The blank before a mark goes with it, and what comes after it where it began the line.
      out = withoutBlanksAtEnd(out);
      if (endsAtLineStart(tail + out)) goesWithMark = /^[: \t]/;
    }
    if (isLast && fence !== '') out += `${out.endsWith('\n') ? '' : '\n'}${fence}`;
    else if (fence === '') {
      const shown = out.trimEnd();
      blank = out.slice(shown.length);
      out = shown;
    }
    if (tail === '') out = out.trimStart();
    if (out !== '') tail = out.slice(-8);
    return out;
  }

  return {
    push(text) {
      held += text;
      return take(false);
    },
    end: () => take(true),
    cited,
    get declined() {
      return declined;
    },
  };
}
