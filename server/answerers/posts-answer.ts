/** What the posts themselves say, where no language model does. */
import type { Citation } from '../../shared/protocol.ts';
import type { Answer } from '../answerer-ports.ts';
import type { OpenDictionary } from './cross-words.ts';
import type { PostIndex } from './post-index.ts';
import { answerFrom } from './retrieval.ts';

const maxCitations = 3;
/** A burst is answered in one message; more than this much of it is of no use in a chat. */
const longest = 4_000;

/**
 * @param questions - at least one, oldest first; each is answered, in this order
 * @returns `not_covered` where none of them is
 */
export function postsAnswer(
  index: PostIndex,
  questions: readonly string[],
  lang: string,
  open?: OpenDictionary,
): Answer {
  const answers = [...new Set(questions)].map((text) =>
    answerFrom(index, { text, lang }, open && { open }),
  );
  const found = answers.filter(({ outcome }) => outcome === 'found');
  const [first] = found;
  if (!first || found.length === 1) {
    return first ?? answers.at(-1) ?? answerFrom(index, { text: '', lang });
  }
  const citations = new Map<string, Citation>();
  // The best of each first, then the second best.
  for (let at = 0; at < maxCitations; at += 1) {
    for (const answer of found) {
      const citation = answer.citations[at];
      const page = citation?.url.replace(/#.*$/su, '');
      if (citation && page !== undefined && !citations.has(page)) citations.set(page, citation);
    }
  }
  let text = first.text;
  for (const answer of found.slice(1)) {
    if (!text.includes(answer.text) && text.length + answer.text.length <= longest) {
      text += `\n\n---\n\n${answer.text}`;
    }
  }
  return { text, citations: [...citations.values()].slice(0, maxCitations), outcome: 'found' };
}
