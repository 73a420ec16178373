import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBrowserKeep } from './browser-keep.ts';
import {
  acknowledge,
  createStage,
  createDevice,
  createVisitor,
  deliveries,
  greet,
  online,
  patience,
  said,
  type Peer,
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

describe('erasing', () => {
  it('forgets everything once the server has, and starts anew', async () => {
    const device = createDevice();
    const visitor = visit(device.environment);
    visitor.chat.start();
    await online(visitor);
    visitor.chat.send('secret');
    visitor.chat.setDraft('more');
    await vi.waitFor(() => expect(said(stage.peers[0])).toHaveLength(1), patience);
    expect(device.kept.size).toBeGreaterThan(0);
    visitor.chat.erase();
    await vi.waitFor(() => expect(stage.peers[0]?.heard.at(-1)?.type).toBe('erase_me'), patience);
    stage.peers[0]?.say({ type: 'erased' });
    stage.peers[0]?.close(1000);
    await vi.waitFor(() => expect(stage.peers).toHaveLength(2), patience);
    await online(visitor);
    expect(device.kept.size).toBe(0);
    expect(stage.peers[1]?.heard[0]).not.toHaveProperty('token');
    expect(visitor.chat.state.draft).toBe('');
  });
});

describe('erasing over a line that breaks', () => {
  const eraseAndCut = async (known: boolean): Promise<Visitor> => {
    const visitor = visit();
    visitor.chat.start();
    await online(visitor);
    visitor.chat.send('secret');
    await vi.waitFor(() => expect(said(stage.peers[0])).toHaveLength(1), patience);
    acknowledge(stage.peers[0] as Peer, said(stage.peers[0])[0]?.id ?? '', 1);
    await vi.waitFor(() => expect(deliveries(visitor)).toEqual(['sent']), patience);
    stage.answer = (peer, message) => {
      if (message.type !== 'hello') return;
      greet(peer, known ? { resumed: true } : { conversation_id: 'new', token: 'new' });
    };
    visitor.chat.erase();
    await vi.waitFor(() => expect(stage.peers[0]?.heard.at(-1)?.type).toBe('erase_me'), patience);
    stage.peers[0]?.cut();
    return visitor;
  };

  it('is asked for again where the conversation still stands', async () => {
    await eraseAndCut(true);
    await vi.waitFor(
      () => expect(stage.peers[1]?.heard.map(({ type }) => type)).toContain('erase_me'),
      patience,
    );
  });

  it('is done where the conversation is gone', async () => {
    const visitor = await eraseAndCut(false);
    await vi.waitFor(() => expect(visitor.chat.state.erasing).toBe(false), patience);
    expect(
      visitor.chat.state.timeline.entries.filter(({ sender }) => sender === 'visitor'),
    ).toEqual([]);
  });
});

describe('a page that may keep nothing', () => {
  it('still talks, and says that nothing is kept [D9]', async () => {
    // There is no IndexedDB here.
    const visitor = visit({ keep: createBrowserKeep });
    visitor.chat.start();
    await online(visitor);
    const id = visitor.chat.send('hello') ?? '';
    await vi.waitFor(() => expect(said(stage.peers[0])).toHaveLength(1), patience);
    expect(visitor.chat.state.durable).toBe(false);
    acknowledge(stage.peers[0] as Peer, id, 1);
    await vi.waitFor(() => expect(deliveries(visitor)).toEqual(['sent']), patience);
  });
});

describe('what waits on a device', () => {
  beforeEach(() => {
    stage.answer = () => undefined;
  });

  it.each([
    ['100 messages', 100, 1],
    ['256 Ki characters', 64, 4_096],
  ])('is at most %s; no more are taken [D9]', async (_name, count, length) => {
    const device = createDevice();
    const visitor = visit(device.environment);
    for (let index = 0; index < count; index += 1) {
      expect(visitor.chat.send('x'.repeat(length))).toBeDefined();
    }
    expect(visitor.chat.state.full).toBe(false);
    expect(visitor.chat.send('one more')).toBeUndefined();
    expect(visitor.chat.state.full).toBe(true);
    expect(device.kept.size).toBe(count);
    expect(deliveries(visitor)).toHaveLength(count);
    visitor.chat.discard(visitor.chat.state.timeline.entries[0]?.id ?? '');
    expect(visitor.chat.send('now')).toBeDefined();
    expect(visitor.chat.state.full).toBe(false);
  });
});

describe('what stands in the input', () => {
  const identity = (user: string): { user: string; expires: number; signature: string } => ({
    ...{ user, expires: 4_000_000_000, signature: 's' },
  });

  it('goes along with who signs in, and is shown to nobody else [D8]', async () => {
    const device = createDevice();
    const { chat } = visit(device.environment);
    chat.start();
    chat.setDraft('typed by nobody in particular');
    chat.identify(identity('u1'));
    expect(chat.state.draft).toBe('typed by nobody in particular');
    chat.setDraft('of u1');
    chat.identify(identity('u2'));
    expect(chat.state.draft).toBe('');
    await vi.waitFor(() => expect([...device.kept]).toEqual([['draft:u1', 'of u1']]), patience);
    chat.identify(identity('u1'));
    await vi.waitFor(() => expect(chat.state.draft).toBe('of u1'), patience);
  });
});
