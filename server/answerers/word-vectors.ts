/**
 * What words mean, as directions: terms that are said of the same matters point the same way,
 * English ones and Chinese ones together. From `words/word-vectors.bin`, which was trained for this
 * project, and `words/word-vectors-zh.bin`, where words of two characters are what they are called
 * in English. See `words/README.md`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wordsDir } from '../paths.ts';

export interface WordVectors {
  /** Rows are lower than this. */
  readonly rows: number;
  /** Rows of Chinese words are not lower than this. */
  readonly chineseFrom: number;
  /** Numbers of a direction. */
  readonly dimension: number;
  /** The row of a term, as the index has it; undefined where it is not among them. */
  row(term: string): number | undefined;
  /** Directions, row after row, each of its own length. */
  readonly directions: Int8Array;
  /** What makes a row's direction one of length 1. */
  scale(row: number): number;
  /** How much a word of a question counts, by row; 1 on the average. */
  readonly asked: Float32Array;
  /** How much a word counts towards what a text means, by row; 1 on the average. */
  readonly said: Float32Array;
}

/** What a file holds; a word's row is its place in the list. */
export interface WordTable {
  readonly dimension: number;
  readonly words: readonly string[];
  readonly directions: Int8Array;
  readonly asked: Float32Array;
  readonly said: Float32Array;
}

const newline = 10;

interface Header {
  readonly words: number;
  readonly dimension: number;
  /** Of the list of words, with the end of its last line. */
  readonly listBytes: number;
}

const notWhole =
  'A table of word vectors (words/word-vectors*.bin) is not whole: install the package anew.';
/** Rows are numbered in 16 bits. */
const mostWords = 65_536;

function readHeader(line: string): Header {
  try {
    const header = JSON.parse(line) as Header;
    const isTable = header.words <= mostWords && header.dimension > 0 && header.listBytes > 0;
    if (isTable) return header;
  } catch {
    // Told below.
  }
  throw new Error(notWhole);
}

/** @throws where the bytes are not a table of this kind */
export function readWordTable(bytes: Buffer): WordTable {
  const headEnd = Math.max(0, bytes.indexOf(newline));
  const { words, dimension, listBytes } = readHeader(bytes.toString('utf8', 0, headEnd));
  const floats = 4 * words;
  const start = headEnd + 1 + listBytes;
  const list = bytes.toString('utf8', headEnd + 1, start - 1).split('\n');
  if (list.length !== words || bytes.length !== start + 2 * floats + words * dimension) {
    throw new Error(notWhole);
  }
  // Copied: numbers of four bytes have to stand at a multiple of four.
  const numbers = (from: number): Float32Array =>
    new Float32Array(new Uint8Array(bytes.subarray(from, from + floats)).buffer);
  return {
    dimension,
    words: list,
    directions: new Int8Array(new Uint8Array(bytes.subarray(start + 2 * floats)).buffer),
    asked: numbers(start),
    said: numbers(start + floats),
  };
}

/** Two characters of the Chinese script. */
export const isHanPair = (term: string): boolean =>
  term.length === 2 && /^\p{sc=Han}{2}$/u.test(term);

/**
 * Puts the tables together.
 *
 * @param openChinese - called once, when the first word of Chinese is looked up: many blogs need
 *   none. Where it throws, or its directions are of another kind, Chinese words mean nothing
 * @param onError - told of that
 */
export function createWordVectors(
  english: WordTable,
  openChinese: () => WordTable,
  onError: (error: Error) => void,
): WordVectors {
  const { dimension } = english;
  const rows = new Map<string, number>();
  const directions = new Int8Array(mostWords * dimension);
  const asked = new Float32Array(mostWords);
  const said = new Float32Array(mostWords);
  // Of all the words a blog has some thousands: each is worked out when it is met.
  const scales = new Float32Array(mostWords);
  function add(table: WordTable): void {
    const first = rows.size;
    if (table.dimension !== dimension || first + table.words.length > mostWords) {
      throw new Error(notWhole);
    }
    for (const [at, word] of table.words.entries()) rows.set(word, first + at);
    directions.set(table.directions, first * dimension);
    asked.set(table.asked, first);
    said.set(table.said, first);
  }
  add(english);
  let isOpen = false;
  function addChinese(): void {
    isOpen = true;
    try {
      add(openChinese());
    } catch (error) {
      onError(new Error(notWhole, { cause: error }));
    }
  }
  return {
    rows: mostWords,
    chineseFrom: english.words.length,
    dimension,
    row(term) {
      if (!isOpen && isHanPair(term)) addChinese();
      return rows.get(term);
    },
    directions,
    scale(row) {
      const known = scales[row] ?? 0;
      if (known > 0) return known;
      let squares = 0;
      for (let at = row * dimension; at < (row + 1) * dimension; at += 1) {
        squares += (directions[at] as number) ** 2;
      }
      scales[row] = squares === 0 ? 0 : 1 / Math.sqrt(squares);
      // As it is kept, in 32 bits: the second time is to be as the first.
      return scales[row];
    },
    asked,
    said,
  };
}

const readTable = (file: string): WordTable => readWordTable(readFileSync(join(wordsDir, file)));
let shared: WordVectors | undefined;

/** The tables, read when they are first asked for. */
export const wordVectors = (): WordVectors =>
  (shared ??= createWordVectors(
    readTable('word-vectors.bin'),
    () => readTable('word-vectors-zh.bin'),
    (error) => process.emitWarning(error),
  ));
