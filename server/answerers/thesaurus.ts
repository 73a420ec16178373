/**
 * What posts say instead of what visitors say: words and phrases, from `words/thesaurus.tsv`,
 * which was written for this project. See `words/README.md`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wordsDir } from '../paths.ts';
import { stem } from './stem.ts';

export interface Instead {
  /** A term, or terms of one expression with a blank between them. */
  readonly term: string;
  /** 0–1: the likelier to be what is meant, the more. */
  readonly weight: number;
}

/** Words that phrases are looked up without: `put it online` is `put online`. */
const fillers: ReadonlySet<string> = new Set(
  'a an the my your our his her their its it them this that these those some any'.split(' '),
);
/** Longer expressions are sentences. */
const longestPhrase = 4;
/** Words of a question that are looked at for expressions; the rest is noise. */
const mostWords = 200;

let lines: Map<string, string> | undefined;

const isHan = (text: string): boolean => /\p{sc=Han}/u.test(text);
const termsOf = (words: readonly string[]): string => words.map(stem).join(' ');
/** The words of a text that expressions are looked up by, without apostrophes. */
const wordsOf = (text: string): string[] =>
  (text.replaceAll(/['’]/g, '').match(/[a-z\d][a-z\d+#.-]*/g) ?? [])
    .map((word) => word.replace(/[.-]+$/, ''))
    .filter((word) => !fillers.has(word));

const keyOf = (head: string): string =>
  isHan(head) || !head.includes(' ') ? stem(head) : termsOf(wordsOf(head));

/** Reads the file, once. */
function read(): Map<string, string> {
  if (lines) return lines;
  const found = new Map<string, string>();
  for (const line of readFileSync(join(wordsDir, 'thesaurus.tsv'), 'utf8').split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 0) continue;
    const key = keyOf(line.slice(0, tab));
    const alternatives = line.slice(tab + 1);
    const before = found.get(key);
    found.set(key, before === undefined ? alternatives : `${before}, ${alternatives}`);
  }
  lines = found;
  return found;
}

/** Each next alternative is a little less likely meant. */
const laterWeight = 0.95;
const leastWeight = 0.5;

/** What may stand for a term, or for terms of one expression; likeliest first. */
export function insteadOf(key: string): Instead[] {
  const line = read().get(key);
  if (line === undefined) return [];
  return line
    .split(', ')
    .map((text, at) => ({
      term: isHan(text) ? text : termsOf(text.split(' ')),
      weight: Math.max(leastWeight, laterWeight ** at),
    }))
    .filter(({ term }) => term !== key);
}

/** Whether the thesaurus has a line for it. */
export const isHead = (key: string): boolean => read().has(key);

/** Expressions of a question that have a line, longest first: terms with a blank between them. */
export function phrasesIn(question: string): string[] {
  const terms = wordsOf(question.toLowerCase()).slice(0, mostWords).map(stem);
  const found: string[] = [];
  for (let length = longestPhrase; length > 1; length -= 1) {
    for (let at = 0; at + length <= terms.length; at += 1) {
      const phrase = terms.slice(at, at + length).join(' ');
      if (read().has(phrase) && !found.some((longer) => ` ${longer} `.includes(` ${phrase} `))) {
        found.push(phrase);
      }
    }
  }
  return found;
}
