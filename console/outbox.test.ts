import { describe, expect, it } from 'vitest';
import { Failure } from './failure.ts';
import { createKeep, type Keep } from './keep.ts';
import { createOutbox, type Outbox, type Outgoing } from './outbox.ts';

/** What a browser's storage does, without a browser. */
function fakeStorage(room = Infinity): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    removeItem: (name) => void kept.delete(name),
    setItem(name, value) {
      if (kept.size >= room) throw new DOMException('full', 'QuotaExceededError');
      kept.set(name, value);
    },
  };
}

const reply = (id: string, atMs: number, conversationId = 'c'): Outgoing => ({
  id,
  kind: 'reply',
  text: `text of ${id}`,
  atMs,
  conversationId,
});

interface World {
  readonly outbox: Outbox;
  readonly sent: string[];
  readonly stored: string[];
  readonly refused: string[];
  readonly delayed: string[];
  /** The waits that were asked for, in milliseconds; calling one ends it. */
  readonly waits: { readonly ms: number; readonly end: () => void }[];
  /** What the server does next; stores by default. */
  answer: (id: string) => Promise<void>;
}

function world(keep: Keep): World {
  const sent: string[] = [];
  const stored: string[] = [];
  const refused: string[] = [];
  const delayed: string[] = [];
  const waits: World['waits'] = [];
  const made = {
    sent,
    stored,
    refused,
    delayed,
    waits,
    answer: async () => undefined,
  } as unknown as World & {
    outbox: Outbox;
  };
  made.outbox = createOutbox({
    keep,
    async send({ id }) {
      sent.push(id);
      await made.answer(id);
    },
    onSent: ({ id }) => void stored.push(id),
    onDelayed: ({ id }) => void delayed.push(id),
    onRefused: ({ id, failure }) => void refused.push(`${id}: ${failure}`),
    after: (ms, end) => void waits.push({ ms, end }),
    random: () => 1,
  });
  return made;
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe('replies on their way', () => {
  it('are said to be late from the second failure on, until they are stored', async () => {
    const here = world(createKeep(() => fakeStorage()));
    here.answer = () => Promise.reject(new Failure('server'));
    here.outbox.add(reply('a', 1));
    here.outbox.add(reply('b', 2));
    await settled();
    expect(here.delayed).toEqual([]);
    here.waits[0]?.end();
    await settled();
    expect(here.delayed).toEqual(['a', 'b']);
    expect(here.outbox.of('c').map(({ delayed }) => delayed)).toEqual([true, true]);
    here.answer = () => Promise.resolve();
    here.waits[1]?.end();
    await settled();
    expect(here.stored).toEqual(['a', 'b']);
  });

  it('go in the order in which they were written, one after the other', async () => {
    const one = world(createKeep(() => fakeStorage()));
    let release = (): void => undefined;
    one.answer = (id) =>
      id === 'a' ? new Promise((resolve) => (release = resolve)) : Promise.resolve();
    one.outbox.add(reply('a', 1));
    one.outbox.add(reply('b', 2));
    one.outbox.add(reply('other', 3, 'd'));
    await settled();
    expect(one.sent).toEqual(['a', 'other']);
    release();
    await settled();
    expect(one.stored).toEqual(['other', 'a', 'b']);
    expect(one.outbox.of('c')).toEqual([]);
  });

  it('survive a reload, and are sent again under the same id [D8]', async () => {
    const storage = fakeStorage();
    const before = world(createKeep(() => storage));
    before.answer = () => Promise.reject(new Failure('offline'));
    before.outbox.add(reply('a', 1));
    await settled();
    const later = world(createKeep(() => storage));
    expect(later.outbox.of('c')).toEqual([reply('a', 1)]);
    later.outbox.wake();
    await settled();
    expect(later.stored).toEqual(['a']);
    expect(world(createKeep(() => storage)).outbox.of('c')).toEqual([]);
  });

  it('are tried again after a pause that grows, or the one that the server asked for', async () => {
    const one = world(createKeep(() => fakeStorage()));
    one.answer = () => Promise.reject(new Failure('offline'));
    one.outbox.add(reply('a', 1));
    await settled();
    one.waits.shift()?.end();
    await settled();
    expect(one.waits.at(-1)?.ms).toBe(2_000);
    one.answer = () => Promise.reject(new Failure('throttled', { retryAfterS: 20 }));
    one.waits.shift()?.end();
    await settled();
    expect(one.waits.at(-1)?.ms).toBe(20_000);
  });

  it('that are refused say why, hold nobody up, and can be tried again or discarded', async () => {
    const storage = fakeStorage();
    const one = world(createKeep(() => storage));
    one.answer = (id) =>
      id === 'a'
        ? Promise.reject(new Failure('refused', { detail: 'Too long.' }))
        : Promise.resolve();
    one.outbox.add(reply('a', 1));
    one.outbox.add(reply('b', 2));
    await settled();
    one.waits.shift()?.end();
    await settled();
    expect(one.refused).toEqual(['a: Too long.']);
    expect(one.stored).toEqual(['b']);
    expect(world(createKeep(() => storage)).outbox.of('c')[0]?.failure).toBe('Too long.');
    one.answer = () => Promise.resolve();
    one.outbox.retry('a');
    await settled();
    expect(one.stored).toEqual(['b', 'a']);
  });

  it('are kept in memory where the device keeps nothing, and gone after a log-out', async () => {
    const one = world(createKeep(() => fakeStorage(0)));
    one.answer = () => Promise.reject(new Failure('offline'));
    one.outbox.add(reply('a', 1));
    await settled();
    expect(one.outbox.of('c')).toHaveLength(1);
    const storage = fakeStorage();
    const other = world(createKeep(() => storage));
    other.answer = () => Promise.reject(new Failure('logged-out'));
    other.outbox.add(reply('b', 1));
    await settled();
    expect(other.waits).toEqual([]);
    other.outbox.clear();
    expect(storage.length).toBe(0);
  });

  it('ignore what somebody else wrote into the storage', () => {
    const storage = fakeStorage();
    const keep = createKeep(() => storage);
    keep.set('reply:x', '{"id":5}');
    keep.set('reply:y', 'nonsense');
    keep.set('reply:z', JSON.stringify(reply('z', 1)));
    expect(world(keep).outbox.of('c')).toEqual([reply('z', 1)]);
    expect(keep.get('reply:x')).toBeUndefined();
  });
});
