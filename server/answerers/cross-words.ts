/** What stands for a word of a question in posts of the other language. */
import type { Bm25Index } from './bm25-index.ts';
import type { Dictionary } from './cross-dictionary.ts';
import type { WordsByMeaning } from './cross-meanings.ts';
import { ownTerms } from './cross-terms.ts';
import { hasTraditional, traditionalForms } from './hanzi-forms.ts';

/** The dictionary, and the way back where a question needs it. */
export interface OpenDictionary {
  readonly dictionary: Dictionary;
  readonly words?: WordsByMeaning;
}

export interface Crossed {
  readonly term: string;
  /** How well it stands for the word, 0–1. */
  readonly weight: number;
}

const most = 5;
/** The likeliest stands for the word nearly as well as the word itself. */
const likeliest = 0.95;
/** What is much less likely meant than the likeliest is noise. */
const leastOfBest = 0.5;
/** What is in the list of words of the trade is what a blog means by it. */
const ownWeight = 1;
const dictionaryWeight = 0.85;
/** Each further meaning of a word is less likely meant. */
const laterMeaning = 0.92;
const leastMeaning = 0.45;
/** A part of a meaning of several words, where it stands alone. */
const partWeight = 0.3;

const isHan = /^\p{sc=Han}+$/u;
export const hasHan = (text: string): boolean => /\p{sc=Han}/u.test(text);

/** A word of Chinese as the index has it: overlapping pairs, together. */
export function indexedHan(word: string, index: Bm25Index): string | undefined {
  if (index.term(word)) return word;
  if (word.length < 3) return undefined;
  const pairs = Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2));
  const term = pairs.join(' ');
  return index.term(term) ? term : undefined;
}

/** Of what a word may mean, a blog means what it writes of more. */
function byUse(candidates: ReadonlyMap<string, number>, index: Bm25Index): Crossed[] {
  const used = (term: string): number => Math.log1p(index.term(term)?.documents.length ?? 0);
  const mostUsed = Math.max(1e-9, ...[...candidates.keys()].map(used));
  const found = [...candidates]
    .map(([term, weight]) => ({ term, weight: weight * (0.6 + (0.4 * used(term)) / mostUsed) }))
    .sort((left, right) => right.weight - left.weight);
  const best = found[0]?.weight ?? 1;
  return found
    .filter(({ weight }) => weight >= best * leastOfBest)
    .slice(0, most)
    .map(({ term, weight }) => ({ term, weight: (weight / best) * Math.max(best, likeliest) }));
}

function keep(candidates: Map<string, number>, term: string, weight: number): void {
  if (weight > (candidates.get(term) ?? 0)) candidates.set(term, weight);
}

/** Terms of the posts in English that stand for a word of Chinese. */
export function toEnglish(word: string, dictionary: Dictionary, index: Bm25Index): Crossed[] {
  const candidates = new Map<string, number>();
  const offer = (meaning: string, weight: number): void => {
    if (index.term(meaning)) keep(candidates, meaning, weight);
    if (!meaning.includes(' ')) return;
    for (const part of meaning.split(' ')) {
      if (index.term(part)) keep(candidates, part, weight * partWeight);
    }
  };
  const own = ownTerms().toEnglish.get(word) ?? [];
  for (const meaning of own) offer(meaning, ownWeight);
  for (const [at, meaning] of dictionary.meanings(word).entries()) {
    const weight = Math.max(leastMeaning, dictionaryWeight * laterMeaning ** at);
    offer(meaning, own.length > 0 ? weight * 0.5 : weight);
  }
  return byUse(candidates, index);
}

/** Terms of the posts in Chinese that stand for words of English, given as terms. */
export function toChinese(
  meaning: string,
  { dictionary, words }: OpenDictionary,
  index: Bm25Index,
): Crossed[] {
  const candidates = new Map<string, number>();
  const offer = (word: string, weight: number): void => {
    const term = forms(word)
      .map((form) => indexedHan(form, index))
      .find((form) => form !== undefined);
    // A character alone is part of a hundred other words.
    if (term !== undefined) keep(candidates, term, word.length === 1 ? weight * 0.4 : weight);
  };
  const forms = hasTraditional(index)
    ? (word: string) => [word, ...traditionalForms(word, dictionary)]
    : (word: string) => [word];
  const own = ownTerms().toChinese.get(meaning) ?? [];
  for (const word of own) offer(word, ownWeight);
  for (const word of words?.wordsFor(meaning) ?? []) {
    const at = dictionary.meanings(word).indexOf(meaning);
    const weight = Math.max(leastMeaning, dictionaryWeight * laterMeaning ** Math.max(0, at));
    offer(word, own.length > 0 ? weight * 0.5 : weight);
  }
  return byUse(candidates, index);
}

/** The words of a run of Chinese that the dictionary knows, longest first; others are left out. */
export function dictionaryWords(run: string, dictionary: Dictionary): string[] {
  const { toEnglish: own } = ownTerms();
  const found: string[] = [];
  for (let at = 0; at < run.length;) {
    let length = Math.min(8, run.length - at);
    while (length > 1) {
      const word = run.slice(at, at + length);
      if (isHan.test(word) && (own.has(word) || dictionary.meanings(word).length > 0)) break;
      length -= 1;
    }
    if (length > 1) found.push(run.slice(at, at + length));
    at += length;
  }
  return found;
}
