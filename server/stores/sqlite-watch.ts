import { closeSync, fstatSync, openSync, readSync, rmSync, statSync } from 'node:fs';

import { FileMoved, LogGone } from './sqlite-trouble.ts';

/** Sees what SQLite does not: it goes on writing to a file that was deleted. */
export interface SqliteWatch {
  /**
   * Throws `FileMoved` where the database is no longer what is found at its path, `LogGone` where
   * that is so of its log alone, an error with SQLite's code 26 where the file's first bytes were
   * overwritten, and the system's error where they cannot be read. Takes microseconds.
   */
  check(): void;
  /** Removes whatever stands in the place of the log; the database has to hold all of it. */
  removeLog(): void;
  /** The log was made anew: the one that is at its path now is the right one. */
  logRenewed(): void;
  /** Only after every connection to the file was closed. */
  close(): void;
}

const magic = Buffer.from('SQLite format 3\0');
const notADatabase = 26;
const maxDescriptors = 16;

/** Watches an open database, to which something was written already. */
export function watchSqliteFile(file: string): SqliteWatch {
  const log = `${file}-wal`;
  // Held open until the end: under POSIX closing any descriptor of a file drops all locks that
  // this process has on it, and SQLite's are among them.
  const descriptors = [openSync(file, 'r')];
  const opened = identityOf(descriptors[0] ?? -1);
  let openedLog = identityAt(log);
  const start = Buffer.alloc(magic.length);
  // Of the file when its first bytes were last read: commits go to the log, so that it changes
  // only where the log is brought in, or where somebody else writes.
  let readAt: bigint | undefined;

  function read(): number {
    const newest = descriptors.at(-1) ?? -1;
    try {
      return readSync(newest, start, 0, magic.length, 0);
    } catch (error) {
      if (descriptors.length >= maxDescriptors) throw error;
      // A disk that was away and came back leaves descriptors behind that fail for ever.
      const fresh = openSync(file, 'r');
      descriptors.push(fresh);
      if (identityOf(fresh) !== opened) throw error;
      return readSync(fresh, start, 0, magic.length, 0);
    }
  }

  return {
    check() {
      const found = statSync(file, asBigints);
      if (!found || identity(found) !== opened) {
        throw new FileMoved(`${file} is another file now`);
      }
      if (found.mtimeNs !== readAt) {
        readAt = undefined;
        if (read() !== magic.length || !start.equals(magic)) {
          throw Object.assign(new Error('its first bytes were overwritten'), {
            errcode: notADatabase,
          });
        }
        readAt = found.mtimeNs;
      }
      if (identityAt(log) !== openedLog) throw new LogGone(`${log} is another file now`);
    },
    removeLog: () => rmSync(log, { force: true }),
    logRenewed: () => void (openedLog = identityAt(log)),
    close: () => descriptors.splice(0).forEach((descriptor) => closeSync(descriptor)),
  };
}

const asBigints = { bigint: true, throwIfNoEntry: false } as const;

const identity = ({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string =>
  `${dev}/${ino}`;

const identityOf = (descriptor: number): string =>
  identity(fstatSync(descriptor, { bigint: true }));

function identityAt(path: string): string | undefined {
  const found = statSync(path, asBigints);
  return found && identity(found);
}
