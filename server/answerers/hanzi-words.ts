/**
 * The words of a Chinese question, cut so that as few as possible come out and that they are words
 * of the dictionary (K.-J. Chen, S.-H. Liu, "Word identification for Mandarin Chinese sentences",
 * COLING 1992). Question frames are cut off; characters that are left alone say less.
 */
import { framesZh, weakFramesZh } from './hanzi-frames.ts';
import { respell, type SoundLexicon } from './hanzi-spelling.ts';
import { looseZh, stopWordsZh, weakWordsZh } from './stop-words.ts';
import type { UnspacedWords } from './tokenize.ts';

const longest = 7;
const costs = { word: 1, frame: 0.9, single: 1.45, frameSingle: 0.95, known: 0.15, long: 0.08 };

/** Logarithm of how many posts a common word stands in. */
const commonUse = 5;

const isFrame = (word: string): boolean => framesZh.has(word) || stopWordsZh.has(word);

function costOf(word: string, lexicon: SoundLexicon): number {
  if (word.length === 1) return isFrame(word) ? costs.frameSingle : costs.single;
  if (isFrame(word)) return costs.frame;
  if (!lexicon.has(word)) return Number.POSITIVE_INFINITY;
  // Of two ways to cut, the one into words that the blog uses more: 版本 rather than 新版.
  const use = word.length > 2 ? 1 : Math.min(1, Math.log1p(lexicon.uses(word)) / commonUse);
  return costs.word - costs.known * use + (word.length > 3 ? costs.long * (word.length - 3) : 0);
}

/** Cuts a run of Chinese into words; every character is in one of them. */
export function cutHanzi(run: string, lexicon: SoundLexicon): string[] {
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

const weights = { single: 0.5, weak: 0.3, unknownPair: 0.9, repaired: 0.8, maybe: 0.45 };
const isWeak = (word: string): boolean => weakFramesZh.has(word) || weakWordsZh.has(word);
/** Repairs looked up in a run. */
const maxRepairs = 6;

/** The long word that a word and a character beside it were meant to be: 服务气 for 服务器. */
function longRepairOf(left: string, right: string, lexicon: SoundLexicon): string | undefined {
  const one = left.length === 1 ? left : right;
  if (left.length + right.length !== 3 || [left, right].some(isFrame)) return undefined;
  if (isWeak(one) || looseZh.has(one) || lexicon.uses(one) > 0) return undefined;
  return respell(left + right, lexicon, (place) => place === (one === left ? 0 : 2));
}

/** What two neighbouring characters that are no word were meant to be. */
function repairOf(left: string, right: string, lexicon: SoundLexicon): Word | undefined {
  const telling = [left, right].filter((one) => !isFrame(one) && !isWeak(one) && !looseZh.has(one));
  if (telling.length === 0) return undefined;
  const text = respell(left + right, lexicon);
  if (text === undefined) return undefined;
  // Characters that the blog has as words may be meant as they stand.
  const isSure = telling.some((one) => lexicon.uses(one) === 0);
  return { text, weight: isSure ? weights.repaired : weights.maybe };
}

type Word = UnspacedWords['words'][number];

/** What a run of a question asks for, in stretches without frames between them. */
export function hanziWords(run: string, lexicon: SoundLexicon): UnspacedWords[] {
  const found: UnspacedWords[] = [];
  let current: UnspacedWords = { words: [], content: '' };
  let repairs = 0;
  const words = cutHanzi(run, lexicon);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const next = words[at + 1] ?? '';
    const pair = word + next;
    const isPair = word.length === 1 && next.length === 1 && !(isFrame(word) && isFrame(next));
    // Two that the dictionary does not know together but the blog does: a word of its own.
    if (isPair && !isFrame(word) && !isFrame(next) && lexicon.uses(pair) > 0) {
      current.content += pair;
      current.words.push({ text: pair, weight: weights.unknownPair });
      at += 1;
      continue;
    }
    if (isPair && repairs < maxRepairs && lexicon.uses(pair) === 0) {
      repairs += 1;
      const repair = repairOf(word, next, lexicon);
      if (repair) current.words.push(repair);
      if (repair?.weight === weights.repaired) {
        at += 1;
        continue;
      }
    }
    const long = repairs < maxRepairs ? longRepairOf(word, next, lexicon) : undefined;
    if (long !== undefined) {
      repairs += 1;
      current.content += long;
      current.words.push({ text: long, weight: weights.repaired });
      at += 1;
      continue;
    }
    if (isFrame(word)) {
      found.push(current);
      current = { words: [], content: '' };
      continue;
    }
    current.content += word;
    if (word.length === 1 && looseZh.has(word)) continue;
    const weight = word.length === 1 ? weights.single : 1;
    current.words.push({ text: word, weight: isWeak(word) ? weights.weak : weight });
  }
  found.push(current);
  return found;
}
