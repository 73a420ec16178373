import { beforeEach, describe, expect, it } from 'vitest';
import { createLocalBus } from '../buses/local.ts';
import type { BusEvent, NewMessage, Store } from '../ports.ts';
import { announcingStore } from './announcing-store.ts';
import { createMemoryStore } from './memory.ts';

const atMs = Date.UTC(2025, 0, 1);
const lease = { holder: 'h', untilMs: atMs + 60_000 };

describe('a store that announces its writes', () => {
  let inner: Store;
  let store: Store;
  let events: BusEvent[];
  beforeEach(() => {
    const bus = createLocalBus((error) => {
      throw error;
    });
    events = [];
    bus.subscribe((event) => void events.push(event));
    inner = createMemoryStore();
    store = announcingStore(inner, bus);
  });

  let messages = 0;
  const message = (more: Partial<NewMessage> = {}): NewMessage => {
    messages += 1;
    return { id: `m${messages}`, sender: 'visitor', text: 'hello', atMs, ...more };
  };
  /** What was announced since the last question. */
  const announced = (): readonly string[] =>
    events
      .splice(0)
      .map((event) => ('conversationId' in event ? event.conversationId : event.type));

  async function owe(conversationId: string, channel = 'mail'): Promise<void> {
    await store.append({
      conversationId,
      message: message(),
      owedNotices: [{ channel, notBeforeMs: atMs, reason: 'contact_request' }],
    });
    announced();
  }
  async function giveUp(channel = 'mail'): Promise<void> {
    const rows = await store.claimNotices({ channel, lease, nowMs: atMs, limit: 1_000 });
    const ids = rows.map(({ noticeId }) => noticeId);
    await store.noticesFailed(ids, { retryAtMs: undefined, error: 'refused' });
  }

  it('tells of each write after it was done, and of no other', async () => {
    const first = message();
    await store.append({ conversationId: 'a', message: first });
    expect(announced()).toEqual(['a']);
    await store.append({ conversationId: 'a', message: first });
    await store.append({ conversationId: 'a', message: { ...first, text: 'other' } });
    expect(announced()).toEqual([]);

    await store.markRead('a', 'owner', 1);
    await store.handBack('a');
    await store.updateConversation('a', { done: true });
    expect(announced()).toEqual(['a', 'a', 'a']);
    const note = { id: 'n', text: 'a remark', atMs };
    await store.addNote('a', note);
    await store.addNote('a', note);
    await store.deleteNote('a', 'n');
    await store.deleteNote('a', 'n');
    expect(announced()).toEqual(['a', 'a']);
    await store.setFeedback('a', 'unknown', 'up');
    await store.updateConversation('unknown', { done: true });
    await store.addNote('unknown', note);
    expect(announced()).toEqual([]);
  });

  it('leaves it to whoever erases to say so, and to say that a write failed', async () => {
    await store.append({ conversationId: 'a', message: message() });
    announced();
    await store.erase('a');
    await store.append({ conversationId: 'a', message: message() });
    expect(announced()).toEqual([]);
    await inner.close();
    await expect(store.append({ conversationId: 'b', message: message() })).rejects.toThrow();
    await expect(store.updateConversation('a', { done: true })).rejects.toThrow();
    await expect(store.retryFailedNotices(atMs)).rejects.toThrow();
    expect(announced()).toEqual([]);
  });

  it('does not name what was pruned', async () => {
    await store.append({ conversationId: 'a', message: message() });
    announced();
    await store.prune(atMs);
    expect(announced()).toEqual([]);
    await store.prune(atMs + 1);
    expect(announced()).toEqual(['pruned']);
  });

  it('names the conversations whose notices were given up, not those that are tried again', async () => {
    await owe('a');
    await owe('b');
    const rows = await store.claimNotices({ channel: 'mail', lease, nowMs: atMs, limit: 10 });
    const ids = rows.map(({ noticeId }) => noticeId);
    await store.noticesFailed(ids, { retryAtMs: atMs, error: 'busy' });
    expect(announced()).toEqual([]);
    await giveUp();
    expect([...announced()].toSorted()).toEqual(['a', 'b']);
    expect((await store.summary('a'))?.failedNotices).toEqual({ count: 1, error: 'refused' });
  });

  it('names them again where they are tried again or forgotten', async () => {
    for (const clear of ['retryFailedNotices', 'dismissFailedNotices'] as const) {
      await owe('a');
      await owe('b');
      await giveUp();
      announced();
      await store[clear](atMs);
      expect([...announced()].toSorted()).toEqual(['a', 'b']);
      expect((await store.summary('a'))?.failedNotices).toBeUndefined();
      await store[clear](atMs);
      expect(announced()).toEqual([]);
    }
  });

  it('says so where there are too many to name', async () => {
    for (let each = 0; each < 510; each += 1) await owe(`c${each}`);
    await giveUp();
    announced();
    expect(await store.dismissFailedNotices()).toBe(510);
    expect(announced().at(-1)).toBe('pruned');
  });
});
