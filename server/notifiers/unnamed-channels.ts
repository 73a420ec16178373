/** What is owed on channels that `NOTIFY` no longer names: an owner must hear of it, and its end. */
import type { ChannelContext } from './channel-worker.ts';
import { hourMs } from './notice-limits.ts';
import { createSleep } from './sleep.ts';

const claimLimit = 100;

/**
 * Looks at the store now and then every hour. Each channel on which something is owed but that
 * nobody serves is reported once; what was owed there for longer than `giveUpAfterMs` is given
 * up, and that is reported too. A channel that comes back in time gets what is left.
 *
 * @param named - the channels that are served
 */
export function watchUnnamedChannels(
  named: ReadonlySet<string>,
  context: ChannelContext,
): { close(): Promise<void> } {
  const { store, clock, onError, onFailed } = context;
  const { giveUpAfterMs } = context.limits;
  const idle = createSleep(context.timers);
  const reported = new Set<string>();
  let closing = false;

  const report = (message: string, options?: ErrorOptions): void =>
    onError(new Error(message, options), { stage: 'notices' });

  async function loop(): Promise<void> {
    while (!closing) {
      await look().catch((cause: unknown) => {
        // A store that was closed before this says nothing new.
        if (!closing) report('the store does not say which channels are owed notices', { cause });
      });
      if (!closing) await idle.sleep(hourMs);
    }
  }

  async function look(): Promise<void> {
    for (const { channel, notices, oldestMs } of await store.channelsOwed()) {
      if (named.has(channel) || closing) continue;
      if (!reported.has(channel)) {
        reported.add(channel);
        report(
          `channel ${channel}: ${notices} notice(s) are owed, but NOTIFY does not name this channel: put it back, or each is given up ${giveUpAfterMs / hourMs} h after it was owed`,
        );
      }
      if (oldestMs <= clock.now() - giveUpAfterMs) await giveUpOld(channel);
    }
  }

  async function giveUpOld(channel: string): Promise<void> {
    let count = 0;
    for (let more = true; more && !closing;) {
      const nowMs = clock.now();
      // A lease of no time: the younger ones stay free for a server that serves the channel.
      const lease = { holder: context.holder, untilMs: nowMs };
      const rows = await store.claimNotices({ channel, lease, nowMs, limit: claimLimit });
      const old = rows.filter(({ createdAtMs }) => createdAtMs <= nowMs - giveUpAfterMs);
      const ids = old.map(({ noticeId }) => noticeId);
      const error = 'NOTIFY no longer names this channel';
      if (ids.length > 0) await store.noticesFailed(ids, { retryAtMs: undefined, error });
      count += ids.length;
      // Oldest first: where one of a page is too young, so is what follows.
      more = ids.length === claimLimit;
    }
    if (count === 0) return;
    report(`channel ${channel}: ${count} notice(s) given up: NOTIFY no longer names this channel`);
    onFailed?.({ channel, notices: count, givenUp: count });
  }

  const running = loop();
  return {
    async close() {
      closing = true;
      idle.wake();
      await running;
    },
  };
}
