import { describe, expect, it } from 'vitest';
import { createStorage } from './chat-harness.ts';
import { createKeep } from './keep.ts';
import { createOutbox, type Pending } from './outbox.ts';

const pending = (id: string, atMs: number): Pending => ({
  message: { type: 'chat_message', id, message: 'text', timestamp: '2026-01-01T00:00:00Z' },
  atMs,
});

describe('what is kept on the device', () => {
  it('belongs to one server, and is there for the next page', async () => {
    const storage = createStorage();
    await createKeep(() => storage, 'a:').set('draft', 'hello');
    expect(await createKeep(() => storage, 'a:').get('draft')).toBe('hello');
    expect(await createKeep(() => storage, 'b:').get('draft')).toBeUndefined();
    await createKeep(() => storage, 'a:').remove('draft');
    expect(storage.length).toBe(0);
  });

  it('is held in memory where storage is full, and says so', async () => {
    const storage = createStorage();
    const full = {
      ...storage,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    };
    const keep = createKeep(() => full, 'a:');
    expect(keep.durable).toBe(true);
    await keep.set('out:1', 'x');
    expect(keep.durable).toBe(false);
    expect(await keep.get('out:1')).toBe('x');
    expect(await keep.list('out:')).toEqual([['out:1', 'x']]);
    await keep.remove('out:1');
    expect(await keep.list('out:')).toEqual([]);
  });
});

describe('the outbox', () => {
  it('gives back what it was given, oldest first, less what was removed', async () => {
    const storage = createStorage();
    const outbox = createOutbox(createKeep(() => storage, 'a:'));
    await outbox.put(pending('later', 2));
    await outbox.put(pending('first', 1));
    await outbox.put({ ...pending('failed', 3), failure: { code: 'c', reason: 'r' } });
    await outbox.put(pending('gone', 4));
    await outbox.remove('gone');
    const next = createOutbox(createKeep(() => storage, 'a:'));
    expect(await next.all()).toEqual([
      pending('first', 1),
      pending('later', 2),
      { ...pending('failed', 3), failure: { code: 'c', reason: 'r' } },
    ]);
    await next.clear();
    expect(storage.length).toBe(0);
  });

  it('loses nothing when two tabs write at the same time', async () => {
    const storage = createStorage();
    const [one, other] = [1, 2].map(() => createOutbox(createKeep(() => storage, 'a:')));
    await Promise.all([one?.put(pending('a', 1)), other?.put(pending('b', 2))]);
    expect((await one?.all())?.map(({ message }) => message.id)).toEqual(['a', 'b']);
  });

  it.each(['', 'null', '{}', '{"message":{"id":"a b","message":"x"}}', '{"message":{"id":"a"'])(
    'passes over what is damaged: %s',
    async (value) => {
      const storage = createStorage();
      storage.setItem('a:out:x', value);
      expect(await createOutbox(createKeep(() => storage, 'a:')).all()).toEqual([]);
    },
  );
});
