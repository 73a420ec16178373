import { describe, expect, it } from 'vitest';
import { createLingering } from './lingering.ts';

/** A connection with bytes that wait, and whether it was dropped. */
function connection(bytes: number) {
  const state = { bytes: () => bytes, dropped: false, drop: () => void (state.dropped = true) };
  return state;
}

describe('connections that were closed with bytes still queued [D12]', () => {
  it('are kept while all of them together are within the limit, the oldest go first', () => {
    const lingering = createLingering({ maxBytes: 100, maxMs: 60_000 });
    const all = [connection(40), connection(40), connection(20), connection(50)];
    const forgets = all.map((one) => lingering.add(one));
    expect(all.map(({ dropped }) => dropped)).toEqual([true, true, false, false]);
    expect(lingering.count()).toBe(2);
    for (const forget of forgets) forget();
    expect(lingering.count()).toBe(0);
  });

  it('count for what they hold now, not for what they held', () => {
    const lingering = createLingering({ maxBytes: 100, maxMs: 60_000 });
    let bytes = 90;
    const reading = { bytes: () => bytes, drop: () => expect.unreachable() };
    lingering.add(reading);
    bytes = 10;
    const other = connection(80);
    lingering.add(other);
    expect(other.dropped).toBe(false);
  });

  it('are dropped when their time is over, and nobody waits for them longer', async () => {
    const lingering = createLingering({ maxBytes: 100, maxMs: 20 });
    const one = connection(10);
    lingering.add(one);
    await lingering.emptied(60_000);
    expect(one.dropped).toBe(true);
  });

  it('are waited for until the last has taken everything, or so long', async () => {
    const lingering = createLingering({ maxBytes: 100, maxMs: 60_000 });
    await lingering.emptied(60_000);
    const [one, two] = [connection(1), connection(2)].map((each) => lingering.add(each));
    let empty = false;
    const emptied = lingering.emptied(60_000).then(() => (empty = true));
    one?.();
    await Promise.resolve();
    expect(empty).toBe(false);
    await lingering.emptied(5);
    two?.();
    await emptied;
    expect(empty).toBe(true);
  });
});
