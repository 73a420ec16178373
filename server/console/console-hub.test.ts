import { beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../ports.ts';
import {
  createConsoleBench,
  readConversations,
  startMs,
  type ConsoleBench,
} from './console-bench.ts';
import { countsMs } from './live-counts.ts';

describe('consoles are told', () => {
  let bench: ConsoleBench;
  beforeEach(() => {
    bench = createConsoleBench();
  });

  it('the newest revision and the numbers first, then what happens', async () => {
    await bench.say('c1', 'before');
    bench.setConnected(3);
    const console = await bench.join();
    expect(console.received).toEqual([
      {
        type: 'ready',
        revision: await bench.store.revision(),
        counts: { waiting: 0, mine: 0, assistant: 1, done: 0, connected: 3 },
      },
    ]);
    await bench.say('c1', 'and after');
    await bench.advance(50);
    expect(console.of('message')).toMatchObject([
      { conversation_id: 'c1', message: { seq: 2, message: 'and after', sender: 'visitor' } },
    ]);
    expect(console.of('conversation')).toMatchObject([
      {
        conversation: {
          id: 'c1',
          last_seq: 2,
          unread: 2,
          view: 'assistant',
          answering: 'assistant',
        },
        counts: { assistant: 1, connected: 3 },
      },
    ]);
  });

  it('the same, all of them', async () => {
    const [one, other] = [await bench.join(), await bench.join()];
    await bench.say('c1');
    await bench.store.updateConversation('c1', { answering: 'owner' });
    await bench.say('c2');
    await bench.advance(50);
    await bench.store.erase('c2');
    bench.bus.publish({ type: 'erased', conversationId: 'c2' });
    await bench.advance(2 * countsMs);
    expect(other.received).toEqual(one.received);
    expect(one.of('deleted')).toMatchObject([{ conversation_id: 'c2' }]);
    expect([...readConversations(one.received).values()]).toMatchObject([
      { id: 'c1', view: 'mine', answering: 'owner' },
    ]);
    expect(one.of('counts').at(-1)?.counts).toMatchObject({ mine: 1, assistant: 0 });
  });

  it('of one conversation at most every 50 ms, and the last state always', async () => {
    const console = await bench.join();
    await bench.advance(100);
    for (let message = 0; message < 20; message += 1) {
      await bench.say('c1', `message ${message}`);
      await bench.advance(10);
    }
    await bench.advance(100);
    expect(console.of('message')).toHaveLength(20);
    const events = console.of('conversation');
    expect(events.length).toBeLessThanOrEqual(6);
    expect(events.at(-1)?.conversation.last_seq).toBe(20);
  });

  it('numbers at most once a second where nothing but numbers changed', async () => {
    const console = await bench.join();
    for (let client = 1; client <= 100; client += 1) {
      bench.setConnected(client);
      await bench.advance(20);
    }
    await bench.advance(countsMs);
    expect(console.of('counts').length).toBeLessThanOrEqual(3);
    expect(console.of('counts').at(-1)?.counts.connected).toBe(100);
    const { length } = console.received;
    await bench.advance(10 * countsMs);
    expect(console.received).toHaveLength(length);
  });

  it('who comes, goes and turns a page, and after ready who is there', async () => {
    const page = { url: 'https://blog.example.com/a', title: 'A' };
    bench.visitors.joined({ connectionId: 'k1', conversationId: 'c1', page });
    await bench.advance(5_000);
    const console = await bench.join();
    const since = new Date(startMs).toISOString();
    expect(console.of('visitor')).toEqual([
      { type: 'visitor', conversation_id: 'c1', online: true, online_since: since, page },
    ]);
    await bench.say('c1');
    await bench.advance(50);
    expect(console.of('conversation')[0]?.conversation).toMatchObject({
      online: true,
      online_since: since,
      page,
    });
    bench.visitors.left('k1');
    await bench.advance(50);
    expect(console.of('visitor').at(-1)).toEqual({
      type: 'visitor',
      conversation_id: 'c1',
      online: false,
    });
  });

  it('typing, read marks, ratings, notes and canned replies as they happen', async () => {
    const console = await bench.join();
    const note = { id: 'n1', text: 'call back', atMs: startMs };
    const conversationId = 'c1';
    bench.bus.publish({ type: 'typing', conversationId, sender: 'visitor', active: true });
    bench.bus.publish({ type: 'read', conversationId, sender: 'visitor', seq: 4 });
    bench.bus.publish({ type: 'feedback', conversationId, id: 'ai:a', value: 'down' });
    bench.bus.publish({ type: 'note', conversationId, note });
    bench.bus.publish({ type: 'note_deleted', conversationId, id: 'n1' });
    bench.bus.publish({ type: 'canned_replies' });
    const timestamp = new Date(startMs).toISOString();
    expect(console.received.slice(1)).toEqual([
      { type: 'typing', conversation_id: 'c1', sender: 'visitor', active: true },
      { type: 'read', conversation_id: 'c1', sender: 'visitor', seq: 4 },
      { type: 'feedback', conversation_id: 'c1', id: 'ai:a', value: 'down' },
      { type: 'note', conversation_id: 'c1', note: { id: 'n1', message: 'call back', timestamp } },
      { type: 'note_deleted', conversation_id: 'c1', id: 'n1' },
      { type: 'canned_replies' },
    ]);
  });

  it('nothing of what is for visitors alone', async () => {
    const console = await bench.join();
    const conversationId = 'c1';
    bench.bus.publish({ type: 'handler', conversationId, answering: 'owner' });
    bench.bus.publish({ type: 'presence', online: true });
    bench.bus.publish({ type: 'broadcast', id: 'b', text: 'hello', atMs: startMs });
    bench.bus.publish({
      ...{ type: 'delta', conversationId, id: 'ai:x', inReplyTo: 'x', index: 0, delta: 'a' },
    });
    await bench.advance(50);
    expect(console.received).toHaveLength(1);
  });

  it('that the lists are to be read anew where too much changed, or the store is an older copy', async () => {
    const console = await bench.join();
    for (let each = 0; each < 501; each += 1) await bench.say(`c${each}`);
    await bench.advance(100);
    expect(console.of('refresh')).toHaveLength(1);
    expect(console.of('conversation')).toEqual([]);
    await bench.say('c0', 'news');
    await bench.advance(100);
    expect(console.of('conversation')).toHaveLength(1);

    const newest = await bench.store.revision();
    for (const revision of [0, newest + 1]) {
      const late = await bench.join({ revision });
      await bench.advance(100);
      expect(late.received[0]).toMatchObject({ type: 'ready', revision: newest });
      expect(late.of('refresh')).toHaveLength(1);
      expect(late.of('conversation')).toEqual([]);
    }
  });

  it('where old conversations were deleted: those who were away read anew, the others too', async () => {
    await bench.say('old');
    const before = await bench.store.revision();
    await bench.advance(10_000);
    await bench.say('young');
    const console = await bench.join();
    await bench.store.prune(startMs + 5_000);
    await bench.advance(100);
    expect(console.of('refresh')).toHaveLength(1);
    const late = await bench.join({ revision: before });
    expect(late.of('refresh')).toHaveLength(1);
  });

  it('what was written while the store could not be read, once it can be', async () => {
    let failing = false;
    const flaky = (store: Store): Store => ({
      ...store,
      changedSince: (query) =>
        failing ? Promise.reject(new Error('no disk')) : store.changedSince(query),
    });
    bench = createConsoleBench({ store: flaky });
    const console = await bench.join();
    failing = true;
    await bench.say('c1');
    await bench.advance(5_000);
    expect(console.of('conversation')).toEqual([]);
    expect(bench.errors.length).toBeGreaterThan(0);
    expect(bench.errors.length).toBeLessThan(10);
    failing = false;
    await bench.advance(2_000);
    expect(console.of('conversation')).toMatchObject([{ conversation: { id: 'c1' } }]);
  });

  it('all that was written while one came and another was being told', async () => {
    let release: (() => void)[] | undefined;
    const gated = (store: Store): Store => ({
      ...store,
      async changedSince(query) {
        const changes = await store.changedSince(query);
        const gates = release;
        if (gates) await new Promise<void>((resolve) => gates.push(resolve));
        return changes;
      },
    });
    bench = createConsoleBench({ store: gated });
    for (const id of ['x', 'y']) await bench.say(id);
    await bench.join();
    await bench.advance(100);
    const revision = await bench.store.revision();
    const comes: (() => void)[] = [];
    release = comes;
    const late = await bench.join({ revision });
    release = undefined;
    // Told to the first while the second one's reading, made before, is on its way.
    await bench.say('x', 'news');
    await bench.advance(100);
    const flushes: (() => void)[] = [];
    release = flushes;
    await bench.say('y', 'news');
    await bench.advance(60);
    release = undefined;
    for (const resolve of comes) resolve();
    await bench.settle();
    for (const resolve of flushes) resolve();
    await bench.advance(200);
    expect([...readConversations(late.received).keys()].toSorted()).toEqual(['x', 'y']);
  });

  it('of a deletion once, whoever comes back knowing less', async () => {
    for (const id of ['a', 'b', 'c']) await bench.say(id);
    const revision = await bench.store.revision();
    const console = await bench.join();
    const erase = async (id: string): Promise<void> => {
      await bench.store.erase(id);
      bench.bus.publish({ type: 'erased', conversationId: id });
      await bench.advance(100);
    };
    await erase('a');
    const others = [await bench.join({ revision }), await bench.join()];
    await bench.advance(100);
    await bench.say('c', 'news');
    await bench.advance(100);
    others.push(await bench.join({ revision }));
    await bench.advance(100);
    await erase('b');
    const deleted = [console, ...others].map((each) =>
      each.of('deleted').map(({ conversation_id: id }) => id),
    );
    expect(deleted).toEqual([['a', 'b'], ['a', 'b'], ['b'], ['a', 'b']]);
  });

  it('who is there, however many they are, as fast as they read', async () => {
    for (let each = 0; each < 25_000; each += 1) {
      bench.visitors.joined({ connectionId: `k${each}`, conversationId: `c${each}` });
    }
    const slow = bench.open();
    slow.stopReading();
    slow.send({ type: 'hello' });
    await bench.advance(1_000);
    const first = slow.of('visitor').length;
    expect(first).toBeGreaterThan(500);
    expect(first).toBeLessThan(10_000);
    // Everybody leaves and comes again meanwhile, as they do when a network was away.
    for (let each = 0; each < 25_000; each += 1) {
      bench.visitors.left(`k${each}`);
      bench.visitors.joined({ connectionId: `l${each}`, conversationId: `c${each}` });
    }
    bench.visitors.left('l7');
    await bench.advance(100);
    slow.readAgain();
    await bench.advance(1_000);
    expect(slow.closedWith()).toBeUndefined();
    const online = new Map(slow.of('visitor').map((each) => [each.conversation_id, each.online]));
    expect(online.size).toBe(25_000);
    expect([...online].filter(([, there]) => !there)).toEqual([['c7', false]]);
  });

  it('that a visitor writes at most once a second, and that they stopped', async () => {
    const console = await bench.join();
    const conversationId = 'c1';
    const type = (active: boolean): void =>
      bench.bus.publish({ type: 'typing', conversationId, sender: 'visitor', active });
    for (let turn = 0; turn < 300; turn += 1) {
      type(turn % 2 === 0);
      await bench.advance(10);
    }
    expect(console.of('typing').length).toBeLessThanOrEqual(4);
    await bench.advance(1_000);
    expect(console.of('typing').at(-1)?.active).toBe(false);
    // What is told after a message is no older than it.
    await bench.advance(5_000);
    const before = console.of('typing').length;
    type(true);
    type(true);
    await bench.say('c1');
    await bench.advance(5_000);
    expect(
      console
        .of('typing')
        .slice(before)
        .map(({ active }) => active),
    ).toEqual([true, false]);
  });

  it('and while none is connected nothing is read', async () => {
    const calls: string[] = [];
    const counted = (store: Store): Store => ({
      ...store,
      changedSince(query) {
        calls.push('changedSince');
        return store.changedSince(query);
      },
      viewCounts() {
        calls.push('viewCounts');
        return store.viewCounts();
      },
    });
    bench = createConsoleBench({ store: counted });
    for (let each = 0; each < 10; each += 1) await bench.say('c1');
    bench.visitors.joined({ connectionId: 'k1', conversationId: 'c1' });
    await bench.advance(10_000);
    expect(calls).toEqual([]);
    const console = await bench.join({ revision: 0 });
    await bench.advance(1_000);
    expect(calls.length).toBeGreaterThan(0);
    console.cut();
    await bench.advance(1_000);
    calls.length = 0;
    for (let each = 0; each < 10; each += 1) await bench.say('c2');
    await bench.advance(10_000);
    expect(calls).toEqual([]);
  });
});
