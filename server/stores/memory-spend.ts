import type { Spend, SpendOf } from '../spend-port.ts';
import { spendDaysKept } from '../spend-port.ts';

/** @param isErased - whether this is the id of a conversation that was erased */
export function memorySpend(isErased: (id: string) => boolean) {
  const days = new Map<string, number>();
  /** By visitor, then by day. */
  const visitors = new Map<string, Map<string, number>>();

  function forgetOldDays(): void {
    const old = [...days.keys()].toSorted().slice(0, -spendDaysKept);
    for (const day of old) {
      days.delete(day);
      for (const [visitor, spent] of visitors) {
        if (spent.delete(day) && spent.size === 0) visitors.delete(visitor);
      }
    }
  }

  const spendOf = ({ day, visitor }: SpendOf): Spend => ({
    day: days.get(day) ?? 0,
    visitor: visitors.get(visitor)?.get(day) ?? 0,
  });

  function add({ day, visitor, tokens }: SpendOf & { readonly tokens: number }): void {
    const spent = spendOf({ day, visitor });
    days.set(day, Math.max(0, spent.day + tokens));
    if (!isErased(visitor)) {
      const own = visitors.get(visitor) ?? new Map<string, number>();
      visitors.set(visitor, own.set(day, Math.max(0, spent.visitor + tokens)));
    }
    forgetOldDays();
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
    forget: (visitor: string): void => void visitors.delete(visitor),
  };
}
