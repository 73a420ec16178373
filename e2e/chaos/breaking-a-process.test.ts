import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSqliteDriver } from '../../server/stores/sqlite-driver.ts';
import { createClockShim } from './clock-shim.ts';
import { createCommitWatch } from './commit-watch.ts';
import { createSmallDisk } from './small-disk.ts';
import { endsTorn } from './torn-transaction.ts';

let folder = '';
let children: ChildProcess[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'contact-chat-chaos-test-'))));
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  }
  children = [];
  rmSync(folder, { recursive: true, force: true });
});

/** A Node process that runs this module, and its lines one after the other. */
function run(source: string, env: NodeJS.ProcessEnv = {}) {
  const file = join(folder, `child-${children.length}.mjs`);
  writeFileSync(file, source);
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async line(): Promise<string> {
      const next = await lines.next();
      return next.done ? 'it ended' : next.value;
    },
    ask: (text: string) => void child.stdin.write(`${text}\n`),
  };
}

describe('a clock that can jump', () => {
  it('moves what a process takes for now, and nothing else', async () => {
    const shim = createClockShim(folder);
    const process_ = run(
      `
      import { createInterface } from 'node:readline';
      createInterface({ input: process.stdin }).on('line', () => {
        const plain = new Date('2020-02-03T04:05:06Z');
        console.log(JSON.stringify([
          Date.now(), new Date().getTime(), Date.parse(Date()), plain.toISOString(),
          plain instanceof Date, Date.UTC(2020, 0), new Date(2020, 1).getMonth(),
        ]));
      });`,
      { NODE_OPTIONS: shim.nodeOptions },
    );
    const look = async (): Promise<number[]> => {
      process_.ask('?');
      const [now, made, text, ...rest] = JSON.parse(await process_.line()) as number[];
      expect(rest).toEqual(['2020-02-03T04:05:06.000Z', true, 1_577_836_800_000, 1]);
      return [now, made, text].map(
        (value) => Math.round(((value ?? 0) - Date.now()) / 600_000) + 0,
      );
    };
    expect(await look()).toEqual([0, 0, 0]);
    for (const minutes of [-60, 60, 0]) {
      shim.shift(minutes * 60_000);
      let seen: number[] = [];
      while (seen[0] !== minutes / 10) seen = await look();
      expect(seen).toEqual([minutes / 10, minutes / 10, minutes / 10]);
    }
  });
});

describe('a kill inside a commit', () => {
  it('strikes once, when the log is written, and not before', async () => {
    const file = join(folder, 'contact-chat.sqlite');
    const driver = await loadSqliteDriver();
    // Opened here alone, so that the log outlives the child: it is written by this process.
    const db = driver.open(file);
    db.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (text TEXT)');
    const victim = run('console.log("here"); setInterval(() => {}, 1000);');
    await victim.line();
    const watch = await createCommitWatch(folder);
    try {
      writeFileSync(join(folder, 'something-else'), 'x');
      const struck = watch.arm(victim.child.pid ?? 0, 100);
      const ended = once(victim.child, 'close');
      writeFileSync(join(folder, 'something-else'), 'y');
      await new Promise((done) => setTimeout(done, 50));
      expect(victim.child.exitCode).toBe(null);
      db.exec("INSERT INTO t VALUES ('a')");
      expect(await struck).toBe(true);
      expect(await ended).toEqual([null, 'SIGKILL']);

      const spared = watch.arm(victim.child.pid ?? 0, 0);
      watch.disarm();
      expect(await spared).toBe(false);
    } finally {
      await watch.close();
      db.close();
    }
  });
});

describe('a log that ends within a transaction', () => {
  it('is told from one that ends with a commit', async () => {
    const file = join(folder, 'contact-chat.sqlite');
    const db = (await loadSqliteDriver()).open(file);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA cache_size = 4; CREATE TABLE t (text TEXT)');
    expect(endsTorn(`${file}-wal`)).toBe(false);
    // More than the cache holds: pages go to the log before the commit.
    db.exec('BEGIN');
    for (let row = 0; row < 500; row += 1) {
      db.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(3_000));
    }
    expect(endsTorn(`${file}-wal`)).toBe(true);
    db.exec('COMMIT');
    expect(endsTorn(`${file}-wal`)).toBe(false);
    // Starts the log anew over half a transaction: what follows the new commit is of the old round.
    db.exec('BEGIN');
    for (let row = 0; row < 500; row += 1) {
      db.prepare('INSERT INTO t VALUES (?)').run('y'.repeat(3_000));
    }
    db.exec('ROLLBACK');
    expect(endsTorn(`${file}-wal`)).toBe(true);
    db.exec('PRAGMA wal_checkpoint(RESTART)');
    db.exec("INSERT INTO t VALUES ('again')");
    expect(endsTorn(`${file}-wal`)).toBe(false);
    db.close();
    expect(endsTorn(`${file}-wal`)).toBe(false);
  });
});

describe('a small disk', () => {
  it('takes nothing more when it is filled, and again when it is freed', async () => {
    const disk = createSmallDisk(folder, 8);
    try {
      const file = JSON.stringify(join(disk.dataDir, 'contact-chat.sqlite-wal'));
      const writer = run(`
        import { appendFileSync } from 'node:fs';
        import { createInterface } from 'node:readline';
        process.on('SIGXFSZ', () => {});
        createInterface({ input: process.stdin }).on('line', () => {
          try {
            appendFileSync(${file}, 'x'.repeat(5000));
            console.log('written');
          } catch (error) {
            console.log(error.code);
          }
        });`);
      const write = (): Promise<string> => {
        writer.ask('write');
        return writer.line();
      };
      expect(await write()).toBe('written');
      disk.fill(writer.child.pid);
      // A tmpfs of its own where it may be mounted, else a limit on the process.
      expect(await write()).toBe(disk.kind === 'tmpfs' ? 'ENOSPC' : 'EFBIG');
      expect(disk.isFull).toBe(true);
      disk.free(writer.child.pid);
      expect(await write()).toBe('written');
    } finally {
      disk.remove();
      disk.remove();
    }
  });
});
