import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { childScripts } from './child-script.ts';
import { lockDataFolder, lockFileName } from './data-folder-lock.ts';

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-chat-lock-'));
  try {
    await test(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('the lock of a data folder', () => {
  it('is one at a time, within a process too, and free once released', () =>
    withFolder(async (folder) => {
      const lock = await lockDataFolder(folder);
      const second = lockDataFolder(folder);
      await expect(second).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE' });
      await expect(second).rejects.toThrow(folder);
      lock.release();
      lock.release();
      const third = await lockDataFolder(folder);
      await expect(lockDataFolder(folder)).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE' });
      third.release();
    }));

  it(
    'dies with the process that holds it, even by SIGKILL',
    () =>
      withFolder(async (folder) => {
        const children = await childScripts(['data-folder-lock']);
        try {
          const script = await children.script(`
          import { writeSync } from 'node:fs';
          import { lockDataFolder } from './data-folder-lock.mjs';
          await lockDataFolder(process.argv[2]).then(
            () => { writeSync(1, 'locked'); setInterval(() => {}, 60_000); },
            (error) => writeSync(1, error.code),
          );
        `);
          const start = () =>
            spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
          const holder = start();
          expect(String((await once(holder.stdout, 'data'))[0])).toBe('locked');
          await expect(lockDataFolder(folder)).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE' });
          const second = start();
          const secondExited = once(second, 'exit');
          expect(String((await once(second.stdout, 'data'))[0])).toBe('DATA_DIR_IN_USE');
          expect(await secondExited).toEqual([0, null]);
          const exited = once(holder, 'exit');
          holder.kill('SIGKILL');
          await exited;
          (await lockDataFolder(folder)).release();
        } finally {
          await children.remove();
        }
      }),
    60_000,
  );

  it('makes a missing folder, for its owner alone', () =>
    withFolder(async (folder) => {
      const missing = join(folder, 'a', 'b');
      const lock = await lockDataFolder(missing);
      expect((await stat(missing)).mode & 0o777).toBe(0o700);
      lock.release();
    }));

  it('does not try for ever where a folder cannot be made, though the one above is there', () =>
    withFolder(async (folder) => {
      const dangling = join(folder, 'dangling');
      await symlink(join(folder, 'nowhere', 'at', 'all'), dangling);
      const bad = [dangling, join(dangling, 'below')];
      // The kernel's own folder, which nobody may write.
      if (process.platform === 'linux') bad.push('/proc/contact-chat', '/proc/contact-chat/a/b');
      for (const each of bad) {
        const locking = lockDataFolder(each);
        await expect(locking).rejects.toMatchObject({ code: 'DATA_DIR_NOT_WRITABLE' });
        await expect(locking).rejects.toThrow(each);
      }
    }));

  it('makes a missing folder at the same time as others do, and leaves one that is there', () =>
    withFolder(async (folder) => {
      const names = ['a', 'b', 'c', 'd'];
      const locks = names.map((name) => lockDataFolder(join(folder, 'x', 'y', name)));
      for (const lock of await Promise.all(locks)) lock.release();
      const linked = join(folder, 'linked');
      await symlink(folder, linked);
      const modeBefore = (await stat(folder)).mode;
      (await lockDataFolder(linked)).release();
      expect((await stat(folder)).mode).toBe(modeBefore);
    }));

  it('says which folder cannot be written', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'file');
      await writeFile(file, '');
      for (const bad of [file, join(file, 'below')]) {
        const locking = lockDataFolder(bad);
        await expect(locking).rejects.toMatchObject({ code: 'DATA_DIR_NOT_WRITABLE' });
        await expect(locking).rejects.toThrow(bad);
      }
      await writeFile(join(folder, lockFileName), 'not what belongs here '.repeat(100));
      await expect(lockDataFolder(folder)).rejects.toMatchObject({ code: 'DATA_DIR_NOT_WRITABLE' });
    }));
});
