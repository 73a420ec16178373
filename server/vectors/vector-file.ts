/**
 * Vectors kept in a file, each under the digest of the text it stands for. A cache: whatever is
 * wrong with the file, it is as if it were not there.
 *
 * `CCV1`, dimension and count as 32-bit little-endian numbers, the keys (16 bytes each), the
 * vectors (32-bit floats), and the SHA-256 of all that.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../stores/make-folder.ts';

/** By the key's text: 32 hexadecimal digits. All of the same length. */
export type Vectors = ReadonlyMap<string, Float32Array>;

const magic = 'CCV1';
const headBytes = 12;
const keyBytes = 16;
const digestBytes = 32;

/** What a vector is kept under. */
export const keyOf = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, keyBytes * 2);

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
  const digest = createHash('sha256').update(bytes.subarray(0, length)).digest();
  if (!digest.equals(bytes.subarray(length))) return vectors;
  const first = headBytes + count * keyBytes;
  for (let number = 0; number < count; number += 1) {
    const keyAt = headBytes + number * keyBytes;
    const key = bytes.toString('hex', keyAt, keyAt + keyBytes);
    const vector = new Float32Array(dimension);
    for (let at = 0; at < dimension; at += 1) {
      vector[at] = bytes.readFloatLE(first + (number * dimension + at) * 4);
    }
    vectors.set(key, vector);
  }
  return vectors;
}

/** Replaces the file in one step; rejects where it cannot be written. */
export async function writeVectors(file: string, vectors: Vectors): Promise<void> {
  const dimension = vectors.values().next().value?.length ?? 0;
  const first = headBytes + vectors.size * keyBytes;
  const bytes = Buffer.alloc(first + vectors.size * dimension * 4 + digestBytes);
  bytes.write(magic, 'latin1');
  bytes.writeUInt32LE(dimension, 4);
  bytes.writeUInt32LE(vectors.size, 8);
  let number = 0;
  for (const [key, vector] of vectors) {
    bytes.write(key, headBytes + number * keyBytes, 'hex');
    for (const [at, value] of vector.entries()) {
      bytes.writeFloatLE(value, first + (number * dimension + at) * 4);
    }
    number += 1;
  }
  const length = bytes.length - digestBytes;
  createHash('sha256').update(bytes.subarray(0, length)).digest().copy(bytes, length);
  await makeFolder(dirname(file));
  const fresh = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFile(fresh, bytes, { mode: 0o600 });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}
