import { folded } from '../stores/search-text.ts';

/**
 * What a search asks for: words between white space, and phrases between double quotes, typed
 * straight or curly. A quote that is not closed ends with the text.
 */
export function searchWords(query: string): readonly string[] {
  const words: string[] = [];
  for (const [, phrase, word] of query.matchAll(/["“”„]([^"“”„]*)(?:["“”„]|$)|([^\s"“”„]+)/gu)) {
    const text = folded(phrase ?? word ?? '')
      .trim()
      .replace(/\s+/gu, ' ');
    if (text !== '' && !words.includes(text)) words.push(text);
  }
  return words;
}
