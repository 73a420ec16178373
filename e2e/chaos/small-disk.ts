/** A disk for the data folder that can be filled: a tmpfs, or where none may be mounted, a limit. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface SmallDisk {
  /** `tmpfs` of its own, or `prlimit`: then files of the server may not grow any more. */
  readonly kind: 'tmpfs' | 'prlimit';
  readonly dataDir: string;
  readonly isFull: boolean;
  /** From now on nothing can be written. */
  fill(serverPid: number | undefined): void;
  free(serverPid: number | undefined): void;
  /** Idempotent. */
  remove(): void;
}

const megabyte = 1024 * 1024;

function mountTmpfs(folder: string, megabytes: number): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    const size = `size=${megabytes}m,mode=0700`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Writes until there is no room for another byte. */
function writeBallast(file: string): void {
  const ballast = openSync(file, 'a');
  try {
    for (const bytes of [megabyte, 4096, 1]) {
      const chunk = Buffer.alloc(bytes);
      try {
        while (writeSync(ballast, chunk) > 0);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(ballast);
  }
}

function limitFileSize(pid: number, bytes: number | 'unlimited'): void {
  try {
    // The soft limit alone: raising it again needs no rights.
    execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], { stdio: 'ignore' });
  } catch {
    // The process has just ended, which frees it of the limit.
  }
}

/** @param folder - an empty folder of the run's own */
export function createSmallDisk(folder: string, megabytes: number): SmallDisk {
  const disk = join(folder, 'disk');
  const dataDir = join(disk, 'data');
  mkdirSync(disk);
  const isMounted = mountTmpfs(disk, megabytes);
  mkdirSync(dataDir, { mode: 0o700 });
  const ballast = join(disk, 'ballast');
  let isRemoved = false;
  let isFull = false;

  function remove(): void {
    if (isRemoved) return;
    isRemoved = true;
    process.off('exit', remove);
    // Lazily: the mount goes even if a process that is just ending still has a file open there.
    if (isMounted) execFileSync('umount', ['--lazy', disk], { stdio: 'ignore' });
  }
  process.once('exit', remove);

  return {
    kind: isMounted ? 'tmpfs' : 'prlimit',
    dataDir,
    get isFull() {
      return isFull;
    },
    fill(pid) {
      isFull = true;
      if (isMounted) writeBallast(ballast);
      else if (pid !== undefined) {
        const wal = statSync(join(dataDir, 'contact-chat.sqlite-wal'), { throwIfNoEntry: false });
        limitFileSize(pid, wal?.size ?? 0);
      }
    },
    free(pid) {
      isFull = false;
      if (isMounted) rmSync(ballast, { force: true });
      else if (pid !== undefined) limitFileSize(pid, 'unlimited');
    },
    remove,
  };
}
