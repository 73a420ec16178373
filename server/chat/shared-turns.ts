import { createNoticeDelays } from './notice-delays.ts';

/** A conversation takes its next turn so long after the one before, in milliseconds. */
const firstPaceMs = 30_000;
const paceMs = 150_000;
/** After so much silence a conversation begins anew, in milliseconds. */
const forgottenMs = 10 * 60_000;
/** More conversations than this are not remembered; the one that came first is forgotten. */
const maxConversations = 50_000;

interface Turn {
  readonly address: string;
  readonly dueMs: number;
  readonly takenMs: number;
  /** How many share it; those that were refunded do not count. */
  shared: number;
  /** The conversation's turn before this one. */
  readonly before: Turn | undefined;
}

export interface SharedTurns {
  /** Takes part in the conversation's turn to come, or takes one. @returns how many milliseconds from now it is */
  take(conversationId: string, address: string, nowMs: number): number;
  /** One that took part in the turn due at this time did not need it. */
  refund(conversationId: string, dueMs: number): void;
  /** Forgets whoever has been silent. */
  sweep(nowMs: number): void;
  /** Conversations remembered. */
  size(): number;
}

/**
 * Notices of what a conversation's visitor writes while nobody answers: as they are joined into
 * one, so they share one turn of their address. A conversation has at most one turn to come, and
 * leaves time between its turns, so that one that chats on does not use up those of its
 * neighbours: at once, after 30 s, then every 2.5 min.
 */
export function createSharedTurns(): SharedTurns {
  const delays = createNoticeDelays();
  const turns = new Map<string, Turn>();

  return {
    take(conversationId, address, nowMs) {
      const known = turns.get(conversationId);
      // A clock that was set back far begins anew.
      const last =
        known && nowMs >= known.takenMs - forgottenMs && nowMs < known.dueMs + forgottenMs
          ? known
          : undefined;
      if (last && last.dueMs > nowMs) {
        last.shared += 1;
        return last.dueMs - nowMs;
      }
      const gapMs = last?.before ? paceMs : firstPaceMs;
      const notBeforeMs = Math.max(nowMs, last ? last.dueMs + gapMs : 0);
      const delayMs = delays.take(address, nowMs, notBeforeMs);
      const before = last && { ...last, before: undefined };
      const turn = { address, dueMs: nowMs + delayMs, takenMs: nowMs, shared: 1, before };
      turns.delete(conversationId);
      turns.set(conversationId, turn);
      if (turns.size > maxConversations) {
        const [first] = turns.keys();
        if (first !== undefined) turns.delete(first);
      }
      return delayMs;
    },
    refund(conversationId, dueMs) {
      const turn = turns.get(conversationId);
      if (turn?.dueMs !== dueMs) return;
      turn.shared -= 1;
      if (turn.shared > 0) return;
      delays.refund(turn.address, dueMs);
      if (turn.before) turns.set(conversationId, turn.before);
      else turns.delete(conversationId);
    },
    sweep(nowMs) {
      delays.sweep(nowMs);
      for (const [id, { dueMs }] of turns) if (dueMs + forgottenMs <= nowMs) turns.delete(id);
    },
    size: () => turns.size,
  };
}
