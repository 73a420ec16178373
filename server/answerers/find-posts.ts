/** What answers a question: the blog's own page about itself, the open post, or the best passages. */
import { isCrossedWell, scriptToAnswerIn } from './cross-question.ts';
import { isCovered, isCoveredByStandIns, isWellMet } from './abstain.ts';
import { findOverview, isOverview } from './overview.ts';
import type { PostIndex } from './post-index.ts';
import type { OpenDictionary } from './cross-words.ts';
import { questionConcepts, type Concept } from './question-concepts.ts';
import { rank, type Found } from './rank.ts';
import { withStandIns } from './with-stand-ins.ts';
import { openingOf, openPost } from './this-page.ts';

/** Of a question about the post that is open, so much has to be in it, 0–1. */
const leastOfOpen = 0.5;

export interface FoundPosts {
  /** The best passage of each, best first. */
  readonly posts: readonly Found[];
  /** What they were found by. */
  readonly concepts: readonly Concept[];
}

export interface FindPostsOptions {
  /** Of the page that the visitor has open. */
  readonly pageUrl?: string | undefined;
  readonly open?: OpenDictionary | undefined;
}

/**
 * By the question's own words; where they find too little, also by what the thesaurus has for
 * them.
 *
 * @returns undefined where nothing in the blog answers
 */
export function findPosts(
  question: string,
  index: PostIndex,
  { pageUrl, open: dictionary }: FindPostsOptions = {},
): FoundPosts | undefined {
  const script = scriptToAnswerIn(question, index);
  const open = openPost(question, pageUrl, index);
  const concepts = questionConcepts(question, index, { open: dictionary });
  const whole = open?.isWhole
    ? openingOf(index, open.post)
    : isOverview(question)
      ? findOverview(index, script)
      : undefined;
  if (whole) return { posts: [whole], concepts };
  const widened = questionConcepts(question, index, { open: dictionary, widened: true });
  const ranking = rank(concepts, index, script, open);
  const byStandIns = rank(widened, index, script, open);
  if (ranking) {
    const isInOpen =
      open?.isNamed === true &&
      ranking.posts[0]?.passage.post === open.post &&
      ranking.telling > 0 &&
      ranking.passageCoverage >= leastOfOpen;
    const isEnough = isCovered(ranking, index) && isCrossedWell(concepts, ranking, index);
    // That a post is open says where to look, not that it answers. A question in another language
    // that is met so well needs no look of `isCrossedWell`.
    const fairly = open ? rank(concepts, index, script) : ranking;
    const isMet = fairly !== undefined && isWellMet(fairly, index);
    if (isInOpen || isEnough || isMet) {
      return { posts: withStandIns(ranking.posts, byStandIns?.posts ?? []), concepts };
    }
  }
  const fair = open ? rank(widened, index, script) : byStandIns;
  return fair && byStandIns && isCoveredByStandIns(fair, widened, index)
    ? { posts: byStandIns.posts, concepts: widened }
    : undefined;
}
