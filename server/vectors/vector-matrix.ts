/** Vectors of a blog's passages side by side, and which of them are nearest to a question. */
import { product } from './product.ts';

export interface VectorMatrix {
  readonly dimension: number;
  readonly count: number;
  /**
   * @param question - of length 1 and the same dimension
   * @returns the nearest ones
   */
  nearest(question: Float32Array, most: number): Nearest;
}

export interface Nearest {
  /** Nearest first. */
  readonly numbers: readonly number[];
  /**
   * Whether the first one lies above all others as chance does not put it: then it has to do
   * with the question, whatever cosines mean to this model.
   */
  readonly standsOut: boolean;
}

/** On top of where the highest of so many normal values is expected, in standard deviations. */
const margin = 1;
/** Of so few nothing can be said. */
const leastForChance = 8;

/** @param rows - at least one, all of length 1 and the same dimension */
export function createVectorMatrix(rows: readonly Float32Array[]): VectorMatrix {
  const dimension = rows[0]?.length ?? 0;
  const count = rows.length;
  const values = new Float32Array(count * dimension);
  for (const [number, row] of rows.entries()) values.set(row, number * dimension);
  const cosines = new Float32Array(count);

  function compare(question: Float32Array): void {
    for (let row = 0; row < count; row += 1) {
      cosines[row] = product(question, 0, values, row * dimension, dimension);
    }
  }

  function standsOut(best: number): boolean {
    if (count < leastForChance) return false;
    let sum = 0;
    let squares = 0;
    for (const cosine of cosines) {
      sum += cosine;
      squares += cosine * cosine;
    }
    // Of the others: among few the first one itself would widen the measure.
    const others = count - 1;
    const mean = (sum - best) / others;
    const deviation = Math.sqrt(Math.max(0, (squares - best * best) / others - mean * mean));
    // The highest of n normal values lies about √(2 ln n) deviations above their mean.
    const chance = Math.sqrt(2 * Math.log(count));
    return deviation > 0 && (best - mean) / deviation >= chance + margin;
  }

  return {
    dimension,
    count,
    nearest(question, most) {
      compare(question);
      const numbers: number[] = [];
      for (let number = 0; number < count; number += 1) {
        const cosine = cosines[number] ?? 0;
        if (numbers.length === most && cosine <= (cosines[numbers.at(-1) ?? 0] ?? 0)) continue;
        let at = numbers.length;
        while (at > 0 && (cosines[numbers[at - 1] ?? 0] ?? 0) < cosine) at -= 1;
        numbers.splice(at, 0, number);
        if (numbers.length > most) numbers.pop();
      }
      const [first] = numbers;
      return { numbers, standsOut: first !== undefined && standsOut(cosines[first] ?? 0) };
    },
  };
}
