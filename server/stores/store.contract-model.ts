import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { casesOf, propertyTimeoutMs } from '../../shared/property-cases.ts';
import type { Store } from '../ports.ts';
import type { OpenStore, WithStore } from './store.contract-fixtures.ts';
import { allMessages } from './store.contract-fixtures.ts';
import type { ModelCommand } from './store.model-commands.ts';
import { names, turn } from './store.model-commands.ts';
import { ownNames, perform } from './store.model-perform.ts';
import { createModel } from './store.model.ts';

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
  const revisionBefore = await current.store.revision();
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

  async function compareSummary(id: string): Promise<void> {
    const { store } = current;
    const expected = model.summary(id);
    const summary = await store.summary(id);
    const { lastMessage, lastVisitorMessage, revision, ...facts } = summary ?? {};
    expectSame(summary && facts, expected);
    expectSame(lastMessage, model.messages(id).at(-1));
    const waiting = expected?.view === 'waiting' && lastMessage?.sender !== 'visitor';
    const newest = model.messages(id).findLast(({ sender }) => sender === 'visitor');
    expectSame(lastVisitorMessage, waiting ? newest : undefined);
    expectSame(await store.conversation(id).then((known) => known?.revision), revision);
    const listed = await store.conversations({
      limit: 9,
      ...(expected && { view: expected.view }),
    });
    expectSame(
      listed.conversations.find((one) => one.id === id),
      summary,
    );
    expectSame((await store.notes(id)).map((note) => note.id).toSorted(), model.notes(id));
  }

  async function compareState(): Promise<void> {
    const { store } = current;
    for (const id of names.conversations.map(own)) {
      await compareSummary(id);
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
    expectSame(await store.viewCounts(), model.viewCounts());
    const changed = await store.changedSince({ revision: revisionBefore, limit: 100 });
    expectSame(
      { ...changed, conversations: changed.conversations.map(({ id }) => id) },
      model.changedSince(0),
    );
    await comparePositions();
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
