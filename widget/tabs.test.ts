import { expect, it } from 'vitest';
import type { Channel, Environment } from './environment.ts';
import { createTabs } from './tabs.ts';

it('a page that sleeps holds no channel, and speaks again once it wakes [D10] [D11]', () => {
  const open = new Set<Channel>();
  const heard: unknown[] = [];
  const environment = {
    channel() {
      const channel: Channel = {
        onmessage: null,
        postMessage: (data) => void heard.push(data),
        close: () => void open.delete(channel),
      };
      open.add(channel);
      return channel;
    },
    // Locks that are refused at once, as browsers do where cookies are blocked.
    locks: () => ({
      request() {
        throw new DOMException('no', 'SecurityError');
      },
    }),
  } as unknown as Environment;
  const nobody = (): void => undefined;
  const tabs = createTabs(environment, 'chat', 'self', nobody, async () => nobody());
  tabs.enter();
  tabs.enter();
  tabs.watch('other');
  expect(open.size).toBe(1);
  tabs.leave();
  tabs.tell('');
  expect(open.size).toBe(0);
  tabs.enter();
  tabs.tell('reset');
  expect(heard).toEqual(['reset']);
  tabs.leave();
});
