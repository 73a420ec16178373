import type { Limits } from './context.ts';
import { createNoticeDelays } from './notice-delays.ts';
import { createSharedTurns } from './shared-turns.ts';
import {
  isIdle,
  newSlidingWindow,
  refund,
  take,
  waitFor,
  type RateLimit,
  type SlidingWindow,
} from './sliding-window.ts';

/** An address, or a connection's frames that store nothing, may send this many times as much. */
const sharedFactor = 10;

export interface MemoryLimits extends Limits {
  /** A connection is gone; its counts are forgotten. */
  forgetConnection(connectionId: string): void;
  /** Forgets whoever has sent nothing for a whole window. */
  sweep(nowMs: number): void;
}

/**
 * Counts in this process's memory.
 *
 * @param rate - stored messages of one conversation; an address gets ten times as much, and so
 *   do the other frames of a connection
 * @param saysNothing - whether many visitors may have this address, as they have the one of a proxy
 *   on this machine that does not pass on theirs: their notices do not wait for each other's
 */
export function createLimits(
  rate: RateLimit,
  saysNothing: (address: string) => boolean = () => false,
): MemoryLimits {
  const shared: RateLimit = { limit: rate.limit * sharedFactor, windowMs: rate.windowMs };
  const conversations = new Map<string, SlidingWindow>();
  const addresses = new Map<string, SlidingWindow>();
  const connections = new Map<string, SlidingWindow>();
  const wishes = createNoticeDelays();
  const chatter = createSharedTurns();
  return {
    takeMessage(conversationId, address, nowMs) {
      const conversation = windowOf(conversations, conversationId);
      const waitMs = take(conversation, rate, nowMs);
      if (waitMs > 0) return waitMs;
      const sharedWaitMs = take(windowOf(addresses, address), shared, nowMs);
      if (sharedWaitMs > 0) refund(conversation);
      return sharedWaitMs;
    },
    refundMessage(conversationId, address) {
      const conversation = conversations.get(conversationId);
      if (conversation) refund(conversation);
      const fromAddress = addresses.get(address);
      if (fromAddress) refund(fromAddress);
    },
    takeFrame: (connectionId, nowMs) => take(windowOf(connections, connectionId), shared, nowMs),
    frameWait(connectionId, nowMs) {
      const window = connections.get(connectionId);
      return window ? waitFor(window, shared, nowMs) : 0;
    },
    noticeTurn(of, nowMs) {
      const { kind, address, conversationId } = of;
      if (saysNothing(address)) return { ...of, dueMs: nowMs };
      const delayMs =
        kind === 'wish'
          ? wishes.take(address, nowMs)
          : chatter.take(conversationId, address, nowMs);
      return { ...of, dueMs: nowMs + delayMs };
    },
    refundNotice({ kind, address, conversationId, dueMs }) {
      if (kind === 'wish') wishes.refund(address, dueMs);
      else chatter.refund(conversationId, dueMs);
    },
    forgetConnection: (connectionId) => void connections.delete(connectionId),
    sweep(nowMs) {
      wishes.sweep(nowMs);
      chatter.sweep(nowMs);
      for (const [windows, limit] of [
        [conversations, rate],
        [addresses, shared],
      ] as const) {
        for (const [key, window] of windows) {
          if (isIdle(window, limit, nowMs)) windows.delete(key);
        }
      }
    },
  };
}

function windowOf(windows: Map<string, SlidingWindow>, key: string): SlidingWindow {
  const known = windows.get(key);
  if (known) return known;
  const fresh = newSlidingWindow();
  windows.set(key, fresh);
  return fresh;
}
