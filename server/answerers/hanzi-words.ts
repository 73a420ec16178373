/**
 * The words of a Chinese question, cut so that as few as possible come out and that they are words
 * of the dictionary (K.-J. Chen, S.-H. Liu, "Word identification for Mandarin Chinese sentences",
 * COLING 1992). Question frames are cut off; characters that are left alone say less.
 */
import { framesZh, weakFramesZh } from './hanzi-frames.ts';
import { looseZh, stopWordsZh, weakWordsZh } from './stop-words.ts';
import type { UnspacedWords } from './tokenize.ts';

export interface HanziLexicon {
  /** Whether it is a word of the language. */
  has(word: string): boolean;
  /** Whether the blog has it. */
  isKnown(word: string): boolean;
}

const longest = 7;
const costs = { word: 1, frame: 0.9, single: 1.45, frameSingle: 0.95, known: 0.12, long: 0.08 };

const isFrame = (word: string): boolean => framesZh.has(word) || stopWordsZh.has(word);

function costOf(word: string, lexicon: HanziLexicon): number {
  if (word.length === 1) return isFrame(word) ? costs.frameSingle : costs.single;
  if (isFrame(word)) return costs.frame;
  if (!lexicon.has(word)) return Number.POSITIVE_INFINITY;
  const known = word.length > 2 || lexicon.isKnown(word) ? costs.known : 0;
  return costs.word - known + (word.length > 3 ? costs.long * (word.length - 3) : 0);
}

/** Cuts a run of Chinese into words; every character is in one of them. */
export function cutHanzi(run: string, lexicon: HanziLexicon): string[] {
  const characters = [...run];
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let to = 1; to <= characters.length; to += 1) {
    let found = { cost: Number.POSITIVE_INFINITY, from: to - 1 };
    for (let from = Math.max(0, to - longest); from < to; from += 1) {
      const cost = (best[from]?.cost ?? 0) + costOf(characters.slice(from, to).join(''), lexicon);
      if (cost < found.cost) found = { cost, from };
    }
    best.push(found);
  }
  const words: string[] = [];
  for (let to = characters.length; to > 0; to = best[to]?.from ?? 0) {
    words.unshift(characters.slice(best[to]?.from ?? 0, to).join(''));
  }
  return words;
}

const weights = { single: 0.5, weak: 0.3 };

/** What a run of a question asks for, in stretches without frames between them. */
export function hanziWords(run: string, lexicon: HanziLexicon): UnspacedWords[] {
  const found: UnspacedWords[] = [];
  let current: UnspacedWords = { words: [], content: '' };
  let singles: string[] = [];
  const flush = (): void => {
    for (let at = 0; at < singles.length; at += 1) {
      const [left = '', right = ''] = singles.slice(at, at + 2);
      // Two that the dictionary does not know together but the blog does: a word of its own.
      if (right !== '' && lexicon.isKnown(left + right)) {
        current.words.push({ text: left + right, weight: 0.9 });
        at += 1;
      } else if (!looseZh.has(left)) {
        const weak = weakFramesZh.has(left) || weakWordsZh.has(left);
        current.words.push({ text: left, weight: weak ? weights.weak : weights.single });
      }
    }
    singles = [];
  };
  for (const word of cutHanzi(run, lexicon)) {
    if (isFrame(word)) {
      flush();
      found.push(current);
      current = { words: [], content: '' };
      continue;
    }
    current.content += word;
    if (word.length === 1) singles.push(word);
    else {
      flush();
      const weak = weakFramesZh.has(word) || weakWordsZh.has(word);
      current.words.push({ text: word, weight: weak ? weights.weak : 1 });
    }
  }
  flush();
  found.push(current);
  return found;
}
