import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConversationJson } from '../../shared/console-protocol.ts';
import { fuzzFactor, fuzzSeed, propertyTimeoutMs } from '../../shared/property-cases.ts';
import type { ConversationSummary } from '../ports.ts';
import { createConsoleBench, type ConsoleBench } from './console-bench.ts';
import { toConversationJson } from './summary-json.ts';

const conversations = ['a', 'b', 'c', 'd'] as const;
const conversation = fc.constantFrom(...conversations);

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('say' as const), id: conversation }) },
  // Several conversations change within one look of the server, in any order.
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      ids: fc.shuffledSubarray([...conversations], { minLength: 2 }),
    }),
  },
  fc.record({ do: fc.constant('take over' as const), id: conversation }),
  fc.record({ do: fc.constant('done' as const), id: conversation }),
  fc.record({ do: fc.constant('read' as const), id: conversation }),
  fc.record({ do: fc.constant('erase' as const), id: conversation }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(80) }) },
  // The connection of the console is cut after so many frames more, and it comes back.
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('come back' as const),
      who: fc.nat(2),
      frames: fc.option(fc.nat(8), { nil: undefined }),
    }),
  },
  // Another console joins, which knows nothing.
  fc.record({ do: fc.constant('another' as const) }),
);
/** How long each reading of the store takes to arrive, in milliseconds, over and over. */
const delays = fc.array(fc.constantFrom(0, 0, 1, 20, 70), { minLength: 1, maxLength: 5 });
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A bench whose store is read at once and answers late. */
function createSlowBench(delaysMs: readonly number[]): ConsoleBench {
  let bench: ConsoleBench | undefined;
  let reads = 0;
  async function late<Value>(value: Promise<Value>): Promise<Value> {
    const read = await value;
    reads += 1;
    const delayMs = delaysMs[reads % delaysMs.length] ?? 0;
    if (delayMs > 0) await new Promise<void>((done) => bench?.timers.after(delayMs, done));
    return read;
  }
  bench = createConsoleBench({
    store: (store) => ({
      ...store,
      revision: () => late(store.revision()),
      changedSince: (query) => late(store.changedSince(query)),
      viewCounts: () => late(store.viewCounts()),
    }),
  });
  return bench;
}

/** A console as the inbox is: it knows conversations, and the newest revision it saw. */
function createModel(bench: ConsoleBench) {
  let known = new Map<string, ConversationJson>();
  let revision: number | undefined;
  let listed = 0;
  let takes = Number.POSITIVE_INFINITY;
  let lists: ReturnType<typeof bench.store.conversations>[] = [];
  let console = open();

  function open(takesFrames?: number) {
    lists = [];
    takes = takesFrames ?? Number.POSITIVE_INFINITY;
    const opened = bench.open(
      {},
      {
        takesFrames: takes,
        // The lists are read when it is told so, and what they say arrives between the events.
        onEvent({ type }) {
          const anew = type === 'refresh' || (type === 'ready' && revision === undefined);
          if (anew) lists.push(bench.store.conversations({ limit: 100 }));
        },
      },
    );
    opened.send({ type: 'hello', ...(revision === undefined ? {} : { revision }) });
    return opened;
  }

  /** Takes in what came, as far as it came. */
  async function read(): Promise<void> {
    let ascending = 0;
    for (const event of console.received) {
      if (event.type === 'refresh' || (event.type === 'ready' && revision === undefined)) {
        await takeList();
      } else if (event.type === 'ready') {
        // Everything after it follows.
        revision = Math.max(revision ?? 0, event.revision);
      } else if (event.type === 'deleted') {
        known.delete(event.conversation_id);
      } else if (event.type === 'conversation') {
        // In their order: else one that is cut off between two would miss the lesser.
        expect(event.conversation.revision).toBeGreaterThan(ascending);
        ascending = event.conversation.revision;
        if (ascending > listed) known.set(event.conversation.id, event.conversation);
      }
    }
    if (revision !== undefined) revision = Math.max(revision, ascending);
  }

  async function takeList(): Promise<void> {
    const list = await lists.shift();
    known = new Map(list?.conversations.map((each) => [each.id, toJson(each)]));
    listed = Math.max(0, ...[...known.values()].map((each) => each.revision));
    revision = listed;
  }

  return {
    async comeBack(takesFrames?: number): Promise<void> {
      console.cut();
      await read();
      console = open(takesFrames);
    },
    isCut: () => console.received.length >= takes,
    /** What it knows when everything has been told. */
    async knows(): Promise<readonly ConversationJson[]> {
      await read();
      return [...known.values()].toSorted(byId);
    },
  };
}

const toJson = (summary: ConversationSummary): ConversationJson =>
  toConversationJson(summary, undefined, { defaultAnswering: 'assistant' });
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

let flip = false;

async function perform(bench: ConsoleBench, one: Step): Promise<void> {
  const { store, bus } = bench;
  switch (one.do) {
    case 'say':
      return bench.say(one.id);
    case 'change':
      for (const id of one.ids) await store.updateConversation(id, { done: (flip = !flip) });
      return;
    case 'take over':
      return void (await store.updateConversation(one.id, { answering: 'owner' }));
    case 'done':
      return void (await store.updateConversation(one.id, { done: true }));
    case 'read':
      return store.markRead(one.id, 'owner', 100);
    case 'erase':
      await store.erase(one.id);
      return bus.publish({ type: 'erased', conversationId: one.id });
    case 'wait':
      return bench.advance(one.ms);
    case 'another':
    case 'come back':
      return;
  }
}

describe('a console that is cut off anywhere', () => {
  it(
    'knows in the end what the store holds, each conversation in its last state',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), delays, async (steps, delaysMs) => {
          const bench = createSlowBench(delaysMs);
          for (const id of conversations) await bench.say(id);
          const models = [createModel(bench)];
          await bench.advance(300);
          for (const one of steps) {
            if (one.do === 'come back') await models[one.who]?.comeBack(one.frames);
            else if (one.do === 'another') models.push(createModel(bench));
            else await perform(bench, one);
          }
          // Whoever is cut off now comes back, and something happens meanwhile.
          for (const model of models) if (model.isCut()) await model.comeBack();
          await perform(bench, { do: 'change', ids: ['b', 'a'] });
          await bench.advance(1_000);
          for (const model of models) if (model.isCut()) await model.comeBack();
          await bench.advance(1_000);
          const { conversations: stored } = await bench.store.conversations({ limit: 100 });
          const expected = stored.map(toJson).toSorted(byId);
          for (const model of models) expect(await model.knows()).toEqual(expected);
          expect(bench.errors).toEqual([]);
        }),
        {
          numRuns: Math.round(1_500 * fuzzFactor),
          ...(fuzzSeed === undefined ? {} : { seed: fuzzSeed }),
        },
      );
    },
    propertyTimeoutMs,
  );
});
