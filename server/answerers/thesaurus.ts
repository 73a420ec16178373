/**
 * What posts say instead of what visitors say: words and expressions, from `words/thesaurus.tsv`,
 * which was written for this project. See `words/README.md`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wordsDir } from '../paths.ts';
import { stem } from './stem.ts';
import { stopWords } from './stop-words.ts';

export interface Instead {
  /** A term, or those of an expression that say something. */
  readonly terms: readonly string[];
  /** An expression as one word, `roll back` as `rollback`: a term. */
  readonly joined?: string;
  /** 0–1: the likelier to be what is meant, the more. */
  readonly weight: number;
}

/** Words that expressions are looked up without: `put it online` is `put online`. */
const fillers: ReadonlySet<string> = new Set(
  'a an the my your our his her their its it them this that these those some any'.split(' '),
);
/** Longer expressions are sentences. */
const longestPhrase = 4;
/** Longer words, in letters, are nobody's. */
const longestWord = 48;
/** Words of a question that are looked at for expressions; the rest is noise. */
const mostWords = 200;

const isHan = (text: string): boolean => /\p{sc=Han}/u.test(text);

/** The words of a text that expressions are looked up by, without apostrophes. */
const wordsOf = (text: string): string[] =>
  (text.replaceAll(/['’]/g, '').match(/[a-z\d](?:[a-z\d+#.-]*[a-z\d+#])?/g) ?? []).filter(
    (word) => word.length <= longestWord && !fillers.has(word),
  );
const phraseOf = (words: readonly string[]): string => words.map(stem).join(' ');

interface Lines {
  readonly words: ReadonlyMap<string, string>;
  /** Heads of one word by their stem. */
  readonly heads: ReadonlyMap<string, readonly string[]>;
  readonly phrases: ReadonlyMap<string, string>;
}
let lines: Lines | undefined;

/** Reads the file, once. */
function read(): Lines {
  if (lines) return lines;
  const words = new Map<string, string>();
  const heads = new Map<string, string[]>();
  const phrases = new Map<string, string>();
  for (const line of readFileSync(join(wordsDir, 'thesaurus.tsv'), 'utf8').split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 0) continue;
    const head = line.slice(0, tab);
    const alternatives = line.slice(tab + 1);
    if (head.includes(' ')) {
      const phrase = phraseOf(wordsOf(head));
      const before = phrases.get(phrase);
      phrases.set(phrase, before === undefined ? alternatives : `${before}, ${alternatives}`);
      continue;
    }
    words.set(head, alternatives);
    if (isHan(head)) continue;
    const key = stem(head);
    heads.set(key, [...(heads.get(key) ?? []), head]);
  }
  lines = { words, heads, phrases };
  return lines;
}

/** Each next alternative is a little less likely meant. */
const laterWeight = 0.95;
const leastWeight = 0.5;

function alternativesOf(line: string | undefined): Instead[] {
  if (line === undefined) return [];
  return line.split(', ').map((text, at) => {
    const weight = Math.max(leastWeight, laterWeight ** at);
    const words = text.split(' ');
    if (isHan(text) || words.length === 1)
      return { terms: [isHan(text) ? text : stem(text)], weight };
    const terms = words.filter((word) => !stopWords.has(word)).map(stem);
    return { terms, joined: stem(words.join('')), weight };
  });
}

function sameLetters(left: string, right: string): number {
  let same = 0;
  while (same < left.length && left[same] === right[same]) same += 1;
  return same;
}

/** The head that a form of it is meant by: of `animates` rather `animate` than `animal`. */
function headOf(word: string): string | undefined {
  const { words, heads } = read();
  if (words.has(word)) return word;
  if (word.length > longestWord) return undefined;
  const found = heads.get(stem(word));
  return found?.reduce((best, head) =>
    sameLetters(head, word) > sameLetters(best, word) ? head : best,
  );
}

/** What may stand for a word in lower case, whatever form it has; likeliest first. */
export function insteadOfWord(word: string): Instead[] {
  const head = headOf(word);
  return head === undefined ? [] : alternativesOf(read().words.get(head));
}

/** What may stand for an expression, as `phrasesIn` finds it; likeliest first. */
export const insteadOfPhrase = (phrase: string): Instead[] =>
  alternativesOf(read().phrases.get(phrase));

/** Whether just this word has a line. */
export const isHead = (word: string): boolean => read().words.has(word);

/** Expressions of a question that have a line, longest first: stems with a blank between them. */
export function phrasesIn(question: string): string[] {
  const { phrases } = read();
  const terms = wordsOf(question.toLowerCase()).slice(0, mostWords).map(stem);
  const found: string[] = [];
  for (let length = longestPhrase; length > 1; length -= 1) {
    for (let at = 0; at + length <= terms.length; at += 1) {
      const phrase = terms.slice(at, at + length).join(' ');
      if (phrases.has(phrase) && !found.some((longer) => ` ${longer} `.includes(` ${phrase} `))) {
        found.push(phrase);
      }
    }
  }
  return found;
}
