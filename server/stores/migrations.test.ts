import { spawnSync } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Store } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { childScripts } from './child-script.ts';
import { leaveBehind, withFolder } from './left-behind.ts';
import { migrate, migrations } from './migrations.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { loadSqliteDriver } from './sqlite-driver.ts';
import { sqliteFileName } from './sqlite-file.ts';
import { openSqliteStore } from './sqlite.ts';
import { allMessages, question } from './store.contract-fixtures.ts';

const onError = (error: unknown): void => {
  throw error;
};

interface Content {
  readonly version: number;
  readonly tables: Readonly<Record<string, readonly object[]>>;
}

/** Every row of every table, as SQLite holds them. */
async function contentOf(file: string): Promise<Content> {
  const { open } = await loadSqliteDriver();
  const db = open(file);
  try {
    const names = db
      .prepare<{ name: string }>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'",
      )
      .all();
    const version = db.prepare<{ user_version: number }>('PRAGMA user_version').get();
    return {
      version: version?.user_version ?? 0,
      tables: Object.fromEntries(
        names.map(({ name }) => [name, db.prepare<object>(`SELECT * FROM ${name}`).all()]),
      ),
    };
  } finally {
    db.close();
  }
}

/** Whether each row of before is there, perhaps with columns more, and no row beside them. */
function expectNothingLost(before: Content, after: Content): void {
  for (const [name, rows] of Object.entries(before.tables)) {
    expect(after.tables[name], name).toHaveLength(rows.length);
    expect(after.tables[name], name).toMatchObject(rows);
  }
}

describe.each([1, 2, 3])('a store of schema %i', (schema) => {
  it('loses nothing on the way to today’s tables [D17]', () =>
    withFolder(async (dataDir) => {
      const file = await leaveBehind(dataDir, schema);
      const before = await contentOf(file);
      expect(before.version).toBe(schema);
      expect(Object.values(before.tables).every((rows) => rows.length > 0)).toBe(true);
      const { open } = await loadSqliteDriver();
      const db = open(file);
      migrate(db, file);
      db.close();
      const after = await contentOf(file);
      expect(after.version).toBe(migrations.length);
      expectNothingLost(before, after);
    }));

  it('works on as before, whatever was under way [D17]', () =>
    withFolder(async (dataDir) => {
      await leaveBehind(dataDir, schema);
      const store = await openSqliteStore({ dataDir, onError });
      await expectFixtureWorks(store);
      await store.close();
      const again = await openSqliteStore({ dataDir, onError });
      expect(await allMessages(again, 'whole')).toHaveLength(5);
      expect(await again.positionHolds('whole', { seq: 5, epoch: store.epoch })).toBe(true);
      await again.close();
    }));

  it(
    'is whole after a kill at any point of the way, and gets there at the next start [D17]',
    () =>
      withFolder(async (dataDir) => {
        const children = await childScripts(['migrations', 'sqlite-driver']);
        try {
          const script = await children.script(killedMigration);
          const file = join(dataDir, sqliteFileName);
          const versions = new Set<number>();
          for (let killAt = 1; ; killAt += 1) {
            for (const name of await readdir(dataDir)) await rm(join(dataDir, name));
            await leaveBehind(dataDir, schema);
            const before = await contentOf(file);
            const { signal, status, stderr } = spawnSync(
              process.execPath,
              [script, file, String(killAt)],
              { encoding: 'utf8' },
            );
            if (status === 0) {
              // Every statement of every step was hit before.
              expect(killAt).toBeGreaterThan(5);
              break;
            }
            expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
            const between = await contentOf(file);
            versions.add(between.version);
            expectNothingLost(before, between);
            const store = await openSqliteStore({ dataDir, onError });
            await expectFixtureWorks(store);
            await store.close();
          }
          for (let version = schema; version <= migrations.length; version += 1) {
            expect(versions).toContain(version);
          }
        } finally {
          await children.remove();
        }
      }),
    120_000,
  );
});

// Brings a file to today's tables statement by statement, and dies after the given one.
const killedMigration = `
  import { loadSqliteDriver } from './sqlite-driver.mjs';
  import { migrate } from './migrations.mjs';
  const [file, killAt] = process.argv.slice(2);
  const db = (await loadSqliteDriver()).open(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  let done = 0;
  const exec = (sql) => {
    for (const statement of sql.split(/;\\s*\\n/)) {
      if (statement.trim() === '') continue;
      db.exec(statement);
      done += 1;
      if (done === Number(killAt)) process.kill(process.pid, 'SIGKILL');
    }
  };
  migrate({ exec, prepare: (sql) => db.prepare(sql), close: () => db.close() }, file);
`;

/** That all that the fixtures hold is there and of use; leaves a fifth message in `whole`. */
async function expectFixtureWorks(store: Store): Promise<void> {
  expect(await store.conversation('whole')).toEqual({
    id: 'whole',
    createdAtMs: 1795167000000,
    updatedAtMs: 1795167009000,
    lastSeq: 4,
    answering: 'owner',
    lang: 'zh-CN',
    userAgent: 'UA/1',
    page: { url: 'https://blog.example/a', title: 'A' },
    user: 'user-7',
    name: 'Wei',
    email: 'wei@example.com',
    readByVisitor: 3,
    readByOwner: 4,
    revision: expect.any(Number),
    view: 'mine',
    blocked: false,
  });
  expect(await allMessages(store, 'whole')).toMatchObject([
    { seq: 1, id: 'c-1', kind: 'contact_request', text: 'Please write to me' },
    {
      seq: 2,
      id: 'q-1',
      text: 'line one\nline two; \'quoted\' "and" 你好 👋 nul:\0 one:\u0001 half:\ud800',
    },
    {
      seq: 3,
      id: 'ai:q-1',
      sender: 'assistant',
      inReplyTo: 'q-1',
      answers: ['q-1'],
      citations: [
        { title: 'Ein “Titel”', url: '/posts/a#b' },
        { title: 'B', url: '/posts/b' },
      ],
    },
    { seq: 4, id: 'o-1', sender: 'owner' },
  ]);
  expect(await store.answers({ list: 'up', limit: 9 })).toMatchObject({
    answers: [{ question: { id: 'q-1' }, answer: { id: 'ai:q-1', feedback: 'up' } }],
  });
  expect(await store.answerCounts(1795167001500)).toEqual({ up: 1, down: 0, not_covered: 0 });
  expect(await store.conversationOfUser('user-7')).toBe('whole');
  expect(await store.summary('whole')).toMatchObject({
    unread: 0,
    failedNotices: { count: 1, error: 'refused with 410' },
  });
  expect(await store.summary('long')).toMatchObject({ view: 'assistant', unread: 30 });
  expect((await store.conversations({ limit: 9, view: 'mine' })).conversations).toHaveLength(1);
  const counts = await store.viewCounts();
  const { conversations } = await store.conversations({ limit: 9 });
  expect(counts).toEqual({ waiting: 1, mine: 1, assistant: conversations.length - 2, done: 0 });
  // Nobody has answered the contact request in it.
  const { conversations: waiting } = await store.conversations({ limit: 9, view: 'waiting' });
  expect(waiting).toMatchObject([{ id: 'owed', waiting: 'contact_request' }]);
  // Each has a revision of its own, in the order in which they were written to.
  const changed = await store.changedSince({ revision: 0, limit: 9 });
  expect(changed).toMatchObject({ deleted: [], complete: true });
  expect(changed.conversations.toReversed()).toEqual(conversations);
  expect(new Set(conversations.map(({ revision }) => revision)).size).toBe(conversations.length);
  expect((await allMessages(store, 'long')).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 30 }, (_, index) => index + 1),
  );
  for (const id of ['erased', 'never-stored']) expect(await store.isErased(id)).toBe(true);
  expect(await store.secret('tokens')).toEqual(new Uint8Array(32).fill(0x70));
  expect(await store.secret('sessions')).toEqual(new Uint8Array(32).fill(0x5e));

  // What a server that is gone held is free, and in the order of the questions.
  expect(await store.owedWork()).toEqual({ answers: 2, notices: 2, failedNotices: 1 });
  const lease = { holder: 'now', untilMs: 1795170000000 };
  const nowMs = 1795168000000;
  const answers = await store.claimAnswers({ lease, nowMs, limit: 9 });
  expect(answers).toMatchObject([
    { conversationId: 'owed', questionId: 'q-1', text: 'first', lang: 'en' },
    { conversationId: 'owed', questionId: 'q-2', text: 'second' },
  ]);
  // Whether they may be answered together was not kept, so each is answered by itself.
  expect(answers.map(({ combinable }) => combinable)).toEqual([false, false]);
  expect(await store.claimNotices({ channel: 'mail', lease, nowMs, limit: 9 })).toMatchObject([
    { noticeId: 3, attempts: 0, message: { id: 'c-2' }, contact: { userAgent: 'UA/2' } },
  ]);
  expect(await store.claimNotices({ channel: 'webhook', lease, nowMs, limit: 9 })).toMatchObject([
    { noticeId: 4, attempts: 1 },
  ]);
  expect(await store.noticesSentSince('mail', 0)).toEqual([
    { conversationId: 'whole', atMs: 1795167005000 },
  ]);

  // The same message again is known, a new one gets the next number, and a new notice a new one.
  expect(
    await store.append({
      conversationId: 'whole',
      message: { ...question('c-1', 'Please write to me'), kind: 'contact_request' },
    }),
  ).toMatchObject({ status: 'duplicate', message: { seq: 1 } });
  const owedNotices = [{ channel: 'new', notBeforeMs: 0, reason: 'contact_request' as const }];
  expect(
    await store.append({ conversationId: 'whole', message: question('q-9'), owedNotices }),
  ).toMatchObject({ status: 'stored', message: { seq: 5 } });
  expect(await store.claimNotices({ channel: 'new', lease, nowMs, limit: 9 })).toMatchObject([
    { noticeId: 5 },
  ]);
  // Old rows stand in every epoch that is known.
  expect(await store.positionHolds('long', { seq: 30, epoch: store.epoch })).toBe(true);
  expect(await store.positionHolds('long', { seq: 31, epoch: store.epoch })).toBe(false);
}

it('a position that was reached before the inbox was there still holds [D5] [D17]', () =>
  withFolder(async (dataDir) => {
    await leaveBehind(dataDir, 2);
    const store = await openSqliteStore({ dataDir, onError });
    const [first, second] = ['rqFqWQ9L-B77XiCy', 'bfejNj3asgJpszbb'] as const;
    expect(await store.positionHolds('whole', { seq: 3, epoch: first })).toBe(true);
    expect(await store.positionHolds('whole', { seq: 4, epoch: first })).toBe(false);
    expect(await store.positionHolds('whole', { seq: 4, epoch: second })).toBe(true);
    await store.close();
  }));

it('what the owner wrote for themselves in the inbox is there [D17]', () =>
  withFolder(async (dataDir) => {
    await leaveBehind(dataDir, 3);
    const store = await openSqliteStore({ dataDir, onError });
    expect(await store.notes('whole')).toMatchObject([{ id: 'n-2', text: 'line one\nline two' }]);
    expect(await store.cannedReplies()).toMatchObject([{ id: 'r-1', title: 'Thanks' }]);
    expect(await store.blockedConversations()).toEqual(['silent']);
    expect(await store.login('aa'.repeat(32))).toMatchObject({ userAgent: 'UA/9' });
    expect(await store.pushSubscriptions()).toMatchObject([{ auth: 'secret' }]);
    await store.close();
  }));

it('a file that a newer version wrote is refused and left as it is [D17]', () =>
  withFolder(async (dataDir) => {
    const file = await leaveBehind(dataDir, 1);
    const { open } = await loadSqliteDriver();
    const db = open(file);
    db.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    db.close();
    const before = await contentOf(file);
    const opening = openSqliteStore({ dataDir, onError });
    await expect(opening).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(opening).rejects.toMatchObject({
      message: expect.stringContaining('start that version again, or a newer one'),
      cause: { code: 'STORE_TOO_NEW' },
    });
    expect(await contentOf(file)).toEqual(before);
  }));

it('a step that fails is undone, and done again at the next start [D17]', () =>
  withFolder(async (dataDir) => {
    const file = await leaveBehind(dataDir, 1);
    const { open } = await loadSqliteDriver();
    const db = open(file);
    const columns = (of: SqliteDatabase) =>
      of.prepare<{ name: string }>("SELECT name FROM pragma_table_info('secrets')").all();
    const good = 'ALTER TABLE secrets ADD COLUMN note TEXT';
    expect(() =>
      migrate(db, file, [...migrations, `${good}; INSERT INTO nowhere VALUES (1)`]),
    ).toThrow('nowhere');
    expect(columns(db)).toHaveLength(2);
    const { version } = await contentOf(file);
    expect(version).toBe(migrations.length);
    migrate(db, file, [...migrations, good]);
    migrate(db, file, [...migrations, good]);
    expect(columns(db).map(({ name }) => name)).toEqual(['name', 'value', 'note']);
    expect(() => migrate(db, file)).toThrow('newer version');
    db.close();
  }));
