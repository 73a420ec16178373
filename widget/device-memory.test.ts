import { describe, expect, it } from 'vitest';
import { createDevice } from './chat-harness.ts';
import { createDeviceMemory, type DeviceMemory } from './device-memory.ts';
import type { Pending } from './outbox.ts';

const pending = (id: string, atMs: number): Pending => ({
  message: { type: 'chat_message', id, message: 'text', timestamp: '2026-01-01T00:00:00Z' },
  atMs,
  tab: 'tab',
});
const open = (): { kept: Map<string, unknown>; memory: DeviceMemory } => {
  const { kept, environment } = createDevice();
  return { kept, memory: createDeviceMemory(environment.keep('')) };
};

describe('what the device remembers', () => {
  it('is nothing at first, and is there for the next page [D8]', async () => {
    const { kept, memory } = open();
    expect(await memory.load()).toEqual({ session: undefined, read: -1, draft: '', outbox: [] });
    await memory.keepDraft('half a sen');
    await memory.keepRead(7);
    await memory.keepRead(3);
    await memory.put(pending('later', 2));
    await memory.put(pending('first', 1));
    await memory.put({ ...pending('failed', 3), failure: { code: 'c', reason: 'r' } });
    await memory.put(pending('gone', 4));
    await memory.remove('gone');
    expect(await memory.load()).toEqual({
      session: undefined,
      read: 7,
      draft: 'half a sen',
      outbox: [
        pending('first', 1),
        pending('later', 2),
        { ...pending('failed', 3), failure: { code: 'c', reason: 'r' } },
      ],
    });
    await memory.keepDraft('');
    expect(kept.has('draft')).toBe(false);
  });

  it('is one session, that of the tab that was first [D10]', async () => {
    const { memory } = open();
    const claim = (name: string, replaces = false): Promise<{ conversation: string }> =>
      memory.claim({ token: `token of ${name}`, conversation: name }, () => replaces);
    const [one, other] = await Promise.all([claim('one'), claim('other')]);
    expect(one).toEqual(other);
    expect((await claim('third')).conversation).toBe(one.conversation);
    expect((await claim('third', true)).conversation).toBe('third');
    expect((await memory.load())?.session).toEqual({
      token: 'token of third',
      conversation: 'third',
    });
  });

  it.each([
    ['session', 'text'],
    ['session', { token: 1, conversation: 'c' }],
    ['read', 'far'],
    ['draft', { text: 'x' }],
    ['out:x', null],
    ['out:x', 'text'],
    ['out:x', { message: { type: 'chat_message', id: 'a b', message: 'x' } }],
    ['out:x', { message: { type: 'chat_message', id: 'a' } }],
    ['out:x', { message: { type: 'erase_me', id: 'a', message: 'x' } }],
  ])('passes over what is damaged: %s %j', async (key, value) => {
    const { kept, memory } = open();
    kept.set(key, value);
    expect(await memory.load()).toEqual({ session: undefined, read: -1, draft: '', outbox: [] });
  });
});
