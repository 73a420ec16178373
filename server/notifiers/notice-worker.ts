/** Brings what is owed to the owner on every channel, through crashes and outages. */
import type { Notifier } from '../notifier-ports.ts';
import { createChannelWorker, type ChannelContext } from './channel-worker.ts';
import { defaultNoticeLimits, type NoticeLimits } from './notice-limits.ts';
import { watchUnnamedChannels } from './unnamed-channels.ts';

export interface NoticeWorkerOptions extends Omit<ChannelContext, 'limits'> {
  /** One a channel, or none; they stay open when the worker closes. */
  readonly notifiers: readonly Notifier[];
  readonly limits?: Partial<NoticeLimits>;
}

export interface NoticeWorker {
  /** Call after a commit that owes notices, so that they go out now and not at the next look. */
  kick(channel?: string): void;
  /** Stops deliveries under way and waits for them, at most 5 s. Idempotent. */
  close(): Promise<void>;
}

/**
 * Works off owed notices until closed, each channel by itself: one that hangs delays no other.
 *
 * - At least once: a notice counts as delivered when the channel has taken it and the store has
 *   noted that. A process killed in between delivers it again when the lease has run out.
 * - What is owed for one conversation is joined into one notice. Its first goes out at once, what
 *   follows within `conversationGapMs` waits and is joined; so does what exceeds `perMinute` and
 *   `perHour` of a channel. Limits delay, they never refuse, and they hold across restarts.
 * - A failed notice is tried again after 5 s, 10 s, 20 s … 30 min, later where the channel asks for
 *   it, and given up after `giveUpAfterMs`: then `onError` names the channel and how many. Of
 *   failures in a row on a channel only the first is reported, `onFailed` counts them all.
 * - What is owed on a channel that has no notifier here is reported, and given up after the same
 *   time: an owner who changed `NOTIFY` is told. Start a worker without notifiers for this too.
 * - A store that fails is reported and asked again; it ends nothing.
 */
export function createNoticeWorker(options: NoticeWorkerOptions): NoticeWorker {
  const { notifiers, limits, ...rest } = options;
  const context: ChannelContext = { ...rest, limits: { ...defaultNoticeLimits, ...limits } };
  const workers = new Map(
    notifiers.map((notifier) => [notifier.channel, createChannelWorker(notifier, context)]),
  );
  const unnamed = watchUnnamedChannels(new Set(workers.keys()), context);
  return {
    kick(channel) {
      if (channel === undefined) for (const worker of workers.values()) worker.kick();
      else workers.get(channel)?.kick();
    },
    async close() {
      await Promise.all([unnamed, ...workers.values()].map((worker) => worker.close()));
    },
  };
}
