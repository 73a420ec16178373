import type { OwedAnswer } from '../ports.ts';
import type { AnswerStream } from './answer-stream.ts';
import type { Burst } from './burst.ts';
import type { TypingSign } from './typing-sign.ts';

/** Whoever goes on asking still gets an answer: it is begun anew no more often than this. */
export const maxBegunAnew = 3;
/** Nor where more of it can be read already, in UTF-16 units. */
export const maxThrownAwayChars = 400;

/** What is owed in one conversation, and what is being made of it. */
export interface Talk {
  readonly queue: OwedAnswer[];
  readonly typing: TypingSign;
  run: Run | undefined;
  /** What was asked before somebody took over, as it is said. */
  doubted: ReadonlySet<OwedAnswer> | undefined;
  /** How often the answer at the head of the queue was called off for more that was asked. */
  begunAnew: number;
  /** More was asked just now, and perhaps not all of it yet. */
  unsettled: boolean;
}

/** An answer that is being made. */
export interface Run {
  /** How many questions at the head of the queue it covers. */
  readonly covers: number;
  readonly control: AbortController;
  stream: AnswerStream | undefined;
  /** On its way to the store, and not to be stopped any more. */
  made: boolean;
}

/** Why an answer is called off that is then made to cover what was asked meanwhile. */
export class MoreAsked extends Error {
  override readonly name = 'MoreAsked';
}

export const newTalk = (owed: OwedAnswer, typing: TypingSign): Talk => ({
  queue: [owed],
  typing,
  run: undefined,
  doubted: undefined,
  begunAnew: 0,
  unsettled: false,
});

/** @returns whether it was not known yet */
export function takeIn({ queue, run }: Talk, owed: OwedAnswer): boolean {
  if (queue.some(({ questionId }) => questionId === owed.questionId)) return false;
  // What is being answered stays in front; the others stand in the order of the questions.
  let at = queue.length;
  while (at > (run?.covers ?? 0) && (queue[at - 1]?.questionSeq ?? 0) > owed.questionSeq) at -= 1;
  queue.splice(at, 0, owed);
  return true;
}

/** Whether what is being made is better begun anew, to cover what was just asked too. */
export const canGrow = (talk: Talk, run: Run, burst: Burst | undefined): boolean =>
  !run.made &&
  !run.control.signal.aborted &&
  talk.begunAnew < maxBegunAnew &&
  (run.stream?.shown() ?? 0) <= maxThrownAwayChars &&
  (burst?.length ?? 0) > run.covers;
