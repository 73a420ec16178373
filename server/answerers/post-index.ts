/** Posts made searchable: an index of passages, one of whole posts, and the words they use. */
import type { Passage } from '../posts/passages.ts';
import type { Post, Script } from '../posts/read-post.ts';
import { isEnglish } from './is-english.ts';
import { noMeaning, passageMeaning, type PassageMeaning } from './meanings.ts';
import { createBm25Builder, type Bm25Index, type Field } from './bm25-index.ts';
import { createSpelling, type Spelling } from './spelling.ts';
import { createTermNumbers } from './term-numbers.ts';
import { createTokenizer, queryWords } from './tokenize.ts';
import { wordVectors } from './word-vectors.ts';

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
  /** Of the post, but for its prose and code. */
  readonly fields: readonly (readonly number[])[];
  readonly passages: readonly {
    readonly fields: readonly (readonly number[])[];
    readonly terms: Uint32Array;
    readonly linkShare: number;
    readonly meaning: PassageMeaning;
  }[];
  readonly surfaces: readonly string[];
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

/** Builds indexes; posts that were in the index before are not tokenised again. */
export function createIndexer(): {
  build(posts: readonly Post[], pause: () => Promise<void>): Promise<PostIndex>;
} {
  const tokenize = createTokenizer();
  const vectors = wordVectors();
  const analyses = new WeakMap<Post, Analysis>();
  /** Of each number's term, its row in the table of what words mean; −1 where it has none. */
  const rows: number[] = [];
  const numbers = createTermNumbers((term) => rows.push(vectors.row(term) ?? -1));
  const rowsOf = (terms: readonly number[]): number[] => terms.map((term) => rows[term] ?? -1);

  function analyse(post: Post): Analysis {
    const surfaces: string[] = [];
    const termsOf = (text: string, code = false): number[] => {
      const found = tokenize(text, { code });
      for (const surface of found.surfaces) surfaces.push(surface);
      return found.terms.map((term) => numbers.add(term));
    };
    const title = termsOf(post.title);
    const hasMeaning = isEnglish(post);
    const passages = post.passages.map((passage) => {
      const ofProse: number[] = [];
      const ofCode: number[] = [];
      const inOrder: number[] = [];
      let linked = 0;
      let length = 0;
      for (const block of post.blocks.slice(passage.start, passage.end)) {
        if (block.kind === 'heading') continue;
        const into = block.kind === 'code' ? ofCode : ofProse;
        for (const term of termsOf(block.text, block.kind === 'code')) {
          into.push(term);
          inOrder.push(term);
        }
        linked += block.linkShare * block.text.length;
        length += block.text.length;
      }
      const headings = termsOf(passage.headings.join('\n'));
      return {
        fields: [headings, ofProse, ofCode],
        terms: Uint32Array.from(inOrder),
        linkShare: length === 0 ? 0 : linked / length,
        meaning: hasMeaning
          ? passageMeaning(
              {
                title: rowsOf(title),
                headings: rowsOf(headings),
                prose: rowsOf(ofProse),
                code: rowsOf(ofCode),
              },
              vectors,
            )
          : noMeaning(vectors),
      };
    });
    const headings = post.blocks.filter((block) => block.kind === 'heading');
    return {
      fields: [
        title,
        termsOf(headings.map((block) => block.text).join('\n')),
        termsOf(
          post.path
            .replace(/\.[^./]+$/, '')
            .replace(/(?:^|\/)_?index$/i, '')
            .replaceAll('/', ' '),
        ),
        termsOf(post.keywords),
      ],
      passages: passages.map((passage) => ({ ...passage, fields: [title, ...passage.fields] })),
      surfaces: [...new Set(surfaces)],
    };
  }

  return {
    async build(posts, pause) {
      const byPost = createBm25Builder(postFields, numbers);
      const byPassage = createBm25Builder(passageFields, numbers);
      const passages: IndexedPassage[] = [];
      const directions: Float32Array[] = [];
      const firstPassages: number[] = [];
      const titles: (readonly string[])[] = [];
      const words = new Map<string, number>();
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
        // Prose and code of a post are those of its passages; kept once.
        const ofPassages = (field: number): number[] =>
          analysis.passages.flatMap((passage) => passage.fields[field] ?? []);
        byPost.add([...analysis.fields, ofPassages(2), ofPassages(3)]);
        firstPassages.push(passages.length);
        titles.push(titleTerms(post.title));
        for (const [at, { fields, terms, linkShare, meaning }] of analysis.passages.entries()) {
          const passage = post.passages[at];
          if (!passage) continue;
          byPassage.add(fields);
          directions.push(meaning.direction);
          const { rows } = meaning;
          const heading = headingTerms(passage.headings.at(-1) ?? '');
          passages.push({ post: number, passage, terms, linkShare, rows, heading });
        }
        for (const word of analysis.surfaces) words.set(word, (words.get(word) ?? 0) + 1);
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
        spelling: createSpelling(words),
        numberOf: numbers.find,
        numbers: numbers.size,
        termsOf: (text, options) => tokenize(text, options).terms,
      };
    },
  };
}
