/**
 * What words mean, as directions: English terms that are said of the same matters point the same
 * way. From `words/word-vectors.bin`, which was trained for this project. See `words/README.md`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wordsDir } from '../paths.ts';

export interface WordVectors {
  /** Rows are lower than this. */
  readonly words: number;
  /** Numbers of a direction. */
  readonly dimension: number;
  /** The row of a term, as the stemmer has it; undefined where it is not among them. */
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

const newline = 10;

interface Header {
  readonly words: number;
  readonly dimension: number;
  /** Of the list of words, with the end of its last line. */
  readonly listBytes: number;
}

const notWhole =
  'The table of word vectors (words/word-vectors.bin) is not whole: install the package anew.';
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
export function readWordVectors(bytes: Buffer): WordVectors {
  const headEnd = Math.max(0, bytes.indexOf(newline));
  const { words, dimension, listBytes } = readHeader(bytes.toString('utf8', 0, headEnd));
  const floats = 4 * words;
  const start = headEnd + 1 + listBytes;
  const list = bytes.toString('utf8', headEnd + 1, start - 1).split('\n');
  if (list.length !== words || bytes.length !== start + 2 * floats + words * dimension) {
    throw new Error(notWhole);
  }
  const rows = new Map<string, number>();
  for (const [row, word] of list.entries()) rows.set(word, row);
  // Copied: numbers of four bytes have to stand at a multiple of four.
  const numbers = (from: number): Float32Array =>
    new Float32Array(new Uint8Array(bytes.subarray(from, from + floats)).buffer);
  const directions = new Int8Array(new Uint8Array(bytes.subarray(start + 2 * floats)).buffer);
  // Of 40,000 words a blog has some thousands: each is worked out when it is met.
  const scales = new Float32Array(words);
  const scale = (row: number): number => {
    const known = scales[row] ?? 0;
    if (known > 0) return known;
    let squares = 0;
    for (let at = row * dimension; at < (row + 1) * dimension; at += 1) {
      squares += (directions[at] as number) ** 2;
    }
    const found = squares === 0 ? 0 : 1 / Math.sqrt(squares);
    scales[row] = found;
    return found;
  };
  return {
    words,
    dimension,
    row: (term) => rows.get(term),
    directions,
    scale,
    asked: numbers(start),
    said: numbers(start + floats),
  };
}

let table: WordVectors | undefined;

/** The table, read when it is first asked for. */
export const wordVectors = (): WordVectors =>
  (table ??= readWordVectors(readFileSync(join(wordsDir, 'word-vectors.bin'))));
