import { expect, it, vi } from 'vitest';
import { createDevice, sessionOf } from './chat-harness.ts';
import { createDeviceMemory, type DeviceMemory } from './device-memory.ts';
import type { SessionMessage } from '../shared/protocol.ts';
import { emptyTimeline, reduce } from './state/timeline.ts';
import { createVisitor, type Visitor } from './visitor.ts';

const session = (name: string): SessionMessage =>
  sessionOf({ conversation_id: name, token: `token of ${name}` }) as SessionMessage;
const kept = (name: string): { token: string; conversation: string } => ({
  token: `token of ${name}`,
  conversation: name,
});
const open = (): { device: DeviceMemory; visitor: Visitor; moved: () => void } => {
  const device = createDeviceMemory(createDevice().environment.keep(''));
  const moved = vi.fn();
  return { device, moved, visitor: createVisitor({ device, moved, changed: () => undefined }) };
};
const token = (visitor: Visitor): string | undefined =>
  visitor.hello({ type: 'hello', protocol: 1 }, emptyTimeline).token;

it('moves to the conversation that another tab began, even while it claims its own [D10]', async () => {
  const { device, visitor, moved } = open();
  visitor.began(session('mine'));
  await device.claim(kept('theirs'), () => true);
  const settling = visitor.settle();
  // The other was faster, which is heard before the device has answered.
  visitor.found(kept('theirs'));
  await settling;
  expect(visitor.conversation).toBe('theirs');
  expect((await device.load())?.session).toEqual(kept('theirs'));
  expect(await visitor.settle()).toBe(true);
  expect(token(visitor)).toBe('token of theirs');
  expect(moved).toHaveBeenCalledTimes(1);
});

it('replaces a conversation that the server has no more [D5]', async () => {
  const { device, visitor, moved } = open();
  await device.claim(kept('old'), () => true);
  visitor.found(kept('old'));
  visitor.began(session('new'));
  visitor.found(kept('old'));
  expect(await visitor.settle()).toBe(true);
  expect((await device.load())?.session).toEqual(kept('new'));
  expect(moved).toHaveBeenCalledTimes(1);
});

it('does not take up again what it has forgotten, whoever still keeps it [D10]', async () => {
  const { device, visitor, moved } = open();
  visitor.began(session('secret'));
  await visitor.settle();
  visitor.forget();
  visitor.found(kept('secret'));
  expect(token(visitor)).toBeUndefined();
  expect(visitor.kept).toBe(false);
  visitor.began(session('next'));
  expect(await visitor.settle()).toBe(true);
  expect((await device.load())?.session).toEqual(kept('next'));
  expect(moved).not.toHaveBeenCalled();
});

it('names no position before history has come, whatever other tabs have told of [D5]', async () => {
  const { visitor } = open();
  visitor.began(session('mine'));
  const about = { type: 'hello', protocol: 1 } as const;
  const echoed = reduce(emptyTimeline, {
    type: 'echo',
    ...{ id: 'a', text: 'hello', atMs: 1, kind: undefined },
  });
  const told = reduce(echoed, { type: 'ack', id: 'a', seq: 53, atMs: 1 });
  expect(visitor.hello(about, told).last_seq).toBeUndefined();
  const message = { id: 'a', seq: 1, sender: 'visitor', message: 'hello', timestamp: '' } as const;
  const whole = reduce(emptyTimeline, {
    type: 'history',
    ...{ messages: [message], more: false, resume: true },
  });
  expect(visitor.hello(about, whole).last_seq).toBe(1);
});
