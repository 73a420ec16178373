import { entries, promisifyRequest, update, type UseStore } from 'idb-keyval';
import type { Keep } from './keep.ts';

const table = 'keep';
/** Some browsers never answer a request that they cannot serve. */
const patienceMs = 5_000;

/**
 * A keep in an IndexedDB database of its own, made with the first write. Never fails: what cannot
 * be stored (blocked, full, a sandboxed frame, no answer in time) is held in memory.
 */
export function createBrowserKeep(name: string): Keep {
  const memory = new Map<string, unknown>();
  let durable = true;
  let stuck = false;
  /** Something waits to be written, so that a database is to be made. */
  let wanted = false;
  let database: IDBDatabase | undefined;
  let opening: Promise<IDBDatabase | undefined> | undefined;

  function rest(): void {
    database?.close();
    database = opening = undefined;
  }

  /** @returns `undefined` where there is no database and nothing to put into one */
  async function open(): Promise<IDBDatabase | undefined> {
    let absent = false;
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => {
      if (wanted) return void request.result.createObjectStore(table);
      // A database that is given up while it is made has never been there.
      absent = true;
      request.transaction?.abort();
    };
    try {
      const opened = (database = await promisifyRequest(request));
      wanted = false;
      // The browser closes it, or another tab clears everything: opened again when needed.
      opened.onclose = opened.onversionchange = () => {
        opened.close();
        rest();
      };
    } catch (error) {
      opening = undefined;
      if (!absent) throw error;
      if (wanted) return reach();
    }
    return database;
  }

  const reach = (): Promise<IDBDatabase | undefined> => (opening ??= open());

  const use: UseStore = async (mode, callback) => {
    const run = (opened: IDBDatabase): ReturnType<typeof callback> =>
      callback(opened.transaction(table, mode, { durability: 'strict' }).objectStore(table));
    if (database) {
      try {
        return await run(database);
      } catch (error) {
        // Safari closes databases without a word.
        if (!/^(InvalidState|Unknown)Error$/.test((error as Error).name)) throw error;
        rest();
      }
    }
    const opened = await reach();
    return (opened && run(opened)) as ReturnType<typeof callback>;
  };

  async function attempt<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    if (stuck) return undefined;
    try {
      const doing = work();
      return await Promise.race([
        doing,
        new Promise<never>((_done, fail) => {
          const timer = setTimeout(() => {
            stuck = true;
            fail();
          }, patienceMs);
          const answered = (): void => {
            clearTimeout(timer);
            stuck = false;
          };
          doing.then(answered, answered);
        }),
      ]);
    } catch {
      durable = false;
      return undefined;
    }
  }

  const write = (change: (store: IDBObjectStore) => void): Promise<true | undefined> =>
    attempt(() =>
      use('readwrite', (store) => {
        change(store);
        // Nothing follows: a page that dies now leaves a whole transaction behind.
        store.transaction.commit?.();
        return promisifyRequest(store.transaction).then(() => true as const);
      }),
    );

  return {
    get durable() {
      return durable;
    },
    async all() {
      // Where there is no database, there are no entries.
      const kept = await attempt(async () => (await entries<string, unknown>(use)) ?? []);
      return kept && new Map([...kept, ...memory]);
    },
    async set(key, value) {
      // For what is removed, no database need be made.
      if (value !== undefined) wanted = !database;
      const done = await write((store) => {
        if (value === undefined) store.delete(key);
        else store.put(value, key);
      });
      if (done || value === undefined) memory.delete(key);
      else memory.set(key, value);
      if (done) durable = memory.size === 0;
    },
    async update(key, change) {
      let value = change(memory.get(key));
      wanted = !database;
      const done = await attempt(() =>
        update(key, (kept) => (value = change(memory.get(key) ?? kept)), use).then(() => true),
      );
      if (!done) memory.set(key, value);
      return value;
    },
    async clear() {
      memory.clear();
      if (!(await attempt(reach))) return;
      await write((store) => store.clear());
      await attempt(async () => {
        rest();
        await promisifyRequest(indexedDB.deleteDatabase(name));
      });
    },
    rest,
  };
}
