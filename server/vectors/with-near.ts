import type { PostIndex } from '../answerers/post-index.ts';
import type { Found } from '../answerers/rank.ts';
import { fuseRankings } from './fuse-rankings.ts';

/**
 * Posts found by words put in order together with passages that are near by meaning: still the
 * best passage of each post, best first. Scores keep their meaning, shares of the best one.
 *
 * @param near - numbers of passages, nearest first
 */
export function withNear(
  posts: readonly Found[],
  near: readonly number[],
  index: PostIndex,
): readonly Found[] {
  const best = posts[0]?.score ?? 0;
  if (near.length === 0 || best <= 0) return posts;
  const seen = new Set<number>();
  const fused: Found[] = [];
  for (const { item, share } of fuseRankings([posts.map(({ number }) => number), near])) {
    const passage = index.passages[item];
    if (!passage || seen.has(passage.post)) continue;
    seen.add(passage.post);
    fused.push({ passage, number: item, score: best * share });
  }
  return fused;
}
