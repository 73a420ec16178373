/** Traditional characters as simplified ones, so that either finds the other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wordsDir } from '../paths.ts';

let forms: ReadonlyMap<string, string> | undefined;

/** Every pair is of two characters, so lengths stay. */
export function simplify(text: string): string {
  forms ??= new Map(
    readFileSync(join(wordsDir, 'simplified.txt'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, 1), line.slice(1)] as const),
  );
  let simple = '';
  for (const character of text) simple += forms.get(character) ?? character;
  return simple;
}
