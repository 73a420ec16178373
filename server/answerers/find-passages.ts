/** What the blog has for a question of a conversation: by its words, and by what led to it. */
import type { Question } from '../answerer-ports.ts';
import { isShort, mayBeCovered, mayBeCoveredByStandIns, mayBeMeant } from './abstain.ts';
import { byMeaning } from './by-meaning.ts';
import { isJudgedByMeaning, scriptToAnswerIn } from './cross-question.ts';
import type { OpenDictionary } from './cross-words.ts';
import { findOverview, isOverview } from './overview.ts';
import type { PostIndex } from './post-index.ts';
import { questionConcepts, type Concept, type ConceptOptions } from './question-concepts.ts';
import { rank } from './rank.ts';
import { withStandIns } from './with-stand-ins.ts';

export interface FoundPassages {
  /** Numbers of passages in the index, best first. */
  readonly ranked: readonly number[];
  /** What was looked up, which is what the posts are to answer where nobody else does. */
  readonly lookedUp: readonly string[];
  /** Whether they have to do with the question, as far as words can tell. */
  readonly covered: boolean;
}

/** Most of a question that is looked at, in UTF-16 units. */
const readChars = 8_000;
/** Earlier questions that may say what this one is about. */
const questionsBefore = 2;
/** How much a word counts that only an earlier question has, the nearer the more. */
const earlierWeight = 0.5;
/** A question with more words of its own that say something stands for itself. */
const wordsOfFollowUp = 3;
/** Passages far below the best one have nothing to say. */
const leastShare = 0.25;

/** The words of a question, then those of earlier ones that it does not have. */
function conceptsWithEarlier(
  text: string,
  earlier: readonly string[],
  index: PostIndex,
  options: ConceptOptions,
): readonly Concept[] {
  const concepts = [...questionConcepts(text, index, options)];
  const terms = new Set(concepts.map(({ word }) => word.term));
  let weight = earlierWeight;
  for (const question of earlier) {
    for (const concept of questionConcepts(question, index, options)) {
      if (terms.has(concept.word.term)) continue;
      terms.add(concept.word.term);
      concepts.push({
        ...concept,
        word: { ...concept.word, weight: concept.word.weight * weight },
      });
    }
    weight /= 2;
  }
  return concepts;
}

/** What is found by the words of a question, and by stand-ins for them. */
function find(
  concepts: (options: ConceptOptions) => readonly Concept[],
  index: PostIndex,
  text: string,
  open: OpenDictionary | undefined,
): Omit<FoundPassages, 'lookedUp'> | undefined {
  const script = scriptToAnswerIn(text, index);
  const widened = concepts({ open, widened: true });
  const byStandIns = rank(widened, index, script);
  const meant = byStandIns && byMeaning(byStandIns.posts, widened, index, script);
  const isMeaning = isJudgedByMeaning(text, widened, script);
  const isByWords = !meant || isShort(byStandIns) || !isMeaning;
  const own = isByWords ? rank(concepts({ open }), index, script) : undefined;
  const posts = meant?.posts ?? withStandIns(own?.posts ?? [], byStandIns?.posts ?? []);
  const [best] = posts;
  if (!best) return undefined;
  const ranked = posts
    .filter(({ score }) => score >= best.score * leastShare)
    .map(({ number }) => number);
  const covered =
    (meant && isMeaning && mayBeMeant(byStandIns, meant, index)) ||
    (own && mayBeCovered(own, index)) ||
    (isByWords && byStandIns && mayBeCoveredByStandIns(byStandIns, widened, index)) ||
    false;
  return { ranked, covered };
}

/**
 * Looks a question up. A short one that follows others ("and on Windows?") is looked up together
 * with them, so that it finds what they were about.
 *
 * @param open - for questions in another language than the posts
 */
export function findPassages(
  index: PostIndex,
  question: Pick<Question, 'text' | 'history' | 'burst'>,
  open?: OpenDictionary,
): FoundPassages {
  const questions = [...(question.burst ?? []), question.text];
  const text = questions.join('\n').slice(-readChars);
  const own = find((options) => questionConcepts(text, index, options), index, text, open);
  const overview = isOverview(question.text)
    ? findOverview(index, scriptToAnswerIn(text, index))
    : undefined;
  if (overview) {
    const ranked = [overview.number, ...(own?.ranked ?? [])];
    return { ranked, lookedUp: questions, covered: true };
  }
  if (own?.covered) return { ...own, lookedUp: questions };
  // One of several may be covered, although all together are not.
  const single = questions
    .map((one) => find((options) => questionConcepts(one, index, options), index, one, open))
    .find((each) => each?.covered);
  if (single) return { ...single, lookedUp: questions };
  const before = withEarlier(index, text, question.history, open);
  return before ?? { ranked: own?.ranked ?? [], lookedUp: questions, covered: false };
}

/** The passages for a question that goes on with what was asked before. */
function withEarlier(
  index: PostIndex,
  text: string,
  history: Question['history'],
  open: OpenDictionary | undefined,
): FoundPassages | undefined {
  const telling = questionConcepts(text, index, { open }).filter(
    ({ word }) => word.counted && word.weight >= 0.5,
  );
  if (telling.length > wordsOfFollowUp) return undefined;
  const earlier = history
    .filter((message) => message.sender === 'visitor')
    .slice(-questionsBefore)
    .map((message) => message.text.slice(0, readChars))
    .toReversed();
  // What was asked before is about the blog, and this may well go on with it.
  const wasCovered = earlier.some(
    (one) =>
      find((options) => questionConcepts(one, index, options), index, one, open)?.covered === true,
  );
  if (!wasCovered) return undefined;
  const lookedUp = [...earlier.toReversed(), text].join('\n');
  const together = find(
    (options) => conceptsWithEarlier(text, earlier, index, options),
    index,
    lookedUp,
    open,
  );
  return together && { ranked: together.ranked, lookedUp: [lookedUp], covered: true };
}
