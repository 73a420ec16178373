/** Whether a write-ahead log ends within a transaction: its writer died before the commit. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const headerBytes = 32;
const frameHeaderBytes = 24;

/**
 * Reads the frames of a SQLite WAL (https://www.sqlite.org/fileformat2.html#walformat) of a
 * process that has died. Frames of an earlier round of the log, which carry other salts, end it.
 *
 * @returns false too where there is no log, or an empty one
 */
export function endsTorn(walFile: string): boolean {
  let file: number;
  try {
    file = openSync(walFile, 'r');
  } catch {
    return false;
  }
  try {
    const size = fstatSync(file).size;
    const header = Buffer.alloc(headerBytes);
    if (readSync(file, header, 0, headerBytes, 0) < headerBytes) return false;
    const pageBytes = header.readUInt32BE(8);
    if (pageBytes < 512) return false;
    const frame = Buffer.alloc(frameHeaderBytes);
    let torn = false;
    for (let at = headerBytes; at < size; at += frameHeaderBytes + pageBytes) {
      const read = readSync(file, frame, 0, frameHeaderBytes, at);
      const isOfThisRound = read === frameHeaderBytes && frame.compare(header, 16, 24, 8, 16) === 0;
      if (!isOfThisRound) return torn;
      // A commit's frame names the size of the database in pages; others name 0.
      torn = frame.readUInt32BE(4) === 0 || at + frameHeaderBytes + pageBytes > size;
    }
    return torn;
  } finally {
    closeSync(file);
  }
}
