import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NoticeFailed } from '../notifier-ports.ts';
import { createWorkerBench, startMs, type FakeChannel, type WorkerBench } from './worker-bench.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

describe('notice worker', () => {
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

  describe('delivers', () => {
    it('what was owed before it started, and what is owed later as soon as it is kicked', async () => {
      await bench.owe('c1', 'before');
      const worker = bench.start([a]);
      await bench.settle();
      expect(textsOf(a)).toEqual([['before']]);
      await bench.owe('c2', 'later');
      worker.kick();
      await bench.settle();
      expect(textsOf(a)).toEqual([['before'], ['later']]);
      expect(timesOf(a)).toEqual([0, 0]);
      expect((await bench.store.owedWork()).notices).toBe(0);
    });

    it('within five seconds where nobody kicks', async () => {
      bench.start([a]);
      await bench.settle();
      await bench.owe('c1', 'hello');
      await bench.advance(5 * second);
      expect(textsOf(a)).toEqual([['hello']]);
    });

    it('only once, to each of its channels', async () => {
      const b = bench.channel('b');
      await bench.owe('c1', 'hello', { channels: ['a', 'b'] });
      const worker = bench.start([a, b]);
      worker.kick();
      worker.kick('a');
      worker.kick('unknown');
      await bench.advance(2 * minute);
      expect(a.taken).toEqual(['hello']);
      expect(b.taken).toEqual(['hello']);
    });

    it('only once where several processes work on one store', async () => {
      const limits = { perMinute: 1, leaseMs: 40 * second };
      for (const id of ['c1', 'c2']) await bench.owe(id, id);
      bench.start([a], { limits });
      await bench.advance(20 * second);
      bench.start([a], { limits });
      await bench.advance(5 * minute);
      expect(a.taken).toEqual(['c1', 'c2']);
    });

    it('all messages of a conversation as one notice, in their order, for the strongest reason', async () => {
      await bench.owe('c/1', 'one', { reason: 'visitor_message' });
      await bench.owe('c/1', 'two', { reason: 'contact_request' });
      await bench.owe('c2', 'other');
      await bench.owe('c/1', 'three', { reason: 'human_request' });
      bench.start([a]);
      await bench.settle();
      expect(textsOf(a)).toEqual([['one', 'two', 'three'], ['other']]);
      expect(a.notices[0]?.notice).toMatchObject({
        reason: 'contact_request',
        conversationId: 'c/1',
        url: 'https://chat.example.com/console#/c/c%2F1',
        messages: [{ id: 'm1', seq: 1, atMs: startMs, contact: { name: 'Ann' } }, {}, {}],
      });
    });
  });

  it('tells the visitor’s language, and no sentence of the server as if a visitor had said it', async () => {
    await bench.store.append({
      conversationId: 'c1',
      facts: { lang: 'de', name: 'Ann' },
      message: { id: 'system:1', sender: 'system', text: 'I have told the owner', atMs: startMs },
      owedNotices: [{ channel: 'a', notBeforeMs: startMs, reason: 'human_request' }],
    });
    bench.start([a]);
    await bench.settle();
    expect(a.notices[0]?.notice).toMatchObject({
      reason: 'human_request',
      lang: 'de',
      messages: [{ id: 'system:1', text: '', contact: { name: 'Ann' } }],
    });
  });

  describe('limits', () => {
    it('delay and join what follows within 30 s in a conversation', async () => {
      const worker = bench.start([a]);
      await bench.owe('c1', 'first');
      worker.kick();
      await bench.advance(4 * second);
      for (const text of ['second', 'third', 'fourth']) {
        await bench.owe('c1', text);
        worker.kick();
        await bench.advance(3 * second);
      }
      await bench.owe('c2', 'other conversation');
      worker.kick();
      await bench.advance(minute);
      expect(textsOf(a)).toEqual([
        ['first'],
        ['other conversation'],
        ['second', 'third', 'fourth'],
      ]);
      expect(timesOf(a)).toEqual([0, 13, 30]);
    });

    it('hold after a restart', async () => {
      await bench.owe('c1', 'first');
      const worker = bench.start([a]);
      await bench.settle();
      await worker.close();
      await bench.advance(10 * second);
      await bench.owe('c1', 'second');
      bench.start([a]);
      await bench.advance(minute);
      expect(timesOf(a)).toEqual([0, 30]);
    });

    it('let 30 notices a minute and 120 an hour through a channel, and lose none', async () => {
      for (let index = 0; index < 150; index += 1) await bench.owe(`c${index}`, `text ${index}`);
      bench.start([a]);
      await bench.advance(59 * second);
      expect(a.taken).toHaveLength(30);
      await bench.advance(59 * minute);
      expect(a.taken).toHaveLength(120);
      await bench.advance(30 * minute);
      expect(a.taken.toSorted()).toEqual(
        Array.from({ length: 150 }, (_, index) => `text ${index}`).toSorted(),
      );
      for (const atMs of a.notices.map((one) => one.atMs)) {
        const within = (ms: number) =>
          a.notices.filter((one) => one.atMs >= atMs && one.atMs < atMs + ms).length;
        expect(within(minute)).toBeLessThanOrEqual(30);
        expect(within(hour)).toBeLessThanOrEqual(120);
      }
    });

    it('join what waits for a full channel', async () => {
      const worker = bench.start([a], { limits: { perMinute: 1 } });
      await bench.owe('c1', 'first');
      worker.kick();
      await bench.settle();
      for (const text of ['one', 'two', 'three']) {
        await bench.owe('c2', text);
        worker.kick();
        await bench.advance(15 * second);
      }
      await bench.advance(2 * minute);
      expect(textsOf(a)).toEqual([['first'], ['one', 'two', 'three']]);
    });

    it('count what they hold back in the next notice', async () => {
      const worker = bench.start([a], { limits: { perMinute: 2 } });
      for (const id of ['c1', 'c2', 'c3', 'c4']) await bench.owe(id, `of ${id}`);
      await bench.owe('c4', 'more of c4');
      worker.kick();
      await bench.advance(10 * second);
      await bench.owe('c5', 'of c5');
      await bench.advance(4 * minute);
      expect(a.notices.map(({ notice }) => [notice.conversationId, notice.heldBack])).toEqual([
        ['c1', undefined],
        ['c2', undefined],
        ['c3', { messages: 3, sinceMs: startMs }],
        ['c4', { messages: 1, sinceMs: startMs + 10 * second }],
        ['c5', undefined],
      ]);
      // Nothing is left of it later on.
      await bench.owe('c6', 'of c6');
      await bench.owe('c7', 'of c7');
      await bench.advance(minute);
      expect(a.notices.slice(-2).map(({ notice }) => notice.heldBack)).toEqual([
        ...[undefined, undefined],
      ]);
    });

    it('count beyond what one process has in hand', async () => {
      for (let index = 0; index < 450; index += 1) await bench.owe(`c${index}`, 'x');
      bench.start([a], { limits: { perMinute: 1 } });
      await bench.advance(90 * second);
      expect(a.notices.map(({ notice }) => notice.heldBack?.messages)).toEqual([undefined, 448]);
    });

    it('count what is not due yet, be it that its sender wrote too much or that it failed', async () => {
      await bench.owe('flood', 'too much', { notBeforeMs: startMs + 5 * minute });
      await bench.owe('flood', 'far too much', { notBeforeMs: startMs + 6 * minute });
      bench.start([a]);
      await bench.advance(10 * second);
      await bench.owe('c1', 'hello');
      await bench.advance(10 * second);
      a.behave(async () => {
        throw new NoticeFailed('not now');
      });
      await bench.owe('c2', 'fails');
      await bench.advance(5 * second);
      a.behave(() => Promise.resolve());
      await bench.advance(10 * minute);
      const told = a.notices.map(({ notice }) => [notice.conversationId, notice.heldBack]);
      expect(told).toEqual([
        ['c1', { messages: 2, sinceMs: startMs }],
        ['c2', { messages: 2, sinceMs: startMs }],
        ['c2', { messages: 2, sinceMs: startMs }],
        ['flood', undefined],
        ['flood', undefined],
      ]);
    });

    it('do not outlast a clock that is set back', async () => {
      const worker = bench.start([a], { limits: { perMinute: 2 } });
      a.behave(() => Promise.reject(new NoticeFailed('later', { retryAfterMs: 20 * second })));
      await bench.owe('c1', 'first');
      worker.kick();
      await bench.settle();
      bench.setClock(startMs - 5 * hour);
      a.behave(() => Promise.resolve());
      await bench.owe('c2', 'second');
      await bench.advance(2 * minute);
      expect(a.taken).toEqual(['second']);
    });
  });

  it('tells nobody of a conversation that was erased while its notice waited', async () => {
    const worker = bench.start([a]);
    await bench.owe('c1', 'first');
    worker.kick();
    await bench.settle();
    await bench.owe('c1', 'regretted');
    worker.kick();
    await bench.advance(10 * second);
    await bench.store.erase('c1');
    await bench.advance(2 * minute);
    expect(a.taken).toEqual(['first']);
  });

  describe('close', () => {
    it('stops what is under way and leaves it owed', async () => {
      let stopped = false;
      a.behave(
        (_notice, signal) =>
          new Promise((_, reject) =>
            signal.addEventListener('abort', () => {
              stopped = true;
              reject(new NoticeFailed('stopped'));
            }),
          ),
      );
      await bench.owe('c1', 'hello');
      const worker = bench.start([a]);
      await bench.settle();
      await Promise.all([worker.close(), worker.close()]);
      expect(stopped).toBe(true);
      expect(bench.errors).toEqual([]);
      worker.kick();
      await bench.owe('c2', 'after');
      await bench.advance(10 * minute);
      expect(a.notices).toHaveLength(1);
      a.behave(() => Promise.resolve());
      bench.start([a]);
      await bench.advance(5 * second);
      expect(a.taken).toEqual(['hello', 'after']);
    });

    it('waits five seconds for a channel that does not stop, no longer', async () => {
      a.behave(() => new Promise(() => undefined));
      await bench.owe('c1', 'hello');
      const worker = bench.start([a]);
      await bench.settle();
      let closed = false;
      const closing = worker.close().then(() => (closed = true));
      await bench.advance(4.9 * second);
      expect(closed).toBe(false);
      await bench.advance(0.2 * second);
      await closing;
    });

    it('notes a delivery that the channel took in the last moment', async () => {
      a.behave(
        (_notice, signal) =>
          new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
      );
      await bench.owe('c1', 'hello');
      const worker = bench.start([a]);
      await bench.settle();
      await worker.close();
      expect((await bench.store.owedWork()).notices).toBe(0);
    });
  });
});
