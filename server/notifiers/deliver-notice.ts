/** One delivery of one conversation's notices on one channel, and the record of how it went. */
import { NoticeFailed, type Notice, type Notifier } from '../notifier-ports.ts';
import type { OwedNotice, Store, Timers } from '../ports.ts';
import { joinNotices } from './join-notices.ts';
import { maskFailure } from './mask-words.ts';
import { longestSilenceMs, retryAtMs } from './notice-limits.ts';

const maxErrorChars = 500;

export type Outcome =
  | { readonly status: 'taken' }
  /** Without addresses and quotes of the visitor, in one line: it may be logged and stored. */
  | { readonly status: 'failed'; readonly error: Error };

/** Hands the joined notice to the channel, which is told to stop after `timeoutMs`. */
export async function deliver(
  notifier: Notifier,
  rows: readonly [OwedNotice, ...OwedNotice[]],
  stop: AbortController,
  timeoutMs: number,
  context: {
    readonly timers: Timers;
    readonly publicUrl: string;
    readonly heldBack?: Notice['heldBack'];
  },
): Promise<Outcome> {
  const { timers, publicUrl, heldBack } = context;
  const cancel = timers.after(timeoutMs, () =>
    stop.abort(new NoticeFailed('the channel took too long')),
  );
  try {
    await notifier.notify(joinNotices(rows, publicUrl, heldBack), { signal: stop.signal });
    return { status: 'taken' };
  } catch (error) {
    const texts = rows.flatMap(({ message, contact }) => [message.text, contact.name ?? '']);
    return { status: 'failed', error: maskFailure(error, texts) };
  } finally {
    cancel();
  }
}

/** A failed delivery's rows, told apart by what becomes of them. */
export interface FailureVerdict {
  readonly error: string;
  readonly retry: readonly number[];
  /** When `retry` is due; Unix milliseconds. */
  readonly retryAtMs: number;
  readonly givenUp: readonly number[];
  /** The channel asked for silence until then; Unix milliseconds. */
  readonly silentUntilMs?: number;
}

/** What becomes of rows whose delivery failed. */
export function judgeFailure(
  rows: readonly OwedNotice[],
  error: Error,
  now: { readonly nowMs: number; readonly random: number; readonly giveUpAfterMs: number },
): FailureVerdict {
  const known = error instanceof NoticeFailed ? error : undefined;
  const retryAfterMs = known?.retryAfterMs;
  const attempts = Math.max(...rows.map((row) => row.attempts));
  const dueAtMs = rows.map((row) =>
    known?.retryable === false
      ? undefined
      : retryAtMs({ ...now, attempts, createdAtMs: row.createdAtMs, retryAfterMs }),
  );
  const idsWhere = (wanted: boolean): number[] =>
    rows.filter((_, index) => (dueAtMs[index] !== undefined) === wanted).map((row) => row.noticeId);
  return {
    error: error.message.slice(0, maxErrorChars),
    retry: idsWhere(true),
    // One time for all, so that they stay together; the oldest one's end comes first.
    retryAtMs: Math.min(...dueAtMs.filter((atMs) => atMs !== undefined)),
    givenUp: idsWhere(false),
    ...(retryAfterMs === undefined
      ? {}
      : { silentUntilMs: now.nowMs + Math.min(retryAfterMs, longestSilenceMs) }),
  };
}

/** Writes a verdict down. May be repeated as a whole: at worst an attempt is counted twice. */
export async function recordFailure(store: Store, verdict: FailureVerdict): Promise<void> {
  const { retry, givenUp, error } = verdict;
  if (retry.length > 0) await store.noticesFailed(retry, { retryAtMs: verdict.retryAtMs, error });
  if (givenUp.length > 0) await store.noticesFailed(givenUp, { retryAtMs: undefined, error });
}
