/** Works off what is owed on one channel. */
import type { Notice, Notifier } from '../notifier-ports.ts';
import type { ChannelOwed, Clock, OnError, OwedNotice, Store, Timers } from '../ports.ts';
import { deliver, judgeFailure, recordFailure } from './deliver-notice.ts';
import { createHeldNotices } from './held-notices.ts';
import { apartFromRead } from './read-notices.ts';
import { channelWaitMs, conversationWaitMs, hourMs, type NoticeLimits } from './notice-limits.ts';
import { createSleep } from './sleep.ts';

export interface ChannelContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Names this process in leases; another one after every start. */
  readonly holder: string;
  readonly publicUrl: string;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly onError: OnError;
  /** After a delivery was recorded as taken. */
  readonly onDelivered?: (delivery: { channel: string; notices: number }) => void;
  /** After a failed try was recorded. */
  readonly onFailed?: (delivery: { channel: string; notices: number; givenUp: number }) => void;
  readonly limits: NoticeLimits;
}

export interface ChannelWorker {
  /** Looks at the store now. */
  kick(): void;
  /** Stops deliveries under way; what they were for stays leased, then falls due again. */
  close(): Promise<void>;
}

type Owed = Pick<ChannelOwed, 'notices' | 'oldestMs'>;

const claimLimit = 100;
const maxHeld = 200;
/** Less of a lease than this is not worth beginning a delivery for. */
const shortestDeliveryMs = 10_000;
/** A full or silent channel is looked at again after this at the latest: clocks get set. */
const longestPauseMs = 60_000;
const closeTimeoutMs = 5_000;
/** Says of notices that were done without being sent that no limit counts them. */
const neverMs = 0;

const storeBackoffMs = (failures: number): number =>
  Math.min(30_000, 1_000 * 2 ** Math.min(failures, 10));

/**
 * A loop of rounds: claim what is due, begin what the limits allow, sleep until a kick, a finished
 * delivery, or the next time at which something may be due. Deliveries run beside the loop, one a
 * conversation; one that outlives its lease still bars its conversation in this process.
 */
export function createChannelWorker(notifier: Notifier, context: ChannelContext): ChannelWorker {
  const { store, clock, timers, limits, onError } = context;
  const { channel } = notifier;
  const held = createHeldNotices();
  const underWay = new Map<
    string,
    { stop: AbortController; rowIds: ReadonlySet<number>; oldestMs: number }
  >();
  const deliveries = new Set<Promise<void>>();
  const idle = createSleep(timers);
  const recording = createSleep(timers);
  /** When tries began that the store does not tell of; see `channelWaitMs`. */
  let triedAtMs: readonly number[] = [];
  let silence = { fromMs: 0, untilMs: 0 };
  /** Whether the channel's limits let something wait, and it has not all gone out since. */
  let holdingBack = false;
  let failing = false;
  let kicked = false;
  let closing: Promise<void> | undefined;

  const report = (message: string, cause: unknown): void =>
    onError(new Error(`channel ${channel}: ${message}`, { cause }), { stage: 'notices' });

  function kick(): void {
    kicked = true;
    idle.wake();
  }

  async function loop(): Promise<void> {
    let failures = 0;
    while (!closing) {
      kicked = false;
      let waitMs = limits.pollMs;
      try {
        waitMs = await runRound();
        failures = 0;
      } catch (error) {
        if (failures === 0) report('the store does not say what is owed, trying on', error);
        waitMs = storeBackoffMs(failures);
        failures += 1;
      }
      if (!kicked && !closing) await idle.sleep(waitMs);
    }
  }

  /** @returns milliseconds until the next round is worth while, unless something wakes us */
  async function runRound(): Promise<number> {
    const nowMs = clock.now();
    const silentMs = nowMs >= silence.fromMs ? silence.untilMs - nowMs : 0;
    if (silentMs > 0) return Math.min(silentMs, longestPauseMs);
    if (underWay.size >= limits.concurrency) return limits.pollMs;
    if (held.size < maxHeld) await claim(nowMs);
    return held.size > 0 && !closing ? beginDeliveries() : limits.pollMs;
  }

  async function claim(nowMs: number): Promise<void> {
    const untilMs = nowMs + limits.leaseMs;
    const lease = { holder: context.holder, untilMs };
    const rows = await store.claimNotices({ channel, lease, nowMs, limit: claimLimit });
    for (const row of rows) {
      // Its lease ran out while it is being delivered: leased again, and left alone.
      if (underWay.get(row.conversationId)?.rowIds.has(row.noticeId)) continue;
      held.add(row, untilMs);
    }
    if (rows.length === claimLimit && held.size < maxHeld) kicked = true;
  }

  async function beginDeliveries(): Promise<number> {
    // As of before the question: a delivery that ends meanwhile may be missing in the answer.
    const barred = new Set(underWay.keys());
    const sent = await store.noticesSentSince(channel, clock.now() - hourMs);
    const owed = await lookAtOwed();
    const nowMs = clock.now();
    triedAtMs = triedAtMs.filter((atMs) => atMs > nowMs - hourMs && atMs <= nowMs);
    held.forget(nowMs + shortestDeliveryMs);
    let waitMs = limits.pollMs;
    for (const conversationId of held.conversations()) {
      if (closing || underWay.size >= limits.concurrency) break;
      if (barred.has(conversationId)) continue;
      const fullMs = channelWaitMs(sent, triedAtMs, nowMs, limits);
      if (fullMs > 0) {
        holdingBack = true;
        return Math.min(fullMs, longestPauseMs);
      }
      const gapMs = conversationWaitMs(sent, conversationId, nowMs, limits.conversationGapMs);
      if (gapMs > 0) waitMs = Math.min(waitMs, gapMs);
      else begin(conversationId, nowMs, owed);
    }
    // Held rows alone say nothing: those whose lease has run out were forgotten here, not sent.
    holdingBack &&= held.size > 0 || owed.notices > rowsUnderWay();
    return waitMs;
  }

  /** All that is owed on this channel and not given up, under way or not, here or elsewhere. */
  async function lookAtOwed(): Promise<Owed> {
    const all = await store.channelsOwed();
    return all.find((one) => one.channel === channel) ?? { notices: 0, oldestMs: Infinity };
  }

  const rowsUnderWay = (): number =>
    [...underWay.values()].reduce((sum, { rowIds }) => sum + rowIds.size, 0);

  /**
   * What waits once these rows are gone: what the limits of the channel hold back here, and what
   * is not due yet, since its sender wrote too much or its delivery failed.
   */
  function heldBackBeside(rows: readonly OwedNotice[], owed: Owed): Notice['heldBack'] {
    const later = owed.notices - rowsUnderWay() - rows.length - held.size;
    const here = holdingBack ? held.size : 0;
    const messages = here + Math.max(0, later);
    const deliveredMs = [
      ...rows.map((row) => row.createdAtMs),
      ...[...underWay.values()].map(({ oldestMs }) => oldestMs),
    ];
    // The oldest of all says something only where it is not among those that go out now.
    const laterMs = owed.oldestMs < Math.min(...deliveredMs) ? owed.oldestMs : undefined;
    const times = [here > 0 ? held.oldestMs() : undefined, laterMs];
    const known = times.filter((atMs) => atMs !== undefined);
    return messages === 0 || known.length === 0
      ? undefined
      : { messages, sinceMs: Math.min(...known) };
  }

  function begin(conversationId: string, nowMs: number, owed: Owed): void {
    const taken = held.take(conversationId);
    if (!taken) return;
    const heldBack = heldBackBeside(taken.rows, owed);
    const { rows, leaseEndsMs } = taken;
    const stop = new AbortController();
    underWay.set(conversationId, {
      stop,
      rowIds: new Set(rows.map((row) => row.noticeId)),
      oldestMs: Math.min(...rows.map((row) => row.createdAtMs)),
    });
    triedAtMs = [...triedAtMs, nowMs];
    const timeoutMs = Math.min(limits.deliveryTimeoutMs, leaseEndsMs - nowMs - 1_000);
    const delivery = deliverAndRecord({ rows, heldBack, stop, timeoutMs, beganAtMs: nowMs })
      .catch((error: unknown) => report('a delivery went wrong', error))
      .finally(() => {
        underWay.delete(conversationId);
        deliveries.delete(delivery);
        kick();
      });
    deliveries.add(delivery);
  }

  async function deliverAndRecord(delivery: {
    readonly rows: readonly [OwedNotice, ...OwedNotice[]];
    readonly heldBack: Notice['heldBack'];
    readonly stop: AbortController;
    readonly timeoutMs: number;
    readonly beganAtMs: number;
  }): Promise<void> {
    const { rows, heldBack, stop, timeoutMs, beganAtMs } = delivery;
    const conversation = await store.conversation(rows[0].conversationId);
    // Erased or expired while it was held here: nobody is told of it any more.
    if (!conversation || closing) return;
    const { read, unread } = apartFromRead(rows, conversation);
    const readIds = read.map((row) => row.noticeId);
    if (read.length > 0 && !(await record(() => store.noticesDone(readIds, neverMs)))) return;
    const [first, ...others] = unread;
    if (!first) return forgetTry(beganAtMs);
    const { publicUrl } = context;
    const how = { timers, publicUrl, ...(heldBack === undefined ? {} : { heldBack }) };
    const outcome = await deliver(notifier, [first, ...others], stop, timeoutMs, how);
    if (outcome.status === 'failed') return fail(unread, outcome.error);
    failing = false;
    const ids = unread.map((row) => row.noticeId);
    const doneAtMs = clock.now();
    if (!(await record(() => store.noticesDone(ids, doneAtMs)))) return;
    forgetTry(beganAtMs);
    context.onDelivered?.({ channel, notices: ids.length });
  }

  function forgetTry(beganAtMs: number): void {
    const index = triedAtMs.indexOf(beganAtMs);
    triedAtMs = triedAtMs.filter((_, each) => each !== index);
  }

  async function fail(rows: readonly OwedNotice[], error: Error): Promise<void> {
    // Stopped by `close`: nothing is known of the channel, the lease runs out by itself.
    if (closing) return;
    const nowMs = clock.now();
    const { giveUpAfterMs } = limits;
    const verdict = judgeFailure(rows, error, { nowMs, random: context.random(), giveUpAfterMs });
    if (verdict.silentUntilMs) silence = { fromMs: nowMs, untilMs: verdict.silentUntilMs };
    if (!failing && verdict.retry.length > 0) {
      report(`a notice failed and will be tried again: ${verdict.error}`, error);
    }
    failing = true;
    if (!(await record(() => recordFailure(store, verdict)))) return;
    const givenUp = verdict.givenUp.length;
    if (givenUp > 0) report(`${givenUp} notice(s) given up: ${verdict.error}`, error);
    context.onFailed?.({ channel, notices: rows.length, givenUp });
  }

  /**
   * Writes until it is written: the conversation stays barred meanwhile, so that an owner does not
   * get the same notice over and over from a server that cannot note that it was taken.
   * @returns false where `close` came first
   */
  async function record(write: () => Promise<void>): Promise<boolean> {
    for (let failures = 0; ; failures += 1) {
      try {
        await write();
        return true;
      } catch (error) {
        if (failures === 0) report('the store does not take how a notice went, trying on', error);
        if (closing) return false;
        await recording.sleep(storeBackoffMs(failures));
        if (closing) return false;
      }
    }
  }

  async function stopAll(running: Promise<void>): Promise<void> {
    const timeout = createSleep(timers);
    idle.wake();
    recording.wake();
    for (const { stop } of underWay.values()) stop.abort();
    const settled = Promise.allSettled([running, ...deliveries]);
    await Promise.race([settled, timeout.sleep(closeTimeoutMs)]);
    timeout.wake();
  }

  const running = loop();
  return {
    kick,
    close() {
      closing ??= stopAll(running);
      return closing;
    },
  };
}
