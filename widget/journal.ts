import type { Keep } from './keep.ts';

/**
 * Bridges the moment in which IndexedDB has been asked to keep something and has not done so:
 * a browser drops the transactions of a tab that closes then, and what the visitor saw as written
 * would be gone. `localStorage` takes a value at once; it stands there until the other one has it.
 *
 * @param storage - asked every time, since even reading `window.localStorage` may throw
 */
export function withJournal(keep: Keep, name: string, storage: () => Storage): Keep {
  const prefix = `${name}:`;
  function attempt(use: (place: Storage) => void): void {
    try {
      use(storage());
    } catch {
      // Blocked or full, or not ours to read: then there is no bridge.
    }
  }
  const each = (use: (key: string, place: Storage) => void): void =>
    attempt((place) => {
      for (const key of Object.keys(place)) if (key.startsWith(prefix)) use(key, place);
    });

  return {
    ...keep,
    get durable() {
      return keep.durable;
    },
    async all() {
      const stored = await keep.all();
      if (!stored) return stored;
      const kept = new Map(stored);
      each((key, place) => kept.set(key.slice(prefix.length), JSON.parse(place[key] as string)));
      return kept;
    },
    async set(key, value) {
      const place = prefix + key;
      const text = value === undefined ? undefined : JSON.stringify(value);
      if (text) attempt((journal) => journal.setItem(place, text));
      await keep.set(key, value);
      // What has not arrived in time, or was written after this, is still on its way.
      attempt((journal) => {
        if (!text || (keep.durable && journal.getItem(place) === text)) journal.removeItem(place);
      });
    },
    async clear() {
      each((key, place) => place.removeItem(key));
      await keep.clear();
    },
  };
}
