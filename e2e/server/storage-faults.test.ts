/**
 * What happens to the disk under a running server. Where the rights for a fault are missing (a
 * mount, an immutable file) a test of the same title makes the nearest one that needs none.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSqliteDriver } from '../../server/stores/sqlite-driver.ts';
import { sqliteFileName } from '../../server/stores/sqlite-file.ts';
import { openSqliteStore } from '../../server/stores/sqlite.ts';
import { runCommand, startTestServer, type TestServer } from './start-test-server.ts';
import {
  ids,
  logLines,
  readiness,
  rethrow,
  startWriter,
  storedIds,
  untilReady,
} from './faulty-storage.ts';
import { connectHello } from './ws-client.ts';

const env = { ANSWERER: 'off', RATE_LIMIT: '100000/1s', DEFAULT_LANG: 'en', DEMO: 'off' };

let folder: string;
const undo: (() => void)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-chat-faults-'));
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) step();
  await rm(folder, { recursive: true, force: true });
});

const succeeds = (command: string, ...arguments_: string[]): boolean =>
  spawnSync(command, arguments_, { stdio: 'ignore' }).status === 0;

/** A small disk of its own, if this user may mount one. */
function smallDisk(path: string): boolean {
  const mounted = succeeds('mount', '-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', path);
  if (mounted) undo.push(() => succeeds('umount', '-l', path));
  return mounted;
}

const limitFiles = (pid: number | undefined, bytes: number | 'unlimited'): void =>
  void execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);

interface Fault {
  /** Makes it, and says what undoes it, what `/readyz` says and what the log says. */
  begin(server: TestServer): Promise<{
    readonly reason: string;
    readonly line: RegExp;
    end(): Promise<void> | void;
  }>;
}

const failingDisk = (server: TestServer) => {
  const log = join(server.dataDir, `${sqliteFileName}-wal`);
  // Files cannot grow beyond what the log has now.
  limitFiles(server.pid, Math.max(8_192, statSync(log).size));
  return {
    reason: 'the disk reports errors',
    line: /The disk that holds .* reports errors \(.*778\): check the disk/,
    end: () => limitFiles(server.pid, 'unlimited'),
  };
};

const faults: Readonly<Record<string, Fault>> = {
  'a full disk': {
    begin(server) {
      // Without the right to mount there is no disk to fill: a limit on the size of files then.
      if (!existsSync(join(server.dataDir, '..', 'is-small'))) {
        return Promise.resolve(failingDisk(server));
      }
      const filler = join(server.dataDir, '..', 'filler');
      spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k'], { stdio: 'ignore' });
      return Promise.resolve({
        reason: 'the disk is full',
        line: /The disk that holds .* is full: free some space; messages are refused until then\./,
        end: () => rmSync(filler),
      });
    },
  },
  'a database that another program keeps locked': {
    async begin(server) {
      const { open: openDatabase } = await loadSqliteDriver();
      const foreign = openDatabase(join(server.dataDir, sqliteFileName));
      foreign.exec('BEGIN IMMEDIATE');
      return {
        reason: 'another program keeps the database locked',
        line: /Another program keeps the database .* locked: end that program/,
        end() {
          foreign.exec('ROLLBACK');
          foreign.close();
        },
      };
    },
  },
  'a disk that reports errors': { begin: (server) => Promise.resolve(failingDisk(server)) },
  'a data folder that is moved away and back': {
    async begin(server) {
      await rename(server.dataDir, `${server.dataDir}-away`);
      return {
        reason: 'the database was deleted, moved or replaced',
        line: /The database .* was deleted, moved or replaced while the server ran: put it back/,
        end: () => rename(`${server.dataDir}-away`, server.dataDir),
      };
    },
  },
  'files that cannot be written any more': {
    begin(server) {
      const files = ['', '-wal'].map((end) => join(server.dataDir, sqliteFileName + end));
      // Where the file system or the user cannot make a file immutable: a limit on its size.
      if (!succeeds('chattr', '+i', ...files)) return Promise.resolve(failingDisk(server));
      undo.push(() => succeeds('chattr', '-i', ...files));
      return Promise.resolve({
        reason: 'the disk reports errors',
        line: /The disk that holds .* reports errors/,
        end: () => void succeeds('chattr', '-i', ...files),
      });
    },
  },
};

describe('while it runs, the server survives', () => {
  it.each(Object.entries(faults))(
    '%s: nothing is acknowledged that is not stored, and it recovers by itself [D14]',
    async (name, fault) => {
      const disk = join(folder, 'disk');
      await mkdir(disk);
      if (name === 'a full disk' && smallDisk(disk)) writeFileSync(join(disk, 'is-small'), '');
      const dataDir = join(disk, 'data');
      await mkdir(dataDir);
      const server = await startTestServer({ ...env, DATA_DIR: dataDir }, { cwd: folder });
      try {
        const writer = await startWriter(server);
        expect(await writer.send(ids('before', 20))).toEqual([]);
        expect((await readiness(server)).status).toBe(200);

        const { reason, line, end } = await fault.begin(server);
        const during = ids('during', 40);
        const refused = await writer.send(during);
        expect(refused.length).toBeGreaterThan(0);
        // A disk takes what fits, the other faults take nothing.
        expect(during.slice(during.length - refused.length)).toEqual(refused);
        expect(await writer.send(refused.slice(-2))).toEqual(refused.slice(-2));
        await delay(1_100); // what /readyz found is kept for a second
        const notReady = await readiness(server);
        expect(notReady.status).toBe(503);
        expect(notReady.body).toContain(reason);
        expect(notReady.body).not.toContain(folder);
        expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
        // The socket lives, and history is still there to be read.
        writer.client.send({ type: 'ping' });
        await writer.client.until('pong');

        await end();
        await untilReady(server);
        expect(await writer.send([...refused, ...ids('after', 5)])).toEqual([]);

        const begins = logLines(server).filter(({ msg }) => line.test(msg));
        expect(begins).toHaveLength(1);
        const overs = logLines(server).filter(({ msg }) => msg.startsWith('The store works again'));
        expect(overs).toHaveLength(1);
        expect(overs[0]?.msg).toContain(reason);
        expect(logLines(server).filter(({ level }) => level >= 50)).toHaveLength(1);

        const { conversation_id: conversationId, token } = writer.session;
        const all = [...ids('before', 20), ...during, ...ids('after', 5)];
        const again = await connectHello(server.wsUrl, { token, last_seq: 0 });
        expect(again.messages.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
        expect(again.messages.map(({ id }) => id).toSorted()).toEqual(all.toSorted());
        for (const message of again.messages) {
          expect(writer.acknowledged.get(message.id)).toBe(message.seq);
        }
        await again.client.close();
        expect((await server.kill('SIGKILL')).signal).toBe('SIGKILL');
        expect(await storedIds(dataDir, conversationId)).toEqual(
          again.messages.map(({ id }) => id),
        );
      } finally {
        await server.stop();
      }
    },
    120_000,
  );
});

describe('while it runs, damage that no server can mend', () => {
  /** A server whose store is larger than what SQLite keeps in memory, and a client of it. */
  async function startLarge() {
    const dataDir = join(folder, 'data');
    await mkdir(dataDir);
    const store = await openSqliteStore({ dataDir, onError: rethrow });
    const text = 'y'.repeat(3_000);
    for (let turn = 0; turn < 50; turn += 1) {
      const messages = Array.from({ length: 100 }, (_, index) => ({
        ...{ id: `m${turn}-${index}`, sender: 'visitor' as const },
        ...{ text, atMs: turn + 1 },
      }));
      await Promise.all(
        messages.map((message) => store.append({ conversationId: `c${turn}`, message })),
      );
    }
    await store.close();
    const server = await startTestServer({ ...env, DATA_DIR: dataDir }, { cwd: folder });
    return { server, dataDir, file: join(dataDir, sqliteFileName) };
  }

  async function expectRefusal(
    server: TestServer,
    writer: Awaited<ReturnType<typeof startWriter>>,
    expected: { readonly reason: string; readonly line: RegExp },
  ): Promise<void> {
    expect(await writer.send(['refused'])).toEqual(['refused']);
    await delay(1_100);
    const notReady = await readiness(server);
    expect(notReady.status).toBe(503);
    expect(notReady.body).toContain(expected.reason);
    expect(await writer.send(['refused'])).toEqual(['refused']);
    expect(logLines(server).filter(({ msg }) => expected.line.test(msg))).toHaveLength(1);
    expect(logLines(server).filter(({ level }) => level >= 50)).toHaveLength(1);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  }

  const damaged = {
    reason: 'the database is damaged',
    line: /The database .* is damaged \(.*\): stop the server, keep the damaged folder aside, put a backup in its place/,
  };

  it('pages that were overwritten are noticed when they are read, and nothing is taken then [D14]', async () => {
    const { server, dataDir, file } = await startLarge();
    try {
      const writer = await startWriter(server);
      expect(await writer.send(['first'])).toEqual([]);
      // All but the first pages, which are in the server's memory anyhow.
      const size = statSync(file).size;
      const handle = openSync(file, 'r+');
      writeSync(handle, Buffer.alloc(size - 65_536, 'garbage '), 0, size - 65_536, 65_536);
      closeSync(handle);
      const token = readFileSync(join(dataDir, 'owner-token'), 'utf8').trim();
      const headers = { authorization: `Bearer ${token}` };
      const statuses = await Promise.all(
        Array.from({ length: 50 }, async (_, turn) => {
          const path = `/api/conversations/c${turn}/messages`;
          return (await fetch(server.url + path, { headers })).status;
        }),
      );
      expect(statuses).toContain(503);
      await expectRefusal(server, writer, damaged);
      expect((await server.kill('SIGTERM')).code).toBe(0);
    } finally {
      await server.stop();
    }
    const before = readFileSync(file);
    const refused = await runCommand([], { DATA_DIR: dataDir, PORT: '0' });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /^contact-chat: DATA_DIR: The database .* is damaged \(.*put a backup in its place and start again\.\n$/,
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  }, 120_000);

  it('a header that was overwritten is noticed with the next message [D14]', async () => {
    const { server, file } = await startLarge();
    try {
      const writer = await startWriter(server);
      expect(await writer.send(['first'])).toEqual([]);
      const handle = openSync(file, 'r+');
      writeSync(handle, Buffer.from('no database, but'), 0, 16, 0);
      closeSync(handle);
      await expectRefusal(server, writer, damaged);
    } finally {
      await server.stop();
    }
  }, 120_000);

  it('a data folder that was deleted takes no message to its grave [D14]', async () => {
    const { server, dataDir } = await startLarge();
    try {
      const writer = await startWriter(server);
      expect(await writer.send(['first'])).toEqual([]);
      await rm(dataDir, { recursive: true });
      // Somebody puts another one in its place: it is none of this server's.
      await mkdir(dataDir);
      const other = ['', '-wal', '-shm'].map((end) => join(dataDir, sqliteFileName + end));
      for (const path of other) writeFileSync(path, 'of another server');
      await expectRefusal(server, writer, {
        reason: 'the database was deleted, moved or replaced',
        line: /was deleted, moved or replaced while the server ran: put it back, or stop the server/,
      });
      expect((await server.kill('SIGTERM')).code).toBe(0);
      for (const path of other) expect(readFileSync(path, 'utf8')).toBe('of another server');
    } finally {
      await server.stop();
    }
  }, 120_000);
});
