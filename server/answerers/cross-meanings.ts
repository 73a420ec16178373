/**
 * What the glosses of CC-CEDICT say, as terms that posts in English are found by, and which words
 * of Chinese mean a thing.
 */
import { yieldToLoop } from '../posts/post-folder.ts';
import { createSpelling, type Spelling } from './spelling.ts';
import { stem } from './stem.ts';
import { stopWords } from './stop-words.ts';

export interface WordsByMeaning {
  /** Words of simplified Chinese that mean just this: terms with a blank between them. */
  wordsFor(meaning: string): readonly string[];
  /** Meanings of one word that are one letter from this, likeliest first. */
  misspelt(meaning: string): readonly string[];
}

/** Longer meanings explain; they are no words to look up. */
const longestMeaning = 3;
const mostMeanings = 12;
/** Stands before the glosses of a name: names are not what a meaning is looked up for. */
export const nameMark = '^';

/** Notes about a word rather than meanings of it. */
const note =
  /^(?:CL:|surname |see |see also |also written |variant of |old variant |erhua variant |used in |Taiwan pr|abbr\. for |also pr\.|same as |Kangxi radical|dialectal |Japanese variant)/i;
const fillers = new Set('sb sth one ones etc esp used something somebody someone'.split(' '));

/** `(computing) to back up a file` → `back file`: a meaning as the index has words. */
export function meaningTerms(gloss: string, stemOf = stem): string[] {
  if (note.test(gloss)) return [];
  return gloss
    .replace(/\([^)]*\)|\[[^\]]*\]/g, ' ')
    .split(/[;,]/)
    .flatMap((part) => {
      const words = part.toLowerCase().match(/[a-z\d][a-z\d+#.'-]*/g) ?? [];
      const terms = words
        .map((word) => word.replace(/['.-]+$|'s$/g, '').replaceAll("'", ''))
        .filter((word) => !stopWords.has(word) && !fillers.has(word))
        .map(stemOf)
        .filter((term) => term !== '');
      return terms.length > 0 && terms.length <= longestMeaning ? [terms.join(' ')] : [];
    });
}

/** The meanings of a word, each once. */
export const meaningsOf = (glosses: string, stemOf = stem): string[] => {
  const text = glosses.startsWith(nameMark) ? glosses.slice(1) : glosses;
  return [...new Set(text.split(';').flatMap((gloss) => meaningTerms(gloss, stemOf)))].slice(
    0,
    mostMeanings,
  );
};

/** How long a piece of work may keep the event loop, in milliseconds. */
const turnMs = 8;

/** Goes through the whole dictionary in pieces, so that other work goes on meanwhile. */
export async function wordsByMeaning(
  glosses: ReadonlyMap<string, string>,
): Promise<WordsByMeaning> {
  const words = new Map<string, string | string[]>();
  const stems = new Map<string, string>();
  const stemOf = (word: string): string => {
    let known = stems.get(word);
    if (known === undefined) {
      known = stem(word);
      stems.set(word, known);
    }
    return known;
  };
  let turnEndsAt = performance.now() + turnMs;
  for (const [word, text] of glosses) {
    if (text.startsWith(nameMark)) continue;
    for (const meaning of meaningsOf(text, stemOf)) {
      const known = words.get(meaning);
      if (known === undefined) words.set(meaning, word);
      else if (typeof known === 'string') words.set(meaning, [known, word]);
      else known.push(word);
    }
    if (performance.now() < turnEndsAt) continue;
    await yieldToLoop();
    turnEndsAt = performance.now() + turnMs;
  }
  let spelling: Spelling | undefined;
  return {
    wordsFor(meaning) {
      const found = words.get(meaning);
      return found === undefined ? [] : typeof found === 'string' ? [found] : found;
    },
    misspelt(meaning) {
      spelling ??= createSpelling(
        new Map(
          [...words]
            .filter(([known]) => !known.includes(' '))
            .map(([known, of]) => [known, typeof of === 'string' ? 1 : of.length]),
        ),
      );
      return spelling.repair(meaning, 3);
    },
  };
}
