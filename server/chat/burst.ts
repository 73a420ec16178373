import type { OwedAnswer } from '../ports.ts';
import { isAgreement } from './accepted-offer.ts';

/** What one answer covers, oldest first; it replies to the last. */
export type Burst = readonly [OwedAnswer, ...OwedAnswer[]];

/** So many questions one answer covers at most, and so many UTF-16 units of them together. */
export const maxBurstQuestions = 10;
export const maxBurstChars = 8_000;

export const lastOf = (burst: Burst): OwedAnswer => burst.at(-1) ?? burst[0];

/**
 * The questions at the head of a queue that one answer covers: the first, and where the answerer
 * combines those that follow it, of clients that said `hello`. A wish for a person is answered by
 * itself, and so is a yes, which may be one.
 */
export function firstBurst(
  queue: readonly OwedAnswer[],
  combines: boolean,
  isHumanRequest: (text: string) => boolean,
): Burst | undefined {
  const mayJoin = ({ combinable, text }: OwedAnswer): boolean =>
    combines && combinable && !isHumanRequest(text) && !isAgreement(text);
  const [first, ...others] = queue;
  if (!first || !mayJoin(first)) return first && [first];
  const burst: [OwedAnswer, ...OwedAnswer[]] = [first];
  let chars = first.text.length;
  for (const owed of others) {
    chars += owed.text.length;
    if (burst.length >= maxBurstQuestions || chars > maxBurstChars || !mayJoin(owed)) break;
    burst.push(owed);
  }
  return burst;
}
