import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Store } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { loadSqliteDriver } from './sqlite-driver.ts';
import { openSqliteFile, sqliteFileName } from './sqlite-file.ts';
import { openSqliteStore, sqliteStore } from './sqlite.ts';
import { allMessages, noonMs, question } from './store.contract-fixtures.ts';
import { describeStore } from './store.contract.ts';

const onError = (): void => {};
const noErrors = (error: unknown): void => {
  throw error;
};

async function withFolder(test: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'contact-chat-store-'));
  try {
    await test(dataDir);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

describeStore('sqlite', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'contact-chat-store-'));
  const open = () => openSqliteStore({ dataDir, onError: noErrors });
  const first = await open();
  let current: Store = first;
  return {
    store: first,
    async reopen() {
      await current.close();
      current = await open();
      return current;
    },
    async close() {
      await current.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
});

describe('the SQLite store', () => {
  it('rejects a whole group that cannot be committed, and takes the next', () =>
    withFolder(async (dataDir) => {
      const errors: string[] = [];
      const store = await openSqliteStore({
        dataDir,
        onError: (_, { stage }) => errors.push(stage),
      });
      await store.append({ conversationId: 'c', message: question('a') });
      const { open } = await loadSqliteDriver();
      const foreign = open(join(dataDir, sqliteFileName));
      foreign.exec('BEGIN IMMEDIATE');
      const append = (id: string) => store.append({ conversationId: 'c', message: question(id) });
      const refused = await Promise.allSettled([append('b'), append('c'), store.check()]);
      for (const result of refused) {
        expect(result).toMatchObject({ status: 'rejected' });
        const reason = result.status === 'rejected' ? (result.reason as Error) : undefined;
        expect(reason).toBeInstanceOf(StoreUnavailable);
        expect(reason?.cause).toMatchObject({ message: expect.stringContaining('locked') });
      }
      expect(errors).toEqual(['store.commit']);
      expect(await allMessages(store, 'c')).toHaveLength(1);
      foreign.exec('ROLLBACK');
      foreign.close();
      expect(await append('c')).toMatchObject({ status: 'stored', message: { seq: 2 } });
      await store.check();
      await store.close();
    }));

  it('shows nothing of a transaction whose commit failed', () =>
    withFolder(async (dataDir) => {
      const db = await openSqliteFile(dataDir);
      let broken = false;
      const store = sqliteStore(
        {
          close: () => db.close(),
          prepare: (sql) => db.prepare(sql),
          exec(sql) {
            if (sql === 'COMMIT' && broken) throw new Error('disk I/O error');
            db.exec(sql);
          },
        },
        onError,
      );
      broken = true;
      const write = store.append({ conversationId: 'c', message: question('a') });
      const read = store.conversation('c');
      await expect(write).rejects.toBeInstanceOf(StoreUnavailable);
      expect(await read).toBeUndefined();
      expect(await store.conversation('c')).toBeUndefined();
      broken = false;
      expect(await store.append({ conversationId: 'c', message: question('b') })).toMatchObject({
        status: 'stored',
        message: { seq: 1 },
      });
      expect(await allMessages(store, 'c')).toHaveLength(1);
      await store.close();
    }));

  it('tells no revision of a change that was not committed, and gives none twice', () =>
    withFolder(async (dataDir) => {
      const db = await openSqliteFile(dataDir);
      let broken = false;
      const store = sqliteStore(
        {
          close: () => db.close(),
          prepare: (sql) => db.prepare(sql),
          exec(sql) {
            if (sql === 'COMMIT' && broken) throw new Error('disk I/O error');
            db.exec(sql);
          },
        },
        onError,
      );
      const append = (conversationId: string, id: string) =>
        store.append({ conversationId, message: question(id) });
      await append('c', 'a');
      const before = await store.revision();
      broken = true;
      const refused = await Promise.allSettled([append('c', 'b'), append('d', 'a')]);
      expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(await store.revision()).toBe(before);
      expect(await store.changedSince({ revision: before, limit: 9 })).toEqual({
        conversations: [],
        deleted: [],
        complete: true,
      });
      expect(await store.viewCounts()).toMatchObject({ assistant: 1 });
      broken = false;
      await Promise.all([append('d', 'a'), append('c', 'b')]);
      const { conversations } = await store.changedSince({ revision: before, limit: 9 });
      expect(conversations.map(({ id }) => id)).toEqual(['d', 'c']);
      expect(await store.viewCounts()).toMatchObject({ assistant: 2 });
      await store.close();
    }));

  it('acknowledges nothing that does not fit on the disk, and recovers when there is room', () =>
    withFolder(async (dataDir) => {
      const db = await openSqliteFile(dataDir);
      const errors: unknown[] = [];
      const store = sqliteStore(db, (error) => errors.push(error));
      const pages = db.prepare<{ page_count: number }>('PRAGMA page_count').get()?.page_count ?? 0;
      // The same error as from a full disk, of this connection alone.
      db.exec(`PRAGMA max_page_count = ${pages + 20}`);
      const acknowledged: string[] = [];
      let refused = 0;
      for (let turn = 0; turn < 40; turn += 1) {
        const ids = Array.from({ length: 5 }, (_, index) => `m${turn}-${index}`);
        await Promise.all(
          ids.map((id) =>
            store.append({ conversationId: 'c', message: question(id, 'x'.repeat(1_000)) }).then(
              () => acknowledged.push(id),
              (error: unknown) => {
                expect(error).toBeInstanceOf(StoreUnavailable);
                refused += 1;
              },
            ),
          ),
        );
      }
      expect(acknowledged.length).toBeGreaterThan(0);
      expect(refused).toBeGreaterThan(0);
      expect((await allMessages(store, 'c')).map(({ id }) => id)).toEqual(acknowledged);
      db.exec('PRAGMA max_page_count = 1000000');
      // One line, not one a message.
      expect(errors).toEqual([expect.any(StoreUnavailable)]);
      const after = await store.append({ conversationId: 'c', message: question('after') });
      expect(after).toMatchObject({ message: { seq: acknowledged.length + 1 } });
      await store.close();
      const again = await openSqliteStore({ dataDir, onError: noErrors });
      expect(await allMessages(again, 'c')).toHaveLength(acknowledged.length + 1);
      await again.close();
    }));

  it('reports the first of refused writes in a row, and again once one was taken in between', () =>
    withFolder(async (dataDir) => {
      const stages: string[] = [];
      const store = await openSqliteStore({
        dataDir,
        onError: (_, { stage }) => stages.push(stage),
      });
      const append = (id: string, atMs: number) =>
        store.append({ conversationId: 'c', message: question(id, 'x', atMs) });
      const refused = async (ids: readonly string[]): Promise<void> => {
        const results = await Promise.allSettled(ids.map((id) => append(id, Number.NaN)));
        expect(results.every(({ status }) => status === 'rejected')).toBe(true);
      };
      await refused(['a', 'b']);
      await refused(['c']);
      expect(await store.owedWork()).toMatchObject({ answers: 0 });
      await Promise.all([refused(['d']), store.owedWork()]);
      expect(stages).toEqual(['store.write']);
      await append('e', noonMs);
      await refused(['f']);
      await refused(['g']);
      expect(stages).toEqual(['store.write', 'store.write']);
      await store.close();
    }));

  it('undoes a write that SQLite refuses without disturbing its neighbours', () =>
    withFolder(async (dataDir) => {
      const store = await openSqliteStore({ dataDir, onError });
      const append = (id: string, atMs: number) =>
        store.append({ conversationId: 'c', message: question(id, 'x', atMs) });
      const results = await Promise.allSettled([
        append('a', noonMs),
        append('broken', Number.NaN),
        append('b', noonMs),
        append('a', noonMs),
        // Fails with its last statement, after the message itself was written.
        store.append({
          conversationId: 'c',
          message: question('half'),
          owedNotices: [
            { channel: 'mail', notBeforeMs: 0, reason: 'contact_request' },
            { channel: 'mail', notBeforeMs: Number.NaN, reason: 'contact_request' },
          ],
        }),
      ]);
      expect(results).toMatchObject([
        { value: { status: 'stored', message: { seq: 1 } } },
        { reason: { name: 'StoreUnavailable' } },
        { value: { status: 'stored', message: { seq: 2 } } },
        { value: { status: 'duplicate', message: { seq: 1 } } },
        { reason: { name: 'StoreUnavailable' } },
      ]);
      expect(await allMessages(store, 'c')).toHaveLength(2);
      expect((await store.owedWork()).notices).toBe(0);
      await store.close();
    }));

  it('leaves no word of an erased conversation in any file', () =>
    withFolder(async (dataDir) => {
      const store = await openSqliteStore({ dataDir, onError: noErrors });
      const secretWord = 'Quetzalcoatlus';
      const holdsWord = async () => {
        const names = await readdir(dataDir);
        const files = await Promise.all(names.map((name) => readFile(join(dataDir, name))));
        return files.some((content) => content.includes(secretWord));
      };
      for (let index = 0; index < 50; index += 1) {
        const message = question(`m${index}`, `${secretWord} ${'x'.repeat(index * 100)}`);
        await store.append({
          conversationId: 'c',
          facts: { name: secretWord },
          message: { ...message, contact: { name: secretWord } },
        });
        await store.append({ conversationId: 'd', message: question(`m${index}`) });
      }
      expect(await holdsWord()).toBe(true);
      await store.erase('c');
      await expect.poll(holdsWord, { timeout: 30_000 }).toBe(false);
      expect(await allMessages(store, 'd')).toHaveLength(50);
      await store.close();
    }));

  it('makes files that only their owner may read', () =>
    withFolder(async (dataDir) => {
      const store = await openSqliteStore({ dataDir, onError: noErrors });
      await store.check();
      const names = await readdir(dataDir);
      expect(names).toContain(sqliteFileName);
      for (const name of names) {
        expect((await stat(join(dataDir, name))).mode & 0o077, name).toBe(0);
      }
      await store.close();
    }));

  it('refuses a file of a newer version and one that is no database, and says which', () =>
    withFolder(async (dataDir) => {
      const file = join(dataDir, sqliteFileName);
      const { open } = await loadSqliteDriver();
      const newer = open(file);
      newer.exec('PRAGMA user_version = 1000');
      newer.close();
      const opening = openSqliteStore({ dataDir, onError });
      await expect(opening).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(opening).rejects.toMatchObject({
        message: expect.stringContaining('newer version'),
        cause: { code: 'STORE_TOO_NEW' },
      });
      await writeFile(file, 'no database, but somebody’s notes '.repeat(100));
      await expect(openSqliteStore({ dataDir, onError })).rejects.toMatchObject({
        name: 'StoreUnavailable',
        message: expect.stringContaining(file),
      });
      expect(await readFile(file, 'utf8')).toContain('notes');
      await expect(
        openSqliteStore({ dataDir: join(dataDir, 'missing'), onError }),
      ).rejects.toMatchObject({ message: expect.stringContaining('missing') });
    }));
});
