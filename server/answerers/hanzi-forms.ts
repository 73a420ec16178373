/** Other forms that a word of Chinese is written in: traditional characters, no 儿, digits. */
import type { Bm25Index } from './bm25-index.ts';
import type { Dictionary } from './cross-dictionary.ts';

const mostForms = 6;

/** Words that hardly any text in traditional characters is without. */
const traditionalWords = [
  '這個',
  '我們',
  '什麼',
  '沒有',
  '時候',
  '會有',
  '為了',
  '還有',
  '這樣',
  '對於',
];

export const hasTraditional = (index: Bm25Index): boolean =>
  traditionalWords.some((word) => index.term(word) !== undefined);

/** How a word of simplified Chinese may stand in traditional text. */
export function traditionalForms(word: string, dictionary: Dictionary): string[] {
  let forms = [''];
  for (const character of word) {
    const written = [...dictionary.traditional(character), character];
    forms = forms
      .flatMap((form) => written.map((one) => form + one))
      .slice(0, mostForms * written.length);
  }
  return forms.filter((form) => form !== word).slice(0, mostForms);
}

const digits = '〇一二三四五六七八九';
const digitOf = (character: string): number => digits.indexOf(character.replace('零', '〇'));

/** Numbers of a run in Arabic digits: `二零二四年` → 2024, `第十三章` → 13. */
export function arabicNumbers(run: string): string[] {
  const found: string[] = [];
  for (const [year] of run.matchAll(/[〇零一二三四五六七八九]{4}(?=年)/g)) {
    found.push(Array.from(year, digitOf).join(''));
  }
  for (const [, tens, ten, ones] of run.matchAll(
    /第([一二三四五六七八九])?(十)?([一二三四五六七八九])?/g,
  )) {
    if (ten === undefined && tens === undefined) continue;
    if (ten === undefined) found.push(String(digitOf(tens ?? '')));
    else found.push(String((tens ? digitOf(tens) : 1) * 10 + (ones ? digitOf(ones) : 0)));
  }
  return found;
}
