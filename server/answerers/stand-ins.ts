/** What the thesaurus has for the words and expressions of a question, as far as the blog has it. */
import { hasHan, indexedHan } from './cross-words.ts';
import type { PostIndex } from './post-index.ts';
import { insteadOfPhrase, insteadOfWord, phrasesIn, type Instead } from './thesaurus.ts';
import type { QueryWord } from './tokenize.ts';

/** Takes a term that may stand for a word, and how well, 0–1. */
export type Offer = (term: string, weight: number) => void;

/** How well what the thesaurus has stands for what was asked. */
const standsFor = 0.5;
/** How well the word of an expression that says most stands for all of it. */
const partOfExpression = 0.3;

/**
 * Offers what the thesaurus has for a word and for the expressions it stands in. A rarer word than
 * the one asked does not make the question say more than it does.
 *
 * @param phrases - as `phrasesIn` finds them
 * @param asked - terms of the question: none of them stands in for another
 * @returns whether the blog has any of it
 */
export function offerInstead(
  word: QueryWord,
  phrases: readonly string[],
  asked: ReadonlySet<string>,
  index: PostIndex,
  offer: Offer,
): boolean {
  const rarity = (term: string): number => index.byPost.term(term)?.idf ?? 0;
  let hasAny = false;
  const offerHeld = (term: string, weight: number, most: number): void => {
    const own = rarity(term);
    if (own === 0 || asked.has(term)) return;
    hasAny = true;
    offer(term, weight * standsFor * Math.min(1, most / own));
  };
  const offerAll = (alternatives: readonly Instead[], most: number): void => {
    for (const { terms, joined, weight } of alternatives) {
      const [first, ...others] = terms;
      if (joined !== undefined) offerHeld(joined, weight, most);
      else if (first !== undefined) {
        offerHeld(hasHan(first) ? (indexedHan(first, index.byPost) ?? first) : first, weight, most);
      }
      if (first === undefined || others.length === 0) continue;
      if (terms.some((term) => rarity(term) === 0)) continue;
      const rarest = others.reduce(
        (best, term) => (rarity(term) > rarity(best) ? term : best),
        first,
      );
      offerHeld(rarest, weight * partOfExpression, most);
    }
  };
  const own = index.byPost.term(word.term)?.idf ?? index.byPost.unknownIdf;
  offerAll(insteadOfWord(word.surface === '' ? word.term : word.surface), own);
  for (const phrase of phrases) offerAll(insteadOfPhrase(phrase), Infinity);
  return hasAny;
}

/** The expressions of a question, each with the word of it that says most. */
export function phrasesByWord(
  question: string,
  words: readonly QueryWord[],
  index: PostIndex,
): Map<QueryWord, string[]> {
  const found = new Map<QueryWord, string[]>();
  const idfOfWord = (word: QueryWord): number =>
    word.weight * (index.byPost.term(word.term)?.idf ?? index.byPost.unknownIdf);
  for (const phrase of phrasesIn(question)) {
    const parts = new Set(phrase.split(' '));
    const [told] = words
      .filter((word) => word.counted && parts.has(word.term))
      .sort((left, right) => idfOfWord(right) - idfOfWord(left));
    if (!told) continue;
    found.set(told, [...(found.get(told) ?? []), phrase]);
  }
  return found;
}
