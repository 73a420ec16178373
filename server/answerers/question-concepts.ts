/** A question as what it asks for: each word with everything in the blog that may stand for it. */
import { wordsAlike } from './alike.ts';
import { chineseOf, englishOf } from './dictionary.ts';
import type { PostIndex } from './post-index.ts';
import { stem } from './stem.ts';
import { stopWords, weakWords } from './stop-words.ts';
import { synonymsOf } from './synonyms.ts';
import { queryWords, type QueryWord } from './tokenize.ts';

export interface Concept {
  readonly word: QueryWord;
  /** Terms of the blog that stand for the word, each with how well, 0–1; empty where none does. */
  readonly alternatives: readonly { readonly term: string; readonly weight: number }[];
  /** How much the word says, by its rarity in the blog. */
  readonly idf: number;
}

/** What a misspelt weak word or stop word counts. */
const slipWeight = 0.3;
const saysLittle = (surface: string): boolean =>
  stopWords.has(surface) || weakWords.has(surface) || weakWords.has(stem(surface));

/** How well others stand for a word: blunter the further they are from what was asked. */
const standsFor = { synonym: 0.5, alike: 0.5, english: 0.6, chinese: 0.9 };
/** Words used alike, and Chinese words for one, that are taken up at most. */
const mostAlike = 4;
const mostChinese = 8;

/** Repairs looked up in one question: a wall of nonsense is not worth more. */
const maxRepairs = 10;

/** The two words of the blog that an unknown one is made of: `timezone`, `datenbank`. */
function splitWord(surface: string, index: PostIndex): readonly [string, string] | undefined {
  for (let at = 3; at <= surface.length - 3; at += 1) {
    const left = stem(surface.slice(0, at));
    const right = stem(surface.slice(at));
    if (index.byPost.term(left) && index.byPost.term(right)) return [left, right];
  }
  return undefined;
}

type Offer = (term: string, weight: number) => void;

/** Words of the blog that are used like this one. */
function offerAlike(surface: string, index: PostIndex, offer: Offer): void {
  const taken = new Set<string>();
  for (const { word, like } of wordsAlike(surface)) {
    const term = stem(word);
    if (!index.byPost.term(term) || taken.has(term)) continue;
    offer(term, like * like * standsFor.alike);
    taken.add(term);
    if (taken.size === mostAlike) break;
  }
}

/** The word in the other language, the usual glosses first. */
function offerTranslations(word: QueryWord, index: PostIndex, offer: Offer): void {
  const later = (at: number): number => (at === 0 ? 1 : 0.7);
  if (/^\p{sc=Han}+$/u.test(word.term)) {
    for (const [at, gloss] of englishOf(word.term).entries()) {
      const weight = (standsFor.english * later(at)) / Math.sqrt(gloss.length);
      for (const part of gloss) offer(stem(part), weight);
    }
  } else if (word.surface !== '' && index.scripts.has('cjk')) {
    const known = chineseOf(word.surface).filter((chinese) => index.byPost.term(chinese));
    for (const [at, chinese] of known.slice(0, mostChinese).entries()) {
      // One character is in many words that have nothing to do with it.
      offer(chinese, standsFor.chinese * later(at) * (chinese.length === 1 ? 0.5 : 1));
    }
  }
}

export function questionConcepts(question: string, index: PostIndex): Concept[] {
  const words = queryWords(question);
  const concepts: Concept[] = [];
  let repairs = 0;
  const known = (term: string): boolean => index.byPost.term(term) !== undefined;
  for (const word of words) {
    if (word.isJoined && !known(word.term)) continue;
    const alternatives: { term: string; weight: number }[] = [];
    const offer: Offer = (term, weight) => {
      if (known(term) && !alternatives.some((other) => other.term === term)) {
        alternatives.push({ term, weight });
      }
    };
    let { weight } = word;
    offer(word.term, 1);
    const isKnown = alternatives.length > 0;
    for (const synonym of synonymsOf(word.term)) offer(synonym, standsFor.synonym);
    for (const part of word.parts) offer(part, isKnown ? 0.4 : 0.6);
    if (!isKnown && word.weight === 1) {
      if (word.surface !== '' && repairs < maxRepairs && wordsAlike(word.surface).length === 0) {
        repairs += 1;
        const repaired = index.spelling.repair(word.surface);
        for (const surface of repaired) offer(stem(surface), 0.8);
        // A slip in a word that says little says little too.
        if (repaired[0] !== undefined && saysLittle(repaired[0])) weight = slipWeight;
      }
      const split = alternatives.length === 0 ? splitWord(word.surface, index) : undefined;
      for (const part of split ?? []) offer(part, 0.6);
    }
    if (word.counted) {
      offerAlike(word.surface, index, offer);
      offerTranslations(word, index, offer);
    }
    const idf = isKnown
      ? (index.byPost.term(word.term)?.idf ?? 0)
      : Math.max(0, ...alternatives.map(({ term }) => index.byPost.term(term)?.idf ?? 0)) ||
        index.byPost.unknownIdf;
    concepts.push({ word: weight === word.weight ? word : { ...word, weight }, alternatives, idf });
  }
  // `web assembly` also finds `WebAssembly`, which is one word to the index.
  for (const [at, word] of words.entries()) {
    const next = words[at + 1];
    if (!next || word.surface === '' || next.surface === '') continue;
    if (next.position !== word.position + 1) continue;
    const joined = stem(word.surface + next.surface);
    const scores = index.byPost.term(joined);
    if (!scores) continue;
    concepts.push({
      word: { ...word, surface: '', term: joined, weight: 0.8, counted: false, parts: [] },
      alternatives: [{ term: joined, weight: 1 }],
      idf: scores.idf,
    });
  }
  return concepts;
}
