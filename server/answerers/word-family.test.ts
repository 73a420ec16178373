import { describe, expect, it } from 'vitest';
import { stem } from './stem.ts';
import { familyOf } from './word-family.ts';

describe('a family of words', () => {
  it.each([
    ['simplest', 'simple'],
    ['transformer', 'transformation'],
    ['compressor', 'compress'],
    ['deploy', 'deployment'],
  ])('has %s and %s', (asked, written) => {
    const related = [stem(asked), ...familyOf(stem(asked))];
    expect(related).toContain(stem(written));
  });

  it('has no mere beginnings, nor the term itself', () => {
    expect(familyOf('station').has('st')).toBe(false);
    expect(familyOf('deploy').has('deploy')).toBe(false);
    expect(familyOf('api').size).toBe(0);
    expect(familyOf('数据库').size).toBe(0);
  });
});
