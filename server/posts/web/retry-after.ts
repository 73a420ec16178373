/** `Retry-After`: seconds, or a date (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after). */
const longestMs = 86_400_000;

/** Milliseconds from now, a day at most; undefined where the header says nothing. */
export function retryAfterMs(value: string, nowMs: number): number | undefined {
  const text = value.trim();
  if (text === '') return undefined;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), longestMs);
}
