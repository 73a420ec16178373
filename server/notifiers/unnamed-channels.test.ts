import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreUnavailable, type Store } from '../ports.ts';
import { createWorkerBench, type FakeChannel, type WorkerBench } from './worker-bench.ts';

const hour = 3_600_000;

describe('notices owed on a channel that NOTIFY no longer names', () => {
  let bench: WorkerBench;
  let a: FakeChannel;
  beforeEach(() => {
    bench = createWorkerBench();
    a = bench.channel('a');
  });
  afterEach(() => bench.closeAll());

  const warning = (count: number) =>
    `Error: channel old: ${count} notice(s) are owed, but NOTIFY does not name this channel: put it back, or each is given up 24 h after it was owed`;
  const end = (count: number) =>
    `Error: channel old: ${count} notice(s) given up: NOTIFY no longer names this channel`;

  it('are reported once, with how to mend it, and given up after a day', async () => {
    const counted: unknown[] = [];
    await bench.owe('c1', 'one', { channels: ['a', 'old'] });
    await bench.owe('c2', 'two', { channels: ['old'] });
    await bench.advance(hour);
    await bench.owe('c2', 'three', { channels: ['old'] });
    bench.start([a], { onFailed: (one) => void counted.push(one), limits: { pollMs: hour } });
    await bench.advance(22.5 * hour);
    expect(bench.errors).toEqual([warning(3)]);
    expect(await bench.store.owedWork()).toMatchObject({ notices: 3, failedNotices: 0 });

    await bench.advance(hour);
    expect(bench.errors).toEqual([warning(3), end(2)]);
    expect(counted).toEqual([{ channel: 'old', notices: 2, givenUp: 2 }]);
    await bench.advance(24 * hour);
    expect(bench.errors).toEqual([warning(3), end(2), end(1)]);
    expect(await bench.store.owedWork()).toMatchObject({ notices: 0, failedNotices: 3 });
    expect(a.taken).toEqual(['one']);
  });

  it('are reported where no channel is left at all', async () => {
    await bench.owe('c1', 'one', { channels: ['old'] });
    const worker = bench.start([]);
    worker.kick();
    await bench.settle();
    expect(bench.errors).toEqual([warning(1)]);
  });

  it('reach the owner when the channel is put back in time', async () => {
    await bench.owe('c1', 'one', { channels: ['old'] });
    const without = bench.start([a]);
    await bench.settle();
    await without.close();
    await bench.advance(23 * hour);
    const old = bench.channel('old');
    bench.start([a, old]);
    await bench.advance(10_000);
    expect(old.taken).toEqual(['one']);
    expect(bench.errors).toEqual([warning(1)]);
  });

  it('end by the hundreds, too, and why is kept with each', async () => {
    const kept: string[] = [];
    const store: Store = {
      ...bench.store,
      noticesFailed: (ids, failure) => {
        kept.push(...ids.map(() => `${failure.retryAtMs}: ${failure.error}`));
        return bench.store.noticesFailed(ids, failure);
      },
    };
    for (let index = 0; index < 350; index += 1) {
      await bench.owe(`c${index}`, 'x', { channels: ['old'] });
    }
    await bench.advance(24 * hour);
    bench.start([a], { store });
    await bench.settle();
    await bench.settle();
    expect(bench.errors).toEqual([warning(350), end(350)]);
    expect(kept).toHaveLength(350);
    expect(new Set(kept)).toEqual(new Set(['undefined: NOTIFY no longer names this channel']));
  });

  it('are asked for again an hour after the store could not tell', async () => {
    let down = true;
    const store: Store = {
      ...bench.store,
      channelsOwed: () =>
        down ? Promise.reject(new StoreUnavailable('down')) : bench.store.channelsOwed(),
    };
    await bench.owe('c1', 'one', { channels: ['old'] });
    bench.start([a], { store });
    await bench.settle();
    down = false;
    await bench.advance(hour);
    expect(bench.errors).toEqual([
      'Error: the store does not say which channels are owed notices',
      warning(1),
    ]);
  });
});
