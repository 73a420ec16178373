import { answerIdOf } from '../../shared/ids.ts';
import type { AppendCommand, AppendResult, OnError, Store, Timers } from '../ports.ts';
import { lastOf, type Burst } from './burst.ts';
import { reasonToWait, type MadeAnswer } from './make-answer.ts';
import { pause } from './within-time.ts';

const retryMs = { first: 200, longest: 5_000 };

/** The answer as it is stored, with all that it causes. */
export function answerCommand(questions: Burst, made: MadeAnswer, atMs: number): AppendCommand {
  const { conversationId, questionId } = lastOf(questions);
  const waiting = reasonToWait(made);
  return {
    conversationId,
    message: {
      id: answerIdOf(questionId),
      sender: 'assistant',
      text: made.text,
      atMs,
      inReplyTo: questionId,
      ...(questions.length > 1 ? { answers: questions.map((one) => one.questionId) } : {}),
      ...(made.citations.length > 0 ? { citations: made.citations } : {}),
      outcome: made.outcome,
    },
    settlesAnswer: true,
    ...(waiting === undefined ? {} : { waiting }),
    ...(made.handOver ? { facts: { answering: 'owner' } } : {}),
  };
}

/**
 * Stores an answer that was made, however long the store is busy: it is not thrown away, nor made
 * anew where it may be stored already. Nothing where it is wanted no more, or the server closes.
 */
export async function storeAnswer(
  command: AppendCommand,
  by: {
    readonly store: Store;
    readonly timers: Timers;
    readonly onError: OnError;
    readonly closing: AbortSignal;
    /** Asked before it is tried once more. */
    isWanted(): Promise<boolean>;
  },
): Promise<AppendResult | undefined> {
  const { store, timers, onError, closing } = by;
  for (let delayMs = retryMs.first; !closing.aborted;) {
    try {
      return await store.append(command);
    } catch (error) {
      onError(error, { stage: 'store answer' });
      const pauseMs = delayMs;
      delayMs = Math.min(delayMs * 2, retryMs.longest);
      await pause(timers, pauseMs, closing);
      if (!(await by.isWanted())) return undefined;
    }
  }
  return undefined;
}
