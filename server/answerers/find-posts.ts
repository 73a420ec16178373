/** What answers a question: the blog's own page about itself, the open post, or the best passages. */
import { isCrossedWell, scriptToAnswerIn } from './cross-question.ts';
import { isCovered } from './abstain.ts';
import { findOverview, isOverview } from './overview.ts';
import type { PostIndex } from './post-index.ts';
import type { Concept } from './question-concepts.ts';
import { rank, type Found } from './rank.ts';
import { openingOf, openPost } from './this-page.ts';

/** Of a question about the post that is open, so much has to be in it, 0–1. */
const leastOfOpen = 0.5;

/**
 * @param pageUrl - of the page that the visitor has open
 * @returns best first; undefined where nothing in the blog answers
 */
export function findPosts(
  question: string,
  concepts: readonly Concept[],
  index: PostIndex,
  pageUrl: string | undefined,
): readonly Found[] | undefined {
  const script = scriptToAnswerIn(question, index);
  const open = openPost(question, pageUrl, index);
  const whole = open?.isWhole
    ? openingOf(index, open.post)
    : isOverview(question)
      ? findOverview(index, script)
      : undefined;
  if (whole) return [whole];
  const ranking = rank(concepts, index, script, open);
  if (!ranking) return undefined;
  const isInOpen =
    open?.isNamed === true &&
    ranking.posts[0]?.passage.post === open.post &&
    ranking.telling > 0 &&
    ranking.passageCoverage >= leastOfOpen;
  return isInOpen || (isCovered(ranking, index) && isCrossedWell(concepts, ranking, index))
    ? ranking.posts
    : undefined;
}
