import { answerIdOf } from '../../shared/ids.ts';
import type {
  AnswerOutcome,
  AppendCommand,
  Clock,
  OwedAnswer,
  Store,
  StoredMessage,
} from '../ports.ts';
import { answersEnded, answersEndIn } from './answers-end.ts';
import { makeAnswer, reasonToWait, type MakeAnswerOptions } from './make-answer.ts';
import { pause } from './within-time.ts';

export interface AnswerWorkerOptions extends MakeAnswerOptions {
  readonly clock: Clock;
  /** Names this instance in leases. */
  readonly holder: string;
  readonly leaseMs: number;
  /** Conversations answered at the same time. */
  readonly concurrency: number;
  readonly onAnswered: (outcome: AnswerOutcome, tookMs: number) => void;
  /** An answer has become a message of its conversation. */
  readonly onStored: (message: StoredMessage) => void;
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
const storeRetryMs = { first: 200, longest: 5_000 };

/**
 * Answers are made once and in the order of the questions: one at a time in a conversation,
 * several conversations at once. What is made is stored as `ai:<question>` and settled in the
 * same transaction, so a crash at any point delays an answer and never doubles it.
 */
export function createAnswerWorker(options: AnswerWorkerOptions): AnswerWorker {
  const { store, bus, clock, timers } = options;
  const queues = new Map<string, OwedAnswer[]>();
  const waiting: string[] = [];
  /** What calls off the answer that is being made, by conversation. */
  const runs = new Map<string, AbortController>();
  /** What was asked in a conversation before somebody took it over, as it is said. */
  const doubted = new Map<string, ReadonlySet<OwedAnswer>>();
  let closed = false;
  /** Questions wait until the answerer can answer, or is known to be unable to. */
  let ready = false;
  let running = 0;
  let whenIdle: (() => void)[] = [];

  function begin(owed: OwedAnswer): void {
    const queue = queues.get(owed.conversationId);
    if (!queue) {
      queues.set(owed.conversationId, [owed]);
      waiting.push(owed.conversationId);
      startNext();
      return;
    }
    if (queue.some(({ questionId }) => questionId === owed.questionId)) return;
    // The first is being answered; the others stand in the order of the questions.
    let at = queue.length;
    while (at > 1 && (queue[at - 1]?.questionSeq ?? 0) > owed.questionSeq) at -= 1;
    queue.splice(at, 0, owed);
  }

  function startNext(): void {
    while (ready && running < options.concurrency && !closed) {
      const conversationId = waiting.shift();
      if (conversationId === undefined) return;
      running += 1;
      void workOff(conversationId).finally(() => {
        running -= 1;
        startNext();
        if (running === 0) {
          for (const resolve of whenIdle) resolve();
          whenIdle = [];
        }
      });
    }
  }

  async function workOff(conversationId: string): Promise<void> {
    const queue = queues.get(conversationId) ?? [];
    for (let owed = queue[0]; owed && !closed; owed = queue[0]) {
      const before = doubted.get(conversationId);
      if (before) {
        doubted.delete(conversationId);
        if (!(await hasEnded(conversationId))) continue;
        queue.splice(0, queue.length, ...queue.filter((one) => !before.has(one)));
        continue;
      }
      const run = new AbortController();
      runs.set(conversationId, run);
      await settle(owed, run.signal).catch((error: unknown) =>
        options.onError(error, { stage: 'answer' }),
      );
      runs.delete(conversationId);
      // What was called off is owed still, unless a look into the store says otherwise.
      if (!run.signal.aborted) queue.shift();
    }
    doubted.delete(conversationId);
    queues.delete(conversationId);
  }

  /**
   * Somebody took over, as it is said: what is being made is called off at once. What is said may
   * be old, and the store knows: it is asked before anything is forgotten.
   */
  const unsubscribe = bus.subscribe((event) => {
    const conversationId = answersEndIn(event);
    const queue = conversationId === undefined ? undefined : queues.get(conversationId);
    if (conversationId === undefined || !queue) return;
    doubted.set(conversationId, new Set(queue));
    runs.get(conversationId)?.abort(new Error('Somebody took over'));
  });

  async function hasEnded(conversationId: string): Promise<boolean> {
    try {
      return answersEnded(await store.conversation(conversationId));
    } catch (error) {
      options.onError(error, { stage: 'answer' });
      return false;
    }
  }

  async function settle(owed: OwedAnswer, calledOff: AbortSignal): Promise<void> {
    const startedMs = clock.now();
    const made = await makeAnswer(owed, options, calledOff);
    if (!made) return;
    const waitingFor = reasonToWait(made);
    const command: AppendCommand = {
      conversationId: owed.conversationId,
      message: {
        id: answerIdOf(owed.questionId),
        sender: 'assistant',
        text: made.text,
        atMs: clock.now(),
        inReplyTo: owed.questionId,
        ...(made.citations.length > 0 ? { citations: made.citations } : {}),
        outcome: made.outcome,
      },
      settlesAnswer: true,
      ...(waitingFor === undefined ? {} : { waiting: waitingFor }),
      ...(made.handOver ? { facts: { answering: 'owner' } } : {}),
    };
    const result = await persist(command, calledOff);
    // It is there already, or owed no more: somebody took over while it was made.
    if (result?.status !== 'stored') return;
    const { conversationId } = owed;
    options.onStored(result.message);
    bus.publish({ type: 'message', conversationId, message: result.message });
    if (made.handOver) {
      bus.publish({ type: 'handler', conversationId, answering: 'owner', wished: true });
    }
    options.onAnswered(made.outcome, clock.now() - startedMs);
  }

  /** An answer that was made is not thrown away because the store is busy for a while. */
  async function persist(
    command: AppendCommand,
    calledOff: AbortSignal,
  ): Promise<Awaited<ReturnType<Store['append']>> | undefined> {
    for (let delayMs = storeRetryMs.first; !calledOff.aborted;) {
      try {
        return await store.append(command);
      } catch (error) {
        options.onError(error, { stage: 'store answer' });
        const pauseMs = delayMs;
        delayMs = Math.min(delayMs * 2, storeRetryMs.longest);
        await pause(timers, pauseMs, calledOff);
      }
    }
    return undefined;
  }

  async function recover(): Promise<void> {
    for (;;) {
      const nowMs = clock.now();
      const lease = { holder: options.holder, untilMs: nowMs + options.leaseMs };
      const claimed = await store.claimAnswers({ lease, nowMs, limit: claimLimit });
      for (const owed of claimed) begin(owed);
      if (claimed.length < claimLimit || closed) return;
    }
  }

  function recoverLater(): void {
    if (closed) return;
    timers.after(recoverEveryMs, () => {
      if (closed) return;
      recover()
        .catch((error: unknown) => options.onError(error, { stage: 'recover answers' }))
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
    pending: () => [...queues.values()].reduce((sum, queue) => sum + queue.length, 0),
    idle: () =>
      queues.size === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve)),
    close() {
      closed = true;
      unsubscribe();
      for (const run of runs.values()) run.abort(new Error('The server stops'));
    },
  };
}
