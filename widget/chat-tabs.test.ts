import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  acknowledge,
  createStage,
  createDevice,
  createVisitor,
  greet,
  online,
  patience,
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
/** A server that gives everybody without a token a conversation of their own, and keeps them all. */
function createConversations(): Map<string, { id: string; text: string; by: Peer }[]> {
  const stored = new Map<string, { id: string; text: string; by: Peer }[]>();
  const members = new Map<Peer, string>();
  let made = 0;
  stage.answer = (peer, message) => {
    if (message.type === 'hello') {
      const conversation = message.token?.replace('token-', '') ?? `conversation-${(made += 1)}`;
      members.set(peer, conversation);
      const messages = (stored.get(conversation) ?? []).map(({ id, text }, index) => ({
        ...{ id, seq: index + 1, sender: 'visitor', message: text, timestamp },
      }));
      greet(
        peer,
        {
          conversation_id: conversation,
          token: `token-${conversation}`,
          resumed: message.token !== undefined,
          last_seq: messages.length,
        },
        messages.slice(message.last_seq ?? 0),
      );
    }
    if (message.type === 'chat_message') {
      const conversation = members.get(peer) ?? '';
      const messages = stored.get(conversation) ?? [];
      stored.set(conversation, messages);
      const { id = '', message: text } = message;
      messages.push({ id, text, by: peer });
      const seq = 1 + messages.findIndex((other) => other.id === id);
      acknowledge(peer, id, seq);
      for (const [other, where] of members) {
        if (other === peer || where !== conversation) continue;
        other.say({ type: 'chat_message', id, seq, sender: 'visitor', message: text, timestamp });
      }
    }
  };
  return stored;
}
const texts = (visitor: Visitor): string[] =>
  visitor.chat.state.timeline.entries.map(({ text, delivery }) => `${text}: ${delivery}`);
const shows = (visitor: Visitor, ...expected: string[]): Promise<void> =>
  vi.waitFor(() => expect(texts(visitor)).toEqual(expected), patience);

describe('two tabs', () => {
  it('have one conversation, whichever speaks first [D10]', async () => {
    const stored = createConversations();
    const device = createDevice();
    const [one, other] = [visit(device.environment), visit(device.environment)];
    one.chat.start();
    other.chat.start();
    await online(one);
    await online(other);
    one.chat.send('first');
    await shows(one, 'first: sent');
    other.chat.send('second');
    await shows(one, 'first: sent', 'second: sent');
    await shows(other, 'first: sent', 'second: sent');
    expect(stored.size).toBe(1);
  });

  it('begin one conversation although both speak at the same moment [D10]', async () => {
    const stored = createConversations();
    const device = createDevice();
    const both = [visit(device.environment), visit(device.environment)];
    for (const { chat } of both) chat.start();
    await Promise.all(both.map(online));
    both.forEach(({ chat }, index) => chat.send(`from ${index}`));
    await vi.waitFor(() => expect([...stored.values()].flat()).toHaveLength(2), patience);
    expect(stored.size).toBe(1);
    for (const { chat } of both) {
      await vi.waitFor(() => expect(chat.state.timeline.entries).toHaveLength(2), patience);
    }
  });

  it('after a reload send what was kept in one conversation, once [D8] [D10]', async () => {
    const device = createDevice();
    stage.answer = () => undefined;
    const before = visit(device.environment);
    before.chat.send('typed in a tunnel');
    await vi.waitFor(() => expect(device.kept.size).toBe(1), patience);
    before.leave();
    const stored = createConversations();
    const both = [visit(device.environment), visit(device.environment)];
    for (const { chat } of both) chat.start();
    for (const visitor of both) await shows(visitor, 'typed in a tunnel: sent');
    expect([...stored.values()].flat()).toHaveLength(1);
  });

  it('show what the other is sending, and leave the sending to it [D10]', async () => {
    const stored = createConversations();
    const { answer } = stage;
    const device = createDevice();
    const [one, other] = [visit(device.environment), visit(device.environment)];
    for (const { chat } of [one, other]) chat.start();
    await online(one);
    await online(other);
    one.chat.send('first');
    await shows(other, 'first: sent');
    stage.answer = () => undefined;
    const id = one.chat.send('second') ?? '';
    await shows(other, 'first: sent', 'second: sending');
    const sender = stored.get('conversation-1')?.[0]?.by as Peer;
    const refusal = { type: 'error', code: 'invalid_message', message: 'No.', timestamp, ref: id };
    sender.say({ ...refusal, retryable: false });
    await shows(other, 'first: sent', 'second: failed');
    stage.answer = answer;
    one.chat.retry(id);
    await shows(other, 'first: sent', 'second: sent');
    expect(new Set([...stored.values()].flat().map(({ by }) => by)).size).toBe(1);
  });

  it('both forget what one discards [D10]', async () => {
    const device = createDevice();
    stage.answer = () => undefined;
    const [one, other] = [visit(device.environment), visit(device.environment)];
    other.chat.start();
    const id = one.chat.send('never mind') ?? '';
    await shows(other, 'never mind: sending');
    one.chat.discard(id);
    await shows(other);
    expect(device.kept.size).toBe(0);
  });

  it('deliver for each other: a tab that is gone, or sleeps, is replaced [D8] [D10]', async () => {
    for (const end of ['closed', 'frozen'] as const) {
      const device = createDevice();
      const stored = createConversations();
      const { answer } = stage;
      const [one, other] = [visit(device.environment), visit(device.environment)];
      for (const { chat } of [one, other]) chat.start();
      await online(one);
      await online(other);
      other.chat.send('first');
      await shows(one, 'first: sent');
      const receiver = [...stored.values()][0]?.[0]?.by as Peer;
      stage.answer = (peer, message) => {
        if (peer === receiver) answer(peer, message);
      };
      one.chat.send('and gone');
      await shows(other, 'first: sent', 'and gone: sending');
      if (end === 'closed') one.leave();
      else one.chat.signal('sleep');
      await shows(other, 'first: sent', 'and gone: sent');
      expect(stored.size).toBe(1);
      if (end === 'frozen') {
        one.chat.signal('wake');
        await shows(one, 'first: sent', 'and gone: sent');
      }
      await vi.waitFor(() => expect([...device.kept.keys()]).toEqual(['session']), patience);
    }
  });

  it('without locks a new page sends what it finds at once [D8]', async () => {
    const stored = createConversations();
    const { answer } = stage;
    stage.answer = () => undefined;
    const environment = { ...createDevice().environment, locks: () => undefined };
    const before = visit(environment);
    before.chat.send('on plain http');
    await shows(before, 'on plain http: sending');
    stage.answer = answer;
    const after = visit(environment);
    after.chat.start();
    await shows(after, 'on plain http: sent');
    expect([...stored.values()].flat()).toHaveLength(1);
    await shows(before, 'on plain http: sent');
  });

  it('keep one draft, and neither takes what the other is typing [D8] [D10]', async () => {
    createConversations();
    const device = createDevice();
    const [one, other] = [visit(device.environment), visit(device.environment)];
    for (const { chat } of [one, other]) chat.start();
    await online(one);
    await online(other);
    other.chat.setDraft('half of the other');
    one.chat.setDraft('half of one');
    one.chat.send('half of one');
    one.chat.setDraft('');
    await shows(other, 'half of one: sent');
    expect(other.chat.state.draft).toBe('half of the other');
    expect(one.chat.state.draft).toBe('');
    await vi.waitFor(() => expect(device.kept.get('draft')).toBe('half of the other'), patience);
  });

  it('have read what was read in one [D10]', async () => {
    createConversations();
    const device = createDevice();
    const [one, other] = [visit(device.environment), visit(device.environment)];
    for (const { chat } of [one, other]) chat.start();
    await online(one);
    await online(other);
    one.chat.send('Hello');
    await shows(other, 'Hello: sent');
    for (const peer of stage.peers) {
      peer.say({
        type: 'chat_message',
        id: 'o',
        seq: 2,
        sender: 'owner',
        message: 'Hi',
        timestamp,
      });
    }
    for (const { chat } of [one, other]) {
      await vi.waitFor(() => expect(chat.state.unread).toBe(1), patience);
    }
    one.chat.attend(true);
    await vi.waitFor(() => expect(other.chat.state.unread).toBe(0), patience);
  });

  it('both forget on reset, whatever the other still has open [D10]', async () => {
    const stored = createConversations();
    const device = createDevice();
    const [one, other] = [visit(device.environment), visit(device.environment)];
    for (const { chat } of [one, other]) chat.start();
    await online(one);
    await online(other);
    one.chat.send('secret');
    other.chat.setDraft('a secret, too');
    await shows(other, 'secret: sent');
    await one.chat.reset();
    await shows(one);
    await shows(other);
    await online(other);
    expect(other.chat.state.draft).toBe('');
    await vi.waitFor(() => expect([...device.kept]).toEqual([]), patience);
    other.chat.send('somebody else');
    await shows(one, 'somebody else: sent');
    expect([...stored.values()].map((messages) => messages.map(({ text }) => text))).toEqual([
      ['secret'],
      ['somebody else'],
    ]);
  });
});
