/**
 * Repairs of one letter: added, left out, replaced, or two swapped (F. J. Damerau, "A technique
 * for computer detection and correction of spelling errors", CACM 7(3), 1964: four in five errors
 * are one of these, and the first letter is rarely wrong). Only words of the blog are offered.
 */

/** Shorter words are one letter away from too many others. */
const shortest = 4;

export interface Spelling {
  /** Words of the blog one edit from this one, best first, at most `limit`. */
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
      const found: string[] = [];
      for (const length of [word.length, word.length + 1, word.length - 1]) {
        for (const candidate of shelves.get(`${word[0] ?? ''}${length}`) ?? []) {
          if (isOneEdit(word, candidate)) found.push(candidate);
        }
      }
      const frequency = (candidate: string): number => words.get(candidate) ?? 0;
      return found.sort((left, right) => frequency(right) - frequency(left)).slice(0, limit);
    },
  };
}
