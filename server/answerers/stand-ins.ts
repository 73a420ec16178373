/** What the thesaurus has for the words and expressions of a question, as far as the blog has it. */
import { hasHan, indexedHan } from './cross-words.ts';
import type { PostIndex } from './post-index.ts';
import { stem } from './stem.ts';
import { insteadOf, phrasesIn } from './thesaurus.ts';
import type { QueryWord } from './tokenize.ts';

/** Takes a term that may stand for a word, and how well, 0–1. */
export type Offer = (term: string, weight: number) => void;

/** How well what the thesaurus has stands for what was asked. */
const standsFor = 0.5;
/** How well the word of an expression that says most stands for all of it. */
const partOfExpression = 0.3;

/**
 * What the thesaurus has for a term or a phrase. A rarer word than the one asked does not make the
 * question say more than it does.
 *
 * @param idf - of the word asked; without it a stand-in counts in full
 */
export function offerInstead(key: string, index: PostIndex, offer: Offer, idf = Infinity): void {
  const rarity = (term: string): number => index.byPost.term(term)?.idf ?? 0;
  const offerHeld = (term: string, weight: number): void => {
    const own = rarity(term);
    if (own > 0) offer(term, weight * standsFor * Math.min(1, idf / own));
  };
  for (const { term, weight } of insteadOf(key)) {
    if (hasHan(term)) {
      offerHeld(indexedHan(term, index.byPost) ?? term, weight);
      continue;
    }
    const parts = term.split(' ');
    offerHeld(parts.length === 1 ? term : stem(parts.join('')), weight);
    if (parts.length === 1 || parts.some((part) => rarity(part) === 0)) continue;
    const rarest = parts.reduce((most, part) => (rarity(part) > rarity(most) ? part : most));
    offerHeld(rarest, weight * partOfExpression);
  }
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
