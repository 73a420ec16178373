/**
 * Reciprocal rank fusion: what stands high in several rankings comes first, whatever their scores
 * mean. Cormack, Clarke, Büttcher: Reciprocal rank fusion outperforms Condorcet and individual
 * rank learning methods, SIGIR 2009; the constant is theirs.
 */
const constant = 60;

export interface Fused {
  readonly item: number;
  /** Share of the highest score, 0–1. */
  readonly share: number;
}

/** @param rankings - best first; of an item that repeats only the first place counts */
export function fuseRankings(rankings: readonly (readonly number[])[]): Fused[] {
  const scores = new Map<number, number>();
  for (const ranking of rankings) {
    for (const [place, item] of [...new Set(ranking)].entries()) {
      scores.set(item, (scores.get(item) ?? 0) + 1 / (constant + place + 1));
    }
  }
  // The sort is stable: at equal scores the first ranking decides.
  const sorted = [...scores].toSorted(([, left], [, right]) => right - left);
  const highest = sorted[0]?.[1] ?? 1;
  return sorted.map(([item, score]) => ({ item, share: score / highest }));
}
