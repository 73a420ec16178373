import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyTimeline, reduce, type Entry } from '../state/timeline.ts';
import { readMarkdown } from './markdown-tree.ts';
import { createReveal } from './reveal.ts';

/** An answer as far as it has come; `whole` for the stored one. */
function answer(text: string, whole = false): Entry {
  const at = '2026-01-01T00:00:00.000Z';
  const { entries } = reduce(
    emptyTimeline,
    whole
      ? {
          type: 'message',
          message: { id: 'ai:q', seq: 2, sender: 'assistant', message: text, timestamp: at },
        }
      : { type: 'delta', id: 'ai:q', inReplyTo: 'q', index: 0, delta: text, nowMs: 1 },
  );
  const [entry] = entries;
  if (!entry) throw new Error('no answer');
  return entry;
}

/** What can be read of it. */
function textIn(node: unknown): string {
  if (typeof node !== 'object' || node === null) return '';
  if ('text' in node) return node.text as string;
  return Object.values(node).map(textIn).join('');
}

const moving = (): boolean => false;
const ignore = (): void => undefined;

describe('an answer that is shown as it is written', () => {
  it('comes frame by frame, asks for each, and ends whole', () => {
    let asked = 0;
    const reveal = createReveal([], moving, () => (asked += 1));
    const text = 'word '.repeat(100).trim();
    const seen: string[] = [];
    for (;;) {
      const before = asked;
      const blocks = reveal.look(answer(text));
      const shown = textIn(blocks);
      expect(text.startsWith(shown)).toBe(true);
      expect(shown.length).toBeGreaterThan(seen.at(-1)?.length ?? 0);
      seen.push(shown);
      if (asked === before) break;
    }
    expect(seen.at(-1)).toBe(text);
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.length).toBeLessThan(60);
    // The whole that replaces it says the same: nothing is left to be shown.
    expect(reveal.look(answer(text, true))).toBeUndefined();
  });

  it('goes on to its end after the whole has come, and does not jump there', () => {
    const reveal = createReveal([], moving, ignore);
    const text = 'A long answer that came at once, to its very end.';
    reveal.look(answer('A lo'));
    const first = textIn(reveal.look(answer(text, true)));
    expect(text.startsWith(first) && first.length < text.length).toBe(true);
    let frames = 0;
    while (reveal.look(answer(text, true))) frames += 1;
    expect(frames).toBeGreaterThan(2);
  });

  it('is there at once where nothing should move, and where it was there before', () => {
    const still = createReveal([], () => true, ignore);
    expect(textIn(still.look(answer('All of it')))).toBe('All of it');
    expect(still.look(answer('All of it', true))).toBeUndefined();
    const late = createReveal([answer('All of it')], moving, ignore);
    expect(textIn(late.look(answer('All of it')))).toBe('All of it');
  });

  it('leaves alone what was never half written', () => {
    expect(createReveal([], moving, ignore).look(answer('Whole', true))).toBeUndefined();
  });

  it('shows other words at once where they are not those that it began with', () => {
    const reveal = createReveal([], () => true, ignore);
    reveal.look(answer('Old words and more'));
    expect(textIn(reveal.look(answer('New')))).toBe('New');
    reveal.look(answer('New'));
    expect(reveal.look(answer('Quite another answer', true))).toBeUndefined();
  });

  it('never cuts a character in two, and ends with what is said', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '😀', '日', '\n\n', '**b** ')), (pieces) => {
        const text = `x${pieces.join('')}`;
        const reveal = createReveal([], moving, ignore);
        for (let end = 1; end <= text.length; end += 3) {
          const shown = textIn(reveal.look(answer(text.slice(0, end))));
          expect(
            /[\uD800-\uDBFF]$/.test(shown) && !/[\uD800-\uDBFF]$/.test(text.slice(0, end)),
          ).toBe(false);
        }
        let frames = 0;
        while (reveal.look(answer(text, true)) && frames < 1_000) frames += 1;
        expect(frames).toBeLessThan(1_000);
        expect(readMarkdown(text).length).toBeGreaterThan(0);
      }),
    );
  });
});
