/** When a notice may go out, and when a failed one is tried again. Pure: times come in, times go out. */

/** All times in milliseconds. */
export interface NoticeLimits {
  /** Between two deliveries of one conversation on one channel. Default 30 s. */
  readonly conversationGapMs: number;
  /** Deliveries of a channel in any 60 s, tries that failed included. Default 30. */
  readonly perMinute: number;
  /** Deliveries of a channel in any hour. Default 120. */
  readonly perHour: number;
  /** Deliveries of a channel at the same time, each of another conversation. Default 2. */
  readonly concurrency: number;
  /** A notice that still fails this long after it came to be is given up. Default 24 h. */
  readonly giveUpAfterMs: number;
  /** How long claimed notices belong to this process. Default 60 s. */
  readonly leaseMs: number;
  /** A delivery is stopped after this, or a second before its lease ends. Default 25 s. */
  readonly deliveryTimeoutMs: number;
  /** Between looks at the store where nobody kicks. Default 5 s. */
  readonly pollMs: number;
}

export const defaultNoticeLimits: NoticeLimits = {
  conversationGapMs: 30_000,
  perMinute: 30,
  perHour: 120,
  concurrency: 2,
  giveUpAfterMs: 24 * 3_600_000,
  leaseMs: 60_000,
  deliveryTimeoutMs: 25_000,
  pollMs: 5_000,
};

/** One delivery that reached the owner. Several notices joined in it share its time. */
export interface SentNotice {
  readonly conversationId: string;
  readonly atMs: number;
}

const minuteMs = 60_000;
export const hourMs = 3_600_000;

/** How long until fewer than `limit` of these times lie within the window; 0 = now. */
function waitForWindow(
  times: readonly number[],
  limit: number,
  windowMs: number,
  nowMs: number,
): number {
  // Times of the future come from a clock that has since been set back: they say nothing.
  const within = times
    .filter((atMs) => atMs > nowMs - windowMs && atMs <= nowMs)
    .sort((a, b) => a - b);
  const blocking = within[within.length - limit];
  return blocking === undefined ? 0 : blocking + windowMs - nowMs;
}

/**
 * How long a channel must wait before its next delivery, in milliseconds; 0 = not at all.
 *
 * @param sent - what reached the owner in the last hour; a delivery may be named more than once
 * @param triedAtMs - when deliveries began that are under way, failed or not yet recorded
 */
export function channelWaitMs(
  sent: readonly SentNotice[],
  triedAtMs: readonly number[],
  nowMs: number,
  limits: Pick<NoticeLimits, 'perMinute' | 'perHour'>,
): number {
  const deliveries = new Map(sent.map((one) => [`${one.atMs} ${one.conversationId}`, one.atMs]));
  const sentAtMs = [...deliveries.values()];
  return Math.max(
    waitForWindow([...sentAtMs, ...triedAtMs], limits.perMinute, minuteMs, nowMs),
    // Failed tries are left out here: a channel that comes back must not be silent for an hour.
    waitForWindow(sentAtMs, limits.perHour, hourMs, nowMs),
  );
}

/** How long a conversation must wait after its last delivery, in milliseconds; 0 = not at all. */
export function conversationWaitMs(
  sent: readonly SentNotice[],
  conversationId: string,
  nowMs: number,
  gapMs: number,
): number {
  const times = sent.filter((one) => one.conversationId === conversationId).map((one) => one.atMs);
  return waitForWindow(times, 1, gapMs, nowMs);
}

const firstDelayMs = 5_000;
const longestDelayMs = 30 * 60_000;
/** A channel that asks for more silence than this is broken rather than busy. */
export const longestSilenceMs = 6 * hourMs;

/**
 * When what failed is tried again: after 5 s · 2^attempts ± 20 %, at most 30 min, and not before
 * the channel said, up to 6 h. The last try is made when the day is over; if that fails too, it is given up.
 *
 * @param attempts - tries before this one
 * @param random - from 0 to below 1
 * @returns Unix milliseconds, or `undefined` to give up
 */
export function retryAtMs(failed: {
  readonly attempts: number;
  readonly createdAtMs: number;
  readonly nowMs: number;
  readonly retryAfterMs: number | undefined;
  readonly random: number;
  readonly giveUpAfterMs: number;
}): number | undefined {
  const endMs = failed.createdAtMs + failed.giveUpAfterMs;
  if (failed.nowMs >= endMs) return undefined;
  const jitter = 0.8 + 0.4 * failed.random;
  const delayMs = Math.min(
    longestDelayMs,
    firstDelayMs * 2 ** Math.min(failed.attempts, 20) * jitter,
  );
  const silenceMs = Math.min(longestSilenceMs, failed.retryAfterMs ?? 0);
  return Math.min(endMs, Math.round(failed.nowMs + Math.max(delayMs, silenceMs)));
}
