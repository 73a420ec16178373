/** Whether what a model wrote rests on the passages it was given, and on which. */
import type { Citation } from '../../shared/protocol.ts';
import { scriptOf } from '../posts/read-post.ts';
import { citationOf, type GivenPassage } from './choose-passages.ts';
import type { PostIndex } from './post-index.ts';
import type { WrittenAnswer } from './write-answer.ts';

const maxCitations = 3;
/** Of what an answer without marks says beyond the question, by rarity, a passage has to say so much. */
const leastSupport = 0.35;
/** Further passages are cited that support it nearly as well. */
const nearlyAsWell = 0.6;

/** How models say without the agreed sign that they were told nothing of it. */
const english =
  /\b(?:not|n['’]t|no|nothing|unable)\b[^.!?]{0,60}\b(?:mention|cover|contain|provide|include|answer|information|address|discuss|specif|describe|passages?|posts?)/i;
const chinese =
  /(?:没有|没|未|并未|无法|不能|不)[^。！？]{0,20}(?:提到|提及|涉及|说明|包含|回答|相关|找到|介绍|信息|得知|确定)/;
const longestRefusal = 400;

function soundsLikeRefusal(text: string): boolean {
  return text.length <= longestRefusal && (english.test(text) || chinese.test(text));
}

/** Passages that say what the answer says, best first. */
function supporting(
  text: string,
  question: string,
  passages: readonly GivenPassage[],
  index: PostIndex,
): GivenPassage[] {
  const asked = new Set(index.termsOf(question));
  const said = new Set(index.termsOf(text).filter((term) => !asked.has(term)));
  const script = scriptOf(text);
  const readable = passages.filter((passage) => scriptOf(passage.text) === script);
  // Words do not tell what was translated, nor what only repeats the question.
  if (said.size === 0 || readable.length === 0) return passages.slice(0, 1);
  const rarity = (term: string): number => index.byPost.term(term)?.idf ?? index.byPost.unknownIdf;
  let all = 0;
  for (const term of said) all += rarity(term);
  const supports = readable.map((passage) => {
    const has = new Set(index.termsOf(`${passage.title}\n${passage.heading}\n${passage.text}`));
    let sum = 0;
    for (const term of said) if (has.has(term)) sum += rarity(term);
    return { passage, share: all === 0 ? 0 : sum / all };
  });
  supports.sort((left, right) => right.share - left.share);
  const best = supports[0]?.share ?? 0;
  if (best < leastSupport) return [];
  return supports.filter(({ share }) => share >= best * nearlyAsWell).map(({ passage }) => passage);
}

/** One citation a post, in the order given. */
function cite(passages: readonly GivenPassage[]): Citation[] {
  const posts = new Set<number>();
  const citations: Citation[] = [];
  for (const passage of passages) {
    if (posts.has(passage.post) || citations.length === maxCitations) continue;
    posts.add(passage.post);
    citations.push(citationOf(passage));
  }
  return citations;
}

/**
 * What to cite: the passages that the model named, those named most often first; where it named
 * none, those that say what it says.
 *
 * @returns empty where the answer rests on nothing: it is not to be shown
 */
export function citationsOf(
  answer: WrittenAnswer,
  question: string,
  passages: readonly GivenPassage[],
  index: PostIndex,
): readonly Citation[] {
  if (answer.text === '') return [];
  if (answer.cited.size > 0) {
    // The sort is stable: at equal counts the first one named comes first.
    const named = [...answer.cited].toSorted(([, left], [, right]) => right - left);
    return cite(named.flatMap(([number]) => passages[number - 1] ?? []));
  }
  if (answer.declined || soundsLikeRefusal(answer.text)) return [];
  return cite(supporting(answer.text, question, passages, index));
}
