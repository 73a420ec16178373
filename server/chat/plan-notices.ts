/** How the owner is told of what a visitor writes or wishes. */
import type { NewNotice, NoticeReason } from '../ports.ts';
import type { ChatContext, NoticeTurn } from './context.ts';
import type { Session } from './session.ts';

/** So long an owner who is there has to read a message before the channels tell of it, in milliseconds. */
const timeToReadMs = 30_000;

/** Whether somebody can be told that the owner is wished for: over a channel, or in the inbox. */
export const ownerReachable = (context: Pick<ChatContext, 'channels' | 'owner'>): boolean =>
  context.channels().length > 0 || context.owner().online;

export interface PlannedNotices {
  /** What was counted; absent where nothing was. */
  readonly turn: { readonly noticeTurn?: NoticeTurn };
  /** One notice a channel. */
  because(reason: NoticeReason): readonly NewNotice[];
}

/**
 * How fast notices go out is the notifiers' affair, but that those of one address keep their
 * turns, so that nobody can crowd out the others.
 *
 * @param expected - what the message will cause notices for, as far as this connection knows;
 *   other notices are due without a turn
 */
export function planNotices(
  session: Session,
  context: ChatContext,
  expected: NoticeTurn['kind'] | undefined,
): PlannedNotices {
  const nowMs = context.now();
  const channels = context.channels();
  const { address, conversationId } = session;
  const noticeTurn =
    expected === undefined || channels.length === 0
      ? undefined
      : context.limits.noticeTurn({ kind: expected, address, conversationId }, nowMs);
  const dueMs = noticeTurn?.dueMs ?? nowMs;
  // Whether an owner who is there reads it is seen when it is due: they may have just gone.
  const dueUnreadMs = context.owner().online ? Math.max(dueMs, nowMs + timeToReadMs) : dueMs;
  return {
    turn: noticeTurn ? { noticeTurn } : {},
    because: (reason) =>
      channels.map((channel) => ({
        channel,
        reason,
        notBeforeMs: reason === 'visitor_message' ? dueUnreadMs : dueMs,
      })),
  };
}
