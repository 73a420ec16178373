/** What answers a question: the blog's own page about itself, the open post, or the best passages. */
import { isCrossedWell, isJudgedByMeaning, scriptToAnswerIn } from './cross-question.ts';
import { isCovered, isCoveredByStandIns, isMeant, isShort, isWellMet } from './abstain.ts';
import { findOverview, isOverview } from './overview.ts';
import type { PostIndex } from './post-index.ts';
import type { OpenDictionary } from './cross-words.ts';
import { questionConcepts, type Concept } from './question-concepts.ts';
import { rank, type Found, type Ranking } from './rank.ts';
import { byMeaning } from './by-meaning.ts';
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
 * By the question's words, what the thesaurus has for them, and what they mean together. Where it
 * is not known what a question or the posts mean, by words alone, and by stand-ins where these find
 * too little; of posts in Chinese, words alone tell whether they answer.
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
  const conceptsOf = (widened: boolean): readonly Concept[] =>
    questionConcepts(question, index, { open: dictionary, widened });
  const whole = open?.isWhole
    ? openingOf(index, open.post)
    : isOverview(question)
      ? findOverview(index, script)
      : undefined;
  if (whole) return { posts: [whole], concepts: conceptsOf(false) };
  const widened = conceptsOf(true);
  const byStandIns = rank(widened, index, script, open);
  // That a post is open says where to look, not that it answers.
  const fair = open ? rank(widened, index, script) : byStandIns;
  const meant = byStandIns && byMeaning(byStandIns.posts, widened, index, script);
  if (open?.isNamed) {
    const concepts = conceptsOf(false);
    const inOpen = findInOpen(rank(concepts, index, script, open), open, index);
    const others = meant?.posts ?? byStandIns?.posts ?? [];
    if (inOpen) return { posts: [inOpen, ...otherThan(inOpen, others)], concepts };
  }
  const fairlyMeant = open && fair ? byMeaning(fair.posts, widened, index, script) : meant;
  if (meant && fair && fairlyMeant && isJudgedByMeaning(question, widened, script)) {
    // One or two words say too little to be compared: nearly all of them have to be there.
    const own = isShort(fair) ? rank(conceptsOf(false), index, script) : undefined;
    const isFound =
      isMeant(fair, fairlyMeant, index) || (own !== undefined && isCovered(own, index));
    return isFound ? { posts: meant.posts, concepts: widened } : undefined;
  }
  const concepts = conceptsOf(false);
  const ranking = rank(concepts, index, script, open);
  if (ranking) {
    const isEnough = isCovered(ranking, index) && isCrossedWell(concepts, ranking, index);
    // A question in another language that is met so well needs no look of `isCrossedWell`.
    const fairly = open ? rank(concepts, index, script) : ranking;
    const isMet = fairly !== undefined && isWellMet(fairly, index);
    if (isEnough || isMet) {
      const posts = meant?.posts ?? withStandIns(ranking.posts, byStandIns?.posts ?? []);
      return { posts, concepts };
    }
  }
  return fair && byStandIns && isCoveredByStandIns(fair, widened, index)
    ? { posts: meant?.posts ?? byStandIns.posts, concepts: widened }
    : undefined;
}

const otherThan = (one: Found, posts: readonly Found[]): readonly Found[] =>
  posts.filter(({ passage }) => passage.post !== one.passage.post);

/** The passage of the open post that a question names and is about. */
function findInOpen(
  ranking: Ranking | undefined,
  open: { readonly post: number },
  index: PostIndex,
): Found | undefined {
  const first = ranking?.posts[0];
  if (!ranking || first?.passage.post !== open.post) return undefined;
  const hasHalf = ranking.telling > 0 && ranking.passageCoverage >= leastOfOpen;
  return hasHalf || isCovered(ranking, index) ? first : undefined;
}
