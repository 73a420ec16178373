import type { ModelCommand } from './store.model-commands.ts';

interface OwedNotice {
  readonly noticeId: number;
  readonly conversation: string;
  readonly id: string;
  readonly channel: string;
  attempts: number;
  dueMs: number;
  untilMs: number;
  givenUp: boolean;
}

/** The part of the model that is about notices: a flat list in the order of writing. */
export function createNoticeModel() {
  let notices: OwedNotice[] = [];
  let sent: { channel: string; conversationId: string; atMs: number }[] = [];
  let count = 0;

  return {
    owe(conversation: string, id: string, channels: readonly string[], nowMs: number): void {
      for (const channel of channels) {
        count += 1;
        const given = { noticeId: count, conversation, id, channel };
        notices.push({ ...given, attempts: 0, dueMs: nowMs, untilMs: 0, givenUp: false });
      }
    },

    erase(conversation: string): void {
      notices = notices.filter((one) => one.conversation !== conversation);
    },

    claim(command: Extract<ModelCommand, { do: 'claimNotices' }>, nowMs: number): unknown {
      const due = notices.filter(
        (one) =>
          one.channel === command.channel &&
          !one.givenUp &&
          one.dueMs <= nowMs &&
          one.untilMs <= nowMs,
      );
      return due.slice(0, command.limit).map((one) => {
        one.untilMs = nowMs + command.leaseMs;
        const { noticeId, attempts } = one;
        return { noticeId, of: `${one.conversation}/${one.id}`, attempts };
      });
    },

    done(ids: readonly number[], nowMs: number): void {
      for (const one of notices.filter(({ noticeId }) => ids.includes(noticeId))) {
        const entry = { channel: one.channel, conversationId: one.conversation, atMs: nowMs };
        if (!sent.some((other) => JSON.stringify(other) === JSON.stringify(entry)))
          sent.push(entry);
      }
      notices = notices.filter(({ noticeId }) => !ids.includes(noticeId));
    },

    /** @returns the conversation of each that was given up */
    fail(command: Extract<ModelCommand, { do: 'noticesFailed' }>, nowMs: number): string[] {
      const givenUp: string[] = [];
      for (const id of command.ids.filter((one, index) => command.ids.indexOf(one) === index)) {
        const one = notices.find(({ noticeId }) => noticeId === id);
        if (!one || one.givenUp) continue;
        one.attempts += 1;
        one.untilMs = 0;
        if (command.retryInMs === undefined) {
          one.givenUp = true;
          givenUp.push(one.conversation);
        } else one.dueMs = nowMs + command.retryInMs;
      }
      return givenUp;
    },

    /** The conversation of each that was given up. */
    failed: () => notices.filter(({ givenUp }) => givenUp).map((one) => one.conversation),

    retryFailed(nowMs: number): number {
      const failed = notices.filter(({ givenUp }) => givenUp);
      for (const one of failed) Object.assign(one, { givenUp: false, attempts: 0, dueMs: nowMs });
      return failed.length;
    },

    dismissFailed(): number {
      const before = notices.length;
      notices = notices.filter(({ givenUp }) => !givenUp);
      return before - notices.length;
    },

    forgetSent(beforeMs: number): void {
      sent = sent.filter(({ atMs }) => atMs >= beforeMs);
    },

    releaseLeases(): void {
      for (const one of notices) one.untilMs = 0;
    },

    sent: (channel: string) =>
      sent
        .filter((one) => one.channel === channel)
        .map(({ conversationId, atMs }) => `${atMs}/${conversationId}`)
        .toSorted(),

    counts: () => ({
      notices: notices.filter(({ givenUp }) => !givenUp).length,
      failedNotices: notices.filter(({ givenUp }) => givenUp).length,
    }),
  };
}
