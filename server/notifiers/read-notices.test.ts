import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkerBench, startMs, type FakeChannel, type WorkerBench } from './worker-bench.ts';

describe('what the owner has read before it is due', () => {
  let bench: WorkerBench;
  let a: FakeChannel;
  beforeEach(() => {
    bench = createWorkerBench();
    a = bench.channel('a');
  });
  afterEach(() => bench.closeAll());

  const inHalfAMinute = { reason: 'visitor_message', notBeforeMs: startMs + 30_000 } as const;

  it('is not told, what is not read is, and what was asked of the owner in any case', async () => {
    bench.start([a]);
    for (const id of ['read', 'half', 'unread']) {
      await bench.owe(id, `${id} 1`, inHalfAMinute);
      await bench.owe(id, `${id} 2`, inHalfAMinute);
    }
    await bench.owe('asked', 'call me', { notBeforeMs: startMs + 30_000 });
    await bench.owe('wished', 'a person please', { ...inHalfAMinute, reason: 'human_request' });
    for (const id of ['read', 'asked', 'wished']) await bench.store.markRead(id, 'owner', 9);
    await bench.store.markRead('half', 'owner', 1);
    await bench.advance(29_000);
    expect(a.taken).toEqual([]);
    await bench.advance(60_000);
    expect(a.taken.toSorted()).toEqual(
      ['a person please', 'call me', 'half 2', 'unread 1', 'unread 2'].toSorted(),
    );
    expect(await bench.store.owedWork()).toMatchObject({ notices: 0, failedNotices: 0 });
  });

  it('is not told after a failed try either, and no limit counts it', async () => {
    let failing = true;
    a.behave(async () => {
      if (failing) throw new Error('down');
    });
    bench.start([a], { limits: { perMinute: 1, perHour: 1 } });
    await bench.owe('c1', 'hello', { reason: 'visitor_message' });
    await bench.advance(5_000);
    expect(a.notices).toHaveLength(1);
    await bench.store.markRead('c1', 'owner', 1);
    failing = false;
    await bench.advance(120_000);
    expect([a.notices.length, a.taken]).toEqual([1, []]);
    expect((await bench.store.owedWork()).notices).toBe(0);
    await bench.owe('c1', 'again', { reason: 'visitor_message' });
    await bench.advance(10_000);
    expect(a.taken).toEqual(['again']);
  });
});
