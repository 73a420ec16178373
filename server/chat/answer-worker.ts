import { setMaxListeners } from 'node:events';
import type { Observer } from '../observe/observer.ts';
import type { Clock, OwedAnswer, StoredMessage } from '../ports.ts';
import { canGrow, MoreAsked, newTalk, takeIn, type Run, type Talk } from './answer-talk.ts';
import { answersEnded, answersEndIn } from './answers-end.ts';
import { firstBurst, type Burst } from './burst.ts';
import { makeAnswer, type MadeAnswer, type MakeAnswerOptions } from './make-answer.ts';
import { answerCommand, storeAnswer } from './store-answer.ts';
import { createTypingSign } from './typing-sign.ts';
import { pause } from './within-time.ts';

export interface AnswerWorkerOptions extends MakeAnswerOptions {
  readonly clock: Clock;
  /** Names this instance in leases. */
  readonly holder: string;
  readonly leaseMs: number;
  /** Conversations answered at the same time. */
  readonly concurrency: number;
  readonly observer: Pick<
    Observer,
    'answered' | 'messageStored' | 'answerShown' | 'answerCalledOff'
  >;
}

/** Makes the answers that are owed. */
export interface AnswerWorker {
  /** This answer is owed under our lease. */
  begin(owed: OwedAnswer): void;
  /** Takes over whatever is owed and held by nobody; resolves when all of it is in the queue. */
  recover(): Promise<void>;
  /** Answers queued or being made. */
  pending(): number;
  /** Resolves when nothing is queued. */
  idle(): Promise<void>;
  /** Ends what is being made; it stays owed. */
  close(): void;
}

const recoverEveryMs = 5_000;
const claimLimit = 100;
/** After something more was asked nothing is made for so long, in milliseconds; so many times. */
const quietMs = 400;
const quietRounds = 5;
/** Milliseconds until what failed for a reason of our own is tried again. */
const afterFaultMs = 1_000;

/**
 * Answers are made once and in the order of the questions: one at a time in a conversation,
 * several conversations at once. What is made is stored as `ai:<question>` and settled in the
 * same transaction, so a crash at any point delays an answer and never doubles it.
 *
 * Where the answerer combines, one answer covers what waits at the head of the queue; what is
 * asked while it is being made calls it off, in bounds, and is covered too.
 */
export function createAnswerWorker(options: AnswerWorkerOptions): AnswerWorker {
  const { store, bus, clock, timers, observer, onError } = options;
  const combines = options.answerer.combines === true;
  const talks = new Map<string, Talk>();
  const waiting: string[] = [];
  const closing = new AbortController();
  // Each conversation may wait for it: Node would take so many for a leak, and say so in the log.
  setMaxListeners(0, closing.signal);
  /** Questions wait until the answerer can answer, or is known to be unable to. */
  let ready = false;
  let running = 0;
  let whenIdle: (() => void)[] = [];

  const burstOf = ({ queue }: Talk): Burst | undefined =>
    firstBurst(queue, combines, options.isHumanRequest);

  function begin(owed: OwedAnswer): void {
    const { conversationId } = owed;
    const talk = talks.get(conversationId);
    if (!talk) {
      talks.set(conversationId, newTalk(owed, createTypingSign(bus, timers, conversationId)));
      waiting.push(conversationId);
      startNext();
      return;
    }
    if (!takeIn(talk, owed) || !talk.run || !canGrow(talk, talk.run, burstOf(talk))) return;
    talk.begunAnew += 1;
    talk.unsettled = true;
    talk.run.control.abort(new MoreAsked());
  }

  function startNext(): void {
    while (ready && running < options.concurrency && !closing.signal.aborted) {
      const conversationId = waiting.shift();
      const talk = conversationId === undefined ? undefined : talks.get(conversationId);
      if (conversationId === undefined || !talk) return;
      running += 1;
      void workOff(conversationId, talk).finally(() => {
        running -= 1;
        startNext();
        if (running === 0) {
          for (const resolve of whenIdle) resolve();
          whenIdle = [];
        }
      });
    }
  }

  async function workOff(conversationId: string, talk: Talk): Promise<void> {
    // What comes to be known in one go is looked at together.
    await Promise.resolve();
    while (talk.queue.length > 0 && !closing.signal.aborted) {
      if (talk.doubted) await clearDoubt(conversationId, talk, talk.doubted);
      else if (talk.unsettled) await untilQuiet(talk);
      else await workOffFirst(talk);
    }
    talk.typing.end();
    talks.delete(conversationId);
  }

  async function workOffFirst(talk: Talk): Promise<void> {
    const questions = burstOf(talk);
    if (!questions) return;
    const run: Run = {
      covers: questions.length,
      control: new AbortController(),
      stream: undefined,
      made: false,
    };
    talk.run = run;
    const left = await settle(talk, run, questions).catch(async (error: unknown) => {
      onError(error, { stage: 'answer' });
      // The store could not be read, say. What was asked later is not answered before it.
      await pause(timers, afterFaultMs, closing.signal);
      return questions;
    });
    talk.run = undefined;
    if (left.length === questions.length) return;
    talk.begunAnew = 0;
    const remain = new Set<OwedAnswer>(left);
    const done = new Set(questions.filter((one) => !remain.has(one)));
    talk.queue.splice(0, talk.queue.length, ...talk.queue.filter((one) => !done.has(one)));
  }

  /** Whoever sends several messages in a row is not done with the first one. */
  async function untilQuiet(talk: Talk): Promise<void> {
    talk.unsettled = false;
    for (let round = 0; round < quietRounds; round += 1) {
      const { length } = talk.queue;
      await pause(timers, quietMs, closing.signal);
      if (talk.queue.length === length) return;
    }
  }

  /**
   * Somebody took over, as it is said: what is being made is called off at once. What is said may
   * be old, and the store knows: it is asked before anything is forgotten.
   */
  const unsubscribe = bus.subscribe((event) => {
    const conversationId = answersEndIn(event);
    const talk = conversationId === undefined ? undefined : talks.get(conversationId);
    if (!talk) return;
    talk.doubted = new Set(talk.queue);
    talk.run?.control.abort(new Error('Somebody took over'));
  });

  async function clearDoubt(
    conversationId: string,
    talk: Talk,
    doubted: ReadonlySet<OwedAnswer>,
  ): Promise<void> {
    talk.doubted = undefined;
    if (!(await hasEnded(conversationId))) return;
    talk.queue.splice(0, talk.queue.length, ...talk.queue.filter((one) => !doubted.has(one)));
  }

  async function hasEnded(conversationId: string): Promise<boolean> {
    try {
      return answersEnded(await store.conversation(conversationId));
    } catch (error) {
      onError(error, { stage: 'answer' });
      return false;
    }
  }

  /** @returns which of the questions are still to be answered */
  async function settle(talk: Talk, run: Run, questions: Burst): Promise<readonly OwedAnswer[]> {
    const startedMs = clock.now();
    const { signal } = run.control;
    const made = await makeAnswer(
      {
        ...{ questions, calledOff: signal, typing: talk.typing },
        onStream: (stream) => void (run.stream = stream),
        onPiece: (isFirst) => observer.answerShown(isFirst ? clock.now() - startedMs : undefined),
      },
      options,
    );
    const grows = !made && signal.reason instanceof MoreAsked;
    if (!grows) talk.typing.end();
    if (!made) {
      if (!closing.signal.aborted) observer.answerCalledOff(grows ? 'more_asked' : 'taken_over');
      return questions;
    }
    run.made = true;
    const command = answerCommand(questions, made, clock.now());
    const result = await storeAnswer(command, {
      ...{ store, timers, onError, closing: closing.signal },
      async isWanted() {
        if (talk.doubted) await clearDoubt(command.conversationId, talk, talk.doubted);
        return talk.queue.includes(questions[0]);
      },
    });
    if (!result) return questions;
    if (result.status === 'stored') {
      announce(result.message, command.conversationId, made);
      observer.answered(made.outcome, clock.now() - startedMs, questions.length);
    }
    // Else it is there already, or owed no more: somebody took over while it was made.
    const stillOwed = new Set(result.status === 'not_owed' ? result.stillOwed : []);
    return questions.filter(({ questionId }) => stillOwed.has(questionId));
  }

  function announce(
    message: StoredMessage,
    conversationId: string,
    { handOver }: MadeAnswer,
  ): void {
    observer.messageStored(message);
    bus.publish({ type: 'message', conversationId, message });
    if (!handOver) return;
    bus.publish({ type: 'handler', conversationId, answering: 'owner', wished: true });
  }

  async function recover(): Promise<void> {
    for (;;) {
      const nowMs = clock.now();
      const lease = { holder: options.holder, untilMs: nowMs + options.leaseMs };
      const claimed = await store.claimAnswers({ lease, nowMs, limit: claimLimit });
      for (const owed of claimed) begin(owed);
      if (claimed.length < claimLimit || closing.signal.aborted) return;
    }
  }

  function recoverLater(): void {
    if (closing.signal.aborted) return;
    timers.after(recoverEveryMs, () => {
      if (closing.signal.aborted) return;
      recover()
        .catch((error: unknown) => onError(error, { stage: 'recover answers' }))
        .finally(recoverLater);
    });
  }
  recoverLater();
  const begun = (): void => {
    ready = true;
    startNext();
  };
  void options.answerer.ready().then(begun, begun);

  return {
    begin,
    recover,
    pending: () => [...talks.values()].reduce((sum, { queue }) => sum + queue.length, 0),
    idle: () =>
      talks.size === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve)),
    close() {
      closing.abort();
      unsubscribe();
      for (const { run } of talks.values()) run?.control.abort(new Error('The server stops'));
    },
  };
}
