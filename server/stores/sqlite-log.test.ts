/** What becomes of the write-ahead log: deleted by others, held by others, emptied after erasures. */
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Store } from '../ports.ts';
import { loadSqliteDriver, type SqliteDatabase } from './sqlite-driver.ts';
import { openSqliteFile, sqliteFileName } from './sqlite-file.ts';
import { StoreTrouble } from './sqlite-trouble.ts';
import { openSqliteStore, sqliteStore } from './sqlite.ts';
import { allMessages, question } from './store.contract-fixtures.ts';

const noErrors = (error: unknown): void => {
  throw error;
};

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-chat-log-'));
  try {
    await test(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const append = (store: Store, id: string) =>
  store.append({ conversationId: 'c', message: question(id) });

/** What a server finds that starts after this one was killed right now. */
async function afterKill(dataDir: string): Promise<string[]> {
  const copy = `${dataDir}-killed`;
  await cp(dataDir, copy, { recursive: true });
  try {
    const store = await openSqliteStore({ dataDir: copy, onError: noErrors });
    const found = await allMessages(store, 'c');
    await store.close();
    return found.map(({ id }) => id);
  } finally {
    await rm(copy, { recursive: true });
  }
}

/** Somebody who reads the whole database, and stalls. */
async function stalledReader(dataDir: string) {
  const { open } = await loadSqliteDriver();
  const reader = open(join(dataDir, sqliteFileName));
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM messages').get();
  return () => {
    reader.exec('ROLLBACK');
    reader.close();
  };
}

describe('a log that is deleted while the store is open', () => {
  /** A store with two messages in its log, and what its owner is told. */
  async function opened(dataDir: string) {
    const told: string[] = [];
    const store = await openSqliteStore({
      dataDir,
      onError: (error) => told.push(error instanceof StoreTrouble ? error.kind : String(error)),
      onRecovered: () => told.push('over'),
    });
    for (const id of ['a', 'b']) await append(store, id);
    return { store, told, log: join(dataDir, `${sqliteFileName}-wal`) };
  }

  it('loses nothing: the next write brings in what it held, and begins a new one [D1]', () =>
    withFolder(async (dataDir) => {
      const { store, told, log } = await opened(dataDir);
      for (const [id, sent] of [
        ['c', ['a', 'b', 'c']],
        ['d', ['a', 'b', 'c', 'd']],
      ] as const) {
        rmSync(log);
        rmSync(`${log.slice(0, -3)}shm`, { force: true });
        expect(await append(store, id)).toMatchObject({ status: 'stored' });
        expect(existsSync(log)).toBe(true);
        expect(await afterKill(dataDir)).toEqual(sent);
      }
      expect(await append(store, 'e')).toMatchObject({ message: { seq: 5 } });
      expect(await afterKill(dataDir)).toEqual(['a', 'b', 'c', 'd', 'e']);
      // Told of once a minute.
      expect(told).toEqual(['log_gone', 'over']);
      await store.close();
    }));

  it('loses nothing where the store is closed next [D1]', () =>
    withFolder(async (dataDir) => {
      const { store, log } = await opened(dataDir);
      rmSync(log);
      await store.close();
      expect(await afterKill(dataDir)).toEqual(['a', 'b']);
    }));

  it('loses nothing where an older copy is put in its place and the store is closed next [D1]', () =>
    withFolder(async (dataDir) => {
      const { store, log } = await opened(dataDir);
      copyFileSync(log, `${log}.old`);
      await append(store, 'c');
      renameSync(`${log}.old`, log);
      await store.close();
      expect(await afterKill(dataDir)).toEqual(['a', 'b', 'c']);
    }));

  it('loses nothing where an older copy of it is put in its place [D1]', () =>
    withFolder(async (dataDir) => {
      const { store, log } = await opened(dataDir);
      copyFileSync(log, `${log}.old`);
      await append(store, 'c');
      renameSync(`${log}.old`, log);
      expect(await append(store, 'd')).toMatchObject({ message: { seq: 4 } });
      expect(await afterKill(dataDir)).toEqual(['a', 'b', 'c', 'd']);
      await store.close();
      expect(await afterKill(dataDir)).toEqual(['a', 'b', 'c', 'd']);
    }));

  it('refuses while somebody reads it, goes on after that, and loses nothing [D1][D14]', () =>
    withFolder(async (dataDir) => {
      const { store, told, log } = await opened(dataDir);
      const leave = await stalledReader(dataDir);
      await append(store, 'c');
      rmSync(log);
      for (let turn = 0; turn < 3; turn += 1) {
        await expect(append(store, 'd')).rejects.toMatchObject({ kind: 'log_gone' });
        await expect(store.check()).rejects.toMatchObject({ kind: 'log_gone' });
      }
      leave();
      await store.check();
      expect(told).toEqual(['log_gone', 'over']);
      // It was committed, and not known to be safe.
      expect(await append(store, 'd')).toMatchObject({ status: 'duplicate', message: { seq: 4 } });
      expect(await afterKill(dataDir)).toEqual(['a', 'b', 'c', 'd']);
      await store.close();
    }));

  it('loses nothing where the store is closed in that trouble [D1]', () =>
    withFolder(async (dataDir) => {
      const { store, log } = await opened(dataDir);
      const leave = await stalledReader(dataDir);
      await append(store, 'c');
      rmSync(log);
      await expect(append(store, 'd')).rejects.toMatchObject({ kind: 'log_gone' });
      leave();
      await store.close();
      expect(await afterKill(dataDir)).toEqual(['a', 'b', 'c', 'd']);
    }));
});

describe('emptying the log after an erasure', () => {
  /** Notes each attempt, and how long it would have waited for others. */
  function noting(db: SqliteDatabase, note: (waitsMs: number | undefined) => void): SqliteDatabase {
    return {
      close: () => db.close(),
      exec: (sql) => db.exec(sql),
      prepare<Row>(sql: string) {
        const statement = db.prepare<Row>(sql);
        if (!sql.includes('wal_checkpoint')) return statement;
        return {
          run: (...values) => statement.run(...values),
          all: (...values) => statement.all(...values),
          get(...values) {
            note(db.prepare<{ timeout: number }>('PRAGMA busy_timeout').get()?.timeout);
            return statement.get(...values);
          },
        };
      },
    };
  }

  it('waits for nobody who reads, tries again ever more rarely, and ends well', () =>
    withFolder(async (dataDir) => {
      const clock = { nowMs: 0 };
      const tries: { readonly atMs: number; readonly waitsMs: number | undefined }[] = [];
      const db = await openSqliteFile(dataDir);
      const store = sqliteStore(
        noting(db, (waitsMs) => tries.push({ atMs: clock.nowMs, waitsMs })),
        noErrors,
        { nowMs: () => clock.nowMs },
      );
      const turn = () => new Promise((done) => setImmediate(done));
      const write = async () => {
        await store.check();
        await turn();
        await turn();
      };
      await append(store, 'a');
      await write();
      tries.length = 0;
      const leave = await stalledReader(dataDir);
      await store.erase('c');
      // The acknowledgement does not wait for it.
      expect(tries).toEqual([]);
      for (; clock.nowMs <= 250_000; clock.nowMs += 1_000) await write();
      expect(tries.map(({ atMs }) => atMs / 1_000)).toEqual([
        ...[0, 1, 3, 7, 15, 31, 63, 123, 183, 243],
      ]);
      expect(new Set(tries.map(({ waitsMs }) => waitsMs))).toEqual(new Set([0]));
      expect(db.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 5_000 });
      leave();
      clock.nowMs += 60_000;
      await write();
      const done = tries.length;
      clock.nowMs += 600_000;
      await write();
      expect(tries).toHaveLength(done);
      await store.close();
    }));
});
