/** A sorted table of `words/`, read when it is first asked: lines are found by halving the bytes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wordsDir } from '../paths.ts';

const newline = 10;
const mostRecent = 500;

/**
 * What belongs to a key in lines of key, tab, value that are sorted by their bytes.
 *
 * @returns undefined where no line has the key
 */
export function findLine(table: Buffer, key: string): string | undefined {
  const wanted = Buffer.from(`${key}\t`);
  let from = 0;
  let to = table.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const start = middle === 0 ? 0 : table.lastIndexOf(newline, middle - 1) + 1;
    const found = table.indexOf(newline, start);
    const end = found < 0 ? table.length : found;
    const order = wanted.compare(table, start, Math.min(end, start + wanted.length));
    if (order === 0) return table.toString('utf8', start + wanted.length, end);
    if (order < 0) to = start;
    else from = end + 1;
  }
  return undefined;
}

/** @param name - of a file in `words/` */
export function createWordTable(name: string): (key: string) => string | undefined {
  let table: Buffer | undefined;
  /** What was asked of late: one question asks for a word several times. */
  const recent = new Map<string, string | undefined>();
  return (key) => {
    if (recent.has(key)) return recent.get(key);
    // Longer than any key, or with a mark of the format: nobody's word.
    if (key.length > 40 || /[\t\n]/.test(key)) return undefined;
    table ??= readFileSync(join(wordsDir, name));
    const found = findLine(table, key);
    if (recent.size >= mostRecent) recent.clear();
    recent.set(key, found);
    return found;
  };
}
