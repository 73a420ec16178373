/** What the tests of the notice worker stand on: driven time, a store in memory, fake channels. */
import type { Notice, Notifier } from '../notifier-ports.ts';
import type { NoticeReason, Store } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { createDrivenTime, type DrivenTime } from './driven-time.ts';
import {
  createNoticeWorker,
  type NoticeWorker,
  type NoticeWorkerOptions,
} from './notice-worker.ts';

/** A channel that does what a test says and notes what it was given. */
export interface FakeChannel extends Notifier {
  readonly notices: { readonly notice: Notice; readonly atMs: number }[];
  /** What becomes of the notices from now on. */
  behave(how: (notice: Notice, signal: AbortSignal) => Promise<void>): void;
  /** Texts that were taken, in order. */
  readonly taken: string[];
}

export interface WorkerBench extends DrivenTime {
  readonly store: Store;
  readonly errors: string[];
  channel(name: string): FakeChannel;
  /** Starts a worker; `store` stands in for one that fails. */
  start(notifiers: readonly Notifier[], more?: Partial<NoticeWorkerOptions>): NoticeWorker;
  /** Owes a notice of a new message on these channels. */
  owe(conversationId: string, text: string, options?: OweOptions): Promise<void>;
  closeAll(): Promise<void>;
}

interface OweOptions {
  readonly channels?: readonly string[];
  readonly reason?: NoticeReason;
  /** Default: now. */
  readonly notBeforeMs?: number;
}

export const startMs = Date.UTC(2025, 0, 1);

export function createWorkerBench(store: Store = createMemoryStore()): WorkerBench {
  const time = createDrivenTime(startMs);
  const errors: string[] = [];
  const workers: NoticeWorker[] = [];
  let messages = 0;

  return {
    ...time,
    store,
    errors,
    channel(name) {
      let handle = async (_notice: Notice, _signal: AbortSignal): Promise<void> => undefined;
      const notices: FakeChannel['notices'] = [];
      const taken: string[] = [];
      return {
        channel: name,
        notices,
        taken,
        behave: (how) => void (handle = how),
        async notify(notice, { signal }) {
          notices.push({ notice, atMs: time.clock.now() - startMs });
          await handle(notice, signal);
          taken.push(...notice.messages.map(({ text }) => text));
        },
        close: async () => undefined,
      };
    },
    start(notifiers, more = {}) {
      const worker = createNoticeWorker({
        store,
        clock: time.clock,
        timers: time.timers,
        holder: `holder-${workers.length}`,
        publicUrl: 'https://chat.example.com/',
        // The middle of the jitter: delays are exactly 5 s, 10 s, 20 s …
        random: () => 0.5,
        onError: (error) => void errors.push(String(error)),
        notifiers,
        ...more,
      });
      workers.push(worker);
      return worker;
    },
    async owe(conversationId, text, options = {}) {
      const { channels = ['a'], reason = 'contact_request' } = options;
      messages += 1;
      const atMs = time.clock.now();
      const notBeforeMs = options.notBeforeMs ?? atMs;
      await store.append({
        conversationId,
        message: { id: `m${messages}`, sender: 'visitor', text, atMs, contact: { name: 'Ann' } },
        owedNotices: channels.map((channel) => ({ channel, notBeforeMs, reason })),
      });
    },
    async closeAll() {
      const closing = Promise.all(workers.map((worker) => worker.close()));
      await time.advance(10_000);
      await closing;
    },
  };
}
