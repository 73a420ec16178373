/** Terms by numbers, from 0 in the order they are met: a number is quicker to look up than a word. */
export interface TermNumbers {
  /** Numbers are lower than this. */
  readonly size: number;
  /** The number of a term, which gets one where it has none. */
  add(term: string): number;
  /** Undefined where the term has none. */
  find(term: string): number | undefined;
}

/** @param onNew - told of each term when it gets its number */
export function createTermNumbers(onNew?: (term: string, number: number) => void): TermNumbers {
  const numbers = new Map<string, number>();
  return {
    get size() {
      return numbers.size;
    },
    add(term) {
      const known = numbers.get(term);
      if (known !== undefined) return known;
      const number = numbers.size;
      numbers.set(term, number);
      onNew?.(term, number);
      return number;
    },
    find: (term) => numbers.get(term),
  };
}
