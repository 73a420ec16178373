/**
 * What a language model costs a server besides the model: loading its library, which is done with
 * the first question only, and looking for the nearest of 10,000 vectors, against a plain loop
 * over the same numbers in the same run.
 *
 *   node --expose-gc scripts/run-ts.mjs bench/language-model.bench.ts
 */
import { createVectorMatrix } from '../server/vectors/vector-matrix.ts';

const rounds = 40;
const passages = 10_000;
const dimension = 1_536;

/** The fastest round: whatever else the machine does only ever adds to it. */
const fastest = (values: readonly number[]): number => Math.min(...values);

/** Resident and heap memory, in MB, after the collector where it can be called. */
function memory(): { readonly heap: number; readonly resident: number } {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 1e6, resident: rss / 1e6 };
}

async function loadLibrary(): Promise<void> {
  const before = memory();
  const startedMs = performance.now();
  await Promise.all([import('ai'), import('@ai-sdk/openai-compatible')]);
  const tookMs = performance.now() - startedMs;
  const after = memory();
  console.log(
    `library: ${tookMs.toFixed(0)} ms, heap +${(after.heap - before.heap).toFixed(1)} MB, ` +
      `resident +${(after.resident - before.resident).toFixed(1)} MB`,
  );
}

function randomUnit(): Float32Array {
  const vector = Float32Array.from({ length: dimension }, () => Math.random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function searchVectors(): void {
  const rows = Array.from({ length: passages }, randomUnit);
  const question = randomUnit();
  const matrix = createVectorMatrix(rows);
  const plain = new Float32Array(passages);
  const times: { ours: number[]; plain: number[] } = { ours: [], plain: [] };
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    matrix.nearest(question, 20);
    times.ours.push(performance.now() - startedMs);
    const plainMs = performance.now();
    for (const [number, row] of rows.entries()) {
      let sum = 0;
      for (let at = 0; at < dimension; at += 1) sum += (row[at] ?? 0) * (question[at] ?? 0);
      plain[number] = sum;
    }
    times.plain.push(performance.now() - plainMs);
  }
  const [ours, loop] = [fastest(times.ours), fastest(times.plain)];
  console.log(
    `nearest 20 of ${passages} × ${dimension}: ${ours.toFixed(1)} ms, ` +
      `${(ours / loop).toFixed(2)} × a plain loop (${loop.toFixed(1)} ms)`,
  );
}

await loadLibrary();
searchVectors();
