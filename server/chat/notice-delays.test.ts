import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chat,
  contact,
  createTestChat,
  dueOn,
  echo,
  noonMs,
  type TestChat,
} from './chat-harness.ts';
import { createNoticeDelays } from './notice-delays.ts';

const minuteMs = 60_000;

describe('notices of one address', () => {
  it('are due at once six times, then later, and those of others at once', () => {
    const delays = createNoticeDelays();
    const take = (count: number, atMs: number): number[] =>
      Array.from({ length: count }, () => delays.take('a', atMs) / minuteMs);
    expect(take(14, noonMs)).toEqual([0, 0, 0, 0, 0, 0, 10, 10, 10, 10, 10, 10, 20, 20]);
    expect(delays.take('b', noonMs)).toBe(0);
    expect(take(1, noonMs + 25 * minuteMs)).toEqual([0]);
  });

  it('are six in any ten minutes, whenever they were caused, and none is refused', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 4 * minuteMs }), { maxLength: 60 });
    fc.assert(
      fc.property(gaps, (pauses) => {
        const delays = createNoticeDelays();
        const due: number[] = [];
        let nowMs = noonMs;
        for (const pauseMs of pauses) {
          nowMs += pauseMs;
          const delayMs = delays.take('a', nowMs);
          // Given back turns are free again, and no others.
          delays.take('a', nowMs);
          delays.refund('a');
          if (pauseMs % 3 === 0) delays.sweep(nowMs);
          expect(delayMs).toBeGreaterThanOrEqual(0);
          due.push(nowMs + delayMs);
          const recent = due.filter((dueMs) => dueMs > nowMs - 10 * minuteMs && dueMs <= nowMs);
          if (delayMs > 0) expect(recent).toHaveLength(6);
        }
        due.forEach((dueMs, index) => {
          const sixth = due[index + 6];
          if (sixth !== undefined) expect(sixth - dueMs).toBeGreaterThanOrEqual(10 * minuteMs);
        });
      }),
    );
  });

  it('are all due within six hours, however many they are', () => {
    const delays = createNoticeDelays();
    let longest = 0;
    for (let count = 0; count < 5_000; count += 1) {
      longest = Math.max(longest, delays.take('a', noonMs));
    }
    expect(longest).toBe(6 * 60 * minuteMs);
  });

  it('given back cost nothing', () => {
    const delays = createNoticeDelays();
    for (let count = 0; count < 100; count += 1) {
      expect(delays.take('a', noonMs)).toBe(0);
      delays.refund('a');
    }
    delays.refund('a');
    delays.refund('nobody');
    expect(delays.take('a', noonMs)).toBe(0);
  });

  it('do not wait for a time that a clock set back has left', () => {
    const delays = createNoticeDelays();
    for (let count = 0; count < 20; count += 1) delays.take('a', noonMs);
    // A little: turns stand.
    expect(delays.take('a', noonMs - minuteMs)).toBeGreaterThan(0);
    expect(delays.take('a', noonMs - 60 * minuteMs)).toBe(0);
  });

  it('are forgotten when nothing of them counts, and bounded before', () => {
    const delays = createNoticeDelays();
    for (let index = 0; index < 60_000; index += 1) delays.take(`a${index}`, noonMs);
    expect(delays.size()).toBe(50_000);
    delays.sweep(noonMs + 9 * minuteMs);
    expect(delays.size()).toBe(50_000);
    delays.sweep(noonMs + 10 * minuteMs);
    expect(delays.size()).toBe(0);
  });
});

describe('in the chat', () => {
  const dueAt = async (test: TestChat, nowMs: number): Promise<number> =>
    (await dueOn(test, 'mail', nowMs)).length;

  it('contact requests of one address are all taken, and told in turn; others at once', async () => {
    const test = createTestChat({ answer: echo, channels: ['mail'] });
    // Whoever says hello and whoever does not share the address's turns.
    const { client } = await test.connectHello({}, { address: '192.0.2.9' });
    const plain = test.connect({ address: '192.0.2.9' });
    for (let index = 0; index < 10; index += 1) {
      (index % 2 ? client : plain).send(contact('call me', `r${index}`));
    }
    const other = test.connect({ address: '192.0.2.10' });
    other.send(contact('me too', 'x'));
    await test.settle();
    expect(await test.store.owedWork()).toMatchObject({ notices: 11 });
    expect(await dueAt(test, noonMs)).toBe(7);
    expect(await dueAt(test, noonMs + 10 * minuteMs)).toBe(11);
  });

  it('a visitor who chats on is told of soon, and delays nobody who asks for the owner', async () => {
    const test = createTestChat({ channels: ['mail'] });
    const { client } = await test.connectHello({}, { address: '192.0.2.9' });
    for (let message = 0; message < 60; message += 1) {
      client.send(chat(`and ${message}`, `m${message}`));
      await test.advance(20_000);
      // Nothing waits longer than a turn of its conversation.
      const nowMs = test.clock.now();
      const due = new Set(await dueOn(test, 'mail', nowMs));
      for (let old = 0; old <= message - 8; old += 1) expect(due.has(`m${old}`)).toBe(true);
    }
    const neighbour = await test.connectHello({}, { address: '192.0.2.9' });
    neighbour.client.send(contact('call me', 'asked'));
    neighbour.client.send({ type: 'human_request' });
    await test.settle();
    const asked = await dueOn(test, 'mail', test.clock.now());
    expect(asked.slice(-2)).toEqual(['asked', expect.stringContaining('system:')]);
  });

  it('questions to the assistant and repetitions take no turn', async () => {
    const test = createTestChat({ answer: echo, channels: ['mail'] });
    const { client } = await test.connectHello();
    for (let index = 0; index < 20; index += 1) client.send(chat('what?', `q${index}`));
    for (let index = 0; index < 20; index += 1) client.send(contact('call me', 'once'));
    for (let index = 0; index < 5; index += 1) client.send(contact('call me', `r${index}`));
    await test.settle();
    expect(await test.store.owedWork()).toMatchObject({ notices: 6 });
    expect(await dueAt(test, noonMs)).toBe(6);
  });
});
