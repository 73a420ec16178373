import { statfsSync } from 'node:fs';

import { StoreUnavailable } from '../ports.ts';
import { sqliteCode } from './sqlite-driver.ts';

/** What keeps a store from working that its owner can mend. */
export type TroubleKind =
  | 'full'
  | 'locked'
  | 'read_only'
  | 'failing_disk'
  | 'moved'
  | 'log_gone'
  | 'damaged'
  | 'unopenable'
  | 'memory';

/** Where a store is. */
export interface StorePlace {
  readonly dataDir: string;
  readonly file: string;
}

/** A store in trouble; `message` is a line for the owner that says how to mend it. */
export class StoreTrouble extends StoreUnavailable {
  readonly kind: TroubleKind;
  /** What is wrong, for `/readyz`: without a path. */
  readonly reason: string;
  /** `message` without what follows for visitors, for a server that does not start. */
  readonly advice: string;
  constructor(kind: TroubleKind, place: StorePlace, cause: unknown) {
    const advice = `${subject(kind, place, cause)}: ${mend(kind)}`;
    super(`${advice}; messages are refused until then.`, { cause });
    this.kind = kind;
    this.reason = reasons[kind];
    this.advice = `${advice}.`;
  }
}

/** The file at the store's path is not the one that was opened. */
export class FileMoved extends Error {
  override readonly name = 'FileMoved';
}

/** The log of the database, and nothing else, is not the one that was opened. */
export class LogGone extends Error {
  override readonly name = 'LogGone';
}

// Below this a disk counts as full where SQLite only says that a write failed, and as long as
// it was full before: a store that is only just able to write is not well.
const fewBytes = 1024 * 1024;

/** Bytes that are free on the disk of a folder; `undefined` where nobody can tell. */
function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** Whether the disk of a folder has next to nothing left. */
export const isFull = (folder: string): boolean => (freeBytes(folder) ?? Infinity) < fewBytes;

/**
 * What an error says about the store, by SQLite's primary result codes
 * (https://www.sqlite.org/rescode.html) and those of the operating system; `undefined` for errors
 * that tell of a mistake in a statement and not of the store.
 */
export function troubleOf(error: unknown, place: StorePlace): StoreTrouble | undefined {
  if (error instanceof StoreTrouble) return error;
  const kind = kindOf(error, place.dataDir);
  return kind && new StoreTrouble(kind, place, error);
}

function kindOf(error: unknown, dataDir: string): TroubleKind | undefined {
  if (error instanceof FileMoved) return 'moved';
  if (error instanceof LogGone) return 'log_gone';
  const extended = (error as { readonly errcode?: unknown } | null | undefined)?.errcode;
  // SQLITE_READONLY_DBMOVED: SQLite saw it first.
  if (extended === 1032) return 'moved';
  switch (sqliteCode(error)) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
    case 15: // SQLITE_PROTOCOL: a race for the locks of the write-ahead log
      return 'locked';
    case 7: // SQLITE_NOMEM
      return 'memory';
    case 3: // SQLITE_PERM
    case 8: // SQLITE_READONLY
      return 'read_only';
    case 10: // SQLITE_IOERR, also where the log's index cannot grow on a full disk
      return isFull(dataDir) ? 'full' : 'failing_disk';
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
      return 'damaged';
    case 13: // SQLITE_FULL
      return 'full';
    case 14: // SQLITE_CANTOPEN
      return isFull(dataDir) ? 'full' : 'unopenable';
    case undefined:
      return systemErrors[(error as NodeJS.ErrnoException | null | undefined)?.code ?? ''];
    default:
      return undefined;
  }
}

const systemErrors: Readonly<Record<string, TroubleKind>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read_only',
  EACCES: 'read_only',
  EPERM: 'read_only',
  EIO: 'failing_disk',
  ESTALE: 'failing_disk',
  EFBIG: 'failing_disk',
  EMFILE: 'unopenable',
  ENFILE: 'unopenable',
};

const reasons: Readonly<Record<TroubleKind, string>> = {
  full: 'the disk is full',
  locked: 'another program keeps the database locked',
  read_only: 'the database cannot be written, only read',
  failing_disk: 'the disk reports errors',
  moved: 'the database was deleted, moved or replaced',
  log_gone: 'the log of the database was deleted or replaced',
  damaged: 'the database is damaged',
  unopenable: 'a file of the database cannot be opened',
  memory: 'memory ran out',
};

function subject(kind: TroubleKind, { dataDir, file }: StorePlace, cause: unknown): string {
  switch (kind) {
    case 'full':
      return `The disk that holds ${dataDir} is full`;
    case 'locked':
      return `Another program keeps the database ${file} locked`;
    case 'read_only':
      return `The database ${file} can be read but not written`;
    case 'failing_disk':
      return `The disk that holds ${dataDir} reports errors (${detail(cause)})`;
    case 'moved':
      return `The database ${file} was deleted, moved or replaced while the server ran`;
    case 'log_gone':
      return `The log ${file}-wal of the database was deleted or replaced while the server ran`;
    case 'damaged':
      return `The database ${file} is damaged (${detail(cause)})`;
    case 'unopenable':
      return `A file of the database ${file} cannot be opened (${detail(cause)})`;
    case 'memory':
      return `Memory ran out while the database ${file} was used`;
  }
}

function mend(kind: TroubleKind): string {
  switch (kind) {
    case 'full':
      return 'free some space';
    case 'locked':
      return 'end that program';
    case 'read_only':
      return 'give the user that runs the server write access to it and its folder, or mount the disk for writing';
    case 'failing_disk':
      return 'check the disk, how it is mounted, and the limits on the size of files';
    case 'moved':
      return 'put it back, or stop the server, put a backup in its place and start again';
    case 'log_gone':
      return 'leave the server running until it has brought what the log held into the database, end what reads the database, and keep other programs from this folder';
    case 'damaged':
      return 'stop the server, keep the damaged folder aside, put a backup in its place and start again';
    case 'unopenable':
      return 'check that the folder is there, and the limit on open files';
    case 'memory':
      return 'give the server more';
  }
}

function detail(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = (cause as { readonly errcode?: unknown } | null | undefined)?.errcode;
  return typeof code === 'number' ? `${message}, SQLite code ${code}` : message;
}
