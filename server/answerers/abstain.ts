/** Whether what was found answers the question, or only shares a word with it. */
import type { Meant } from './by-meaning.ts';
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

/** Whether a question has so few words. */
export const isShort = ({ asked }: Ranking): boolean => asked <= short.words;

/** How much less a language model needs, which reads the passages and may still refuse. */
const slack = { evidence: 2, score: 0.6 };

export const isCovered = (ranking: Ranking, index: PostIndex): boolean =>
  isEnough(ranking, index, { evidence: 0, score: 1 });

/** Whether it is worth asking a language model, which tells better than scores what answers. */
export const mayBeCovered = (ranking: Ranking, index: PostIndex): boolean =>
  isEnough(ranking, index, slack);

/**
 * A second regression, fitted later on harder questions of which a third are about other things,
 * with how much the question says as a fourth sign. It sees that a question in another language, or
 * one that says little, is well met. Even odds are at 7.1; of stand-ins some are found by chance,
 * so they need that.
 */
const ofFour = { coverage: 4.2, logScore: 3.2, logAsked: 1.2, logMass: -2.6 };
const leastOfFour = { own: 6.35, standIns: 7.1 };
/** How much less a language model needs of stand-ins. */
const slackOfStandIns = 1;

function evidenceOf(ranking: Ranking, index: PostIndex): number {
  const { asked, telling, mass, passageCoverage, posts } = ranking;
  if (telling === 0) return -Infinity;
  const rarest = Math.max(1, index.byPost.unknownIdf);
  return (
    ofFour.coverage * passageCoverage +
    ofFour.logScore * Math.log((posts[0]?.score ?? 0) / rarest + 0.1) +
    ofFour.logAsked * Math.log(asked + 1) +
    ofFour.logMass * Math.log(mass / rarest + 0.1)
  );
}

/** Whether the question's own words, more than two, are met in any case. */
export const isWellMet = (ranking: Ranking, index: PostIndex): boolean =>
  !isShort(ranking) && evidenceOf(ranking, index) >= leastOfFour.own;

/** One or two words that nothing stands in for are judged by themselves. */
const hasStandIns = (ranking: Ranking, concepts: readonly Concept[]): boolean =>
  !isShort(ranking) || concepts.some((concept) => concept.hasStandIns);

/** @param concepts - with stand-ins, that the ranking is by */
type ByStandIns = (ranking: Ranking, concepts: readonly Concept[], index: PostIndex) => boolean;

/** Whether what was found by stand-ins for the question's words answers it. */
export const isCoveredByStandIns: ByStandIns = (ranking, concepts, index) =>
  hasStandIns(ranking, concepts) && evidenceOf(ranking, index) >= leastOfFour.standIns;

/** Whether it is worth asking a language model of that. */
export const mayBeCoveredByStandIns: ByStandIns = (ranking, concepts, index) =>
  hasStandIns(ranking, concepts) &&
  evidenceOf(ranking, index) >= leastOfFour.standIns - slackOfStandIns;

/**
 * A regression of six signs, where it is known what the question means: how near the best post is
 * by meaning, whole and word by word, tells better than words alone.
 */
const ofSix = {
  coverage: 3.3,
  logScore: 1.75,
  logAsked: 2.4,
  logMass: -0.4,
  like: 3.3,
  words: 4.7,
};
/** Below even odds, 13.5: a post too many is a smaller harm than an answer kept back. */
const leastOfSix = 12.1;
const slackOfSix = 1;

function evidenceOfMeaning(ranking: Ranking, { like, words }: Meant, index: PostIndex): number {
  const { asked, telling, mass, passageCoverage, posts } = ranking;
  if (telling === 0) return -Infinity;
  const rarest = Math.max(1, index.byPost.unknownIdf);
  return (
    ofSix.coverage * passageCoverage +
    ofSix.logScore * Math.log((posts[0]?.score ?? 0) / rarest + 0.1) +
    ofSix.logAsked * Math.log(asked + 1) +
    ofSix.logMass * Math.log(mass / rarest + 0.1) +
    ofSix.like * like +
    ofSix.words * words
  );
}

/** @param ranking - by the question's words and stand-ins for them, that `meant` puts in order */
type ByMeaning = (ranking: Ranking, meant: Meant, index: PostIndex) => boolean;

/** Whether what was found by words and meaning answers the question. */
export const isMeant: ByMeaning = (ranking, meant, index) =>
  evidenceOfMeaning(ranking, meant, index) >= leastOfSix;

/** Whether it is worth asking a language model of that. */
export const mayBeMeant: ByMeaning = (ranking, meant, index) =>
  evidenceOfMeaning(ranking, meant, index) >= leastOfSix - slackOfSix;

function isEnough(ranking: Ranking, index: PostIndex, less: typeof slack): boolean {
  const { asked, telling, passageCoverage, posts } = ranking;
  if (telling === 0) return false;
  const score = (posts[0]?.score ?? 0) / Math.max(1, index.byPost.unknownIdf);
  if (isShort(ranking)) {
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
