import { expect, it } from 'vitest';
import type { ClientMessage } from '../shared/protocol.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import type { Environment } from './environment.ts';
import type { Pending } from './outbox.ts';
import { emptyTimeline, reduce } from './state/timeline.ts';

const pending = (tab: string, more: Partial<Pending> = {}): Pending => ({
  message: { type: 'chat_message', id: 'a', message: 'hello', timestamp: '2026-01-01T00:00:00Z' },
  atMs: 1,
  tab,
  ...more,
});
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

/** A page, the visitor on it, and a device that keeps whatever it is given. */
function open(put?: (pending: Pending) => Promise<void>): {
  delivery: Delivery;
  visitor: {
    user: string | undefined;
    conversation: string | undefined;
    replaced: string | undefined;
  };
  clock: { nowMs: number };
  kept: Pending[];
  sent: ClientMessage[];
  shown(): string[];
} {
  const kept: Pending[] = [];
  const sent: ClientMessage[] = [];
  let timeline = emptyTimeline;
  const clock = { nowMs: 1 };
  const visitor = {
    user: undefined as string | undefined,
    conversation: 'anonymous' as string | undefined,
    replaced: undefined as string | undefined,
    kept: true,
    settle: () => Promise.resolve(true),
  };
  const delivery = createDelivery({
    tab: 'mine',
    environment: {
      nowMs: () => clock.nowMs,
      after: () => () => undefined,
    } as unknown as Environment,
    put(entry) {
      kept.push(entry);
      return put?.(entry) ?? Promise.resolve();
    },
    remove: () => undefined,
    send: (message) => sent.push(message) > 0,
    show: (event) => void (timeline = reduce(timeline, event)),
    visitor,
  });
  const shown = (): string[] => timeline.entries.map(({ id, delivery: how }) => `${id}: ${how}`);
  return { delivery, visitor, clock, kept, sent, shown };
}
const ids = (sent: readonly ClientMessage[]): unknown[] =>
  sent.map((message) => 'id' in message && message.id);
const message = (id: string): Pending['message'] => ({ ...pending('').message, id });

it('two tabs that adopt the same message of a closed one do not leave it to each other [D8] [D10]', async () => {
  let keepIt = (): void => undefined;
  const { delivery, kept, sent } = open(() => new Promise((done) => (keepIt = done)));
  delivery.connected();
  const closed = pending('closed', { conversation: 'anonymous' });
  delivery.take([closed], (tab) => tab === 'closed');
  // Looked up before this tab's write got its turn: another one had adopted it a moment earlier.
  delivery.take([pending('other')], () => false);
  keepIt();
  await turns();
  // This tab wrote last, so the other one leaves the message to it.
  expect(kept.map(({ tab }) => tab)).toEqual(['mine']);
  expect(sent).toEqual([pending('mine').message]);
});

it('what this tab sends stays, and is kept again, where the device has lost it [D8]', async () => {
  const { delivery, kept, sent, shown } = open();
  delivery.submit(message('a'));
  delivery.take([pending('other', { message: message('b') })], () => false);
  await turns();
  kept.length = 0;
  // Another tab has written since, into a new database.
  delivery.take([], () => false);
  await turns();
  expect(shown()).toEqual(['a: sending']);
  expect(ids(kept.map((entry) => entry.message))).toEqual(['a']);
  delivery.connected();
  await turns();
  expect(ids(sent)).toEqual(['a']);
});

it('what one user typed is not sent, and not shown, for another; it waits for its own [D3] [D8]', async () => {
  const { delivery, visitor, sent, shown } = open();
  visitor.user = 'u1';
  delivery.submit(message('a'));
  await turns();
  visitor.user = 'u2';
  delivery.meet(false);
  delivery.take([pending('mine', { user: 'u1' })], () => true);
  expect(shown()).toEqual([]);
  visitor.conversation = 'of u2';
  delivery.connected();
  await turns();
  expect(sent).toEqual([]);
  delivery.disconnected();
  visitor.user = 'u1';
  visitor.conversation = 'of u1';
  delivery.connected();
  await turns();
  expect(shown()).toEqual(['a: sending']);
  expect(ids(sent)).toEqual(['a']);
});

it('what was typed before signing in goes along, unless it may be stored already [D3] [D8]', async () => {
  const { delivery, visitor, sent, kept, shown } = open();
  delivery.connected();
  delivery.submit(message('sent'));
  await turns();
  expect(ids(sent)).toEqual(['sent']);
  delivery.disconnected();
  delivery.submit(message('unsent'));
  delivery.take([pending('mine', { message: message('of an earlier page') })], () => true);
  await turns();
  visitor.user = 'u1';
  delivery.meet(true);
  visitor.conversation = 'of u1';
  delivery.connected();
  await turns();
  expect(ids(sent)).toEqual(['sent', 'unsent']);
  expect(shown()).toEqual(['sent: failed', 'of an earlier page: failed', 'unsent: sending']);
  // Where it was sent is kept before it is: the next page knows, too.
  expect(kept.findLast((entry) => entry.message.id === 'unsent')).toMatchObject({
    user: 'u1',
    conversation: 'of u1',
  });
  expect(delivery.retry('sent')).toBe(true);
  await turns();
  expect(sent).toHaveLength(3);
  expect(ids(sent)[2]).not.toBe('sent');
});

it('what was sent in a conversation that the server has no more is sent in its successor [D8]', async () => {
  const { delivery, visitor, sent } = open();
  delivery.connected();
  delivery.submit(message('a'));
  await turns();
  delivery.disconnected();
  visitor.replaced = visitor.conversation;
  visitor.conversation = 'next';
  delivery.connected();
  await turns();
  expect(ids(sent)).toEqual(['a', 'a']);
});

it('has an order although the clock stands still, or is set back [D8]', () => {
  const { delivery, clock, kept } = open();
  for (const [id, nowMs] of [
    ['c', 5],
    ['b', 5],
    ['a', 2],
    ['d', 20],
  ] as const) {
    clock.nowMs = nowMs;
    delivery.submit(message(id));
  }
  expect(kept.map(({ atMs }) => atMs)).toEqual([5, 6, 7, 20]);
});
