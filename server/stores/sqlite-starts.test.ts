import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Store } from '../ports.ts';
import { openSqliteFile, sqliteFileName } from './sqlite-file.ts';
import { copyDatabase, openBesideServer } from './sqlite-snapshot.ts';
import { beginStart } from './sqlite-starts.ts';
import { openSqliteStore } from './sqlite.ts';
import { question } from './store.contract-fixtures.ts';

const onError = (error: unknown): void => {
  throw error;
};

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-chat-starts-'));
  try {
    await test(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What happens to a data folder: messages are written, it is copied, and a copy is put back. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const), count: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('copy' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('restore' as const), which: fc.nat(3) }),
  },
);

it(
  'a position holds exactly while the history in which it was reached goes on [D5][D16]',
  () =>
    withFolder(async (folder) => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(happening, { minLength: 3, maxLength: 14 }),
          async (happenings) => {
            run += 1;
            await followHistory(join(folder, String(run)), happenings);
          },
        ),
        { numRuns: 25 },
      );
    }),
  120_000,
);

type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

/** What a folder holds: unique ids in the order of `seq`, and the epochs of all its starts. */
interface History {
  readonly ids: readonly string[];
  readonly epochs: readonly string[];
}

async function followHistory(folder: string, happenings: readonly Happening[]): Promise<void> {
  const dataDir = join(folder, 'data');
  await mkdir(dataDir, { recursive: true });
  let made = 0;
  let store: Store = await openSqliteStore({ dataDir, onError });
  let history: History = { ids: [], epochs: [store.epoch] };
  const copies: { readonly path: string; readonly history: History }[] = [];
  /** What clients have seen: the message at a position, and under which epoch. */
  const seen: { readonly seq: number; readonly epoch: string; readonly id: string }[] = [];

  async function whileDown(change: () => Promise<void>): Promise<void> {
    await store.close();
    await change();
    store = await openSqliteStore({ dataDir, onError });
    history = { ...history, epochs: [...history.epochs, store.epoch] };
  }

  for (const step of happenings) {
    switch (step.do) {
      case 'write':
        for (let count = 0; count < step.count; count += 1) {
          made += 1;
          const id = `m${made}`;
          await store.append({ conversationId: 'c', message: question(id) });
          history = { ...history, ids: [...history.ids, id] };
        }
        break;
      case 'restart':
        await whileDown(() => Promise.resolve());
        break;
      case 'copy': {
        // Under the running server, which goes on under the epoch that the copy knows.
        const path = join(folder, `copy-${copies.length}`);
        const beside = await openBesideServer(join(dataDir, sqliteFileName));
        await copyDatabase(beside, path);
        beside.close();
        copies.push({ path, history });
        break;
      }
      case 'restore': {
        const copy = copies[step.which % Math.max(1, copies.length)];
        if (!copy) break;
        await whileDown(async () => {
          await rm(dataDir, { recursive: true });
          await mkdir(dataDir);
          await copyFile(copy.path, join(dataDir, sqliteFileName));
          history = copy.history;
        });
        break;
      }
    }
    for (const [index, id] of history.ids.entries()) {
      seen.push({ seq: index + 1, epoch: store.epoch, id });
    }
    for (const { seq, epoch, id } of seen) {
      const same = history.ids[seq - 1] === id && history.epochs.includes(epoch);
      expect(await store.positionHolds('c', { seq, epoch }), `${id} at ${seq}`).toBe(same);
    }
  }
  await store.close();
  await rm(folder, { recursive: true, force: true });
}

it('remembers the newest starts only, and numbers them on', () =>
  withFolder(async (dataDir) => {
    const db = await openSqliteFile(dataDir);
    const numbers = Array.from({ length: 8 }, () => beginStart(db, 3).number);
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(db.prepare('SELECT number FROM starts ORDER BY number').all()).toEqual(
      [6, 7, 8].map((number) => ({ number })),
    );
    db.close();
  }));

it('a revision of a history that a restored copy does not have is found out, however far it has grown [D16]', () =>
  withFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    await mkdir(dataDir);
    const file = join(dataDir, sqliteFileName);
    let written = 0;
    let store = await openSqliteStore({ dataDir, onError });
    const write = () => {
      written += 1;
      return store.append({ conversationId: `c${written % 2}`, message: question(`m${written}`) });
    };
    const restart = async (meanwhile = () => Promise.resolve()) => {
      await store.close();
      await meanwhile();
      store = await openSqliteStore({ dataDir, onError });
    };
    const isKnown = async (revision: number) =>
      (await store.changedSince({ revision, limit: 100 })).complete;

    for (let n = 0; n < 3; n += 1) await write();
    const common = await store.revision();
    const copy = join(folder, 'copy');
    await restart(() => copyFile(file, copy));
    expect(await store.revision()).toBe(common);
    for (let n = 0; n < 5; n += 1) await write();
    const lost = [await store.revision()];
    await restart();
    await write();
    lost.push(await store.revision());
    for (const revision of [0, common, ...lost]) expect(await isKnown(revision)).toBe(true);

    await restart(() => copyFile(copy, file));
    // Starts that write nothing must not make what later ones write look foreign.
    await restart();
    for (let n = 0; n < 20; n += 1) {
      await write();
      expect(await isKnown(await store.revision())).toBe(true);
      expect(await isKnown(common)).toBe(true);
      for (const revision of lost) expect(await isKnown(revision)).toBe(false);
      if (n === 9) await restart();
    }
    await store.close();
  }));
