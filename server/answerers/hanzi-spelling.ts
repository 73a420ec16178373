/**
 * Repairs of Chinese typed by sound: the right syllables, another character (状太 for 状态). Four in
 * five errors of Chinese typing are of this kind (C.-L. Liu et al., "Visually and phonologically
 * similar characters in incorrect Chinese words", ACM TALIP 10(2), 2011).
 */
export interface SoundLexicon {
  /** Whether it is a word of the language. */
  has(word: string): boolean;
  /** In how many posts of the blog it stands. */
  uses(word: string): number;
  /** Characters that are spoken alike, itself left out. */
  homophones(character: string): readonly string[];
}

/**
 * The word that most posts use of those that are spoken like this one; undefined where none is.
 *
 * @param isOpen - which characters may be wrong; all of them where left out
 */
export function respell(
  word: string,
  lexicon: SoundLexicon,
  isOpen: (place: number) => boolean = () => true,
): string | undefined {
  const characters = [...word];
  let best: string | undefined;
  let bestUses = 0;
  for (const [place, character] of characters.entries()) {
    if (!isOpen(place)) continue;
    for (const other of lexicon.homophones(character)) {
      const candidate = characters.map((own, at) => (at === place ? other : own)).join('');
      const uses = lexicon.uses(candidate);
      if (uses <= bestUses || !lexicon.has(candidate)) continue;
      best = candidate;
      bestUses = uses;
    }
  }
  return best;
}
