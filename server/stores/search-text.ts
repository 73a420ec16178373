import type { Conversation } from '../ports.ts';

// eslint-disable-next-line no-control-regex -- ASCII begins with the control characters
const ascii = /^[\u0000-\u007f]*$/;

/**
 * A text in the form in which texts are compared: NFKC, lower case. A Greek sigma is written in
 * another way at the end of a word, where a part of a longer word would not be found.
 */
export const folded = (text: string): string =>
  ascii.test(text)
    ? text.toLowerCase()
    : text.normalize('NFKC').toLowerCase().normalize('NFKC').replaceAll('ς', 'σ');

/** Whether a text has all of these words, which are folded already, as parts of its own. */
export function hasAll(text: string, words: readonly string[]): boolean {
  const own = folded(text);
  return words.every((word) => own.includes(word));
}

/** What is searched of a conversation beside its messages and notes; empty where there is nothing. */
export const searchedFacts = ({
  name,
  email,
  user,
  page,
}: Pick<Conversation, 'name' | 'email' | 'user' | 'page'>): string =>
  [name, email, user, page?.title, page?.url].filter((one) => one !== undefined).join('\n');
