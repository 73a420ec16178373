/** English words used alike, from GloVe vectors: `teach` and `learn`. See `words/README.md`. */
import { createWordTable } from './word-table.ts';

const table = createWordTable('alike.tsv');

export interface AlikeWord {
  readonly word: string;
  /** 0.6–1: the cosine of the two words' vectors. */
  readonly like: number;
}

/** Words that a word is used like, likest first; forms of the word itself are not among them. */
export function wordsAlike(word: string): AlikeWord[] {
  const line = table(word);
  if (line === undefined) return [];
  return line
    .split(' ')
    .map((said) => ({ word: said.slice(1), like: 0.55 + Number(said[0]) * 0.05 }));
}
