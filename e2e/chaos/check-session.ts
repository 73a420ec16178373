/**
 * [D4] [D5] Follows what one session brings: every `seq` once, ascending, without a gap, from where
 * the client had asked to go on, or from a fresh start.
 */
import type { Findings, Place } from './check-findings.ts';

export interface SessionStart {
  readonly place: Place;
  readonly resumed: boolean;
  readonly lastSeq: number;
  readonly askedFrom: number | undefined;
  /** Lowest `seq` that the client holds already; older pages of history end below it. */
  readonly low: number | undefined;
  /** How many rows the conversation has in the end. */
  readonly stored: number;
  /** Id of the row that stands there. */
  idAt(seq: number): string | undefined;
  /** Whether the acknowledgement of this id may have been on its way and got lost. */
  mayBeAcknowledged(id: string): boolean;
  readonly findings: Findings;
}

export interface FollowedSession {
  received(seq: number, via: 'live' | 'history'): void;
  acknowledged(seq: number, duplicate: boolean): void;
  /** Reports what never came; tells the lowest and highest `seq` that the client holds. */
  end(): { readonly low: number | undefined; readonly high: number };
}

export function followSession(start: SessionStart): FollowedSession {
  const { findings, lastSeq, askedFrom, resumed } = start;
  /** Next `seq` in order; not known where the client asked for the newest part of a history. */
  let next = firstExpected();
  let low = start.low;
  let high = resumed ? (askedFrom ?? 0) : 0;
  const seen = new Set<number>();
  /** Seen as acknowledgements only. */
  const confirmed = new Set<number>();
  /** Left out so far. */
  const holes = new Set<number>();
  let older: { readonly from: number; next: number } | undefined;

  function firstExpected(): number | undefined {
    if (askedFrom !== undefined) return resumed ? askedFrom + 1 : 1;
    return lastSeq === 0 ? 1 : undefined;
  }

  function placeOf(seq: number): Place {
    const id = start.idAt(seq);
    return { ...start.place, ...(id === undefined ? {} : { id }), seq };
  }

  /** Whatever is left out between the last `seq` and this one. */
  function leaveOut(from: number, to: number): void {
    // A `seq` beyond all rows is nonsense, and reported elsewhere.
    for (let seq = from; seq < Math.min(to, start.stored + 1); seq += 1) {
      const id = start.idAt(seq);
      if (id === undefined) continue;
      // What stood there when the session began is part of its history, the client's own too.
      if (seq > lastSeq && start.mayBeAcknowledged(id)) continue;
      holes.add(seq);
    }
  }

  /** Takes what is the next, or later. */
  function advance(seq: number, isHistory: boolean): void {
    if (next === undefined) {
      if (!isHistory || seq > lastSeq) {
        const what = `comes first, though history up to ${lastSeq} was due`;
        findings.report('D5', 'lost', placeOf(seq), what);
      }
      next = seq;
    }
    leaveOut(next, seq);
    next = seq + 1;
    low ??= seq;
  }

  function olderPage(seq: number): boolean {
    if (low === undefined || seq >= low) return false;
    if (older !== undefined && seq !== older.next) endOlder();
    older ??= { from: seq, next: seq };
    older.next = seq + 1;
    if (older.next === low) {
      low = older.from;
      older = undefined;
    }
    return true;
  }

  function endOlder(): void {
    if (older === undefined) return;
    const what = `older history ends here, though the next that is known is ${low}`;
    findings.report('D5', 'lost', placeOf(older.next - 1), what);
    older = undefined;
  }

  return {
    received(seq, via) {
      const isHistory = via === 'history';
      high = Math.max(high, seq);
      if (seen.has(seq)) {
        findings.report('D4', 'doubled', placeOf(seq), 'received twice in one session');
        return;
      }
      seen.add(seq);
      if (next === undefined || seq >= next) advance(seq, isHistory);
      else if (holes.delete(seq)) {
        findings.report('D4', 'reordered', placeOf(seq), `received after seq ${next - 1}`);
      } else if (confirmed.has(seq)) {
        if (isHistory) return;
        findings.report('D4', 'doubled', placeOf(seq), 'received live after its acknowledgement');
      } else if (isHistory && (olderPage(seq) || isOwnGap(seq))) return;
      else {
        const what = `received again, though ${next - 1} had been reached`;
        findings.report('D4', 'doubled', placeOf(seq), what);
      }
    },
    acknowledged(seq, duplicate) {
      high = Math.max(high, seq);
      // A repeated one tells what was stored before, wherever that stands.
      if (duplicate) return;
      if (next === undefined || seq >= next) advance(seq, false);
      else if (!seen.has(seq)) {
        findings.report('D2', 'reordered', placeOf(seq), `acknowledged after seq ${next - 1}`);
      }
      confirmed.add(seq);
    },
    end() {
      endOlder();
      for (const seq of holes) {
        const rule = resumed ? 'D4' : 'D5';
        const what = `left out in a session ${resumed ? `resumed from ${askedFrom}` : 'begun anew'}`;
        findings.report(rule, 'lost', placeOf(seq), what);
      }
      return { low, high };
    },
  };

  /** Skipped because an acknowledgement stood for it, which the network swallowed. */
  function isOwnGap(seq: number): boolean {
    const id = start.idAt(seq);
    return seq > Math.max(lastSeq, askedFrom ?? 0) && id !== undefined;
  }
}
