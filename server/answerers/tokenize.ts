/**
 * Text to terms. Words of scripts with spaces are lower-cased and stemmed, identifiers also give
 * their parts; Chinese, Japanese, Korean and the other scripts without spaces give overlapping
 * pairs of characters, the characters themselves and, from `Intl.Segmenter`, their longer words.
 */
import { forEachPiece } from './pieces.ts';
import { simplify } from './simplified.ts';
import { stem } from './stem.ts';
import { looseZh, stopWords, stopWordsZh, weakWords, weakWordsZh } from './stop-words.ts';

const humps = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+|\p{N}+/gu;

/** Longer runs without a break are keys and hashes, not words, in UTF-16 units. */
const longestWord = 48;

/** One form for what looks the same: full-width letters, ligatures, invisible characters. */
export const normalize = (text: string): string =>
  /^[\n\t\x20-\x7e]*$/.test(text)
    ? text
    : text.normalize('NFKC').replace(/[\u00ad\u200b-\u200f\u2060\ufeff]|\p{Cf}/gu, '');

const plainLetters = (word: string): string =>
  /^[\x20-\x7e]*$/.test(word)
    ? word
    : word.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC');

/** `don't` → `dont`, `Deno's` → `Deno`. */
const withoutApostrophes = (raw: string): string => raw.replace(/['’]s$/i, '').replace(/['’]/g, '');

/** The parts of an identifier, in lower case: `GIT_AUTHOR_DATE`, `readFile`, `node.js`, `wasm32`. */
function partsOf(word: string, code: boolean): string[] {
  const parts: string[] = [];
  for (const chunk of word.split(/[.\-_]+/)) {
    if (chunk === '') continue;
    const found = chunk.match(humps) ?? [chunk];
    const letters = found.filter((part) => !/^\p{N}/u.test(part));
    // GitHub, JavaScript, PostgreSQL are one word; readFile and macOS are two.
    const name = /^\p{Lu}/u.test(chunk) && letters.length <= 2 && !code;
    for (const part of name ? [letters.join('')] : found) {
      if (part.length > 1 || (!/^\p{N}/u.test(part) && found.length === 1)) parts.push(part);
    }
  }
  return parts.map((part) => plainLetters(part).toLowerCase());
}

let segmenter: Intl.Segmenter | undefined;
function segments(run: string): string[] {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  return Array.from(segmenter.segment(run), (part) => part.segment);
}

/** Overlapping pairs; of a single character, itself. */
function pairs(run: string): string[] {
  const characters = [...run];
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, at) => `${characters[at] ?? ''}${character}`);
}

/** A word of a text: how it is written, and the terms it is found by. */
interface SpacedWord {
  readonly surface: string;
  readonly term: string;
  readonly parts: readonly string[];
}

/** Nothing to take apart: no digits, no signs, no humps. */
const plainWord = /^(?:[A-Z]?[a-z]+|[A-Z]+)$/;

function spacedWord(raw: string, code: boolean): SpacedWord | undefined {
  if (raw.length <= longestWord && plainWord.test(raw)) {
    const surface = raw.toLowerCase();
    return { surface, term: stem(surface), parts: [] };
  }
  const word = withoutApostrophes(raw);
  if (word.length > longestWord) {
    return { surface: '', term: '', parts: partsOf(word.slice(0, 400), code).slice(0, 24) };
  }
  const surface = plainLetters(word)
    .toLowerCase()
    .replace(/^[_.-]+|[_.-]+$/g, '');
  if (surface === '') return undefined;
  const parts = partsOf(word, code).filter((part) => part !== surface);
  return { surface, term: stem(surface), parts };
}

export interface TextTerms {
  /** Every term that the text is found by, in order, without stop words. */
  readonly terms: readonly string[];
  /** The words as they are written, in lower case: what spelling is repaired to. */
  readonly surfaces: readonly string[];
}

function wordTerms(raw: string, code: boolean): TextTerms {
  const spaced = spacedWord(raw, code);
  if (!spaced) return { terms: [], surfaces: [] };
  const terms: string[] = [];
  if (spaced.term !== '' && !stopWords.has(spaced.surface)) terms.push(spaced.term);
  for (const part of spaced.parts) {
    if (!stopWords.has(part) && part.length <= longestWord) terms.push(stem(part));
  }
  const surfaces = [spaced.surface, ...spaced.parts].filter((surface) => surface.length > 3);
  return { terms, surfaces };
}

/** Words whose terms are remembered. */
const mostRemembered = 200_000;

/**
 * Reads texts that are to be found, word by word. A blog says the same words over and over: what
 * is made of one is remembered, and the memory ends with the reader.
 *
 * @param make - of a word's terms, what the reader tells of; called once for most words
 * @returns tells of every word of a text, in order; in code, names of two humps are two words.
 *   What somebody says who is not of the blog is not to be remembered (`isPassing`): it could be
 *   anything, and without end
 */
export function createTermReader<Word>(
  make: (terms: TextTerms) => Word,
): (
  text: string,
  options: { readonly code: boolean; readonly isPassing?: boolean },
  onWord: (word: Word) => void,
) => void {
  const prose = new Map<string, Word>();
  const ofCode = new Map<string, Word>();
  const others = new Map<string, Word>();
  let remembers = true;
  function remember(words: Map<string, Word>, raw: string, word: Word): Word {
    if (remembers && words.size < mostRemembered) words.set(raw, word);
    return word;
  }
  function newWord(raw: string, code: boolean): Word {
    // A word without humps is the same in prose and code.
    const known = plainWord.test(raw) ? (code ? prose : ofCode).get(raw) : undefined;
    return remember(code ? ofCode : prose, raw, known ?? make(wordTerms(raw, code)));
  }
  const other = (term: string): Word =>
    others.get(term) ?? remember(others, term, make({ terms: [term], surfaces: [] }));

  return (text, { code, isPassing = false }, onWord) => {
    const words = code ? ofCode : prose;
    remembers = !isPassing;
    forEachPiece(normalize(text), {
      word: (raw) => onWord(words.get(raw) ?? newWord(raw, code)),
      special: (raw) => onWord(other(raw.toLowerCase())),
      run(raw) {
        const simple = simplify(raw);
        for (const pair of pairs(simple)) onWord(other(pair));
        if (simple.length < 2) return;
        for (const character of simple) {
          if (!stopWordsZh.has(character)) onWord(other(character));
        }
      },
    });
  };
}

/** @returns the terms of a text that is to be found, and its words */
export function createTokenizer(): (text: string, options?: { code?: boolean }) => TextTerms {
  const read = createTermReader((word) => word);
  return (text, { code = false } = {}) => {
    const terms: string[] = [];
    const surfaces: string[] = [];
    read(text, { code }, (word) => {
      terms.push(...word.terms);
      surfaces.push(...word.surfaces);
    });
    return { terms, surfaces };
  };
}

/** A word of a question. */
export interface QueryWord {
  /** As written, in lower case; what spelling repair starts from. Empty for pairs. */
  readonly surface: string;
  readonly term: string;
  /** How much it says: 1 for a word of its own, less for weak words and mere pairs. */
  readonly weight: number;
  /** Whether a post that lacks it lacks something of the question. */
  readonly counted: boolean;
  /** For an identifier that nobody wrote: the words inside it. */
  readonly parts: readonly string[];
  /** Where it stands among the words, so that neighbours are known. */
  readonly position: number;
  /** A verb and its particle as one word, `back up` as `backup`: asked only where the blog has it. */
  readonly isJoined?: true;
}

/** What words count that say little; what pairs and characters inside Chinese words do. */
const weakWeight = 0.5;
const pairWeight = 0.35;
const characterWeight = 0.6;

/** Words between words that say nothing, and the same as one run of characters. */
export interface UnspacedWords {
  readonly words: { readonly text: string; readonly weight: number }[];
  content: string;
}

/**
 * The words of a run without spaces. The segmenter does not know many words of the field and
 * cuts them into characters (博|客, 构|建): neighbouring characters are put together again.
 */
export function unspacedWords(run: string): UnspacedWords[] {
  const found: UnspacedWords[] = [];
  let current: UnspacedWords = { words: [], content: '' };
  let single = '';
  const add = (text: string, weight: number): void => {
    current.words.push({ text, weight: weakWordsZh.has(text) ? Math.min(weight, 0.3) : weight });
  };
  const flushSingle = (): void => {
    const characters = [...single];
    single = '';
    const word = characters.join('');
    if (characters.length === 0 || stopWordsZh.has(word) || looseZh.has(word)) return;
    current.content += word;
    if (characters.length === 1) add(word, 0.4);
    else if (characters.length === 2) add(word, 1);
    else for (const pair of pairs(word)) add(pair, 0.5);
  };
  for (const part of segments(run)) {
    const isStop = stopWordsZh.has(part);
    if (part.length === 1 && !isStop) {
      single += part;
      continue;
    }
    flushSingle();
    if (isStop) {
      found.push(current);
      current = { words: [], content: '' };
    } else {
      current.content += part;
      add(part, 1);
    }
  }
  flushSingle();
  found.push(current);
  return found;
}

const particles: ReadonlySet<string> = new Set(['up', 'out', 'in', 'on', 'off', 'down', 'over']);

/**
 * Terms of a question, each once, in the order asked; at most `limit`, the rest is noise.
 *
 * @param cut - finds the words of a run without spaces
 */
export function queryWords(text: string, limit = 48, cut = unspacedWords): QueryWord[] {
  const found = new Map<string, QueryWord>();
  let position = 0;
  let verb: { term: string; surface: string; position: number } | undefined;
  const add = (entry: Omit<QueryWord, 'position'>): void => {
    const before = found.get(entry.term);
    if (!before || before.weight < entry.weight) found.set(entry.term, { ...entry, position });
  };
  /** Words of a run without spaces, and the pairs and characters that they are found by too. */
  function addRun(run: string): void {
    for (const { words, content } of cut(simplify(run.slice(0, 400)))) {
      for (const pair of content.length > 2 ? pairs(content) : []) {
        add({ surface: '', term: pair, weight: pairWeight, counted: false, parts: [] });
      }
      for (const character of content.length > 1 ? content : '') {
        if (stopWordsZh.has(character)) continue;
        const weight = looseZh.has(character) ? characterWeight / 2 : characterWeight;
        add({ surface: '', term: character, weight, counted: false, parts: [] });
      }
      for (const { text: word, weight } of words) {
        position += 1;
        const parts = word.length > 2 && !/^\d/.test(word) ? pairs(word) : [];
        add({ surface: '', term: word, weight, counted: true, parts });
      }
    }
  }
  function addWord(raw: string): void {
    const spaced = spacedWord(raw, false);
    if (!spaced) return;
    if (verb && verb.position === position - 1 && particles.has(spaced.surface)) {
      const term = `${verb.term}${spaced.surface}`;
      const surface = `${verb.surface}${spaced.surface}`;
      add({ surface, term: stem(term), weight: 0.8, counted: true, parts: [], isJoined: true });
    }
    verb = spaced.term.length > 1 ? { ...spaced, position } : undefined;
    if (stopWords.has(spaced.surface)) return;
    if (spaced.term === '') {
      for (const part of spaced.parts.slice(0, 6)) {
        add({ surface: part, term: stem(part), weight: 0.6, counted: true, parts: [] });
      }
      return;
    }
    // A number is in many posts by chance.
    const weak =
      weakWords.has(spaced.surface) ||
      weakWords.has(spaced.term) ||
      /^[\d.,-]+$/.test(spaced.surface);
    const { surface, term, parts } = spaced;
    const stems = parts.filter((part) => !stopWords.has(part)).map(stem);
    add({ surface, term, weight: weak ? weakWeight : 1, counted: true, parts: stems });
  }
  const whileFew =
    (addPiece: (raw: string) => void) =>
    (raw: string): void => {
      if (found.size >= limit) return;
      position += 1;
      addPiece(raw);
    };
  // One character may stand for eighteen, so the limit is on what it stands for.
  forEachPiece(normalize(text).slice(0, 8_000), {
    run: whileFew(addRun),
    word: whileFew(addWord),
    special: whileFew((raw) => {
      const term = raw.toLowerCase();
      add({ surface: '', term, weight: 1, counted: true, parts: [] });
    }),
  });
  return [...found.values()].slice(0, limit);
}
