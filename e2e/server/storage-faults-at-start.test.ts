/** What a server finds when it starts: a file that others hold, cannot be used, or is not whole. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { cp, mkdtemp, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadSqliteDriver } from '../../server/stores/sqlite-driver.ts';
import { sqliteFileName } from '../../server/stores/sqlite-file.ts';
import { troubleOf } from '../../server/stores/sqlite-trouble.ts';
import { createSmallDisk } from '../chaos/small-disk.ts';
import { ids, startWriter, storedIds } from './faulty-storage.ts';
import { runCommand, startTestServer, type TestServer } from './start-test-server.ts';
import { connectHello } from './ws-client.ts';

const env = { ANSWERER: 'off', RATE_LIMIT: '100000/1s', DEFAULT_LANG: 'en', DEMO: 'off' };
const sent = ids('m', 60);

/** A data folder as SIGKILL left it: nearly everything stands in the log still. */
let left: string;
let session: Awaited<ReturnType<typeof startWriter>>['session'];
let folder: string;
let dataDir: string;
let file: string;

beforeAll(async () => {
  left = await mkdtemp(join(tmpdir(), 'contact-chat-left-'));
  const server = await startTestServer({ ...env, DATA_DIR: left });
  const writer = await startWriter(server);
  session = writer.session;
  expect(await writer.send(sent)).toEqual([]);
  await server.kill('SIGKILL');
  await server.stop();
});
afterAll(() => rm(left, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-chat-start-faults-'));
  dataDir = join(folder, 'data');
  file = join(dataDir, sqliteFileName);
  await cp(left, dataDir, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The server does not start, and says why in one line; the files stay as they were. */
async function refusal(): Promise<string> {
  const before = await content();
  const { code, stderr } = await runCommand([], { ...env, DATA_DIR: dataDir, PORT: '0' });
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(await content()).toEqual(before);
  return stderr;
}

/** The bytes of the database's own files; the log's index is made anew by whoever looks. */
async function content(): Promise<Record<string, string>> {
  const names = (await readdir(dataDir)).filter(
    (name) => /\.sqlite(-wal)?$/.test(name) && statSync(join(dataDir, name)).size > 0,
  );
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(dataDir, name)).toString('base64')]),
  );
}

async function merged(): Promise<void> {
  const { open } = await loadSqliteDriver();
  const db = open(file);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  expect(existsSync(`${file}-wal`)).toBe(false);
}

function overwrite(path: string, from: number, length: number): void {
  const handle = openSync(path, 'r+');
  writeSync(handle, Buffer.alloc(length, 'garbage '), 0, length, from);
  closeSync(handle);
}

describe('a file that is not whole is refused, left as it is, and the line names the way back', () => {
  it.each<[string, () => Promise<void> | void]>([
    ['a header of garbage', () => overwrite(file, 0, 100)],
    ['pages of garbage', () => overwrite(file, 4_096, statSync(file).size - 4_096)],
    ['half of it missing', () => truncate(file, 4_096 * Math.floor(statSync(file).size / 8_192))],
    ['something else altogether', () => writeFile(file, 'somebody’s notes\n'.repeat(1_000))],
  ])('%s [D14]', async (_, damage) => {
    await merged();
    await damage();
    expect(await refusal()).toMatch(
      /^contact-chat: DATA_DIR: The database .* is damaged \(.*\): stop the server, keep the damaged folder aside, put a backup in its place and start again\.\n$/,
    );
  });

  it('pages of garbage beside a log that holds more [D14]', async () => {
    await merged();
    const { open } = await loadSqliteDriver();
    const db = open(file);
    db.exec('UPDATE heartbeat SET beats = beats + 1; INSERT INTO secrets VALUES (1, zeroblob(9))');
    await cp(dataDir, `${dataDir}-killed`, { recursive: true });
    db.close();
    await rm(dataDir, { recursive: true });
    await rename(`${dataDir}-killed`, dataDir);
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    overwrite(file, 4_096, statSync(file).size - 4_096);
    expect(await refusal()).toContain('is damaged');
  });

  it('nothing in it, although the folder was in use [D14]', async () => {
    await truncate(file, 0);
    expect(await refusal()).toMatch(/it is empty, although this folder was in use; put a backup/);
    await rm(`${file}-wal`);
    expect(await refusal()).toMatch(/it is empty, although this folder was in use; put a backup/);
  });
});

describe('a log that is not whole', () => {
  /** Starts on what is left, and resumes as the client of before. */
  async function resume(): Promise<{
    readonly server: TestServer;
    readonly messages: readonly { readonly id: string; readonly seq?: number | undefined }[];
    readonly resumed: boolean;
  }> {
    const server = await startTestServer({ ...env, DATA_DIR: dataDir });
    const { token, epoch } = session;
    const again = await connectHello(server.wsUrl, { token, last_seq: sent.length, epoch });
    const { resumed } = again.session;
    await again.client.close();
    const whole = await connectHello(server.wsUrl, { token, last_seq: 0 });
    await whole.client.close();
    return { server, messages: whole.messages, resumed };
  }

  it('loses nothing where only its index is gone or garbage [D1]', async () => {
    for (const damage of [
      () => rm(`${file}-shm`, { force: true }),
      () => writeFile(`${file}-shm`, 'garbage '.repeat(4_096)),
    ]) {
      await damage();
      const { server, messages } = await resume();
      try {
        expect(messages.map(({ id }) => id)).toEqual(sent);
      } finally {
        await server.stop();
      }
    }
  });

  it.each<[string, () => Promise<void> | void]>([
    ['cut in half', () => truncate(`${file}-wal`, Math.floor(statSync(`${file}-wal`).size / 2))],
    [
      'overwritten in the middle',
      () => overwrite(`${file}-wal`, Math.floor(statSync(`${file}-wal`).size / 2), 9_000),
    ],
    [
      'with garbage behind it',
      () => writeFile(`${file}-wal`, 'garbage '.repeat(2_000), { flag: 'a' }),
    ],
  ])(
    '%s leaves a whole beginning, and nobody is told that it is all [D5][D14]',
    async (_, damage) => {
      await damage();
      const { server, messages, resumed } = await resume();
      try {
        expect(messages.map(({ id }) => id)).toEqual(sent.slice(0, messages.length));
        expect(messages.map(({ seq }) => seq)).toEqual(messages.map((__, index) => index + 1));
        expect(resumed).toBe(messages.length === sent.length);
        // It goes on from there: what a client still has is stored, and only once.
        const writer = await startWriter(server);
        expect(await writer.send(['new'])).toEqual([]);
      } finally {
        await server.stop();
      }
      const kept = await storedIds(dataDir, session.conversation_id);
      expect(kept).toEqual(sent.slice(0, kept.length));
    },
  );
});

describe('a file that cannot be used now', () => {
  it('for a lock that stays is refused with a line that says so [D14]', async () => {
    const { open } = await loadSqliteDriver();
    const foreign = open(file);
    foreign.exec('BEGIN IMMEDIATE');
    try {
      expect(await refusal()).toMatch(
        /^contact-chat: DATA_DIR: Another program keeps the database .* locked: end that program\.\n$/,
      );
    } finally {
      foreign.exec('ROLLBACK');
      foreign.close();
    }
    const server = await startTestServer({ ...env, DATA_DIR: dataDir });
    await server.stop();
    expect(await storedIds(dataDir, session.conversation_id)).toEqual(sent);
  });

  it('for want of the right to write is refused with a line that says so [D14]', async () => {
    const chattr = (flag: string): boolean =>
      spawnSync('chattr', [flag, file], { stdio: 'ignore' }).status === 0;
    // An administrator may write whatever the mode says, unless the file is immutable; others may
    // not make it so. A file system that knows neither gets a folder in the file's place.
    await merged();
    const made =
      process.getuid?.() === 0 ? chattr('+i') : spawnSync('chmod', ['400', file]).status === 0;
    if (!made) {
      await rm(file);
      await cp(join(dataDir, 'assets'), file, { recursive: true });
    }
    try {
      const { code, stderr } = await runCommand([], { ...env, DATA_DIR: dataDir, PORT: '0' });
      expect(code).toBe(1);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toMatch(
        made
          ? /^contact-chat: DATA_DIR: The database .* can be read but not written: give the user that runs the server write access/
          : /^contact-chat: DATA_DIR: A file of the database .* cannot be opened/,
      );
    } finally {
      if (made) chattr('-i');
    }
  });
});

it('a disk without any room is named in one line, with how to mend it [D14]', async () => {
  const place = await mkdtemp(join(tmpdir(), 'contact-chat-full-'));
  const disk = createSmallDisk(place, 8);
  try {
    if (disk.kind === 'prlimit') {
      console.log('No disk may be mounted here: the sentence alone is looked at.');
      const error = Object.assign(new Error('no space'), { code: 'ENOSPC' });
      const trouble = troubleOf(error, { dataDir: disk.dataDir, file: 'x' });
      expect(trouble?.advice).toMatch(/ is full: free some space\.$/);
      return;
    }
    disk.fill(undefined);
    const { code, stderr } = await runCommand([], { ...env, DATA_DIR: disk.dataDir, PORT: '0' });
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^contact-chat: DATA_DIR: The disk .* is full: free some space\./);
  } finally {
    disk.remove();
    await rm(place, { recursive: true, force: true });
  }
});
