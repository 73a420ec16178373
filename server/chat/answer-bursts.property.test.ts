import fc from 'fast-check';
import { expect, it } from 'vitest';
import { casesOf, propertyTimeoutMs } from '../../shared/property-cases.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { chat, createTestChat, heldAnswers, noonMs, type TestChat } from './chat-harness.ts';

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('ask' as const),
      what: fc.constantFrom('short', 'short', 'short', 'long', 'wish'),
      tab: fc.nat(1),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('answer' as const), which: fc.nat(3) }) },
  fc.record({ does: fc.constant('fail' as const) }),
  fc.record({ does: fc.constant('write' as const), chars: fc.constantFrom(10, 300, 500) }),
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 0, 100, 400, 3_000, 31_000),
    }),
  },
  fc.record({ does: fc.constant('crash' as const) }),
);

it(
  'every question that was acknowledged is covered by one answer, in order, whatever happens [D6]',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.boolean(),
        async (steps, combines) => {
          const store = createMemoryStore();
          const { asked, answer, letAll } = heldAnswers();
          let starts = 0;
          let token: string | undefined;
          let id = '';
          async function start(): Promise<{
            test: TestChat;
            tabs: ReturnType<TestChat['connect']>[];
          }> {
            starts += 1;
            const test = createTestChat({ store, answer, combines, holder: `server ${starts}` });
            // Far enough on for the leases of the one before to have run out.
            test.setClock(noonMs + starts * 3_600_000);
            await test.answers.recover();
            const tabs = [];
            for (let tab = 0; tab < 2; tab += 1) {
              const { client, session } = await test.connectHello(
                token === undefined ? {} : { token, last_seq: 0 },
              );
              token = session.token;
              id = session.conversation_id;
              tabs.push(client);
            }
            return { test, tabs };
          }
          let { test, tabs } = await start();
          let count = 0;
          const acknowledged: string[] = [];
          function hearAcknowledgements(): void {
            for (const message of tabs.flatMap((tab) => tab.take())) {
              if (message.type === 'chat_message_received') acknowledged.push(message.id);
            }
          }
          for (const one of steps) {
            switch (one.does) {
              case 'ask': {
                count += 1;
                const words = { short: `q ${count}`, long: 'x'.repeat(3_500), wish: '转人工' };
                const text = words[one.what];
                tabs[one.tab]?.send(chat(text, `q${count}`));
                break;
              }
              case 'answer':
                asked.at(-1 - one.which)?.release();
                break;
              case 'fail':
                asked.at(-1)?.fail(new Error('down'));
                break;
              case 'write':
                asked.at(-1)?.progress?.delta('x'.repeat(one.chars));
                break;
              case 'wait':
                await test.advance(one.ms);
                break;
              case 'crash':
                test.answers.close();
                hearAcknowledgements();
                for (const client of tabs) client.leave();
                await test.settle();
                ({ test, tabs } = await start());
                break;
            }
          }
          letAll();
          for (let round = 0; round < 5; round += 1) await test.advance(35_000);

          const { messages } = await store.messages(id, {
            ...{ afterSeq: 0, limit: 1_000, maxBytes: 1e9 },
          });
          const questions = messages.filter(({ sender }) => sender === 'visitor');
          const answers = messages.filter(({ sender }) => sender === 'assistant');
          const covered = answers.flatMap((one) => one.answers ?? [one.inReplyTo ?? '']);
          expect(covered).toEqual(questions.map((one) => one.id));
          hearAcknowledgements();
          const stored = new Set(questions.map((one) => one.id));
          expect(acknowledged.filter((one) => !stored.has(one))).toEqual([]);
          for (const one of answers) {
            expect(one.id).toBe(`ai:${one.inReplyTo}`);
            expect((one.answers ?? [one.inReplyTo ?? '']).at(-1)).toBe(one.inReplyTo);
            if (!combines) expect(one.answers).toBeUndefined();
            for (const question of one.answers ?? []) {
              expect(messages.find((it) => it.id === question)?.text).not.toBe('转人工');
            }
          }
          expect(await store.owedWork()).toMatchObject({ answers: 0 });
          expect(test.answers.pending()).toBe(0);
        },
      ),
      casesOf('bursts and crashes'),
    );
  },
  propertyTimeoutMs,
);
