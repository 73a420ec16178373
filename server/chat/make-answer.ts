import type { WaitingReason } from '../../shared/console-protocol.ts';
import type { Sentences } from '../lang/sentences.ts';
import type {
  Answer,
  Answerer,
  AnswerOutcome,
  Bus,
  OnError,
  OwedAnswer,
  Question,
  Store,
  Timers,
} from '../ports.ts';
import { withinTime } from './within-time.ts';

export interface MakeAnswerOptions {
  readonly store: Store;
  readonly answerer: Answerer;
  readonly bus: Bus;
  readonly timers: Timers;
  /** After this long an answer counts as failed, in milliseconds. */
  readonly timeoutMs: number;
  readonly sentences: (lang: string | undefined) => Sentences;
  readonly isHumanRequest: (text: string) => boolean;
  /** Whether the owner can be told of anything just now. */
  ownerReachable(): boolean;
  readonly onError: OnError;
}

export interface MadeAnswer extends Pick<Answer, 'text' | 'citations'> {
  readonly outcome: AnswerOutcome;
  /** Whether the assistant falls silent after it. */
  readonly handOver: boolean;
}

const typingAfterMs = 300;

/**
 * What the assistant says to a question: the answerer's answer, a polite sentence where it
 * fails, or, to a wish for a person, whether the owner was told. Nothing where it is called off.
 */
export async function makeAnswer(
  owed: OwedAnswer,
  options: MakeAnswerOptions,
  calledOff: AbortSignal,
): Promise<MadeAnswer | undefined> {
  const { bus, timers, timeoutMs } = options;
  const sentences = options.sentences(owed.lang);
  if (options.isHumanRequest(owed.text)) {
    const handOver = options.ownerReachable();
    const text = handOver ? sentences.ownerNotified : sentences.ownerUnreachable;
    return { text, citations: [], outcome: 'human_request', handOver };
  }
  const { conversationId } = owed;
  const typing = (active: boolean): void =>
    bus.publish({ type: 'typing', conversationId, sender: 'assistant', active });
  let shown = false;
  const cancelTyping = timers.after(typingAfterMs, () => {
    shown = true;
    typing(true);
  });
  try {
    const answer = await withinTime(
      async (signal) =>
        options.answerer.answer(
          {
            text: owed.text,
            lang: sentences.lang,
            conversationId,
            history: await historyOf(owed, options),
            ...(owed.page === undefined ? {} : { page: owed.page }),
          },
          { signal },
        ),
      { timers, timeoutMs, calledOff },
    );
    if (answer.text.trim() === '') throw new Error('The answerer gave an empty answer');
    return { ...answer, handOver: false };
  } catch (error) {
    if (calledOff.aborted) return undefined;
    options.onError(error, { stage: 'answer' });
    return { text: sentences.answerFailed, citations: [], outcome: 'failed', handOver: false };
  } finally {
    cancelTyping();
    if (shown) typing(false);
  }
}

async function historyOf(
  owed: OwedAnswer,
  { store, answerer }: MakeAnswerOptions,
): Promise<Question['history']> {
  const limit = answerer.historyMessages ?? 0;
  if (limit === 0) return [];
  const range = { beforeSeq: owed.questionSeq, limit, maxBytes: 256 * 1024 };
  const page = await store.messages(owed.conversationId, range);
  return page.messages.map(({ sender, text }) => ({ sender, text }));
}

/** Why the owner is waited for after this answer. */
export function reasonToWait({ outcome }: MadeAnswer): WaitingReason | undefined {
  switch (outcome) {
    case 'human_request':
      return 'human_request';
    case 'not_covered':
      return 'assistant_unsure';
    case 'found':
    case 'smalltalk':
    case 'failed':
      return undefined;
  }
}
