/** A question as what it asks for: each word with everything in the blog that may stand for it. */
import { crossQuestion } from './cross-question.ts';
import { hasHan, indexedHan, type OpenDictionary } from './cross-words.ts';
import { cutWith, formsOf } from './hanzi-cut.ts';
import { familyOf } from './word-family.ts';
import { wordsAlike } from './alike.ts';
import type { PostIndex } from './post-index.ts';
import { stem } from './stem.ts';
import { stopWords, weakWords } from './stop-words.ts';
import { offerInstead, phrasesByWord, type Offer } from './stand-ins.ts';
import { synonymsOf } from './synonyms.ts';
import { queryWords, type QueryWord } from './tokenize.ts';

export interface Concept {
  readonly word: QueryWord;
  /** Terms of the blog that stand for the word, each with how well, 0–1; empty where none does. */
  readonly alternatives: readonly { readonly term: string; readonly weight: number }[];
  /** How much the word says, by its rarity in the blog. */
  readonly idf: number;
  /** Whether it was looked for in the other language. */
  readonly crossed?: boolean;
  /** Whether the blog has something that the thesaurus has for it. */
  readonly hasStandIns?: boolean;
}

/** What a misspelt weak word or stop word counts. */
const slipWeight = 0.3;
const saysLittle = (surface: string): boolean =>
  stopWords.has(surface) || weakWords.has(surface) || weakWords.has(stem(surface));

/** How well others stand for a word: blunter the further they are from what was asked. */
const standsFor = { synonym: 0.5, alike: 0.5, family: 0.4 };
/** Words used alike, and Chinese words for one, that are taken up at most. */
const mostAlike = 4;

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

const idfOf = (alternatives: Concept['alternatives'], index: PostIndex): number =>
  Math.max(0, ...alternatives.map(({ term }) => index.byPost.term(term)?.idf ?? 0));

/** `web assembly` also finds `WebAssembly`, which is one word to the index. */
function joinedWords(words: readonly QueryWord[], index: PostIndex): Concept[] {
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    if (!next || word.surface === '' || next.surface === '') return [];
    if (next.position !== word.position + 1) return [];
    const term = stem(word.surface + next.surface);
    const scores = index.byPost.term(term);
    if (!scores) return [];
    return {
      word: { ...word, surface: '', term, weight: 0.8, counted: false, parts: [] },
      alternatives: [{ term, weight: 1 }],
      idf: scores.idf,
    };
  });
}

export interface ConceptOptions {
  /** For words of another language than the posts; without it they stay unknown. */
  readonly open?: OpenDictionary | undefined;
  /**
   * Whether also what the thesaurus has for a word stands for it: more is found, and more of it by
   * chance. Default false.
   */
  readonly widened?: boolean;
}

export function questionConcepts(
  question: string,
  index: PostIndex,
  { open, widened = false }: ConceptOptions = {},
): Concept[] {
  const dictionary = open?.dictionary;
  const asked = dictionary
    ? queryWords(question, undefined, cutWith(dictionary, index, widened))
    : queryWords(question);
  const crossing = open && crossQuestion(question, asked, open, index);
  const words = crossing?.words ?? asked;
  const concepts: Concept[] = [];
  const phrases = widened ? phrasesByWord(question, words, index) : new Map<QueryWord, string[]>();
  const askedTerms = new Set(words.map(({ term }) => term));
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
    // A long word of Chinese is in the index in pairs of characters, whatever it was cut into.
    if (word.surface === '' && word.parts.length > 1) {
      offer(indexedHan(word.term, index.byPost) ?? word.term, 0.95);
    }
    if (dictionary && hasHan(word.term)) {
      for (const form of formsOf(word.term, dictionary, index)) {
        offer(indexedHan(form, index.byPost) ?? form, 0.95);
      }
    }
    const isKnown = alternatives.length > 0;
    const crossed = crossing?.of.get(word);
    for (const other of crossed ?? []) offer(other.term, other.weight);
    for (const synonym of synonymsOf(word.term)) {
      offer(
        hasHan(synonym) ? (indexedHan(synonym, index.byPost) ?? synonym) : synonym,
        standsFor.synonym,
      );
    }
    const hasStandIns =
      widened &&
      word.counted &&
      offerInstead(word, phrases.get(word) ?? [], askedTerms, index, offer);
    for (const part of word.parts) offer(part, isKnown ? 0.4 : 0.6);
    if (!isKnown && word.weight === 1 && !crossed?.length) {
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
      for (const term of familyOf(word.term)) offer(term, standsFor.family);
      offerAlike(word.surface, index, offer);
    }
    const idf = isKnown
      ? idfOf(alternatives.slice(0, 1), index)
      : idfOf(crossed?.length ? alternatives.slice(0, 1) : alternatives, index) ||
        index.byPost.unknownIdf;
    concepts.push({
      word: weight === word.weight ? word : { ...word, weight },
      alternatives,
      idf,
      ...(crossed && { crossed: true }),
      ...(hasStandIns && { hasStandIns: true }),
    });
  }
  return [...concepts, ...joinedWords(words, index)];
}
