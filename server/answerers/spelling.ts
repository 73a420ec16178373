/**
 * Repairs of one edit, of two in long words: a letter added, left out, replaced, or two swapped (F. J. Damerau, "A technique
 * for computer detection and correction of spelling errors", CACM 7(3), 1964: four in five errors
 * are one of these, and the first letter is rarely wrong). Only words of the blog are offered.
 */

/** Shorter words are one edit away from too many others. */
const shortest = 4;
/** Shorter words are two edits away from too many others. */
const shortestOfTwo = 8;

export interface Spelling {
  /** Words of the blog nearest to this one, the more frequent first, at most `limit`. */
  repair(word: string, limit?: number): string[];
}

/** Whether two words differ by exactly one edit. */
export function isOneEdit(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  if (long.length - short.length > 1 || short === long) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  let end = 0;
  while (
    end < short.length - start &&
    short[short.length - 1 - end] === long[long.length - 1 - end]
  ) {
    end += 1;
  }
  const middle = short.length - start - end;
  if (short.length !== long.length) return middle === 0;
  if (middle === 1) return true;
  return middle === 2 && short[start] === long[start + 1] && short[start + 1] === long[start];
}

/**
 * Whether at most two edits lead from one word to another; letters swapped are one edit (optimal
 * string alignment: E. Ukkonen's cut-off keeps to a band of the table).
 */
export function isTwoEdits(left: string, right: string): boolean {
  if (Math.abs(left.length - right.length) > 2) return false;
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let row = 1; row <= left.length; row += 1) {
    const now = [row];
    let least = row;
    for (let at = 1; at <= right.length; at += 1) {
      const same = left[row - 1] === right[at - 1] ? 0 : 1;
      let cost = Math.min((last[at] ?? 9) + 1, (now[at - 1] ?? 9) + 1, (last[at - 1] ?? 9) + same);
      const isSwapped = left[row - 1] === right[at - 2] && left[row - 2] === right[at - 1];
      if (row > 1 && at > 1 && isSwapped) cost = Math.min(cost, (before[at - 2] ?? 9) + 1);
      now.push(cost);
      least = Math.min(least, cost);
    }
    if (least > 2) return false;
    before = last;
    last = now;
  }
  return (last[right.length] ?? 9) <= 2;
}

/** @param words - of the blog, in lower case, with how often each is written */
export function createSpelling(words: ReadonlyMap<string, number>): Spelling {
  const shelves = new Map<string, string[]>();
  for (const word of words.keys()) {
    if (word.length < shortest || !/^\p{L}+$/u.test(word)) continue;
    const key = `${word[0] ?? ''}${word.length}`;
    const shelf = shelves.get(key);
    if (shelf) shelf.push(word);
    else shelves.set(key, [word]);
  }
  return {
    repair(word, limit = 2) {
      if (word.length < shortest || word.length > 32 || !/^\p{L}+$/u.test(word)) return [];
      const within = (edits: 1 | 2): string[] => {
        const found: string[] = [];
        for (let length = word.length - edits; length <= word.length + edits; length += 1) {
          for (const candidate of shelves.get(`${word[0] ?? ''}${length}`) ?? []) {
            const isNear = edits === 1 ? isOneEdit : isTwoEdits;
            if (isNear(word, candidate)) found.push(candidate);
          }
        }
        return found;
      };
      let found = within(1);
      if (found.length === 0 && word.length >= shortestOfTwo) found = within(2);
      const frequency = (candidate: string): number => words.get(candidate) ?? 0;
      return found.sort((left, right) => frequency(right) - frequency(left)).slice(0, limit);
    },
  };
}
