import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { casesOf, propertyTimeoutMs } from '../../shared/property-cases.ts';
import type { Store } from '../ports.ts';
import type { OpenStore, WithStore } from './store.contract-fixtures.ts';
import { allMessages } from './store.contract-fixtures.ts';
import type { ModelCommand } from './store.model.ts';
import { createModel } from './store.model.ts';

const names = { conversations: ['a', 'b', 'c'], users: ['u', 'v'], channels: ['mail', 'hook'] };

const conversation = fc.constantFrom(...names.conversations);
const channel = fc.constantFrom(...names.channels);
const leaseMs = fc.nat(20);
const limit = fc.integer({ min: 1, max: 4 });
const messageId = fc.constantFrom('1', '2', '3', '4', '5', '6');
const noticeIndices = fc.array(fc.nat(12), { maxLength: 4 });
const optional = { requiredKeys: ['do', 'conversation'] as ['do', 'conversation'] };

const append = fc
  .record({
    do: fc.constant('append' as const),
    conversation,
    id: messageId,
    text: fc.constantFrom('x', 'x', 'x', 'y'),
    answers: fc.boolean(),
    user: fc.option(fc.constantFrom(...names.users), { freq: 4, nil: undefined }),
    owedTo: fc.option(fc.constantFrom('me', 'other'), { freq: 3, nil: undefined }),
    leaseMs,
    notices: fc.oneof(fc.constant([]), fc.subarray(names.channels)),
    settles: fc.subarray(['1', '2', '3', '4', '5', '6'], { minLength: 1, maxLength: 2 }),
  })
  .map(({ answers, user, owedTo, settles, ...rest }): ModelCommand => {
    if (answers) return { ...rest, id: `ai:${rest.id}`, sender: 'assistant', settles };
    return {
      ...rest,
      sender: 'visitor',
      ...(user === undefined ? {} : { user }),
      ...(owedTo === undefined ? {} : { owedTo }),
    };
  });

const commands: fc.Arbitrary<ModelCommand> = fc.oneof(
  { weight: 10, arbitrary: append },
  fc.record(
    {
      do: fc.constant('answering' as const),
      conversation,
      value: fc.constantFrom('owner' as const, 'nobody' as const),
    },
    optional,
  ),
  fc.record({ do: fc.constant('read' as const), conversation, seq: fc.nat(8) }),
  fc.record({
    do: fc.constant('feedback' as const),
    conversation,
    id: fc.constantFrom('1', 'ai:1'),
  }),
  fc.record({ do: fc.constant('erase' as const), conversation }),
  fc.record({ do: fc.constant('prune' as const), ageMs: fc.integer({ min: 20, max: 60 }) }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('claimAnswers' as const),
      holder: fc.constantFrom('me', 'other'),
      leaseMs,
      limit,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('claimNotices' as const), channel, leaseMs, limit }),
  },
  fc.record({ do: fc.constant('noticesDone' as const), ids: noticeIndices }),
  fc.record(
    { do: fc.constant('noticesFailed' as const), ids: noticeIndices, retryInMs: fc.nat(10) },
    { requiredKeys: ['do', 'ids'] },
  ),
);

/** What is asked in one turn of the event loop, after a pause. */
const turn = fc.record({
  pauseMs: fc.nat(15),
  reopen: fc.nat(24).map((n) => n === 0),
  commands: fc.array(commands, { minLength: 1, maxLength: 6 }),
});

export function describeModel(withStore: WithStore): void {
  it(
    'does what the plain model does, whatever is asked of it',
    withStore(async (opened) => {
      let run = 0;
      const current = { store: opened.store };
      await fc.assert(
        fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 10 }), async (turns) => {
          run += 1;
          await compare(current, opened.reopen, turns, run);
        }),
        // Only a store that leaves something behind can be opened again, and waits for a disk.
        opened.reopen
          ? casesOf('store on disk against the model')
          : casesOf('store in memory against the model'),
      );
    }),
    2 * propertyTimeoutMs,
  );
}

/** `toEqual` builds a report even where there is nothing to report; this looks first. */
function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

type Turn = typeof turn extends fc.Arbitrary<infer Value> ? Value : never;

/** All runs share a store, each with names and a time of its own, and erases what it made. */
async function compare(
  current: { store: Store },
  reopenStore: OpenStore['reopen'],
  turns: readonly Turn[],
  run: number,
): Promise<void> {
  const model = createModel();
  let nowMs = 1_000_000 * run;
  // The store numbers its notices through all runs, the model from 1.
  const claimed: { stored: number; modelled: number }[] = [];
  const own = (name: string) => `${run}-${name}`;
  const epochs = [current.store.epoch];
  /** For each conversation, the number of the start that wrote each message. */
  const writtenIn: Record<string, number[]> = {};

  try {
    for (const { pauseMs, reopen, commands: asked } of turns) {
      nowMs += pauseMs;
      if (reopen && reopenStore) {
        current.store = await reopenStore();
        epochs.push(current.store.epoch);
        model.releaseLeases();
      }
      const known = [...claimed];
      const stored = asked.map((command) =>
        perform(current.store, withIds(command, 'stored'), nowMs),
      );
      const modelled = asked.map((command) => model.run(withIds(command, 'modelled'), nowMs));
      for (const [index, result] of (await Promise.all(stored)).entries()) {
        const [storedIds, modelledIds] = [noticeIds(result), noticeIds(modelled[index])];
        expect(withoutNoticeIds(result)).toEqual(withoutNoticeIds(modelled[index]));
        for (const [at, id] of storedIds.entries()) {
          claimed.push({ stored: id, modelled: modelledIds[at] ?? -1 });
        }
      }
      await compareState();

      function withIds(command: ModelCommand, whose: 'stored' | 'modelled'): ModelCommand {
        const named = ownNames(command, own);
        if (!('ids' in named)) return named;
        return { ...named, ids: named.ids.map((index) => known[index]?.[whose] ?? -1) };
      }
    }
  } finally {
    for (const name of names.conversations) await current.store.erase(own(name));
  }

  /** What stands at a position stands there in every epoch since it was written, and in none before. */
  async function comparePositions(): Promise<void> {
    const { store } = current;
    for (const id of names.conversations.map(own)) {
      const last = model.messages(id).length;
      const starts = (writtenIn[id] ??= []);
      while (starts.length < last) starts.push(epochs.length - 1);
      for (const seq of new Set([0, 1, last, last + 1])) {
        const written = seq >= 1 && seq <= last ? (starts[seq - 1] ?? 0) : Infinity;
        for (const [number, epoch] of epochs.entries()) {
          expect(await store.positionHolds(id, { seq, epoch })).toBe(number >= written);
        }
      }
      expect(await store.positionHolds(id, { seq: 1, epoch: own('unknown') })).toBe(false);
    }
  }

  async function compareState(): Promise<void> {
    const { store } = current;
    for (const id of names.conversations.map(own)) {
      expectSame(await store.conversation(id), model.conversation(id));
      expectSame(await store.isErased(id), model.isErased(id));
      const messages = model.messages(id);
      expectSame(await allMessages(store, id), messages);
      const middle = Math.ceil(messages.length / 2);
      const page = { limit: 2, maxBytes: Number.MAX_SAFE_INTEGER };
      expect(await store.messages(id, { beforeSeq: middle, ...page })).toEqual({
        messages: messages.slice(Math.max(0, middle - 3), Math.max(0, middle - 1)),
        more: middle > 3,
      });
      expect(await store.messages(id, { afterSeq: middle, ...page })).toEqual({
        messages: messages.slice(middle, middle + 2),
        more: middle + 2 < messages.length,
      });
    }
    const listed = await store.conversations({ limit: 100 });
    expectSame(
      listed.conversations.map(({ id }) => id),
      model.list(),
    );
    for (const user of names.users.map(own)) {
      expectSame(await store.conversationOfUser(user), model.ofUser(user));
    }
    for (const name of names.channels.map(own)) {
      const sent = await store.noticesSentSince(name, 0);
      const times = sent.map(({ conversationId, atMs }) => `${atMs}/${conversationId}`);
      expectSame(times.toSorted(), model.sent(name));
    }
    expectSame(await store.owedWork(), model.owedWork());
    await comparePositions();
  }
}

function ownNames(command: ModelCommand, own: (name: string) => string): ModelCommand {
  switch (command.do) {
    case 'append':
      return {
        ...command,
        conversation: own(command.conversation),
        ...(command.user === undefined ? {} : { user: own(command.user) }),
        notices: command.notices.map(own),
      };
    case 'answering':
    case 'read':
    case 'feedback':
    case 'erase':
      return { ...command, conversation: own(command.conversation) };
    case 'claimNotices':
      return { ...command, channel: own(command.channel) };
    case 'prune':
    case 'claimAnswers':
    case 'noticesDone':
    case 'noticesFailed':
      return command;
  }
}

/** Asks a store for what the command says; its answer in the form of the model's. */
function perform(store: Store, command: ModelCommand, nowMs: number): Promise<unknown> {
  switch (command.do) {
    case 'append': {
      const { id, sender, text, settles, owedTo, user } = command;
      return store.append({
        conversationId: command.conversation,
        ...(user === undefined ? {} : { facts: { user } }),
        message: { id, sender, text, atMs: nowMs, ...(settles ? { answers: settles } : {}) },
        ...(owedTo === undefined
          ? {}
          : { owedAnswer: { holder: owedTo, untilMs: nowMs + command.leaseMs } }),
        owedNotices: command.notices.map((name) => ({
          channel: name,
          notBeforeMs: nowMs,
          reason: 'visitor_message',
        })),
        settlesAnswer: settles !== undefined,
      });
    }
    case 'answering':
      return store.setAnswering(command.conversation, command.value);
    case 'read':
      return store.markRead(command.conversation, 'visitor', command.seq);
    case 'feedback':
      return store.setFeedback(command.conversation, command.id, 'up');
    case 'erase':
      return store.erase(command.conversation);
    case 'prune':
      return store.prune(nowMs - command.ageMs);
    case 'claimAnswers': {
      const lease = { holder: command.holder, untilMs: nowMs + command.leaseMs };
      return store
        .claimAnswers({ lease, nowMs, limit: command.limit })
        .then((owed) => owed.map((one) => `${one.conversationId}/${one.questionId}`));
    }
    case 'claimNotices': {
      const lease = { holder: 'me', untilMs: nowMs + command.leaseMs };
      const { channel: name, limit: most } = command;
      return store.claimNotices({ channel: name, lease, nowMs, limit: most }).then((owed) =>
        owed.map(({ noticeId, conversationId, message, attempts }) => ({
          noticeId,
          of: `${conversationId}/${message.id}`,
          attempts,
        })),
      );
    }
    case 'noticesDone':
      return store.noticesDone(command.ids, nowMs);
    case 'noticesFailed': {
      const retryAtMs = command.retryInMs === undefined ? undefined : nowMs + command.retryInMs;
      return store.noticesFailed(command.ids, { retryAtMs, error: 'refused' });
    }
  }
}

const isClaimed = (value: unknown): value is { readonly noticeId: number } =>
  typeof value === 'object' && value !== null && 'noticeId' in value;

const noticeIds = (result: unknown): number[] =>
  Array.isArray(result) ? result.filter(isClaimed).map(({ noticeId }) => noticeId) : [];

const withoutNoticeIds = (result: unknown): unknown =>
  Array.isArray(result)
    ? result.map((one: unknown) => (isClaimed(one) ? { ...one, noticeId: undefined } : one))
    : result;
