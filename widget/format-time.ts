/** Times as they are shown. `lang` is a BCP 47 tag, times are Unix milliseconds, local zone. */

/** `10:24` in 24 hours whatever the language: numbers that stay short and aligned. */
export const clockTime = (atMs: number, lang: string): string =>
  new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    atMs,
  );

const dayOf = (atMs: number): number => new Date(atMs).setHours(0, 0, 0, 0);

export const isSameDay = (one: number, other: number): boolean => dayOf(one) === dayOf(other);

/** `Today`, `Yesterday`, `Monday 3 March`, and with the year where it is another. */
export function dayName(
  atMs: number,
  nowMs: number,
  words: { readonly tag: string; readonly today: string; readonly yesterday: string },
): string {
  if (isSameDay(atMs, nowMs)) return words.today;
  // Noon of today less a day is yesterday, also where a day has 23 or 25 hours.
  const noon = new Date(nowMs).setHours(12, 0, 0, 0);
  if (isSameDay(atMs, noon - 86_400_000)) return words.yesterday;
  const sameYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return new Intl.DateTimeFormat(words.tag, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(atMs);
}
