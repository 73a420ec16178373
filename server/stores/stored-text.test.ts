import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fromStoredText, toStoredText } from './stored-text.ts';

describe('stored text', () => {
  it('gives back every text, whatever UTF-16 units it is made of', () => {
    const anyUnits = fc
      .array(
        fc.oneof(
          fc.constantFrom(0, 1, 0x30, 0x61, 0xd83d, 0xde00, 0xdfff),
          fc.integer({ min: 0, max: 0xffff }),
        ),
        { maxLength: 20 },
      )
      .map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(anyUnits, (text) => {
        const stored = toStoredText(text);
        expect(stored).not.toContain('\0');
        expect(Buffer.from(stored, 'utf8').toString('utf8')).toBe(stored);
        expect(fromStoredText(stored)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves ordinary text alone', () => {
    expect(toStoredText('你好 👋\n\tok')).toBe('你好 👋\n\tok');
  });
});
