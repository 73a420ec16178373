/** Copies of a data folder, made while its server runs, and what they are good for. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqliteFileName } from '../../server/stores/sqlite-file.ts';
import { openSqliteStore } from '../../server/stores/sqlite.ts';
import { fill, ids, rethrow, startWriter, storedIds } from './faulty-storage.ts';
import { builtServer, runCommand, startTestServer } from './start-test-server.ts';
import { chat, connectHello } from './ws-client.ts';

const env = { RATE_LIMIT: '100000/1s', DEFAULT_LANG: 'en', DEMO: 'off' };

let folder: string;
let dataDir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-chat-backup-test-'));
  dataDir = join(folder, 'data');
  await mkdir(dataDir);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const backup = (...arguments_: string[]) =>
  runCommand(['backup', ...arguments_], { DATA_DIR: dataDir }, { cwd: folder });

describe('contact-chat backup', () => {
  it('copies under load, and the copy is a data folder that a server goes on from [D16]', async () => {
    const server = await startTestServer(
      { ...env, ANSWERER: 'off', DATA_DIR: dataDir },
      { cwd: folder },
    );
    const copy = join(folder, 'copy');
    let stop = false;
    try {
      const writers = await Promise.all(Array.from({ length: 4 }, () => startWriter(server)));
      for (const writer of writers) expect(await writer.send(ids('before', 10))).toEqual([]);
      const busy = writers.map(async (writer) => {
        for (let n = 0; !stop; n += 1) expect(await writer.send([`during${n}`])).toEqual([]);
      });
      const { code, stdout, stderr } = await backup('copy');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      // What came while it was copied may be in it or not; what comes now is not.
      const mid = writers.map((writer) => writer.acknowledged.size);
      while (writers.some((writer, index) => writer.acknowledged.size < (mid[index] ?? 0) + 5)) {
        await new Promise((done) => setTimeout(done, 5));
      }
      stop = true;
      await Promise.all(busy);
      const found = /^Wrote (.*): (\d+) conversations, (\d+) messages, (\d+) bytes\n$/.exec(stdout);
      expect(found?.[1]).toBe(copy);
      expect(found?.[2]).toBe('4');
      expect(await server.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });

      expect((await readdir(copy)).toSorted()).toEqual(['assets', sqliteFileName, 'owner-token']);
      let bytes = 0;
      for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
        const { mode, size } = statSync(join(entry.parentPath, entry.name));
        expect(mode & 0o777, entry.name).toBe(entry.isDirectory() ? 0o700 : 0o600);
        if (entry.isFile()) bytes += size;
      }
      expect(statSync(copy).mode & 0o777).toBe(0o700);
      expect(Number(found?.[4])).toBe(bytes);
      for (const name of ['owner-token', 'assets/v' + (await version()) + '/contact-chat.js']) {
        expect(readFileSync(join(copy, name)).equals(readFileSync(join(dataDir, name)))).toBe(true);
      }

      // Restored: the old folder goes, the copy stands in its place.
      await rm(dataDir, { recursive: true });
      spawnSync('cp', ['-a', copy, dataDir]);
      let total = 0;
      for (const { session } of writers) {
        const kept = await storedIds(dataDir, session.conversation_id);
        expect(kept.slice(0, 10)).toEqual(ids('before', 10));
        expect(kept.slice(10)).toEqual(ids('during', kept.length - 10));
        total += kept.length;
      }
      expect(Number(found?.[3])).toBe(total);
      await server.restart();
      for (const { session, acknowledged } of writers) {
        const { token, epoch } = session;
        const position = { token, last_seq: acknowledged.size, ...(epoch ? { epoch } : {}) };
        const back = await connectHello(server.wsUrl, position);
        // The visitor is known; that the history is another one is not passed over in silence.
        expect(back.session.conversation_id).toBe(session.conversation_id);
        expect(back.session.resumed).toBe(false);
        expect(back.messages.slice(0, 10).map(({ id }) => id)).toEqual(ids('before', 10));
        expect(back.messages.length).toBeLessThan(acknowledged.size);
        await back.client.close();
        const early = await connectHello(server.wsUrl, { ...position, last_seq: 10 });
        expect(early.session.resumed).toBe(true);
        expect(early.messages.map(({ seq }) => seq)).toEqual(
          early.messages.map((_, index) => index + 11),
        );
        await early.client.close();
      }
      // What the copy lacks is sent again, under its old id, and stored once.
      const first = writers[0];
      if (!first) throw new Error('no writer');
      const { token } = first.session;
      const again = await connectHello(server.wsUrl, { token, last_seq: 0 });
      const known = again.messages.length;
      const lost = [...first.acknowledged.keys()].at(-1) ?? '';
      again.client.send(chat('once more', lost));
      expect(await again.client.until('chat_message_received')).toMatchObject({
        id: lost,
        seq: known + 1,
      });
      await again.client.close();
    } finally {
      stop = true;
      await server.stop();
    }
  }, 120_000);

  it('keeps what is owed: a restored server answers what the copy had not answered [D6][D16]', async () => {
    const store = await openSqliteStore({ dataDir, onError: rethrow });
    await store.append({
      conversationId: 'c',
      message: { id: 'q', sender: 'visitor', text: 'How do I deploy it?', atMs: Date.now() },
      owedAnswer: { holder: 'gone', untilMs: Date.now() + 1e9 },
    });
    expect((await backup('copy')).code).toBe(0);
    await store.close();
    const server = await startTestServer(
      { ...env, DATA_DIR: join(folder, 'copy') },
      { cwd: folder },
    );
    try {
      for (let tries = 0; tries < 400; tries += 1) {
        if ((await storedIds(join(folder, 'copy'), 'c')).length === 2) break;
        await new Promise((done) => setTimeout(done, 25));
      }
    } finally {
      await server.stop();
    }
    expect(await storedIds(join(folder, 'copy'), 'c')).toEqual(['q', 'ai:q']);
  }, 60_000);

  it('has a name with the time where it is given none, reads .env, and needs no server', async () => {
    await fill(dataDir, 2, 3);
    await writeFile(join(folder, '.env'), 'DATA_DIR=./data\nPORT=nonsense\n');
    const { code, stdout } = await runCommand(['backup'], {}, { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /contact-chat-backup-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ: 2 conversations, 6 messages, /,
    );
    const copies = (await readdir(folder)).filter((name) =>
      name.startsWith('contact-chat-backup-'),
    );
    expect(copies).toHaveLength(1);
    expect(await readdir(join(folder, copies[0] ?? ''))).toEqual([sqliteFileName]);
  });

  it('overwrites nothing, and leaves nothing half behind', async () => {
    await fill(dataDir, 1, 1);
    await mkdir(join(folder, 'there'));
    for (const [target, line] of [
      ['there', /there exists already; name a folder that does not\n$/],
      ['data', /data exists already/],
      ['data/copy', /copy lies in the data folder; name a folder elsewhere\n$/],
      ['missing/copy', /cannot be written to .*missing: ENOENT/],
      ['.env/copy', /cannot be written to .*\.env: /],
    ] as const) {
      const { code, stdout, stderr } = await backup(target);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^contact-chat: .*\n$/);
      expect(stderr).toMatch(line);
    }
    expect((await readdir(folder)).toSorted()).toEqual(['data', 'there']);
    expect(existsSync(join(dataDir, 'copy'))).toBe(false);
    expect(await readdir(join(folder, 'there'))).toEqual([]);
  });

  it('says so where there is no database, an empty one, or a damaged one', async () => {
    expect(await backup('copy')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^contact-chat: DATA_DIR: There is no database .*data\/.*\n$/),
    });
    expect(existsSync(join(dataDir, sqliteFileName))).toBe(false);
    await writeFile(join(dataDir, sqliteFileName), '');
    expect(await backup('copy')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('holds nothing yet'),
    });
    await writeFile(join(dataDir, sqliteFileName), 'garbage '.repeat(1_000));
    expect(await backup('copy')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is damaged'),
    });
    expect(await readdir(folder)).toEqual(['data']);
  });

  it('says so where the disk for the copy is full, and takes nothing of it', async () => {
    await fill(dataDir, 4, 1_000);
    const disk = join(folder, 'disk');
    await mkdir(disk);
    const mounted =
      spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' })
        .status === 0;
    try {
      // Without the right to mount: a limit on the size of the files that the command may write.
      const command = [process.execPath, builtServer('main.js'), 'backup', 'disk/copy'];
      if (!mounted) command.unshift('prlimit', '--fsize=65536');
      const { status, stderr } = spawnSync(command[0] ?? '', command.slice(1), {
        cwd: folder,
        env: { PATH: process.env['PATH'], DATA_DIR: dataDir },
        encoding: 'utf8',
      });
      expect(status).toBe(1);
      expect(stderr).toMatch(
        mounted
          ? /^contact-chat: The disk that holds .*disk is full: free some space\. No backup was made\.\n$/
          : /^contact-chat: The disk that holds .*disk reports errors .* No backup was made\.\n$/,
      );
      expect(await readdir(disk)).toEqual([]);
    } finally {
      if (mounted) spawnSync('umount', ['-l', disk]);
    }
  });

  /** Begins a backup, ends it with a signal while it is being made, and says what is left. */
  async function interrupted(signal: NodeJS.Signals) {
    await fill(dataDir, 1, 50);
    await mkdir(join(dataDir, 'assets'));
    for (const name of ids('asset', 4_000)) await writeFile(join(dataDir, 'assets', name), name);
    const child = spawn(process.execPath, [builtServer('main.js'), 'backup', 'copy'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir },
      stdio: 'ignore',
    });
    const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) => {
      child.once('exit', (code, by) => done({ code, signal: by }));
    });
    const begun = async () => {
      const made = (await readdir(folder)).find((name) => name.startsWith('copy.partial-'));
      return made !== undefined && existsSync(join(folder, made, 'assets'));
    };
    while (child.exitCode === null && !(await begun())) {
      await new Promise((done) => setTimeout(done, 2));
    }
    child.kill(signal);
    return { ...(await ended), left: (await readdir(folder)).filter((name) => name !== 'data') };
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'ended by %s it removes what it had made [D16]',
    async (signal, code) => {
      expect(await interrupted(signal)).toEqual({ code, signal: null, left: [] });
    },
    60_000,
  );

  it('killed, it leaves a folder that no server starts on, whatever it is called [D16]', async () => {
    const { signal, left } = await interrupted('SIGKILL');
    expect(signal).toBe('SIGKILL');
    expect(left).toEqual([expect.stringMatching(/^copy\.partial-/)]);
    await rename(join(folder, left[0] ?? ''), join(folder, 'restored'));
    await mkdir(join(folder, 'copy.partial-0123abcd')); // killed before anything was in it
    for (const name of ['restored', 'copy.partial-0123abcd']) {
      const refused = await runCommand([], { DATA_DIR: join(folder, name), PORT: '0' });
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(
        /^contact-chat: .* is a backup that was not finished: remove it, and use one that was\.\n$/,
      );
      expect(existsSync(join(folder, name, sqliteFileName))).toBe(false);
    }
  }, 60_000);

  it('leaves the lock of the server alone', async () => {
    const server = await startTestServer({ ...env, DATA_DIR: dataDir }, { cwd: folder });
    try {
      expect((await backup('copy')).code).toBe(0);
      expect((await runCommand(['export'], { DATA_DIR: dataDir })).code).toBe(0);
      const second = await runCommand([], { DATA_DIR: dataDir, PORT: '0' });
      expect(second.stderr).toContain('Another contact-chat server is using the data folder');
    } finally {
      await server.stop();
    }
  });
});

async function version(): Promise<string> {
  const { stdout } = await runCommand(['--version']);
  return stdout.trim();
}
