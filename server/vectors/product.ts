/** The sum of products of two runs of numbers: of directions of length 1, their cosine. */
export function product(
  left: Float32Array,
  leftStart: number,
  right: Float32Array | Int8Array,
  rightStart: number,
  dimension: number,
): number {
  const whole = dimension - (dimension % 4);
  // Four sums that do not wait for each other: twice as fast as one.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let at = 0; at < whole; at += 4) {
    const one = leftStart + at;
    const other = rightStart + at;
    a += (left[one] as number) * (right[other] as number);
    b += (left[one + 1] as number) * (right[other + 1] as number);
    c += (left[one + 2] as number) * (right[other + 2] as number);
    d += (left[one + 3] as number) * (right[other + 3] as number);
  }
  for (let at = whole; at < dimension; at += 1) {
    a += (left[leftStart + at] as number) * (right[rightStart + at] as number);
  }
  return a + b + c + d;
}
