/**
 * When the clients of a stopping server come back. The first are late enough for a supervisor to
 * have the next process up; all others follow evenly, a few each second, so that it is not run
 * over by them.
 */
const earliestMs = 4_000;
const latestMs = 30_000;
const shortestSpreadMs = 1_000;
/** 200 clients a second. */
const spreadMsPerClient = 5;

/**
 * A delay for one client after the other, in whole milliseconds from 4,000 to 30,000. Each has a
 * stretch of the time to itself, in random order; up to 26,000 clients no two delays are the same.
 *
 * @param count - how many clients are expected; whoever comes after them gets any delay
 * @param random - a number in [0, 1)
 */
export function createReturnDelays(count: number, random: () => number): () => number {
  const longest = latestMs - earliestMs;
  const spreadMs = Math.min(longest, Math.max(shortestSpreadMs, count * spreadMsPerClient));
  const places = shuffled(count, random);
  const placeMs = spreadMs / Math.max(1, count);
  return () => {
    const place = places.pop();
    if (place === undefined) return earliestMs + Math.floor(random() * spreadMs);
    // Rounded one by one, so that neighbours cannot come to the same millisecond.
    return earliestMs + Math.floor(place * placeMs) + Math.floor(random() * Math.floor(placeMs));
  };
}

/** The numbers from 0 to `count`, without it, in random order (Fisher and Yates). */
function shuffled(count: number, random: () => number): number[] {
  const numbers = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [numbers[last], numbers[other]] = [numbers[other] ?? 0, numbers[last] ?? 0];
  }
  return numbers;
}
