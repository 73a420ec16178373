import { expect, it } from 'vitest';
import type { ClientMessage } from '../shared/protocol.ts';
import { createDelivery } from './delivery.ts';
import type { Environment } from './environment.ts';
import type { Pending } from './outbox.ts';

const pending = (tab: string): Pending => ({
  message: { type: 'chat_message', id: 'a', message: 'hello', timestamp: '2026-01-01T00:00:00Z' },
  atMs: 1,
  tab,
});
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

it('two tabs that adopt the same message of a closed one do not leave it to each other [D8] [D10]', async () => {
  let keepIt = (): void => undefined;
  const kept: string[] = [];
  const sent: ClientMessage[] = [];
  const delivery = createDelivery({
    tab: 'mine',
    environment: { nowMs: () => 1, after: () => () => undefined } as unknown as Environment,
    put: ({ tab }) =>
      new Promise((done) => {
        kept.push(tab);
        keepIt = done;
      }),
    remove: () => undefined,
    send: (message) => sent.push(message) > 0,
    show: () => undefined,
    settle: () => Promise.resolve(true),
  });
  delivery.connected();
  delivery.take([pending('closed')], (tab) => tab === 'closed', true);
  // Looked up before this tab's write got its turn: another one had adopted it a moment earlier.
  delivery.take([pending('other')], () => false, true);
  keepIt();
  await turns();
  // This tab wrote last, so the other one leaves the message to it.
  expect(kept).toEqual(['mine']);
  expect(sent).toEqual([pending('mine').message]);
});
