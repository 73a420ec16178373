import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  acknowledge,
  createStage,
  createStorage,
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
describe('two tabs', () => {
  it('have one conversation, whichever speaks first', async () => {
    const storage = createStorage();
    let visits = 0;
    stage.answer = (peer, message) => {
      if (message.type === 'hello') {
        visits += 1;
        const known = message.token?.replace('token-', '');
        const conversation = known ?? `conversation-${visits}`;
        greet(peer, { conversation_id: conversation, token: `token-${conversation}` });
      }
      if (message.type === 'chat_message') acknowledge(peer, message.id ?? '', 1);
    };
    const one = visit({ storage: () => storage });
    const other = visit({ storage: () => storage });
    one.chat.start();
    await online(one);
    other.chat.start();
    await online(other);
    one.chat.send('first');
    await vi.waitFor(() => expect(deliveries(one)).toEqual(['sent']), patience);
    other.chat.send('second');
    await vi.waitFor(() => expect(said(stage.peers.at(-1))).toHaveLength(1), patience);
    expect(stage.peers.at(-1)?.heard[0]).toMatchObject({ token: 'token-conversation-1' });
    expect(said(stage.peers[1])).toEqual([]);
  });
});

describe('erasing', () => {
  it('forgets everything once the server has, and starts anew', async () => {
    const storage = createStorage();
    const visitor = visit({ storage: () => storage });
    visitor.chat.start();
    await online(visitor);
    visitor.chat.send('secret');
    visitor.chat.setDraft('more');
    await vi.waitFor(() => expect(said(stage.peers[0])).toHaveLength(1), patience);
    expect(storage.length).toBeGreaterThan(0);
    visitor.chat.erase();
    await vi.waitFor(() => expect(stage.peers[0]?.heard.at(-1)?.type).toBe('erase_me'), patience);
    stage.peers[0]?.say({ type: 'erased' });
    stage.peers[0]?.close(1000);
    await vi.waitFor(() => expect(stage.peers).toHaveLength(2), patience);
    await online(visitor);
    expect(storage.length).toBe(0);
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
  it('still talks, and says that nothing is kept', async () => {
    const visitor = visit({
      storage: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
    visitor.chat.start();
    await online(visitor);
    visitor.chat.send('hello');
    await vi.waitFor(() => expect(said(stage.peers[0])).toHaveLength(1), patience);
    expect(visitor.chat.state.durable).toBe(false);
  });
});
