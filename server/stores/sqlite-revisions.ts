import type { SqliteDatabase } from './sqlite-driver.ts';

/** Draws the revisions of changes: within a transaction; one that is undone leaves a gap. */
export interface Revisions {
  next(): number;
}

/** The revisions of one start; they outlive its connections. */
export function countRevisions(after: number): Revisions {
  let last = after;
  return { next: () => (last += 1) };
}

const newest = `
  SELECT max(coalesce((SELECT max(revision) FROM conversations), 0),
    coalesce((SELECT max(revision) FROM erased_conversations WHERE revision > 0), 0)) AS revision`;

/** The newest revision that was committed; 0 where nothing was ever changed. */
export const newestRevision = (db: SqliteDatabase): number =>
  db.prepare<{ revision: number }>(newest).get()?.revision ?? 0;

/** Reads of what changed since a revision. */
export function sqliteRevisions(db: SqliteDatabase) {
  const newestOfAll = db.prepare<{ revision: number }>(newest);
  const betweenStarts = db.prepare(
    'SELECT 1 FROM starts WHERE revisions_until < ?1 AND ?1 <= revisions_after',
  );
  const changed = db.prepare<{ id: string }>(
    'SELECT id FROM conversations WHERE revision > ? ORDER BY revision LIMIT ?',
  );
  const erased = db.prepare<{ id: string; pruned: number }>(`
    SELECT id, pruned FROM erased_conversations WHERE revision > ?1 AND revision > 0
    ORDER BY revision LIMIT ?2`);
  const counted = db.prepare<{ view: string; conversations: number }>(
    'SELECT view, conversations FROM view_counts',
  );

  const revision = (): number => newestOfAll.get()?.revision ?? 0;

  return {
    revision,

    /**
     * Ids of what changed after a revision, ascending by revision, and of what was deleted.
     * `undefined` where that cannot be told.
     */
    changedSince(query: {
      readonly revision: number;
      readonly limit: number;
    }): { readonly changed: readonly string[]; readonly deleted: readonly string[] } | undefined {
      const limit = Math.max(1, Math.floor(query.limit));
      // Above the newest, or drawn in another history: this one is a copy that was restored.
      if (query.revision > revision() || betweenStarts.get(query.revision)) return undefined;
      const gone = erased.all(query.revision, limit + 1);
      const there = changed.all(query.revision, limit + 1);
      if (gone.length + there.length > limit || gone.some(({ pruned }) => pruned !== 0)) {
        return undefined;
      }
      return { changed: there.map(({ id }) => id), deleted: gone.map(({ id }) => id) };
    },

    viewCounts() {
      const counts = { waiting: 0, mine: 0, assistant: 0, done: 0 };
      return Object.assign(
        counts,
        Object.fromEntries(counted.all().map((row) => [row.view, row.conversations])),
      );
    },
  };
}
