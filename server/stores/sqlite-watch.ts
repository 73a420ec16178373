import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

import { FileMoved } from './sqlite-trouble.ts';

/** Sees what SQLite does not: it goes on writing to a file that was deleted. */
export interface SqliteWatch {
  /**
   * Throws `FileMoved` where the database or its log is no longer what is found at its path, an
   * error with SQLite's code 26 where the file's first bytes were overwritten, and the system's
   * error where neither can be read. Takes microseconds.
   */
  check(): void;
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
  const openedLog = identityAt(log);
  const start = Buffer.alloc(magic.length);

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
      if (identityAt(file) !== opened) throw new FileMoved(`${file} is another file now`);
      if (identityAt(log) !== openedLog) throw new FileMoved(`${log} is another file now`);
      const length = read();
      if (length === magic.length && start.equals(magic)) return;
      throw Object.assign(new Error('its first bytes were overwritten'), { errcode: notADatabase });
    },
    close: () => descriptors.splice(0).forEach((descriptor) => closeSync(descriptor)),
  };
}

const identity = ({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string =>
  `${dev}/${ino}`;

const identityOf = (descriptor: number): string =>
  identity(fstatSync(descriptor, { bigint: true }));

function identityAt(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && identity(found);
}
