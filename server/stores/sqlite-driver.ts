import { StoreUnavailable } from '../ports.ts';

export type SqlValue = string | number | null | Uint8Array;

/** A prepared statement; `Row` is what its author knows of its columns. */
export interface SqliteStatement<Row> {
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
  run(...values: SqlValue[]): { readonly changes: number | bigint };
}

/** An open database: the part of the `node:sqlite` interface that the store uses. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare<Row = unknown>(sql: string): SqliteStatement<Row>;
  close(): void;
}

export interface SqliteDriver {
  /** Which library it is, for the log. */
  readonly name: string;
  /** Opens a file, which is made if need be. Throws errors with SQLite's code in `errcode`. */
  open(file: string, options?: { readonly readOnly?: boolean }): SqliteDatabase;
}

interface SqliteModule {
  readonly DatabaseSync: new (
    file: string,
    options?: { readonly readOnly?: boolean },
  ) => SqliteDatabase;
}

/**
 * The SQLite of this process: the built-in `node:sqlite` where it has one (Node 22.13 and later),
 * else `@photostructure/sqlite`, which has the same interface.
 * Rejects with `StoreUnavailable` where neither can be loaded.
 */
export async function loadSqliteDriver(): Promise<SqliteDriver> {
  const builtIn = builtInSqlite();
  if (builtIn) return driver('node:sqlite', builtIn);
  try {
    const addOn = (await import('@photostructure/sqlite')) as unknown as SqliteModule;
    return driver('@photostructure/sqlite', addOn);
  } catch (cause) {
    throw new StoreUnavailable(
      'No SQLite is available: use Node 22.13 or later, or install the optional dependency @photostructure/sqlite.',
      { cause },
    );
  }
}

// The texts of `sqlite3_errstr`: `all()` of the add-on throws errors without their number.
const codesByText: Readonly<Record<string, number>> = {
  'database is locked': 5,
  'database table is locked': 6,
  'out of memory': 7,
  'attempt to write a readonly database': 8,
  'disk I/O error': 10,
  'database disk image is malformed': 11,
  'database or disk is full': 13,
  'unable to open database file': 14,
  'locking protocol': 15,
  'file is not a database': 26,
};

/** SQLite's primary result code of an error it threw (5 is SQLITE_BUSY); `undefined` for others. */
export function sqliteCode(error: unknown): number | undefined {
  const { errcode, code, message } = (error ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof errcode === 'number') return errcode & 0xff;
  return code === 'ERR_SQLITE_ERROR' ? codesByText[String(message)] : undefined;
}

const driver = (name: string, { DatabaseSync }: SqliteModule): SqliteDriver => ({
  name,
  open: (file, options = {}) => new DatabaseSync(file, options),
});

// Not imported: bundlers and older Nodes do not know the name. Loading it prints a warning that
// it is experimental, which would be the first thing every owner sees at every start.
function builtInSqlite(): SqliteModule | undefined {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => {};
  try {
    const found = process.getBuiltinModule('node:sqlite') as unknown;
    return found as SqliteModule | undefined;
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
