import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Notifier } from '../notifier-ports.ts';
import type { Store, Timers } from '../ports.ts';
import { createWorkerBench } from './worker-bench.ts';

const never = new Promise<never>(() => undefined);

/** A process that can be killed: from then on nothing it waits for ever comes. */
function createMortal() {
  let alive = true;
  const survive = async <Value>(value: Promise<Value>): Promise<Value> => {
    const result = await value.catch((error: unknown) => (alive ? Promise.reject(error) : never));
    return alive ? result : never;
  };
  const call = <Value>(begin: () => Promise<Value>): Promise<Value> =>
    alive ? survive(begin()) : never;
  return {
    kill: () => void (alive = false),
    store: (store: Store): Store => ({
      ...store,
      claimNotices: (claim) => call(() => store.claimNotices(claim)),
      noticesDone: (ids, nowMs) => call(() => store.noticesDone(ids, nowMs)),
      noticesFailed: (ids, failure) => call(() => store.noticesFailed(ids, failure)),
      noticesSentSince: (channel, sinceMs) => call(() => store.noticesSentSince(channel, sinceMs)),
      conversation: (id) => call(() => store.conversation(id)),
    }),
    timers: (timers: Timers): Timers => ({
      after: (delayMs, callback) => timers.after(delayMs, () => alive && callback()),
    }),
    notifier: (notifier: Notifier): Notifier => ({
      ...notifier,
      notify: (notice, options) => call(() => notifier.notify(notice, options)),
    }),
  };
}

const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ owe: fc.constantFrom('c1', 'c2', 'c3') }) },
  {
    weight: 4,
    arbitrary: fc.record({ passMs: fc.constantFrom(0, 10, 700, 6_000, 31_000, 70_000) }),
  },
  { weight: 2, arbitrary: fc.record({ channel: fc.constantFrom('up', 'down', 'hangs', 'slow') }) },
  { weight: 1, arbitrary: fc.constant({ kill: true }) },
);

describe('notice worker through crashes and outages', () => {
  it('delivers everything at least once, and no conversation twice at a time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 30 }), async (events) => {
        const bench = createWorkerBench();
        const channel = bench.channel('a');
        const owed: string[] = [];
        const busy = new Set<string>();
        let overlapped = false;
        let how = 'up';

        channel.behave(async (notice, signal) => {
          overlapped ||= busy.has(notice.conversationId);
          busy.add(notice.conversationId);
          const stopped = new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => resolve());
          });
          const later = new Promise<void>((resolve) => void bench.timers.after(500, resolve));
          if (how === 'slow') await later;
          else if (how === 'hangs') await stopped;
          busy.delete(notice.conversationId);
          if (how === 'down' || signal.aborted) throw new Error('down');
        });

        function startProcess() {
          busy.clear();
          const mortal = createMortal();
          const worker = bench.start([mortal.notifier(channel)], {
            store: mortal.store(bench.store),
            timers: mortal.timers(bench.timers),
          });
          return { kill: mortal.kill, kick: worker.kick };
        }

        let running = startProcess();
        for (const each of events) {
          if ('owe' in each) {
            owed.push(`text ${owed.length}`);
            await bench.owe(each.owe, owed.at(-1) ?? '');
            running.kick();
          } else if ('passMs' in each) {
            await bench.advance(each.passMs);
          } else if ('channel' in each) {
            how = each.channel;
          } else {
            running.kill();
            running = startProcess();
          }
        }
        how = 'up';
        await bench.advance(2 * 3_600_000);

        expect([...new Set(channel.taken)].toSorted()).toEqual(owed.toSorted());
        expect(await bench.store.owedWork()).toMatchObject({ notices: 0, failedNotices: 0 });
        expect(overlapped).toBe(false);
        running.kill();
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
