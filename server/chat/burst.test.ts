import { describe, expect, it } from 'vitest';
import type { OwedAnswer } from '../ports.ts';
import { firstBurst, maxBurstChars, maxBurstQuestions } from './burst.ts';

const owed = (text: string, combinable = true): OwedAnswer => ({
  ...{ conversationId: 'c', questionId: text, questionSeq: 1, text, combinable },
});
const burst = (queue: readonly OwedAnswer[], combines = true): string[] | undefined =>
  firstBurst(queue, combines, (text) => text === 'wish')?.map(({ text }) => text);

describe('one answer covers', () => {
  it.each<[string, readonly OwedAnswer[], string[] | undefined]>([
    ['nothing where nothing is asked', [], undefined],
    ['what waits in a row', [owed('a'), owed('b'), owed('c')], ['a', 'b', 'c']],
    ['no question of a plain client, as the first', [owed('a', false), owed('b')], ['a']],
    ['nor as a later one', [owed('a'), owed('b', false), owed('c')], ['a']],
    ['a wish for a person by itself', [owed('wish'), owed('b')], ['wish']],
    ['what stands before a wish', [owed('a'), owed('b'), owed('wish'), owed('c')], ['a', 'b']],
  ])('%s', (_what, queue, covered) => {
    expect(burst(queue)).toEqual(covered);
  });

  it('one question where the answerer does not combine', () => {
    expect(burst([owed('a'), owed('b')], false)).toEqual(['a']);
  });

  it('so many questions at most', () => {
    const many = Array.from({ length: maxBurstQuestions + 5 }, (_, index) => owed(`${index}`));
    expect(burst(many)).toHaveLength(maxBurstQuestions);
  });

  it('so much text at most, but for a first question that is longer by itself', () => {
    const half = 'x'.repeat(maxBurstChars / 2);
    expect(burst([owed(half), owed(half), owed('y')])).toEqual([half, half]);
    const long = 'x'.repeat(maxBurstChars + 1);
    expect(burst([owed(long), owed('y')])).toEqual([long]);
  });
});
