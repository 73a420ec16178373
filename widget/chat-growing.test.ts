import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  createStage,
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
let visitor: Visitor;
const peer = (): Peer => stage.peers.at(-1) as Peer;

beforeEach(async () => {
  vi.stubGlobal('__VERSION__', '0.0.0');
  stage = await createStage();
  visitor = createVisitor(stage.url);
  visitor.chat.start();
  await online(visitor);
});
afterEach(async () => {
  visitor.leave();
  await stage.end();
});

const write = (index: number, delta: string): void =>
  peer().say({ type: 'chat_message_delta', id: 'ai:q', in_reply_to: 'q', index, delta });
const texts = (): string[] => visitor.chat.state.timeline.entries.map(({ text }) => text);
const shows = (...expected: string[]): Promise<void> =>
  vi.waitFor(() => expect(texts()).toEqual(expected), patience);

it.each(['owner', 'nobody'] as const)(
  'what was half written goes when %s answers, and whole it may still come',
  async (answering) => {
    write(0, 'Half');
    await shows('Half');
    peer().say({ type: 'handler', answering });
    // Nobody has come: the owner was only asked for.
    await shows('nobodyAnswers');
    peer().say({
      ...{ type: 'chat_message', id: 'ai:q', seq: 1, sender: 'assistant', timestamp },
      ...{ message: 'Whole', answers: ['q'] },
    });
    await vi.waitFor(() => expect(texts()).toContain('Whole'), patience);
  },
);

it('is also told where the page knows already that somebody else answers', async () => {
  peer().say({ type: 'handler', answering: 'owner' });
  await shows('nobodyAnswers');
  write(0, 'Half');
  await shows('nobodyAnswers', 'Half');
  peer().say({ type: 'handler', answering: 'owner' });
  await shows('nobodyAnswers');
});

it('goes with the line, at the session that follows', async () => {
  write(0, 'Half');
  await shows('Half');
  stage.answer = (next, message) => {
    if (message.type === 'hello') greet(next, { resumed: true });
  };
  peer().cut();
  await vi.waitFor(() => expect(stage.peers).toHaveLength(2), patience);
  await shows();
  write(0, 'Anew');
  await shows('Anew');
});

it('what nobody acknowledges is told only while there is a session', async () => {
  const verdict = { type: 'feedback', id: 'ai:q', value: 'up' } as const;
  expect(visitor.chat.tell(verdict)).toBe(true);
  await vi.waitFor(() => expect(peer().heard).toContainEqual(verdict), patience);
  visitor.chat.stop();
  expect(visitor.chat.tell(verdict)).toBe(false);
});

it('says that the owner has come where they are there or have written', async () => {
  peer().say({ type: 'presence', owner: { online: true, name: 'Owner' } });
  peer().say({ type: 'handler', answering: 'owner' });
  await shows('ownerAnswers');
  peer().say({ type: 'handler', answering: 'assistant' });
  peer().say({ type: 'presence', owner: { online: false, name: 'Owner' } });
  peer().say({ type: 'chat_message', id: 'o', seq: 1, sender: 'owner', timestamp, message: 'Hi' });
  peer().say({ type: 'handler', answering: 'owner' });
  await vi.waitFor(
    () => expect(texts().filter((text) => text === 'ownerAnswers')).toHaveLength(2),
    patience,
  );
});
