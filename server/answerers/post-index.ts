/** Posts made searchable: an index of passages, one of whole posts, and the words they use. */
import type { Passage } from '../posts/passages.ts';
import type { Post, Script } from '../posts/read-post.ts';
import { isChinese, isEnglish } from './post-tongue.ts';
import { createPassageReader, noMeaning, type PassageMeaning } from './meanings.ts';
import { createBm25Builder, type Bm25Index, type Field } from './bm25-index.ts';
import { createSpelling, type Spelling } from './spelling.ts';
import { createTermNumbers } from './term-numbers.ts';
import { createTermReader, queryWords, type TextTerms } from './tokenize.ts';
import { isHanPair, wordVectors } from './word-vectors.ts';

export interface IndexedPassage {
  /** Number of its post in `posts`. */
  readonly post: number;
  readonly passage: Passage;
  /** Terms of prose and code in reading order, as `numberOf` has them: how close words stand. */
  readonly terms: Uint32Array;
  /** Telling terms of the heading it stands under; empty where that is the title. */
  readonly heading: readonly string[];
  /** Which part of the passage is words of links, 0–1: high for tables of contents. */
  readonly linkShare: number;
  /** Rows of its words in the table of what they mean, each once. */
  readonly rows: Uint16Array;
}

export interface PostIndex {
  readonly posts: readonly Post[];
  /** Scripts that posts are written in. */
  readonly scripts: ReadonlySet<Script>;
  /** Telling terms of each post's title, each once. */
  readonly titles: readonly (readonly string[])[];
  readonly passages: readonly IndexedPassage[];
  /** Number of each post's first passage; a post's passages stand together. */
  readonly firstPassages: readonly number[];
  /** What each passage means: a direction of length 1 (or 0), side by side. */
  readonly directions: Float32Array;
  readonly byPost: Bm25Index;
  readonly byPassage: Bm25Index;
  readonly spelling: Spelling;
  /** The number that stands for a term in `terms`; undefined where nothing was ever indexed by it. */
  readonly numberOf: (term: string) => number | undefined;
  /** Numbers are lower than this. */
  readonly numbers: number;
  /** Terms of a text, as the index has them. */
  readonly termsOf: (text: string, options?: { code?: boolean }) => readonly string[];
}

/** What tokenising a post gave, terms as numbers; kept as long as the post is. */
interface Analysis {
  readonly title: Uint32Array;
  readonly headings: Uint32Array;
  readonly path: Uint32Array;
  readonly keywords: Uint32Array;
  readonly passages: readonly AnalysedPassage[];
  /** Words as they are written, by their numbers, each once. */
  readonly surfaces: Uint32Array;
}

interface AnalysedPassage {
  readonly headings: Uint32Array;
  readonly prose: Uint32Array;
  readonly code: Uint32Array;
  readonly inOrder: Uint32Array;
  readonly linkShare: number;
  readonly meaning: PassageMeaning;
}

/** A word that texts were found to have; its numbers from the first post with it on. */
interface KnownWord extends TextTerms {
  termNumbers?: readonly number[];
  surfaceNumbers?: readonly number[];
}

// title, headings, path, keywords, prose, code
const postFields: readonly Field[] = [
  { weight: 3.2, lengthPenalty: 0.35 },
  { weight: 1.6, lengthPenalty: 0.5 },
  { weight: 1.6, lengthPenalty: 0.3 },
  { weight: 1.2, lengthPenalty: 0.5 },
  { weight: 1, lengthPenalty: 0.6 },
  { weight: 0.3, lengthPenalty: 0.7 },
];
// title, headings, prose, code
const passageFields: readonly Field[] = [
  { weight: 0.8, lengthPenalty: 0.35 },
  { weight: 2, lengthPenalty: 0.4 },
  { weight: 1, lengthPenalty: 0.7 },
  { weight: 0.6, lengthPenalty: 0.6 },
];

/** As a question would ask for it: without words that say nothing. */
const titleTerms = (title: string): string[] =>
  queryWords(title)
    .filter((word) => word.counted && word.weight > 0.5)
    .map((word) => word.term);

function sideBySide(rows: readonly Float32Array[], dimension: number): Float32Array {
  const all = new Float32Array(rows.length * dimension);
  for (const [number, row] of rows.entries()) all.set(row, number * dimension);
  return all;
}

/**
 * Words as they are written, with how many posts have each, in the order of the posts.
 *
 * @param posts - of each, the numbers of its words
 */
function countWritten(
  posts: readonly Uint32Array[],
  words: readonly string[],
): ReadonlyMap<string, number> {
  const counts = new Uint32Array(words.length);
  const order: number[] = [];
  for (const surfaces of posts) {
    for (const word of surfaces) {
      const count = counts[word] as number;
      if (count === 0) order.push(word);
      counts[word] = count + 1;
    }
  }
  return new Map(order.map((word) => [words[word] ?? '', counts[word] ?? 0]));
}

/** Reads posts into numbers of terms. */
function createAnalyst() {
  const read = createTermReader<KnownWord>(({ terms, surfaces }) => ({ terms, surfaces }));
  const vectors = wordVectors();
  /** Of each number's term, its row in the table of what words mean; −1 where it has none. */
  const rows: number[] = [];
  const meaningOf = createPassageReader(vectors, rows);
  const nothingMeant = noMeaning(vectors);
  /** Words of Chinese, until there is a post in Chinese: the table of them is opened with it. */
  let waiting: (readonly [term: string, number: number])[] | undefined = [];
  const numbers = createTermNumbers((term, number) => {
    if (waiting && isHanPair(term)) {
      waiting.push([term, number]);
      rows[number] = -1;
    } else {
      rows[number] = vectors.row(term) ?? -1;
    }
  });
  function openChinese(): void {
    for (const [term, number] of waiting ?? []) rows[number] = vectors.row(term) ?? -1;
    waiting = undefined;
  }
  const words: string[] = [];
  const surfaceNumbers = createTermNumbers((surface) => words.push(surface));
  /** Of each word as it is written, the post that had it last. */
  const lastIn: number[] = [];
  let post = 0;
  let surfaces: number[] = [];

  function readInto(terms: number[], text: string, code = false): void {
    read(text, { code }, (word) => {
      word.termNumbers ??= word.terms.map(numbers.add);
      word.surfaceNumbers ??= word.surfaces.map(surfaceNumbers.add);
      for (const term of word.termNumbers) terms.push(term);
      for (const surface of word.surfaceNumbers) {
        if (lastIn[surface] === post) continue;
        lastIn[surface] = post;
        surfaces.push(surface);
      }
    });
  }
  function termsOf(text: string): Uint32Array {
    const terms: number[] = [];
    readInto(terms, text);
    return Uint32Array.from(terms);
  }

  function analysePassage({ blocks }: Post, passage: Passage): Omit<AnalysedPassage, 'meaning'> {
    const prose: number[] = [];
    const code: number[] = [];
    const inOrder: number[] = [];
    let linked = 0;
    let length = 0;
    for (let at = passage.start; at < passage.end; at += 1) {
      const block = blocks[at];
      if (!block || block.kind === 'heading') continue;
      const isCode = block.kind === 'code';
      const into = isCode ? code : prose;
      const from = into.length;
      readInto(into, block.text, isCode);
      for (let term = from; term < into.length; term += 1) inOrder.push(into[term] as number);
      linked += block.linkShare * block.text.length;
      length += block.text.length;
    }
    return {
      headings: termsOf(passage.headings.join('\n')),
      prose: Uint32Array.from(prose),
      code: Uint32Array.from(code),
      inOrder: Uint32Array.from(inOrder),
      linkShare: length === 0 ? 0 : linked / length,
    };
  }

  return {
    vectors,
    numbers,
    /** Words as they are written, by their numbers. */
    words,
    read,
    analyse(one: Post): Analysis {
      post += 1;
      surfaces = [];
      const title = termsOf(one.title);
      const isOfChinese = isChinese(one);
      const hasMeaning = isOfChinese || isEnglish(one);
      const headings = one.blocks.filter((block) => block.kind === 'heading');
      return {
        title,
        passages: one.passages.map((passage) => {
          const read = analysePassage(one, passage);
          if (isOfChinese) openChinese();
          const meaning = hasMeaning
            ? meaningOf({ title, ...read, isChinese: isOfChinese })
            : nothingMeant;
          return { ...read, meaning };
        }),
        headings: termsOf(headings.map((block) => block.text).join('\n')),
        path: termsOf(
          one.path
            .replace(/\.[^./]+$/, '')
            .replace(/(?:^|\/)_?index$/i, '')
            .replaceAll('/', ' '),
        ),
        keywords: termsOf(one.keywords),
        surfaces: Uint32Array.from(surfaces),
      };
    },
  };
}

/** Builds indexes; posts that were in the index before are not tokenised again. */
export function createIndexer(): {
  build(posts: readonly Post[], pause: () => Promise<void>): Promise<PostIndex>;
} {
  const { analyse, numbers, read, vectors, words } = createAnalyst();
  const analyses = new WeakMap<Post, Analysis>();

  return {
    async build(posts, pause) {
      const byPost = createBm25Builder(postFields, numbers);
      const byPassage = createBm25Builder(passageFields, numbers);
      const passages: IndexedPassage[] = [];
      const directions: Float32Array[] = [];
      const firstPassages: number[] = [];
      const titles: (readonly string[])[] = [];
      const surfaces: Uint32Array[] = [];
      let lastHeading = '';
      let lastTerms: readonly string[] = [];
      const headingTerms = (heading: string): readonly string[] => {
        if (heading !== lastHeading) lastTerms = titleTerms(heading);
        lastHeading = heading;
        return lastTerms;
      };
      for (const [number, post] of posts.entries()) {
        const analysis = analyses.get(post) ?? analyse(post);
        analyses.set(post, analysis);
        const { title, headings, path, keywords } = analysis;
        // Prose and code of a post are those of its passages; kept once.
        const prose = analysis.passages.map((passage) => passage.prose);
        const code = analysis.passages.map((passage) => passage.code);
        byPost.add([[title], [headings], [path], [keywords], prose, code]);
        firstPassages.push(passages.length);
        titles.push(titleTerms(post.title));
        for (const [at, found] of analysis.passages.entries()) {
          const passage = post.passages[at];
          if (!passage) continue;
          byPassage.add([[title], [found.headings], [found.prose], [found.code]]);
          directions.push(found.meaning.direction);
          const { inOrder: terms, linkShare } = found;
          const { rows } = found.meaning;
          const heading = headingTerms(passage.headings.at(-1) ?? '');
          passages.push({ post: number, passage, terms, linkShare, rows, heading });
        }
        surfaces.push(analysis.surfaces);
        await pause();
      }
      return {
        posts,
        scripts: new Set(posts.map((post) => post.script)),
        titles,
        passages,
        firstPassages,
        directions: sideBySide(directions, vectors.dimension),
        byPost: byPost.finish(),
        byPassage: byPassage.finish(),
        spelling: createSpelling(countWritten(surfaces, words)),
        numberOf: numbers.find,
        numbers: numbers.size,
        termsOf(text, { code = false } = {}) {
          const terms: string[] = [];
          read(text, { code, isPassing: true }, (word) => {
            for (const term of word.terms) terms.push(term);
          });
          return terms;
        },
      };
    },
  };
}
