import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casesOf, propertyTimeoutMs } from '../../shared/property-cases.ts';
import type { ServerMessage } from '../../shared/protocol.ts';
import type { Store, StoredMessage } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { chat, createTestChat, noonMs } from './chat-harness.ts';
import type { TestClient } from './test-client.ts';

type Action =
  | { readonly does: 'send'; readonly tab: number }
  /** The owner writes; sockets hear of it now, later or never. */
  | { readonly does: 'reply'; readonly heard: boolean }
  /** An old event comes again, or at last. */
  | { readonly does: 'hear'; readonly which: number }
  | { readonly does: 'reconnect'; readonly tab: number }
  | { readonly does: 'settle' };

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ does: fc.constant('send' as const), tab: fc.nat({ max: 1 }) }),
  fc.record({ does: fc.constant('reply' as const), heard: fc.boolean() }),
  fc.record({ does: fc.constant('hear' as const), which: fc.nat({ max: 20 }) }),
  fc.record({ does: fc.constant('reconnect' as const), tab: fc.nat({ max: 1 }) }),
  fc.constant({ does: 'settle' as const }),
);

/** Every new `seq` that a client was told, in order. */
const newSeqs = (messages: readonly ServerMessage[]): number[] =>
  messages.flatMap((message) => {
    if (message.type === 'history') return message.messages.map(({ seq }) => seq ?? 0);
    return 'seq' in message && message.seq !== undefined ? [message.seq] : [];
  });

/** A store whose pages are told some turns of the loop after they were read. */
function slowStore(delays: readonly number[]): Store {
  const inner = createMemoryStore();
  let reads = 0;
  return {
    ...inner,
    async messages(id, range) {
      const page = await inner.messages(id, range);
      const turns = delays[(reads += 1) % delays.length] ?? 0;
      for (let turn = 0; turn < turns; turn += 1) await new Promise((done) => setImmediate(done));
      return page;
    },
  };
}

describe('delivery, whatever happens in whatever order', () => {
  it(
    'is every seq, once, ascending, also over reconnects [D2] [D4]',
    async () => {
      const actions = fc.array(action, { minLength: 5, maxLength: 40 });
      const delays = fc.array(fc.nat({ max: 8 }), { minLength: 1, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(actions, delays, async (steps, turns) => {
          const store = slowStore(turns);
          const test = createTestChat({ store });
          const { session, client: first } = await test.connectHello();
          const conversationId = session.conversation_id;
          const { token } = session;
          const hello = { type: 'hello', protocol: 1, token } as const;
          const tabs: { client: TestClient; seqs: number[] }[] = [{ client: first, seqs: [] }];
          const open = (last_seq: number): TestClient => {
            const client = test.connect();
            client.send({ ...hello, last_seq });
            return client;
          };
          tabs.push({ client: open(0), seqs: [] });
          const happened: StoredMessage[] = [];
          let sent = 0;
          const collect = (tab: { client: TestClient; seqs: number[] }): void =>
            void tab.seqs.push(...newSeqs(tab.client.take()));
          const publish = (message: StoredMessage): void =>
            test.bus.publish({ type: 'message', conversationId, message });
          const reply = async (heard: boolean): Promise<void> => {
            const message = {
              id: `o${(sent += 1)}`,
              sender: 'owner',
              text: 'x',
              atMs: noonMs,
            } as const;
            const result = await store.append({ conversationId, message });
            if (result.status !== 'stored') throw new Error(result.status);
            happened.push(result.message);
            if (heard) publish(result.message);
          };
          for (const step of steps) {
            if (step.does === 'send') tabs[step.tab]?.client.send(chat('x', `v${(sent += 1)}`));
            else if (step.does === 'reply') await reply(step.heard);
            else if (step.does === 'settle') await test.settle();
            else if (step.does === 'hear') {
              const old = happened[step.which];
              if (old) publish(old);
            } else {
              const tab = tabs[step.tab];
              if (!tab) continue;
              collect(tab);
              tab.client.leave();
              tab.client = open(tab.seqs.at(-1) ?? 0);
            }
          }
          // Let all that was sent be stored, then one event that everybody hears.
          for (let turn = 0; turn < 40; turn += 1) await test.settle();
          await reply(true);
          for (let turn = 0; turn < 10; turn += 1) await test.settle();
          const last = (await store.conversation(conversationId))?.lastSeq ?? 0;
          const all = Array.from({ length: last }, (_, index) => index + 1);
          for (const tab of tabs) {
            collect(tab);
            expect(tab.client.closed).toBeUndefined();
            expect(tab.seqs).toEqual(all);
          }
          expect(test.errors).toEqual([]);
        }),
        casesOf('sessions of the core'),
      );
    },
    propertyTimeoutMs,
  );
});
