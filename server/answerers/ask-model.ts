/** Asks a model within what may be spent, and once more where that can help. */
import type { AnswerProgress, Question } from '../answerer-ports.ts';
import type { OnError, Timers } from '../ports.ts';
import { pause } from '../chat/within-time.ts';
import { costs, ModelFailed, type LanguageModel, type ModelFailure } from './model-port.ts';
import type { ModelObserver } from './model-observer.ts';
import type { GroundedPrompt } from './grounded-prompt.ts';
import type { ShownTextOptions } from './shown-text.ts';
import type { GuardedBy, SpendGuard } from './spend-guard.ts';
import {
  writeAnswer,
  type ModelTimeouts,
  type Writing,
  type WrittenAnswer,
} from './write-answer.ts';

export interface AskModelOptions {
  readonly model: LanguageModel;
  readonly guard: SpendGuard;
  readonly observer: ModelObserver;
  readonly timers: Timers;
  readonly timeouts: ModelTimeouts & {
    /** For all attempts together, in milliseconds. */
    readonly wholeMs: number;
  };
  /** Told of failures, stage `language model`, of each kind once a minute at most. */
  readonly onError: OnError;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export interface ModelQuestion extends ShownTextOptions {
  readonly prompt: GroundedPrompt;
  readonly asker: Pick<Question, 'visitor' | 'conversationId'>;
  readonly signal: AbortSignal;
  readonly progress?: AnswerProgress | undefined;
}

export type ModelOutcome =
  | { readonly status: 'written'; readonly answer: WrittenAnswer }
  /** A limit on spending kept it from the model. */
  | { readonly status: 'guarded'; readonly by: GuardedBy }
  | { readonly status: 'failed'; readonly failure: ModelFailure };

/** Enough for an answer in a chat. */
const answerTokens = 700;
/** For models that think first, and count their thoughts as part of the answer. */
const thinkingTokens = 4_000;
/** A server that wants to be left alone for longer is not waited for. */
const longestWaitMs = 5_000;
const reportEveryMs = 60_000;
/** So many answers in a row that did not come: then nobody waits for the next ones for a while. */
const lateInARow = 2;
const restMs = 60_000;
/** Parameters that a model may refuse, one call each. */
const mostMends = 3;

/** How long to wait before the second attempt; undefined where it would not help. */
function waitBefore({ failure, retryAfterMs }: ModelFailed): number | undefined {
  const within = (ms: number): number | undefined => (ms <= longestWaitMs ? ms : undefined);
  switch (failure) {
    case 'unreachable':
    case 'cut':
      return 300;
    case 'broken':
      return within(retryAfterMs ?? 500);
    case 'busy':
      return within(retryAfterMs ?? 1_000);
    case 'empty':
    case 'parameter':
      return 0;
    case 'late':
    case 'quota':
    case 'unauthorized':
    case 'not_found':
    case 'rejected':
      return undefined;
  }
}

export function createModelCaller(
  options: AskModelOptions,
): (question: ModelQuestion) => Promise<ModelOutcome> {
  const { guard, observer, timers, timeouts } = options;
  const reported = new Map<ModelFailure, number>();
  let maxTokens = answerTokens;
  let late = 0;
  let restsUntilMs = 0;

  /** Nobody waits half a minute for a server that has just let others wait in vain. */
  function isResting(): boolean {
    const leftMs = restsUntilMs - options.now();
    return leftMs > 0 && leftMs <= restMs;
  }
  function hasCome(failure: ModelFailure | undefined): void {
    late = failure === 'late' ? late + 1 : 0;
    if (late >= lateInARow) restsUntilMs = options.now() + restMs;
  }

  function report(error: ModelFailed): void {
    const nowMs = options.now();
    const lastMs = reported.get(error.failure);
    if (lastMs !== undefined && nowMs >= lastMs && nowMs - lastMs < reportEveryMs) return;
    reported.set(error.failure, nowMs);
    options.onError(error, { stage: 'language model' });
  }

  async function account(
    writing: Writing,
    prompt: GroundedPrompt,
    failure: ModelFailure | undefined,
  ): Promise<number> {
    const used =
      failure !== undefined && !costs(failure) && !writing.hasShown()
        ? { prompt: 0, completion: 0 }
        : writing.used(prompt.tokens);
    observer.spent('prompt', used.prompt);
    observer.spent('completion', used.completion);
    return used.prompt + used.completion;
  }

  /** One call; a failure is a value, anything else is thrown. */
  async function attempt(
    question: ModelQuestion,
    signal: AbortSignal,
  ): Promise<ModelOutcome | ModelFailed> {
    const { prompt, progress } = question;
    const reserved = await guard.reserve(question.asker, prompt.tokens + maxTokens);
    if (!reserved.granted) {
      observer.guarded(reserved.by);
      return { status: 'guarded', by: reserved.by };
    }
    const writing = writeAnswer({
      ...{ model: options.model, timers, timeouts, signal, progress },
      prompt: { system: prompt.system, messages: prompt.messages, maxTokens },
      passages: question.passages,
      allowsUrl: (url) => question.allowsUrl(url),
    });
    let failed: ModelFailed | undefined;
    try {
      const answer = await writing.answer;
      hasCome(undefined);
      return { status: 'written', answer };
    } catch (error) {
      if (!(error instanceof ModelFailed)) {
        observer.called('called_off');
        throw error;
      }
      failed = error;
      observer.called(error.failure);
      hasCome(error.failure);
      if (writing.hasShown()) progress?.restart();
      if (error.failure === 'empty') maxTokens = thinkingTokens;
      return error;
    } finally {
      await reserved.settle(await account(writing, prompt, failed?.failure));
    }
  }

  return async (question) => {
    if (isResting()) return { status: 'failed', failure: 'late' };
    const whole = new AbortController();
    const stop = timers.after(timeouts.wholeMs, () =>
      whole.abort(
        new ModelFailed('late', `The language model was not done within ${timeouts.wholeMs} ms`),
      ),
    );
    const signal = AbortSignal.any([question.signal, whole.signal]);
    try {
      let mends = 0;
      for (let tries = 1; ;) {
        const outcome = await attempt(question, signal);
        if (!(outcome instanceof ModelFailed)) return outcome;
        report(outcome);
        const isMended = outcome.failure === 'parameter' && mends < mostMends;
        const waitMs = waitBefore(outcome);
        if (waitMs === undefined || (tries > 1 && !isMended)) {
          return { status: 'failed', failure: outcome.failure };
        }
        if (isMended) mends += 1;
        else tries += 1;
        if (waitMs > 0) await pause(timers, waitMs, signal);
        question.signal.throwIfAborted();
        if (whole.signal.aborted) return { status: 'failed', failure: 'late' };
      }
    } finally {
      stop();
    }
  };
}
