import type { WaitingReason } from '../../shared/console-protocol.ts';
import { answerIdOf } from '../../shared/ids.ts';
import type { Sentences } from '../lang/sentences.ts';
import type { Answer, Answerer, Question } from '../answerer-ports.ts';
import type { AnswerOutcome, Bus, OnError, Store, Timers } from '../ports.ts';
import { acceptsOffer } from './accepted-offer.ts';
import { createAnswerStream, type AnswerStream } from './answer-stream.ts';
import { lastOf, type Burst } from './burst.ts';
import type { TypingSign } from './typing-sign.ts';
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

/** One attempt at an answer. */
export interface Attempt {
  readonly questions: Burst;
  readonly calledOff: AbortSignal;
  /** Its sign is begun here, and ended with the first words; else by the caller. */
  readonly typing: TypingSign;
  /** Where it can be watched being written. */
  onStream(stream: AnswerStream): void;
  /** A piece of it is shown; `isFirst` of this attempt. */
  onPiece(isFirst: boolean): void;
}

/**
 * What the assistant says to a question, or to several: the answerer's answer, a polite sentence
 * where it fails, or, to a wish for a person, whether the owner was told. Nothing where it is
 * called off.
 */
export async function makeAnswer(
  attempt: Attempt,
  options: MakeAnswerOptions,
): Promise<MadeAnswer | undefined> {
  const { timers, timeoutMs } = options;
  const { questions, calledOff, typing } = attempt;
  const asked = lastOf(questions);
  const sentences = options.sentences(asked.lang);
  if (options.isHumanRequest(asked.text) || (await acceptsOffer(asked, options.store))) {
    const handOver = options.ownerReachable();
    const text = handOver ? sentences.ownerNotified : sentences.ownerUnreachable;
    return { text, citations: [], outcome: 'human_request', handOver };
  }
  const stream = streamOf(attempt, options);
  if (stream) attempt.onStream(stream);
  typing.begin();
  try {
    const answer = await withinTime(
      async (signal) =>
        options.answerer.answer(
          {
            text: asked.text,
            lang: sentences.lang,
            conversationId: asked.conversationId,
            history: await historyOf(questions, options),
            ...(questions.length > 1
              ? { burst: questions.slice(0, -1).map(({ text }) => text) }
              : {}),
            ...(asked.page === undefined ? {} : { page: asked.page }),
            ...(asked.visitor === undefined ? {} : { visitor: asked.visitor }),
          },
          { signal, ...(stream ? { progress: stream.progress } : {}) },
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
    stream?.end();
  }
}

/** Only clients that said `hello` are shown how an answer is written. */
function streamOf(
  { questions, typing, onPiece }: Attempt,
  { bus, timers }: MakeAnswerOptions,
): AnswerStream | undefined {
  const { conversationId, questionId, combinable } = lastOf(questions);
  if (!combinable) return undefined;
  let isFirst = true;
  return createAnswerStream({
    ...{ bus, timers, conversationId, id: answerIdOf(questionId), inReplyTo: questionId },
    onPiece() {
      typing.end();
      onPiece(isFirst);
      isFirst = false;
    },
  });
}

/**
 * What was said before, answers to earlier questions included, which may stand after the question.
 * What is asked later is not in it.
 */
async function historyOf(
  questions: Burst,
  { store, answerer }: MakeAnswerOptions,
): Promise<Question['history']> {
  const limit = answerer.historyMessages ?? 0;
  if (limit === 0) return [];
  const { conversationId, questionSeq } = lastOf(questions);
  const page = await store.messages(conversationId, {
    beforeSeq: Number.MAX_SAFE_INTEGER,
    limit: limit + questions.length + laterMessages,
    maxBytes: 256 * 1024,
  });
  const asked = new Set(questions.map(({ questionId }) => questionId));
  return page.messages
    .filter(({ id, seq, sender }) => !asked.has(id) && (seq < questionSeq || sender !== 'visitor'))
    .slice(-limit)
    .map(({ sender, text }) => ({ sender, text }));
}

/** So many questions that wait behind this one do not shorten its history. */
const laterMessages = 20;

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
