import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NoticeFailed } from '../notifier-ports.ts';
import { StoreUnavailable, type Store } from '../ports.ts';
import { createWorkerBench, type FakeChannel, type WorkerBench } from './worker-bench.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

describe('notice worker where things fail', () => {
  let bench: WorkerBench;
  let a: FakeChannel;
  beforeEach(() => {
    bench = createWorkerBench();
    a = bench.channel('a');
  });
  afterEach(() => bench.closeAll());

  const textsOf = (channel: FakeChannel): string[][] =>
    channel.notices.map(({ notice }) => notice.messages.map(({ text }) => text));
  const timesOf = (channel: FakeChannel): number[] =>
    channel.notices.map(({ atMs }) => atMs / second);

  describe('on failure', () => {
    const fail = (error: unknown) => a.behave(() => Promise.reject(error));

    it('tries again after 5 s, 10 s, 20 s … 30 min', async () => {
      fail(new Error('no'));
      await bench.owe('c1', 'hello');
      bench.start([a], { limits: { pollMs: second } });
      await bench.advance(3 * hour);
      const times = timesOf(a);
      const delays = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(delays.slice(0, 9)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280]);
      expect(new Set(delays.slice(9))).toEqual(new Set([1800]));
    });

    it('spreads retries by a fifth either way', async () => {
      fail(new Error('no'));
      await bench.owe('c1', 'hello');
      let random = 0;
      bench.start([a], { limits: { pollMs: 100 }, random: () => random });
      await bench.advance(4.1 * second);
      expect(timesOf(a)).toEqual([0, 4]);
      random = 0.999_999;
      await bench.advance(8.1 * second);
      await bench.advance(minute);
      expect(timesOf(a).slice(0, 3)).toEqual([0, 4, 12]);
      expect(timesOf(a)[3]).toBeCloseTo(36, 0);
    });

    it('gives up after a day, in words that name the channel and how many', async () => {
      fail(new Error('no\r\nluck'));
      const given: unknown[] = [];
      await bench.owe('c1', 'one');
      await bench.owe('c1', 'two');
      bench.start([a], { limits: { pollMs: minute }, onFailed: (one) => void given.push(one) });
      await bench.advance(25 * hour);
      expect((timesOf(a).at(-1) ?? 0) / 3_600).toBeGreaterThanOrEqual(24);
      expect(await bench.store.owedWork()).toMatchObject({ notices: 0, failedNotices: 2 });
      expect(bench.errors).toEqual([
        'Error: channel a: a notice failed and will be tried again: no luck',
        'Error: channel a: 2 notice(s) given up: no luck',
      ]);
      expect(given.at(-1)).toEqual({ channel: 'a', notices: 2, givenUp: 2 });
      fail(undefined);
      const tries = a.notices.length;
      await bench.advance(2 * hour);
      expect(a.notices).toHaveLength(tries);
    });

    it('reports and keeps no address, and no word of the visitor, whatever a channel says', async () => {
      const logged: string[] = [];
      const kept: string[] = [];
      const store: Store = {
        ...bench.store,
        noticesFailed: (ids, failure) => {
          kept.push(failure.error);
          return bench.store.noticesFailed(ids, failure);
        },
      };
      const why = '<visitor.addr@example.org> said "call me about the garden", signed Ann';
      fail(new NoticeFailed(why, { cause: new Error(why) }));
      await bench.owe('c1', 'Please call me about the garden');
      const onError = (error: unknown): void => {
        for (let each = error; each instanceof Error; each = each.cause) {
          logged.push(`${each.message}\n${each.stack}`);
        }
      };
      bench.start([a], { store, onError });
      await bench.settle();
      expect(logged).toHaveLength(3);
      expect(kept).toEqual(['<v…@example.org> said "***", signed ***']);
      expect(logged.join('\n')).not.toMatch(/visitor\.addr@|garden|Ann/);
    });

    it('does not storm a channel that is down', async () => {
      fail(new Error('no'));
      for (let index = 0; index < 100; index += 1) await bench.owe(`c${index}`, `text ${index}`);
      bench.start([a]);
      await bench.advance(59 * second);
      expect(a.notices).toHaveLength(30);
      a.behave(() => Promise.resolve());
      await bench.advance(2 * hour);
      expect(new Set(a.taken).size).toBe(100);
    });

    it('gives up at once where trying again cannot help', async () => {
      fail(new NoticeFailed('gone', { retryable: false }));
      await bench.owe('c1', 'hello');
      bench.start([a]);
      await bench.advance(hour);
      expect(a.notices).toHaveLength(1);
      expect(bench.errors).toEqual(['Error: channel a: 1 notice(s) given up: gone']);
    });

    it('keeps the whole channel silent for as long as it asked for', async () => {
      fail(new NoticeFailed('slow down', { retryAfterMs: 2 * minute }));
      await bench.owe('c1', 'one');
      const worker = bench.start([a]);
      await bench.settle();
      a.behave(() => Promise.resolve());
      await bench.owe('c2', 'two');
      worker.kick();
      await bench.advance(119 * second);
      expect(a.notices).toHaveLength(1);
      await bench.advance(10 * second);
      expect(a.taken.toSorted()).toEqual(['one', 'two']);
    });

    it('asks again after six hours, however long the channel wanted silence', async () => {
      fail(new NoticeFailed('never', { retryAfterMs: 1e12 }));
      await bench.owe('c1', 'one');
      bench.start([a], { limits: { pollMs: minute } });
      await bench.advance(25 * hour);
      expect(timesOf(a).map((time) => Math.floor(time / 3_600))).toEqual([0, 6, 12, 18, 24]);
      expect((await bench.store.owedWork()).failedNotices).toBe(1);
    });

    it('repeats the notice under its id, and under another when it has grown', async () => {
      fail(new Error('no'));
      await bench.owe('c1', 'one');
      bench.start([a], { limits: { pollMs: second } });
      await bench.settle();
      fail(new NoticeFailed('slow down', { retryAfterMs: 20 * second }));
      await bench.advance(6 * second);
      a.behave(() => Promise.resolve());
      await bench.owe('c1', 'two');
      await bench.advance(minute);
      const [first, again, grown, ...more] = a.notices.map(({ notice }) => notice);
      expect(more).toEqual([]);
      expect(again).toEqual(first);
      expect(grown?.messages.map(({ id }) => id)).toEqual(['m1', 'm2']);
      expect(grown?.id).not.toBe(first?.id);
    });
  });

  describe('a channel that hangs', () => {
    const untilStopped = (signal: AbortSignal) =>
      new Promise<void>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      );

    it('delays no other, is stopped, and gets its notice later', async () => {
      const b = bench.channel('b');
      a.behave((_notice, signal) => untilStopped(signal));
      for (const id of ['c1', 'c2', 'c3']) await bench.owe(id, id, { channels: ['a', 'b'] });
      bench.start([a, b]);
      await bench.settle();
      expect(b.taken).toEqual(['c1', 'c2', 'c3']);
      expect(a.notices).toHaveLength(2);
      a.behave(() => Promise.resolve());
      await bench.advance(2 * minute);
      expect(a.taken.toSorted()).toEqual(['c1', 'c2', 'c3']);
      expect(bench.errors[0]).toContain('the channel took too long');
    });

    it('and does not even stop never gets the same notice twice at a time', async () => {
      let finish = (): void => undefined;
      a.behave(() => new Promise<void>((resolve) => (finish = resolve)));
      await bench.owe('c1', 'one');
      const worker = bench.start([a]);
      await bench.advance(3 * minute);
      await bench.owe('c1', 'two');
      worker.kick();
      await bench.advance(3 * minute);
      expect(textsOf(a)).toEqual([['one']]);
      finish();
      a.behave(() => Promise.resolve());
      await bench.advance(2 * minute);
      expect(textsOf(a)).toEqual([['one'], ['two']]);
    });
  });

  describe('a store that fails', () => {
    const failing = (more: Partial<Store>): Store => ({ ...bench.store, ...more });
    const down = () => Promise.reject(new StoreUnavailable('disk full'));

    it('is reported once and asked again until it answers', async () => {
      let failures = 3;
      const store = failing({
        claimNotices: (claim) => (failures-- > 0 ? down() : bench.store.claimNotices(claim)),
      });
      await bench.owe('c1', 'hello');
      bench.start([a], { store });
      await bench.advance(minute);
      expect(a.taken).toEqual(['hello']);
      expect(bench.errors).toHaveLength(1);
    });

    it('while it is told of a delivery causes no second one', async () => {
      let broken = true;
      const store = failing({
        noticesDone: (ids, nowMs) => (broken ? down() : bench.store.noticesDone(ids, nowMs)),
      });
      await bench.owe('c1', 'hello');
      const delivered: unknown[] = [];
      bench.start([a], { store, onDelivered: (one) => void delivered.push(one) });
      await bench.advance(5 * minute);
      expect(delivered).toEqual([]);
      broken = false;
      await bench.advance(minute);
      expect(a.taken).toEqual(['hello']);
      expect(delivered).toEqual([{ channel: 'a', notices: 1 }]);
      expect((await bench.store.owedWork()).notices).toBe(0);
    });

    it('while it is told of a failure still gets it retried', async () => {
      let broken = true;
      const store = failing({
        noticesFailed: (ids, why) => (broken ? down() : bench.store.noticesFailed(ids, why)),
      });
      a.behave(() => Promise.reject(new Error('no')));
      await bench.owe('c1', 'hello');
      bench.start([a], { store });
      await bench.advance(minute);
      broken = false;
      a.behave(() => Promise.resolve());
      await bench.advance(2 * minute);
      expect(a.taken).toEqual(['hello']);
    });
  });
});
