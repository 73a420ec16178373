import type { Spend, SpendOf } from '../spend-port.ts';
import { spendDaysKept } from '../spend-port.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';

/** What language models cost, by day and by visitor, within the caller's transaction. */
export function sqliteSpend(db: SqliteDatabase) {
  const read = db.prepare<{ day: number; visitor: number }>(`
    SELECT coalesce((SELECT tokens FROM spent_by_day WHERE day = ?1), 0) AS day,
      coalesce((SELECT tokens FROM spent_by_visitor WHERE visitor = ?2 AND day = ?1), 0) AS visitor`);
  const addToDay = db.prepare(`
    INSERT INTO spent_by_day (day, tokens) VALUES (?1, max(0, ?2))
    ON CONFLICT (day) DO UPDATE SET tokens = max(0, tokens + ?2)`);
  // Nothing is written of a conversation that was erased while it was answered.
  const addToVisitor = db.prepare(`
    INSERT INTO spent_by_visitor (visitor, day, tokens) SELECT ?1, ?2, max(0, ?3)
    WHERE NOT EXISTS (SELECT 1 FROM erased_conversations WHERE id = ?1)
    ON CONFLICT (visitor, day) DO UPDATE SET tokens = max(0, tokens + ?3)`);
  const firstKept = db.prepare<{ day: string }>(
    `SELECT day FROM spent_by_day ORDER BY day DESC LIMIT 1 OFFSET ${spendDaysKept - 1}`,
  );
  const forgetVisitors = db.prepare('DELETE FROM spent_by_visitor WHERE day < ?');
  const forgetDays = db.prepare('DELETE FROM spent_by_day WHERE day < ?');

  function spendOf({ day, visitor }: SpendOf): Spend {
    const spent = read.get(day, visitor);
    return { day: spent?.day ?? 0, visitor: spent?.visitor ?? 0 };
  }

  function add({ day, visitor, tokens }: SpendOf & { readonly tokens: number }): void {
    addToDay.run(day, tokens);
    addToVisitor.run(visitor, day, tokens);
    const first = firstKept.get()?.day;
    if (first === undefined) return;
    forgetVisitors.run(first);
    forgetDays.run(first);
  }

  return {
    spendOf,
    add,
    reserve(wanted: SpendOf & { readonly tokens: number; readonly limits: Spend }) {
      const { tokens, limits } = wanted;
      const before = spendOf(wanted);
      const reserved =
        before.day + tokens <= limits.day && before.visitor + tokens <= limits.visitor;
      if (reserved) add(wanted);
      return { reserved, spend: spendOf(wanted) };
    },
  };
}
