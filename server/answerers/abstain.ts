/** Whether what was found answers the question, or only shares a word with it. */
import type { PostIndex } from './post-index.ts';
import type { Ranking } from './rank.ts';

/**
 * Scores are measured against the rarest a word can be in this blog, so that they mean the same
 * in blogs of ten posts and of ten thousand. Of all signs tried (how much of the question the
 * passage has, of the title the question says, the distance to the next post) the score alone
 * told best whether a question is about the blog; a short question cannot score as high, so it
 * is asked for less, but nearly all of it has to be there.
 */
const leastScore = { oneWord: 3, twoWords: 4.6, more: 5 };
const leastCoverageOfShort = 0.55;
/**
 * A word that is all over the blog scores low however well a post treats it: what counts then is
 * that the score is high for what the question says.
 */
const treated = { coverage: 0.95, scoreOfMass: 5 };

export function isCovered(ranking: Ranking, index: PostIndex): boolean {
  const best = ranking.posts[0]?.score ?? 0;
  const score = best / Math.max(1, index.byPost.unknownIdf);
  const { asked, mass, postCoverage, passageCoverage } = ranking;
  if (asked === 0) return false;
  if (asked > 2) return score >= leastScore.more;
  const coverage = (postCoverage + passageCoverage) / 2;
  if (coverage >= treated.coverage && best >= treated.scoreOfMass * mass) return true;
  if (coverage < leastCoverageOfShort) return score >= leastScore.more;
  return score >= (asked === 2 ? leastScore.twoWords : leastScore.oneWord);
}
