import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutants, patched } from './mutant-patches.ts';

const root = new URL('../../', import.meta.url);

describe('the ways to break the code', () => {
  it('are five', () => expect(mutants).toHaveLength(5));

  it.each(mutants)('still find their place: $name', ({ patches }) => {
    const texts = new Map<string, string>();
    for (const patch of patches) {
      const text = texts.get(patch.file) ?? readFileSync(new URL(patch.file, root), 'utf8');
      texts.set(patch.file, patched(text, patch));
      expect(texts.get(patch.file)).not.toBe(text);
    }
  });

  it('fail loudly where the place is gone, or there twice', () => {
    const patch = { file: 'a.ts', find: 'x = 1', replace: 'x = 2' };
    expect(patched('let x = 1;', patch)).toBe('let x = 2;');
    expect(() => patched('let y = 1;', patch)).toThrow('not there');
    expect(() => patched('let x = 1; x = 1;', patch)).toThrow('2 times there');
  });
});
