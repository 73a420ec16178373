import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
  timestamp,
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
describe('a conversation', () => {
  it('does nothing before it is started, and stores nothing before the first message', async () => {
    const device = createDevice();
    const visitor = visit(device.environment);
    expect(stage.peers).toHaveLength(0);
    visitor.chat.start();
    await online(visitor);
    expect(stage.peers[0]?.heard[0]).toMatchObject({
      type: 'hello',
      protocol: 1,
      lang: 'en',
      page: { url: 'https://blog.example/post', title: 'Post' },
      client: { name: 'contact-chat', version: '0.0.0' },
    });
    expect(device.kept.size).toBe(0);
  });

  it('keeps a message until it is acknowledged', async () => {
    const device = createDevice();
    const visitor = visit(device.environment);
    visitor.chat.start();
    await online(visitor);
    const id = visitor.chat.send(' hello ') ?? '';
    await vi.waitFor(() => expect(said(stage.peers[0])).toHaveLength(1), patience);
    expect(said(stage.peers[0])[0]).toMatchObject({ id, message: 'hello' });
    expect(deliveries(visitor)).toEqual(['sending']);
    const key = `out:${id}`;
    expect(device.kept.has(key)).toBe(true);
    acknowledge(stage.peers[0] as Peer, id, 1);
    await vi.waitFor(() => expect(deliveries(visitor)).toEqual(['sent']), patience);
    await vi.waitFor(() => expect(device.kept.has(key)).toBe(false), patience);
    expect(visitor.news).toContainEqual({ name: 'sent', detail: { id, seq: 1 } });
    expect(visitor.chat.send('   ')).toBeUndefined();
  });

  it('sends nothing that the device has not kept, nor anything said after it [D8]', async () => {
    const { keep, ...others } = createDevice().environment;
    let isKept = (): void => undefined;
    const slow = new Promise<void>((done) => (isKept = done));
    const visitor = visit({
      ...others,
      keep(name) {
        const kept = keep(name);
        let first = true;
        return {
          ...kept,
          async set(key, value) {
            const waits = first;
            first = false;
            if (waits) await slow;
            await kept.set(key, value);
          },
        };
      },
    });
    visitor.chat.start();
    await online(visitor);
    visitor.chat.send('one');
    visitor.chat.send('two');
    // Long enough for the second to be kept, and for whatever follows from that.
    await new Promise((done) => setTimeout(done, 50));
    visitor.chat.handBack();
    await vi.waitFor(
      () => expect(stage.peers[0]?.heard.at(-1)?.type).toBe('human_request'),
      patience,
    );
    expect(said(stage.peers[0])).toEqual([]);
    isKept();
    await vi.waitFor(
      () => expect(said(stage.peers[0]).map(({ message }) => message)).toEqual(['one', 'two']),
      patience,
    );
  });

  it('does not send what cannot fit a frame, and goes on with the rest', async () => {
    const visitor = visit();
    visitor.chat.start();
    await online(visitor);
    visitor.chat.send('x'.repeat(70_000));
    const next = visitor.chat.send('next') ?? '';
    await vi.waitFor(() => expect(said(stage.peers[0])).toHaveLength(1), patience);
    expect(said(stage.peers[0])[0]).toMatchObject({ id: next });
    expect(deliveries(visitor)).toEqual(['failed', 'sending']);
  });

  it('sends again under the same id after the line broke, and resumes from where it was', async () => {
    const visitor = visit();
    visitor.chat.start();
    await online(visitor);
    const first = visitor.chat.send('one') ?? '';
    await vi.waitFor(() => expect(said(stage.peers[0])).toHaveLength(1), patience);
    acknowledge(stage.peers[0] as Peer, first, 1);
    const second = visitor.chat.send('two') ?? '';
    await vi.waitFor(() => expect(said(stage.peers[0])).toHaveLength(2), patience);
    stage.answer = (peer, message) => {
      if (message.type === 'hello') greet(peer, { resumed: true, last_seq: 1 });
      if (message.type === 'chat_message') acknowledge(peer, message.id ?? '', 2);
    };
    stage.peers[0]?.cut();
    await vi.waitFor(() => expect(deliveries(visitor)).toEqual(['sent', 'sent']), patience);
    expect(stage.peers[1]?.heard[0]).toMatchObject({ token: 'token', last_seq: 1 });
    expect(stage.peers[1]?.url).toBe('/contact?c=conversation');
    expect(said(stage.peers[1]).map(({ id }) => id)).toEqual([second]);
  });

  it('takes up after a reload what an earlier page could not send', async () => {
    const device = createDevice();
    stage.answer = () => undefined;
    const before = visit(device.environment);
    const id = before.chat.send('typed in a tunnel');
    before.chat.setDraft('half a sen');
    await vi.waitFor(() => expect(device.kept.size).toBe(2), patience);
    before.leave();
    stage.answer = (peer, message) => message.type === 'hello' && greet(peer);
    const after = visit(device.environment);
    after.chat.start();
    await vi.waitFor(
      () => expect(said(stage.peers.at(-1)).map((message) => message.id)).toEqual([id]),
      patience,
    );
    expect(after.chat.state.draft).toBe('half a sen');
  });

  it('waits as long as the server asks, then sends everything in order', async () => {
    const visitor = visit();
    visitor.chat.start();
    await online(visitor);
    let limited = true;
    stage.answer = (peer, message) => {
      if (message.type !== 'chat_message') return;
      const ref = message.id ?? '';
      if (limited) {
        peer.say({
          type: 'error',
          code: 'rate_limited',
          message: 'Slowly.',
          timestamp,
          retryable: true,
          retry_after_ms: 100,
          ref,
        });
      } else acknowledge(peer, ref, said(peer).length);
    };
    const first = visitor.chat.send('one');
    const second = visitor.chat.send('two');
    await vi.waitFor(
      () => expect(visitor.news.filter(({ name }) => name === 'error').length).toBeGreaterThan(0),
      patience,
    );
    expect(deliveries(visitor)).toEqual(['sending', 'sending']);
    limited = false;
    await vi.waitFor(() => expect(deliveries(visitor)).toEqual(['sent', 'sent']), patience);
    expect(visitor.chat.state.timeline.entries.map(({ id }) => id)).toEqual([first, second]);
  });

  it('sends nothing, old or new, while it has been asked to wait', async () => {
    let waitEnds: (() => void) | undefined;
    const visitor = visit({
      after(delayMs, callback) {
        if (delayMs === 7_777) waitEnds = callback;
        return () => undefined;
      },
    });
    visitor.chat.start();
    await online(visitor);
    stage.answer = (peer, message) => {
      if (message.type !== 'chat_message') return;
      const ref = message.id ?? '';
      if (said(peer).length > 1) return acknowledge(peer, ref, said(peer).length - 1);
      peer.say({
        type: 'error',
        code: 'store_unavailable',
        message: 'Later.',
        timestamp,
        retryable: true,
        retry_after_ms: 7_777,
        ref,
      });
    };
    visitor.chat.send('one');
    await vi.waitFor(() => expect(waitEnds).toBeDefined(), patience);
    visitor.chat.send('two');
    await new Promise((resolve) => setImmediate(resolve));
    // Frames keep their order: whatever was sent before this one has arrived when it has.
    visitor.chat.handBack();
    await vi.waitFor(
      () => expect(stage.peers[0]?.heard.at(-1)?.type).toBe('human_request'),
      patience,
    );
    expect(said(stage.peers[0]).map(({ message }) => message)).toEqual(['one']);
    waitEnds?.();
    await vi.waitFor(() => expect(deliveries(visitor)).toEqual(['sent', 'sent']), patience);
    expect(said(stage.peers[0]).map(({ message }) => message)).toEqual(['one', 'one', 'two']);
  });

  it('says what the server will not have, keeps it, and tries again when asked', async () => {
    const device = createDevice();
    const visitor = visit(device.environment);
    visitor.chat.start();
    await online(visitor);
    const id = visitor.chat.send('no') ?? '';
    await vi.waitFor(() => expect(said(stage.peers[0])).toHaveLength(1), patience);
    const refuse = (code: string): void =>
      stage.peers[0]?.say({
        type: 'error',
        code,
        message: 'No.',
        timestamp,
        retryable: false,
        ref: id,
      });
    refuse('invalid_message');
    await vi.waitFor(() => expect(deliveries(visitor)).toEqual(['failed']), patience);
    expect(visitor.chat.state.timeline.entries[0]?.failure).toBe('No.');

    const reloaded = visit(device.environment);
    reloaded.chat.start();
    await online(reloaded);
    expect(deliveries(reloaded)).toEqual(['failed']);
    expect(said(stage.peers[1])).toEqual([]);

    visitor.chat.retry(id);
    await vi.waitFor(() => expect(said(stage.peers[0])).toHaveLength(2), patience);
    expect(said(stage.peers[0])[1]?.id).toBe(id);
    refuse('id_conflict');
    await vi.waitFor(() => expect(deliveries(visitor)).toEqual(['failed']), patience);
    visitor.chat.retry(id);
    await vi.waitFor(() => expect(said(stage.peers[0])).toHaveLength(3), patience);
    expect(said(stage.peers[0])[2]?.id).not.toBe(id);
  });

  it('begins afresh where the server does not know the conversation any more, and says so [D16]', async () => {
    const visitor = visit();
    visitor.chat.start();
    await online(visitor);
    stage.peers[0]?.say({
      type: 'chat_message',
      id: 'o',
      seq: 1,
      sender: 'owner',
      message: 'Hi',
      timestamp,
    });
    await vi.waitFor(() => expect(visitor.chat.state.timeline.entries).toHaveLength(1), patience);
    stage.answer = (peer, message) =>
      message.type === 'hello' && greet(peer, { conversation_id: 'other', token: 'new' });
    stage.peers[0]?.cut();
    await vi.waitFor(
      () =>
        expect(visitor.chat.state.timeline.entries).toMatchObject([
          { kind: 'notice', text: 'restored' },
        ]),
      patience,
    );
    expect(stage.peers).toHaveLength(2);
  });

  it('asks for what is missing between two messages', async () => {
    const visitor = visit();
    visitor.chat.start();
    await online(visitor);
    const message = (seq: number): Record<string, unknown> => ({
      id: `m${seq}`,
      seq,
      sender: 'owner',
      message: 'x',
      timestamp,
    });
    stage.answer = (peer, asked) => {
      if (asked.type !== 'history_request') return;
      expect(asked).toMatchObject({ before_seq: 4, limit: 2 });
      peer.say({ type: 'history', messages: [message(2), message(3)], more: true });
    };
    stage.peers[0]?.say({ type: 'chat_message', ...message(1) });
    stage.peers[0]?.say({ type: 'chat_message', ...message(4) });
    await vi.waitFor(
      () => expect(visitor.chat.state.timeline.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]),
      patience,
    );
  });
});
