/** Notices that this process has claimed and not begun to deliver. */
import type { OwedNotice } from '../ports.ts';

export interface HeldNotices {
  readonly size: number;
  /** When the oldest message held here was stored; Unix milliseconds. */
  oldestMs(): number | undefined;
  add(row: OwedNotice, leaseEndsMs: number): void;
  /** Drops rows whose lease leaves less than this: others may soon have them, or we again. */
  forget(leaseEndsBeforeMs: number): void;
  /** Conversations with held rows, oldest row first. */
  conversations(): readonly string[];
  /** Takes all rows of a conversation out; `leaseEndsMs` is the earliest end among them. */
  take(
    conversationId: string,
  ): { readonly rows: readonly [OwedNotice, ...OwedNotice[]]; leaseEndsMs: number } | undefined;
}

export function createHeldNotices(): HeldNotices {
  const rows = new Map<number, { readonly row: OwedNotice; readonly leaseEndsMs: number }>();
  return {
    get size() {
      return rows.size;
    },
    oldestMs: () =>
      rows.size === 0
        ? undefined
        : Math.min(...[...rows.values()].map(({ row }) => row.createdAtMs)),
    add: (row, leaseEndsMs) => void rows.set(row.noticeId, { row, leaseEndsMs }),
    forget(leaseEndsBeforeMs) {
      for (const [id, { leaseEndsMs }] of rows) {
        if (leaseEndsMs < leaseEndsBeforeMs) rows.delete(id);
      }
    },
    conversations() {
      const ordered = [...rows.values()].sort((a, b) => a.row.noticeId - b.row.noticeId);
      return [...new Set(ordered.map(({ row }) => row.conversationId))];
    },
    take(conversationId) {
      const taken = [...rows.values()].filter(({ row }) => row.conversationId === conversationId);
      for (const { row } of taken) rows.delete(row.noticeId);
      const [first, ...others] = taken.map(({ row }) => row);
      if (!first) return undefined;
      return {
        rows: [first, ...others],
        leaseEndsMs: Math.min(...taken.map(({ leaseEndsMs }) => leaseEndsMs)),
      };
    },
  };
}
