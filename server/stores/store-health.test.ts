import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import type { Store } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { openSqliteFile, reopenSqliteFile, sqliteFileName } from './sqlite-file.ts';
import { FileMoved, LogGone, StoreTrouble, troubleOf } from './sqlite-trouble.ts';
import { sqliteStore, type SqliteStoreParts } from './sqlite.ts';
import { allMessages, question } from './store.contract-fixtures.ts';
import { createStoreHealth } from './store-health.ts';

const place = { dataDir: tmpdir(), file: '/data/contact-chat.sqlite' };
const sqliteError = (errcode: number, message = 'refused'): Error =>
  Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR', errcode });

it.each([
  [sqliteError(5), 'locked', 'end that program'],
  [sqliteError(6), 'locked', 'end that program'],
  [sqliteError(261), 'locked', 'end that program'],
  [sqliteError(15), 'locked', 'end that program'],
  [sqliteError(7), 'memory', 'give the server more'],
  [sqliteError(8), 'read_only', 'write access'],
  [sqliteError(1032), 'moved', 'put it back'],
  [sqliteError(778), 'failing_disk', 'check the disk'],
  [sqliteError(11), 'damaged', 'put a backup in its place'],
  [sqliteError(779), 'damaged', 'put a backup in its place'],
  [sqliteError(13), 'full', 'free some space'],
  [sqliteError(14), 'unopenable', 'limit on open files'],
  [sqliteError(26), 'damaged', 'put a backup in its place'],
  [new FileMoved('gone'), 'moved', 'put it back'],
  [new LogGone('gone'), 'log_gone', 'leave the server running'],
  [Object.assign(new Error('no space'), { code: 'ENOSPC' }), 'full', 'free some space'],
  [Object.assign(new Error('stale'), { code: 'ESTALE' }), 'failing_disk', 'check the disk'],
  // As the add-on's `all()` throws it.
  [
    Object.assign(new Error('database disk image is malformed'), { code: 'ERR_SQLITE_ERROR' }),
    'damaged',
    'put a backup in its place',
  ],
])('%o is %s, and the line says how to mend it [D14]', (error, kind, mend) => {
  const trouble = troubleOf(error, place);
  expect(trouble).toMatchObject({ kind, name: 'StoreUnavailable', cause: error });
  expect(trouble).toBeInstanceOf(StoreUnavailable);
  expect(trouble?.message).toContain(mend);
  expect(trouble?.message).toMatch(/; messages are refused until then\.$/);
  expect(trouble?.message).toMatch(/\/data\/contact-chat\.sqlite|disk that holds/);
  expect(trouble?.reason).not.toMatch(/\//);
});

it.each([sqliteError(1), sqliteError(19), sqliteError(20), new Error('a mistake'), undefined, 'x'])(
  '%o is a mistake of the code and no trouble of the store',
  (error) => expect(troubleOf(error, place)).toBeUndefined(),
);

/** A health with a clock of its own, and what its owner was told. */
function observed() {
  const told: string[] = [];
  const clock = { nowMs: 0 };
  const health = createStoreHealth({
    place,
    onError: (error, { stage }) =>
      told.push(error instanceof StoreTrouble ? error.kind : `failed: ${stage}`),
    onRecovered: (line) => told.push(line),
    nowMs: () => clock.nowMs,
  });
  const fail = (errcode: number, writes = 1) =>
    health.failed(sqliteError(errcode), { stage: 'store.commit', writes });
  return { health, told, clock, fail };
}

it('one line when a trouble begins and one when it is over, with how long and how many [D14]', () => {
  const { health, told, clock, fail } = observed();
  health.succeeded();
  for (let second = 0; second < 30; second += 1) {
    clock.nowMs = second * 1_000;
    expect(fail(5, 2)).toMatchObject({ kind: 'locked' });
  }
  health.succeeded();
  health.succeeded();
  expect(health.trouble()).toBeUndefined();
  expect(told).toEqual([
    'locked',
    'The store works again: for 29 s another program keeps the database locked, and 60 writes were refused.',
  ]);
});

it('a trouble that comes and goes is told of once a minute [D14]', () => {
  const { health, told, clock, fail } = observed();
  for (let second = 0; second < 100; second += 1) {
    clock.nowMs = second * 1_000;
    fail(5);
    health.succeeded();
  }
  expect(told.filter((line) => line === 'locked')).toHaveLength(2);
  expect(told).toHaveLength(4);
});

it('one trouble that turns into another is told of as both, and ends as one [D14]', () => {
  const { health, told, fail } = observed();
  fail(5);
  fail(778);
  fail(5);
  health.succeeded();
  expect(told).toHaveLength(3);
  expect(told.slice(0, 2)).toEqual(['locked', 'failing_disk']);
});

it('a damaged file stays damaged, whatever succeeds or fails after it [D14]', () => {
  const { health, told, fail } = observed();
  fail(11);
  health.succeeded();
  fail(5);
  expect(health.trouble()?.kind).toBe('damaged');
  expect(told).toEqual(['damaged']);
});

/** A real database whose connection can be made to fail as after a disk was away. */
function breakable(db: SqliteDatabase) {
  const state = { errcode: 0, closed: false };
  const wrapped: SqliteDatabase = {
    prepare: (sql) => db.prepare(sql),
    exec(sql) {
      if (state.errcode !== 0 && sql.startsWith('BEGIN')) throw sqliteError(state.errcode);
      db.exec(sql);
    },
    close() {
      state.closed = true;
      db.close();
    },
  };
  return { wrapped, state };
}

it('a connection that only fails is replaced by one that works, without a restart [D14]', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'contact-chat-health-'));
  try {
    const clock = { nowMs: 0 };
    const told: string[] = [];
    const { wrapped, state } = breakable(await openSqliteFile(dataDir));
    const openAgain = await reopenSqliteFile(join(dataDir, sqliteFileName));
    let mended = false;
    const store = sqliteStore(wrapped, () => told.push('trouble'), {
      place,
      onRecovered: () => told.push('over'),
      nowMs: () => clock.nowMs,
      reopen() {
        if (!mended) throw sqliteError(14);
        return openAgain();
      },
    });
    const append = (id: string) => store.append({ conversationId: 'c', message: question(id) });
    await append('a');
    state.errcode = 266; // SQLITE_IOERR_READ
    for (let turn = 0; turn < 5; turn += 1) {
      await expect(append('b')).rejects.toMatchObject({ kind: 'failing_disk' });
      clock.nowMs += 3_000;
    }
    expect(state.closed).toBe(false);
    mended = true;
    expect(await append('b')).toMatchObject({ status: 'stored', message: { seq: 2 } });
    expect(state.closed).toBe(true);
    expect(await append('a')).toMatchObject({ status: 'duplicate', message: { seq: 1 } });
    expect(await allMessages(store, 'c')).toHaveLength(2);
    expect(await store.positionHolds('c', { seq: 2, epoch: store.epoch })).toBe(true);
    expect(told).toEqual(['trouble', 'over']);
    await store.close();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});

/** A store on a file of its own, over a connection that the test can make fail. */
async function withBrokenStore(
  parts: SqliteStoreParts,
  fails: (sql: string) => boolean,
  test: (store: Store, told: readonly string[]) => Promise<void>,
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'contact-chat-health-'));
  try {
    const db = await openSqliteFile(dataDir);
    const check = (sql: string): void => {
      if (fails(sql)) throw sqliteError(778);
    };
    const wrapped: SqliteDatabase = {
      close: () => db.close(),
      exec(sql) {
        check(sql);
        db.exec(sql);
      },
      prepare<Row>(sql: string) {
        const statement = db.prepare<Row>(sql);
        return {
          get: (...values) => statement.get(...values),
          all: (...values) => statement.all(...values),
          run(...values) {
            check(sql);
            return statement.run(...values);
          },
        };
      },
    };
    const told: string[] = [];
    const store = sqliteStore(wrapped, () => told.push('trouble'), {
      place,
      onRecovered: () => told.push('over'),
      ...parts,
    });
    await test(store, told);
    await store.close();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

it('only a write that changes something shows that a trouble is over [D14]', async () => {
  let failing = false;
  await withBrokenStore(
    {},
    (sql) => failing && /^INSERT|^UPDATE/.test(sql.trim()),
    async (store, told) => {
      const append = () => store.append({ conversationId: 'c', message: question('a') });
      failing = true;
      await expect(append()).rejects.toBeInstanceOf(StoreTrouble);
      // Nothing is owed: a transaction that writes nothing succeeds on any disk.
      const claim = { lease: { holder: 'h', untilMs: 9 }, nowMs: 0, limit: 1 };
      await expect(store.claimAnswers(claim)).rejects.toBeInstanceOf(StoreTrouble);
      expect(told).toEqual(['trouble']);
      failing = false;
      expect(await store.claimAnswers(claim)).toEqual([]);
      expect(told).toEqual(['trouble', 'over']);
    },
  );
});

it('what was committed to a file that went away meanwhile is not acknowledged [D1][D14]', async () => {
  let goneAfter = Infinity;
  const watch = {
    check() {
      goneAfter -= 1;
      if (goneAfter < 0) throw new FileMoved('gone');
    },
    removeLog: () => undefined,
    logRenewed: () => undefined,
    close: () => undefined,
  };
  await withBrokenStore(
    { watch: () => watch },
    () => false,
    async (store, told) => {
      const append = (id: string) => store.append({ conversationId: 'c', message: question(id) });
      await append('a');
      goneAfter = 0;
      await expect(append('b')).rejects.toMatchObject({ kind: 'moved' });
      await expect(append('b')).rejects.toMatchObject({ kind: 'moved' });
      // The same file is back: what was committed is in it, and known when it is sent again.
      goneAfter = Infinity;
      expect(await append('b')).toMatchObject({ status: 'duplicate', message: { seq: 2 } });
      expect(told).toEqual(['trouble', 'over']);
    },
  );
});
