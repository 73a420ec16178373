/**
 * Chinese and English words for each other, from CC-CEDICT, so that a question may be in another
 * language than the posts. See `words/README.md`.
 */
import { createWordTable } from './word-table.ts';

const toEnglish = createWordTable('zh-en.tsv');
const toChinese = createWordTable('en-zh.tsv');

/** The glosses of a Chinese word, the usual first, each as its telling words. */
export const englishOf = (word: string): string[][] =>
  toEnglish(word)
    ?.split(',')
    .map((gloss) => gloss.split(' ')) ?? [];

/** How dictionaries may list an inflected word. */
const baseForms = (word: string): string[] => [
  word,
  ...(word.endsWith('s') ? [word.slice(0, -1)] : []),
  ...(word.endsWith('es') ? [word.slice(0, -2)] : []),
  ...(word.endsWith('ies') ? [`${word.slice(0, -3)}y`] : []),
  ...(word.endsWith('ed') ? [word.slice(0, -2), word.slice(0, -1), word.slice(0, -3)] : []),
  ...(word.endsWith('ing') ? [word.slice(0, -3), `${word.slice(0, -3)}e`, word.slice(0, -4)] : []),
];

/** Chinese words that an English word, in lower case, is a gloss of, the closest first. */
export function chineseOf(word: string): string[] {
  for (const form of baseForms(word)) {
    const line = toChinese(form);
    if (line !== undefined) return line.split(' ');
  }
  return [];
}
