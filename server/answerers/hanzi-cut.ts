/** Chinese in a question: cut into words by the dictionary, and what else a word may be written as. */
import type { Dictionary } from './cross-dictionary.ts';
import { indexedHan } from './cross-words.ts';
import { arabicNumbers, hasTraditional, traditionalForms } from './hanzi-forms.ts';
import { hanziWords } from './hanzi-words.ts';
import type { PostIndex } from './post-index.ts';
import { hasSynonyms } from './synonyms.ts';
import { isHead } from './thesaurus.ts';
import { unspacedWords } from './tokenize.ts';

/** In how many posts a word of Chinese stands. */
const usesOf = (word: string, index: PostIndex): number =>
  index.byPost.term(indexedHan(word, index.byPost) ?? word)?.documents.length ?? 0;

/**
 * Cuts Chinese by the dictionary; Japanese and Korean as without it.
 *
 * @param widened - whether what the thesaurus has a line for is a word, too
 */
export function cutWith(
  dictionary: Dictionary,
  index: PostIndex,
  widened: boolean,
): typeof unspacedWords {
  const forms = hasTraditional(index.byPost)
    ? (word: string) => [word, ...traditionalForms(word, dictionary)]
    : (word: string) => [word];
  const lexicon = {
    has: (word: string) => dictionary.has(word) || hasSynonyms(word) || (widened && isHead(word)),
    uses: (word: string) => Math.max(...forms(word).map((form) => usesOf(form, index))),
    homophones: (character: string) => dictionary.homophones(character),
  };
  return (run) => {
    if (!/^\p{sc=Han}+$/u.test(run)) return unspacedWords(run);
    const found = hanziWords(dictionary.simplified(run), lexicon);
    const numbers = arabicNumbers(run).map((text) => ({ text, weight: 0.35 }));
    return numbers.length > 0 ? [...found, { words: numbers, content: '' }] : found;
  };
}

/** Other ways to write a word of Chinese that the blog may have. */
export function formsOf(word: string, dictionary: Dictionary, index: PostIndex): string[] {
  const plain = word.length > 2 && word.endsWith('儿') ? [word.slice(0, -1)] : [];
  if (!hasTraditional(index.byPost)) return plain;
  return [word, ...plain].flatMap((form) => traditionalForms(form, dictionary));
}
