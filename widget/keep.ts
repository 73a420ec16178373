/**
 * What is kept on the visitor's device. Asynchronous so that another kind of storage can take
 * its place; today it is `localStorage`, or memory where the browser allows nothing else.
 */
export interface Keep {
  /** False once the device refused: what is kept ends with the page. */
  readonly durable: boolean;
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
  /** Keys that start so, with their values, in no particular order. */
  list(start: string): Promise<readonly (readonly [key: string, value: string])[]>;
}

/**
 * A keep under a prefix of `localStorage`. Never throws: what cannot be stored (blocked, full,
 * a sandboxed frame) is held in memory. Writes nothing before the first `set`.
 *
 * @param storage - asked every time, since even reading `window.localStorage` may throw
 */
export function createKeep(storage: () => Storage, prefix: string): Keep {
  const memory = new Map<string, string>();
  let durable = true;

  const attempt = <Value>(use: (storage: Storage) => Value): Value | undefined => {
    try {
      return use(storage());
    } catch {
      durable = false;
      return undefined;
    }
  };

  return {
    get durable() {
      return durable;
    },
    async get(key) {
      return memory.get(key) ?? attempt((place) => place.getItem(prefix + key)) ?? undefined;
    },
    async set(key, value) {
      const stored = attempt((place) => {
        place.setItem(prefix + key, value);
        return true;
      });
      if (stored) memory.delete(key);
      else memory.set(key, value);
    },
    async remove(key) {
      memory.delete(key);
      attempt((place) => place.removeItem(prefix + key));
    },
    async list(start) {
      const found = new Map<string, string>();
      attempt((place) => {
        for (let index = 0; index < place.length; index += 1) {
          const key = place.key(index);
          if (key?.startsWith(prefix + start)) {
            found.set(key.slice(prefix.length), place.getItem(key) ?? '');
          }
        }
      });
      for (const [key, value] of memory) if (key.startsWith(start)) found.set(key, value);
      return [...found];
    },
  };
}
