// ISO 8601 dates with a time, extended or basic, with or without fraction and zone. Python's
// `datetime.now().isoformat()` has no zone and up to six fraction digits.
const extended =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?:Z|[+-](\d{2})(?::?(\d{2}))?)?$/;
const basic =
  /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(?:(\d{2})(?:[.,]\d{1,9})?)?(?:Z|[+-](\d{2})(\d{2})?)?$/;

// The calendar repeats every 400 years, and `Date.UTC` takes 0 to 99 for years since 1900.
const daysInMonth = (year: number, month: number): number =>
  new Date(Date.UTC(year + 400, month, 0)).getUTCDate();

/**
 * Whether a text is an ISO 8601 date and time that exists: `2025-01-01T12:00:00`,
 * `2025-01-01T12:00:00.123456`, `2025-01-01T12:00:00.000Z`, `20250101T120000+0800`.
 * A leap second (`:60`) is accepted, 30 February is not.
 */
export function isIsoTimestamp(text: string): boolean {
  const match = extended.exec(text) ?? basic.exec(text);
  if (!match) return false;
  const [year, month, day, hour, minute, second, zoneHour, zoneMinute] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 60 &&
    zoneHour <= 23 &&
    zoneMinute <= 59
  );
}
