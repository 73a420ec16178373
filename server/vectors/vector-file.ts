/**
 * Vectors kept in a file, each under the digest of the text it stands for. A cache: whatever is
 * wrong with the file, it is as if it were not there.
 *
 * `CCV1`, dimension and count as 32-bit little-endian numbers, the keys (16 bytes each), the
 * vectors (32-bit floats), and the SHA-256 of all that.
 */
import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { dirname } from 'node:path';
import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { makeFolder } from '../stores/make-folder.ts';

/** By the key's text: 32 hexadecimal digits. All of the same length. */
export type Vectors = ReadonlyMap<string, Float32Array>;

const magic = 'CCV1';
const headBytes = 12;
const keyBytes = 16;
const digestBytes = 32;
/** So many bytes are copied or hashed in one go: a large blog has 100 MB and more of vectors. */
const turnBytes = 4 * 1024 * 1024;
const isBigEndian = endianness() === 'BE';

/** What a vector is kept under. */
export const keyOf = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, keyBytes * 2);

async function digestOf(bytes: Uint8Array): Promise<Buffer> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += turnBytes) {
    hash.update(bytes.subarray(at, at + turnBytes));
    await yieldToLoop();
  }
  return hash.digest();
}

/** Lets others have a turn after so many bytes. */
function turns(): (bytes: number) => Promise<void> {
  let left = turnBytes;
  return async (bytes) => {
    left -= bytes;
    if (left > 0) return;
    left = turnBytes;
    await yieldToLoop();
  };
}

/** The numbers as they stand in the file, or back again. */
const littleEndian = (bytes: Buffer): Buffer => (isBigEndian ? bytes.swap32() : bytes);

export async function readVectors(file: string): Promise<Vectors> {
  const vectors = new Map<string, Float32Array>();
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes || bytes.length < headBytes + digestBytes) return vectors;
  const dimension = bytes.readUInt32LE(4);
  const count = bytes.readUInt32LE(8);
  const length = headBytes + count * (keyBytes + dimension * 4);
  if (bytes.toString('latin1', 0, 4) !== magic || bytes.length !== length + digestBytes) {
    return vectors;
  }
  if (!(await digestOf(bytes.subarray(0, length))).equals(bytes.subarray(length))) return vectors;
  const size = dimension * 4;
  const turn = turns();
  let at = headBytes + count * keyBytes;
  for (let number = 0; number < count; number += 1, at += size) {
    const keyAt = headBytes + number * keyBytes;
    const vector = new Float32Array(dimension);
    const copy = Buffer.from(vector.buffer);
    bytes.copy(copy, 0, at, at + size);
    littleEndian(copy);
    vectors.set(bytes.toString('hex', keyAt, keyAt + keyBytes), vector);
    await turn(size);
  }
  return vectors;
}

/** Replaces the file in one step; rejects where it cannot be written. One call at a time. */
export async function writeVectors(file: string, vectors: Vectors): Promise<void> {
  // What is changed meanwhile is written the next time.
  const entries = [...vectors];
  const dimension = entries[0]?.[1].length ?? 0;
  const size = dimension * 4;
  const length = headBytes + entries.length * (keyBytes + size);
  const bytes = Buffer.alloc(length + digestBytes);
  bytes.write(magic, 'latin1');
  bytes.writeUInt32LE(dimension, 4);
  bytes.writeUInt32LE(entries.length, 8);
  const turn = turns();
  let at = headBytes + entries.length * keyBytes;
  for (const [number, [key, vector]] of entries.entries()) {
    bytes.write(key, headBytes + number * keyBytes, 'hex');
    Buffer.from(vector.buffer, vector.byteOffset, size).copy(bytes, at);
    littleEndian(bytes.subarray(at, at + size));
    at += size;
    await turn(size);
  }
  (await digestOf(bytes.subarray(0, length))).copy(bytes, length);
  await makeFolder(dirname(file));
  // One name: what a process that was killed left there is written over.
  const fresh = `${file}.tmp`;
  try {
    await writeFile(fresh, bytes, { mode: 0o600 });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}
