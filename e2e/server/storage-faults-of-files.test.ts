/**
 * What happens to the files of a running server's store: they fill their disk, or are deleted.
 * Without the right to mount a disk to fill, a limit on the size of files stands for it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sqliteFileName } from '../../server/stores/sqlite-file.ts';
import { ids, logLines, readiness, startWriter, storedIds, untilReady } from './faulty-storage.ts';
import { startTestServer } from './start-test-server.ts';

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
  const mounted = succeeds('mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', path);
  if (mounted) undo.push(() => succeeds('umount', '-l', path));
  return mounted;
}

const limitFiles = (pid: number | undefined, bytes: number | 'unlimited'): void =>
  void execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);

it('a disk that messages have filled: not ready until there is room, whatever else still fits [D14]', async () => {
  const disk = join(folder, 'disk');
  await mkdir(disk);
  const mounted = smallDisk(disk);
  const server = await startTestServer({ ...env, DATA_DIR: disk, DEMO: 'off' }, { cwd: folder });
  try {
    const writer = await startWriter(server);
    const spare = join(disk, 'spare');
    if (mounted) writeFileSync(spare, Buffer.alloc(2 * 1024 * 1024));
    expect(await writer.send(['first'])).toEqual([]);
    // Without the right to mount: a limit on the size of files, which the disk then seems to have.
    if (!mounted) limitFiles(server.pid, statSync(join(disk, `${sqliteFileName}-wal`)).size);
    let refused: string[] = [];
    for (let turn = 0; refused.length === 0; turn += 1) {
      refused = await writer.send(ids(`turn${turn}-`, 50));
    }
    for (let turn = 0; turn < 3; turn += 1) {
      await delay(1_100);
      const notReady = await readiness(server);
      expect(notReady.status).toBe(503);
      expect(notReady.body).toContain(mounted ? 'the disk is full' : 'the disk reports errors');
    }
    if (mounted) rmSync(spare);
    else limitFiles(server.pid, 'unlimited');
    await untilReady(server);
    expect(await writer.send(refused)).toEqual([]);
  } finally {
    await server.stop();
  }
}, 120_000);

it('a log that is deleted takes no acknowledged message with it, even if the server is killed next [D1][D14]', async () => {
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  const server = await startTestServer({ ...env, DATA_DIR: dataDir }, { cwd: folder });
  try {
    const writer = await startWriter(server);
    const { conversation_id: id } = writer.session;
    expect(await writer.send(ids('before', 20))).toEqual([]);
    rmSync(join(dataDir, `${sqliteFileName}-wal`));
    expect(await writer.send(ids('after', 5))).toEqual([]);
    await delay(1_100); // what /readyz found is kept for a second
    expect((await readiness(server)).status).toBe(200);
    const told = logLines(server).filter(({ msg }) => msg.includes('-wal of the database was'));
    expect(told).toHaveLength(1);
    await server.kill('SIGKILL');
    expect(await storedIds(dataDir, id)).toEqual([...ids('before', 20), ...ids('after', 5)]);
  } finally {
    await server.stop();
  }
}, 120_000);
