import { beforeEach, describe, expect, it } from 'vitest';
import { createLocalBus } from '../buses/local.ts';
import { createDrivenTime } from '../notifiers/driven-time.ts';
import type { Bus, Store } from '../ports.ts';
import { announcingStore } from '../stores/announcing-store.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { loadBlockedSet } from './blocked-set.ts';

const atMs = Date.UTC(2025, 0, 1);

describe('the set of blocked conversations', () => {
  const { settle } = createDrivenTime(0);
  let bus: Bus;
  let store: Store;
  let errors: unknown[];
  const onError = (error: unknown): void => void errors.push(error);

  beforeEach(async () => {
    errors = [];
    bus = createLocalBus(onError);
    store = announcingStore(createMemoryStore(), bus);
    for (const conversationId of ['a', 'b']) {
      const message = { id: 'm', sender: 'visitor', text: 'hello', atMs } as const;
      await store.append({ conversationId, message });
    }
  });
  async function block(conversationId: string, blocked = true): Promise<void> {
    await store.updateConversation(conversationId, { blocked });
    if (blocked) bus.publish({ type: 'blocked', conversationId });
    await settle();
  }

  it('knows who was blocked before, and follows what happens', async () => {
    await block('a');
    const set = await loadBlockedSet(store, bus, onError);
    expect(['a', 'b', 'c'].map(set.isBlocked)).toEqual([true, false, false]);
    await block('b');
    expect(set.isBlocked('b')).toBe(true);
    await block('a', false);
    expect(['a', 'b'].map(set.isBlocked)).toEqual([false, true]);
    await store.markRead('b', 'owner', 1);
    await settle();
    expect(set.isBlocked('b')).toBe(true);
    await store.erase('b');
    bus.publish({ type: 'erased', conversationId: 'b' });
    expect(set.isBlocked('b')).toBe(false);
    set.close();
    await block('a');
    expect(set.isBlocked('a')).toBe(false);
    expect(errors).toEqual([]);
  });

  it('forgets those that were pruned', async () => {
    await block('a');
    const set = await loadBlockedSet(store, bus, onError);
    await store.prune(atMs + 1);
    await settle();
    expect(set.isBlocked('a')).toBe(false);
  });

  it('keeps one that is blocked again while it looks whether it still is', async () => {
    const releases: (() => void)[] = [];
    const late: Store = {
      ...store,
      async conversation(id) {
        const conversation = await store.conversation(id);
        await new Promise<void>((resolve) => void releases.push(resolve));
        return conversation;
      },
    };
    await block('a');
    const set = await loadBlockedSet(late, bus, onError);
    await block('a', false);
    await block('a');
    // The first look saw that nobody is blocked, and says so only now.
    releases[0]?.();
    await settle();
    expect(set.isBlocked('a')).toBe(true);
  });

  it('keeps everybody blocked where the store cannot be read', async () => {
    await block('a');
    const failing: Store = { ...store, conversation: () => Promise.reject(new Error('no disk')) };
    const set = await loadBlockedSet(failing, bus, onError);
    await store.markRead('a', 'owner', 1);
    await settle();
    expect(set.isBlocked('a')).toBe(true);
    expect(errors).toHaveLength(1);
  });
});
