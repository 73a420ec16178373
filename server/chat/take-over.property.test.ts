import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casesOf, propertyTimeoutMs } from '../../shared/property-cases.ts';
import type { ServerMessage } from '../../shared/protocol.ts';
import { change, reply } from '../owner/conversation-actions.ts';
import type { AppendCommand, Store, StoredMessage } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import { chat, createTestChat, heldAnswers } from './chat-harness.ts';
import type { TestClient } from './test-client.ts';

type Action =
  | { readonly does: 'ask'; readonly tab: number; readonly wish: boolean }
  | { readonly does: 'wish'; readonly tab: number }
  /** The owner writes, or takes over without a word; the answerer may hear of it or not. */
  | { readonly does: 'reply'; readonly takesOver: boolean; readonly heard: boolean }
  | { readonly does: 'take over' | 'hand back'; readonly heard: boolean }
  | { readonly does: 'visitor hands back'; readonly tab: number }
  /** An event of long ago comes at last. */
  | { readonly does: 'hear of a take-over' }
  | { readonly does: 'answer' | 'settle' }
  | { readonly does: 'come and go'; readonly online: boolean };

const tab = fc.nat({ max: 1 });
const heard = fc.boolean();
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('ask' as const),
      tab,
      wish: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
    }),
  },
  fc.record({ does: fc.constant('wish' as const), tab }),
  fc.record({ does: fc.constant('reply' as const), takesOver: fc.boolean(), heard }),
  fc.record({ does: fc.constantFrom('take over' as const, 'hand back' as const), heard }),
  fc.record({ does: fc.constant('visitor hands back' as const), tab }),
  fc.constant({ does: 'hear of a take-over' as const }),
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('answer' as const, 'settle') }) },
  fc.record({ does: fc.constant('come and go' as const), online: fc.boolean() }),
);

/** The questions that an answer covers. */
const coveredBy = (answer: Pick<StoredMessage, 'answers' | 'inReplyTo'>): readonly string[] =>
  answer.answers ?? [answer.inReplyTo ?? ''];

/** What has to become of each question, told by the writes alone: they take effect when called. */
function followed() {
  const inner = createMemoryStore();
  let owner = false;
  const asked = new Map<string, 'owed' | 'answered' | 'the owner’s'>();
  const takenOverAtSeq: number[] = [];
  function endAll(): void {
    for (const [id, fate] of asked) if (fate === 'owed') asked.set(id, 'the owner’s');
  }
  function follow(command: AppendCommand): void {
    const { message } = command;
    if (message.sender === 'visitor' && !asked.has(message.id)) {
      asked.set(message.id, owner ? 'the owner’s' : 'owed');
    }
    if (command.settlesAnswer) {
      const questions = coveredBy(message);
      if (!questions.every((one) => asked.get(one) === 'owed')) return;
      for (const one of questions) asked.set(one, 'answered');
    }
    if (command.facts?.answering === 'owner') owner = true;
    if (!command.takesOver) return;
    owner = true;
    endAll();
  }
  const store: Store = {
    ...inner,
    append: (command) => {
      follow(command);
      return inner.append(command).then((result) => {
        if (command.takesOver && result.status === 'stored') {
          takenOverAtSeq.push(result.message.seq);
        }
        return result;
      });
    },
    handBack: (id) => {
      owner = false;
      return inner.handBack(id);
    },
    updateConversation: (id, update) => {
      if (update.answering === 'owner') endAll();
      if (update.answering !== undefined) owner = update.answering === 'owner';
      return inner.updateConversation(id, update);
    },
  };
  return { store, asked, takenOverAtSeq };
}

/** Ids of the assistant's answers that a client was shown, in order. */
const shownAnswers = (messages: readonly ServerMessage[]): string[] =>
  messages.flatMap((message) =>
    message.type === 'chat_message' && message.sender === 'assistant' ? [message.id] : [],
  );

describe('taking over and handing back, in whatever order', () => {
  it(
    'answers each question once, or leaves it to the owner, and never after their word [D6]',
    async () => {
      const actions = fc.array(action, { minLength: 3, maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(actions, fc.boolean(), fc.boolean(), async (steps, plain, combines) => {
          const { store, asked: fates, takenOverAtSeq } = followed();
          const { asked, answer, letAll } = heldAnswers();
          const test = createTestChat({ store, answer, combines, channels: ['mail'] });
          const tabs: { client: TestClient; shown: ServerMessage[] }[] = [];
          let id = '';
          if (plain) {
            const client = test.connect();
            client.send(chat('the first', 'q0'));
            await test.settle();
            id = (await store.conversations({ limit: 1 })).conversations[0]?.id ?? '';
            tabs.push({ client, shown: [] });
          } else {
            const first = await test.connectHello();
            first.client.send(chat('the first', 'q0'));
            await test.settle();
            id = first.session.conversation_id;
            const { client } = await test.connectHello({ token: first.session.token, last_seq: 0 });
            tabs.push({ client: first.client, shown: [] }, { client, shown: [] });
          }
          const at = (index: number): TestClient | undefined => tabs[plain ? 0 : index]?.client;
          const silent = { ...test.desk, bus: { ...test.bus, publish: () => undefined } };
          let count = 0;
          for (const step of steps) {
            const desk = 'heard' in step && !step.heard ? silent : test.desk;
            switch (step.does) {
              case 'ask':
                count += 1;
                at(step.tab)?.send(chat(step.wish ? '转人工' : `question ${count}`, `q${count}`));
                break;
              case 'wish':
                if (!plain) at(step.tab)?.send({ type: 'human_request' });
                break;
              case 'visitor hands back':
                if (!plain) at(step.tab)?.send({ type: 'human_request', active: false });
                break;
              case 'reply':
                await reply(desk, id, { id: undefined, text: 'o', takesOver: step.takesOver });
                break;
              case 'take over':
                await change(desk, id, { answering: 'owner' });
                break;
              case 'hand back':
                await change(desk, id, { answering: 'assistant' });
                break;
              case 'hear of a take-over':
                test.bus.publish({ type: 'handler', conversationId: id, answering: 'owner' });
                break;
              case 'answer':
                for (const held of asked) held.release();
                break;
              case 'settle':
                await test.settle();
                break;
              case 'come and go':
                test.setOwnerOnline(step.online);
                break;
            }
          }
          letAll();
          for (let turn = 0; turn < 30; turn += 1) await test.settle();
          // Beyond a lease, so that whatever nobody makes is found.
          for (let round = 0; round < 4; round += 1) await test.advance(35_000);
          // One event that everybody hears, so that nobody is behind.
          await reply(test.desk, id, { id: 'last', text: 'the end', takesOver: false });
          await test.settle();

          const range = { afterSeq: 0, limit: 1_000, maxBytes: 1e9 };
          const { messages } = await store.messages(id, range);
          expect(await store.owedWork()).toMatchObject({ answers: 0 });
          const answers = messages.filter(({ sender }) => sender === 'assistant');
          const wanted = [...fates].flatMap(([question, fate]) =>
            fate === 'answered' ? [question] : [],
          );
          expect(answers.flatMap(coveredBy)).toEqual(wanted);
          if (plain || !combines) expect(answers.filter((one) => one.answers)).toEqual([]);
          expect([...fates.values()]).not.toContain('owed');
          const seqOf = (question: string | undefined): number =>
            messages.find((one: StoredMessage) => one.id === question)?.seq ?? 0;
          for (const one of answers) {
            const firstSeq = seqOf(coveredBy(one)[0]);
            const between = takenOverAtSeq.filter((seq) => seq > firstSeq && seq < one.seq);
            expect(between).toEqual([]);
          }
          for (const { client } of tabs) {
            expect(client.closed).toBeUndefined();
            expect(shownAnswers(client.take())).toEqual(answers.map((one) => one.id));
          }
          expect(test.errors).toEqual([]);
        }),
        casesOf('turns of assistant and owner'),
      );
    },
    propertyTimeoutMs,
  );
});
