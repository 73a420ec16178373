/**
 * Lines two sequences up so that as many elements as possible stand beside their like.
 *
 * Equal beginnings and ends are taken off first, which is all there is to do where nothing is
 * wrong; the rest takes time and space proportional to the product of its lengths.
 *
 * @returns the indices on each side that have no counterpart, ascending
 */
export function longestCommon<Left, Right>(
  left: readonly Left[],
  right: readonly Right[],
  alike: (left: Left, right: Right) => boolean,
): { readonly left: ReadonlySet<number>; readonly right: ReadonlySet<number> } {
  const same = (i: number, j: number): boolean => {
    const one = left[i];
    const other = right[j];
    return one !== undefined && other !== undefined && alike(one, other);
  };
  // Ends first: a page that shows the newest part is a whole end.
  let leftEnd = left.length;
  let rightEnd = right.length;
  while (leftEnd > 0 && rightEnd > 0 && same(leftEnd - 1, rightEnd - 1)) {
    leftEnd -= 1;
    rightEnd -= 1;
  }
  let start = 0;
  while (start < leftEnd && start < rightEnd && same(start, start)) start += 1;

  const width = rightEnd - start + 1;
  const height = leftEnd - start + 1;
  // lengths[i * width + j]: the most that can be lined up from i and j on.
  const lengths = new Uint32Array(width * height);
  for (let i = height - 2; i >= 0; i -= 1) {
    for (let j = width - 2; j >= 0; j -= 1) {
      lengths[i * width + j] = same(start + i, start + j)
        ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
        : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const onlyLeft = new Set<number>();
  const onlyRight = new Set<number>();
  let i = 0;
  let j = 0;
  while (i < height - 1 && j < width - 1) {
    if (same(start + i, start + j)) {
      i += 1;
      j += 1;
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) {
      onlyLeft.add(start + i);
      i += 1;
    } else {
      onlyRight.add(start + j);
      j += 1;
    }
  }
  for (; i < height - 1; i += 1) onlyLeft.add(start + i);
  for (; j < width - 1; j += 1) onlyRight.add(start + j);
  return { left: onlyLeft, right: onlyRight };
}
