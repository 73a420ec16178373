/** Whether what was found answers the question, or only shares a word with it. */
import type { PostIndex } from './post-index.ts';
import type { Concept } from './question-concepts.ts';
import type { Ranking } from './rank.ts';

/**
 * A logistic regression of three signs, fitted on questions about three kinds of blogs (short
 * notes, long essays, Chinese issues): how much of what the question says the best passage has,
 * its score, and how many words the question has, since of a long question even a good passage
 * lacks some. Scores are measured against the rarest a word can be in this blog, so that they
 * mean the same in blogs of ten posts and of ten thousand.
 */
const weights = { coverage: 4.8, logScore: 2.2, logAsked: 3 };
/** A little below even odds: a post too many is a smaller harm than an answer kept back. */
const least = 9.8;
/**
 * One or two words give little to go by: nearly all of them have to be there, and treated well
 * for what they say, or half of them and treated very well.
 */
const short = { words: 2, coverage: 0.95, scoreOfMass: 2, half: 0.49, score: 5 };

/** How much less a language model needs, which reads the passages and may still refuse. */
const slack = { evidence: 2, score: 0.6 };

export const isCovered = (ranking: Ranking, index: PostIndex): boolean =>
  isEnough(ranking, index, { evidence: 0, score: 1 });

/** Whether it is worth asking a language model, which tells better than scores what answers. */
export const mayBeCovered = (ranking: Ranking, index: PostIndex): boolean =>
  isEnough(ranking, index, slack);

/**
 * The same where stand-ins for the words were asked too, of which some are found by chance: fitted
 * again, on questions of which a third are about other things, with how much the question says as
 * a fourth sign. At even odds.
 */
const ofStandIns = { coverage: 4.2, logScore: 3.2, logAsked: 1.2, logMass: -2.6, least: 7.1 };
/** How much less a language model needs. */
const slackOfStandIns = 1;

/** @param concepts - with stand-ins, that the ranking is by */
type ByStandIns = (ranking: Ranking, concepts: readonly Concept[], index: PostIndex) => boolean;

/** Whether what was found by stand-ins for the question's words answers it. */
export const isCoveredByStandIns: ByStandIns = (ranking, concepts, index) =>
  evidenceOfStandIns(ranking, concepts, index) >= ofStandIns.least;

/** Whether it is worth asking a language model of that. */
export const mayBeCoveredByStandIns: ByStandIns = (ranking, concepts, index) =>
  evidenceOfStandIns(ranking, concepts, index) >= ofStandIns.least - slackOfStandIns;

function evidenceOfStandIns(
  ranking: Ranking,
  concepts: readonly Concept[],
  index: PostIndex,
): number {
  const { asked, telling, mass, passageCoverage, posts } = ranking;
  if (telling === 0) return -Infinity;
  // One or two words that nothing stands in for are judged by themselves.
  if (asked <= short.words && !concepts.some(({ hasStandIns }) => hasStandIns)) return -Infinity;
  const rarest = Math.max(1, index.byPost.unknownIdf);
  return (
    ofStandIns.coverage * passageCoverage +
    ofStandIns.logScore * Math.log((posts[0]?.score ?? 0) / rarest + 0.1) +
    ofStandIns.logAsked * Math.log(asked + 1) +
    ofStandIns.logMass * Math.log(mass / rarest + 0.1)
  );
}

function isEnough(ranking: Ranking, index: PostIndex, less: typeof slack): boolean {
  const { asked, telling, passageCoverage, posts } = ranking;
  if (telling === 0) return false;
  const score = (posts[0]?.score ?? 0) / Math.max(1, index.byPost.unknownIdf);
  if (asked <= short.words) {
    const best = posts[0]?.score ?? 0;
    const isWhole = passageCoverage >= short.coverage && best >= short.scoreOfMass * ranking.mass;
    return isWhole || (passageCoverage >= short.half && score >= short.score * less.score);
  }
  const evidence =
    weights.coverage * passageCoverage +
    weights.logScore * Math.log(score + 0.1) +
    weights.logAsked * Math.log(asked + 1);
  return evidence >= least - less.evidence;
}
