/**
 * What the inbox keeps on the device: drafts, and replies that are not acknowledged. In
 * `localStorage`, so that a closed tab loses nothing; in memory where storage is blocked or full.
 */
export interface Keep {
  get(name: string): string | undefined;
  /** `undefined` forgets it. */
  set(name: string, value: string | undefined): void;
  /** All kept under names that begin so. */
  all(prefix: string): readonly (readonly [name: string, value: string])[];
  /** Everything of the inbox. */
  forget(): void;
  /** Hears what another tab stores or forgets. */
  watch(heard: (change: KeptChange) => void, signal: AbortSignal): void;
}

export interface KeptChange {
  readonly name: string;
  readonly before: string | null;
  readonly now: string | null;
}

const root = 'contact-chat-console:';

export function createKeep(storage: () => Storage): Keep {
  const memory = new Map<string, string>();
  const attempt = <Value>(doing: (kept: Storage) => Value): Value | undefined => {
    try {
      return doing(storage());
    } catch {
      return undefined;
    }
  };
  const names = (): readonly string[] =>
    attempt((kept) =>
      Array.from({ length: kept.length }, (_, index) => kept.key(index) ?? '').filter((name) =>
        name.startsWith(root),
      ),
    ) ?? [];

  return {
    get: (name) => memory.get(name) ?? attempt((kept) => kept.getItem(root + name)) ?? undefined,
    set(name, value) {
      memory.delete(name);
      if (value === undefined) {
        attempt((kept) => kept.removeItem(root + name));
        return;
      }
      const stored = attempt((kept) => {
        kept.setItem(root + name, value);
        return true;
      });
      if (!stored) memory.set(name, value);
    },
    all(prefix) {
      const found = new Map<string, string>();
      for (const name of names()) {
        const value = attempt((kept) => kept.getItem(name));
        const short = name.slice(root.length);
        if (short.startsWith(prefix) && typeof value === 'string') found.set(short, value);
      }
      for (const [name, value] of memory) if (name.startsWith(prefix)) found.set(name, value);
      return [...found];
    },
    forget() {
      memory.clear();
      for (const name of names()) attempt((kept) => kept.removeItem(name));
    },
    watch(heard, signal) {
      const told = ({ key, oldValue: before, newValue: now, storageArea }: StorageEvent): void => {
        if (!key?.startsWith(root) || storageArea !== attempt((kept) => kept)) return;
        heard({ name: key.slice(root.length), before, now });
      };
      addEventListener('storage', told, { signal });
    },
  };
}
