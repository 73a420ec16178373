import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  acknowledge,
  createStage,
  createVisitor,
  deliveries,
  greet,
  online,
  patience,
  said,
  sessionOf,
  timestamp,
  type Stage,
  type Visitor,
} from './chat-harness.ts';

let stage: Stage;
let visitors: Visitor[];

beforeEach(async () => {
  vi.stubGlobal('__VERSION__', '0.0.0');
  stage = await createStage();
  visitors = [];
});
afterEach(async () => {
  for (const visitor of visitors) visitor.leave();
  await stage.end();
});

const visit = (
  ...more: Parameters<typeof createVisitor> extends [string, ...infer Rest] ? Rest : never
): Visitor => {
  const visitor = createVisitor(stage.url, ...more);
  visitors.push(visitor);
  return visitor;
};

describe('a server that is behind what was shown', () => {
  const own = (id: string, seq: number): Record<string, unknown> => ({
    ...{ id, seq, sender: 'visitor', message: id, timestamp },
  });

  it('is told where and in which epoch we were; what it lost goes, with a word [D5] [D16]', async () => {
    const visitor = visit();
    stage.answer = (peer, message) => {
      if (message.type === 'hello') greet(peer, { epoch: 'first' });
      if (message.type === 'chat_message') acknowledge(peer, message.id ?? '', said(peer).length);
    };
    visitor.chat.start();
    await online(visitor);
    const kept = visitor.chat.send('kept') ?? '';
    visitor.chat.send('lost');
    await vi.waitFor(() => expect(deliveries(visitor)).toEqual(['sent', 'sent']), patience);
    stage.answer = (peer, message) => {
      if (message.type !== 'hello') return;
      peer.say({ ...sessionOf({ last_seq: 1, epoch: 'second' }) });
      peer.say({ type: 'history', messages: [own(kept, 1)], more: false, resume: true });
    };
    stage.peers[0]?.cut();
    await vi.waitFor(() => {
      const { entries } = visitor.chat.state.timeline;
      expect(entries.map(({ id, kind, text }) => [id === kept, kind, text])).toEqual([
        [true, undefined, kept],
        [false, 'notice', 'restored'],
      ]);
    }, patience);
    expect(stage.peers[1]?.heard[0]).toMatchObject({ token: 'token', last_seq: 2, epoch: 'first' });
    expect(visitor.chat.state.timeline.readByVisitor).toBe(1);
  });

  it('needs no epoch [D18]', async () => {
    const visitor = visit();
    stage.answer = (peer, message) => {
      if (message.type === 'hello') greet(peer, { resumed: stage.peers.length > 1 });
      if (message.type === 'chat_message') acknowledge(peer, message.id ?? '', 1);
    };
    visitor.chat.start();
    await online(visitor);
    visitor.chat.send('one');
    await vi.waitFor(() => expect(deliveries(visitor)).toEqual(['sent']), patience);
    stage.peers[0]?.cut();
    await vi.waitFor(() => expect(stage.peers[1]?.heard).toHaveLength(1), patience);
    expect(stage.peers[1]?.heard[0]).toMatchObject({ type: 'hello', last_seq: 1 });
    expect(stage.peers[1]?.heard[0]).not.toHaveProperty('epoch');
    expect(deliveries(visitor)).toEqual(['sent']);
  });
});

describe('a server that will not have the hello', () => {
  it.each([
    [undefined, 1000],
    [{ user: 'u', expires: 1, signature: 's' }, 4001],
  ])('is not asked again and again; the reason is shown [D18]', async (identity, closeCode) => {
    const visitor = visit();
    stage.answer = (peer) =>
      peer.say({
        type: 'error',
        code: 'invalid_message',
        message: 'No.',
        timestamp,
        retryable: false,
      });
    if (identity) visitor.chat.identify(identity);
    visitor.chat.start();
    await vi.waitFor(
      () => expect(visitor.chat.state).toMatchObject({ status: 'stopped', closeCode }),
      patience,
    );
    expect(stage.peers).toHaveLength(1);
  });

  it('but it is, where the reason passes', async () => {
    const visitor = visit();
    const wait = { type: 'error', code: 'overloaded', message: 'Later.', timestamp };
    stage.answer = (peer) => peer.say({ ...wait, retryable: true });
    visitor.chat.start();
    await vi.waitFor(() => expect(visitor.news).toHaveLength(2), patience);
    expect(visitor.chat.state.status).toBe('connecting');
    stage.answer = (peer, message) => message.type === 'hello' && greet(peer);
    stage.peers[0]?.cut();
    await online(visitor);
  });
});

describe('a server that hears and is not heard', () => {
  it('asks for life with what it sends, and tries again on another line without an answer [D11]', async () => {
    let giveUp: (() => void) | undefined;
    const visitor = visit({
      after(delayMs, callback) {
        if (delayMs === 8_000) giveUp = callback;
        const timer = setTimeout(callback, delayMs);
        timer.unref();
        return () => clearTimeout(timer);
      },
    });
    visitor.chat.start();
    await online(visitor);
    stage.alive = false;
    const id = visitor.chat.send('half-open') ?? '';
    visitor.chat.send('and more');
    await vi.waitFor(() => expect(said(stage.peers[0])).toHaveLength(2), patience);
    await vi.waitFor(() => expect(stage.peers[0]?.pings).toBe(1), patience);
    giveUp?.();
    stage.answer = (peer, message) => {
      if (message.type === 'hello') greet(peer, { resumed: true });
      if (message.type === 'chat_message') acknowledge(peer, message.id ?? '', said(peer).length);
    };
    await vi.waitFor(() => expect(deliveries(visitor)).toEqual(['sent', 'sent']), patience);
    expect(said(stage.peers[1])[0]).toMatchObject({ id, message: 'half-open' });
  });
});
