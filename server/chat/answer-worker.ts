import { answerIdOf } from '../../shared/ids.ts';
import type { Sentences } from '../lang/sentences.ts';
import type {
  Answer,
  Answerer,
  AppendCommand,
  Bus,
  Clock,
  OnError,
  OwedAnswer,
  Store,
  StoredMessage,
  Timers,
} from '../ports.ts';

export interface AnswerWorkerOptions {
  readonly store: Store;
  readonly answerer: Answerer;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Names this instance in leases. */
  readonly holder: string;
  readonly leaseMs: number;
  /** After this long an answer counts as failed, in milliseconds. */
  readonly timeoutMs: number;
  /** Conversations answered at the same time. */
  readonly concurrency: number;
  readonly sentences: (lang: string | undefined) => Sentences;
  readonly isHumanRequest: (text: string) => boolean;
  /** Whether the owner can be told of anything. */
  readonly ownerReachable: boolean;
  readonly onError: OnError;
  readonly onAnswered: (outcome: AnswerOutcome, tookMs: number) => void;
  /** An answer has become a message of its conversation. */
  readonly onStored: (message: StoredMessage) => void;
}

export type AnswerOutcome = Answer['outcome'] | 'human_request' | 'failed';

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
const typingAfterMs = 300;

/**
 * Answers are made once and in the order of the questions: one at a time in a conversation,
 * several conversations at once. What is made is stored as `ai:<question>` and settled in the
 * same transaction, so a crash at any point delays an answer and never doubles it.
 */
export function createAnswerWorker(options: AnswerWorkerOptions): AnswerWorker {
  const { store, bus, clock, timers } = options;
  const queues = new Map<string, OwedAnswer[]>();
  const waiting: string[] = [];
  /** What ends each thing that is waited for, once the worker is closed. */
  const endings = new Set<() => void>();
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
      await settle(owed).catch((error: unknown) => options.onError(error, { stage: 'answer' }));
      queue.shift();
    }
    queues.delete(conversationId);
  }

  async function settle(owed: OwedAnswer): Promise<void> {
    const startedMs = clock.now();
    const made = await make(owed);
    if (!made) return;
    const command: AppendCommand = {
      conversationId: owed.conversationId,
      message: {
        id: answerIdOf(owed.questionId),
        sender: 'assistant',
        text: made.text,
        atMs: clock.now(),
        inReplyTo: owed.questionId,
        ...(made.citations.length > 0 ? { citations: made.citations } : {}),
      },
      settlesAnswer: true,
      ...(made.handOver ? { facts: { answering: 'owner' } } : {}),
    };
    const result = await persist(command);
    if (result?.status !== 'stored') return;
    const { conversationId } = owed;
    options.onStored(result.message);
    bus.publish({ type: 'message', conversationId, message: result.message });
    if (made.handOver) bus.publish({ type: 'handler', conversationId, answering: 'owner' });
    options.onAnswered(made.outcome, clock.now() - startedMs);
  }

  /** The answer, or nothing where the server stops first: it stays owed. */
  async function make(owed: OwedAnswer): Promise<MadeAnswer | undefined> {
    const sentences = options.sentences(owed.lang);
    if (options.isHumanRequest(owed.text)) {
      const { ownerReachable: handOver } = options;
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
      const answer = await withTimeout(async (signal) =>
        options.answerer.answer(
          {
            text: owed.text,
            lang: sentences.lang,
            conversationId,
            history: await historyOf(owed),
            ...(owed.page === undefined ? {} : { page: owed.page }),
          },
          { signal },
        ),
      );
      if (answer.text.trim() === '') throw new Error('The answerer gave an empty answer');
      return { ...answer, handOver: false };
    } catch (error) {
      if (closed) return undefined;
      options.onError(error, { stage: 'answer' });
      return { text: sentences.answerFailed, citations: [], outcome: 'failed', handOver: false };
    } finally {
      cancelTyping();
      if (shown) typing(false);
    }
  }

  async function historyOf(
    owed: OwedAnswer,
  ): Promise<readonly { sender: 'visitor' | 'assistant' | 'owner' | 'system'; text: string }[]> {
    const limit = options.answerer.historyMessages ?? 0;
    if (limit === 0) return [];
    const range = { beforeSeq: owed.questionSeq, limit, maxBytes: 256 * 1024 };
    const page = await store.messages(owed.conversationId, range);
    return page.messages.map(({ sender, text }) => ({ sender, text }));
  }

  /** Runs until done, timed out or stopped; whoever ignores the signal is not waited for. */
  function withTimeout<Value>(run: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const control = new AbortController();
    return new Promise<Value>((resolve, reject) => {
      const end = (reason: Error): void => {
        control.abort(reason);
        reject(reason);
      };
      const stopped = (): void => end(new Error('The server stops'));
      const cancel = timers.after(options.timeoutMs, () =>
        end(new Error(`No answer within ${options.timeoutMs} ms`)),
      );
      endings.add(stopped);
      void run(control.signal)
        .then(resolve, reject)
        .finally(() => {
          cancel();
          endings.delete(stopped);
        });
    });
  }

  /** An answer that was made is not thrown away because the store is busy for a while. */
  async function persist(
    command: AppendCommand,
  ): Promise<Awaited<ReturnType<Store['append']>> | undefined> {
    for (let delayMs = storeRetryMs.first; !closed;) {
      try {
        return await store.append(command);
      } catch (error) {
        options.onError(error, { stage: 'store answer' });
        const pauseMs = delayMs;
        delayMs = Math.min(delayMs * 2, storeRetryMs.longest);
        await pause(pauseMs);
      }
    }
    return undefined;
  }

  /** Resolves after so many milliseconds, or when the worker is closed. */
  function pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        endings.delete(end);
        resolve();
      };
      const cancel = timers.after(delayMs, end);
      endings.add(end);
    });
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
      for (const end of [...endings]) end();
    },
  };
}

interface MadeAnswer extends Pick<Answer, 'text' | 'citations'> {
  readonly outcome: AnswerOutcome;
  /** Whether the assistant falls silent after it. */
  readonly handOver: boolean;
}
