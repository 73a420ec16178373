/** Questions that a timeline can answer. */
import { seqs, type Entry, type Timeline } from './timeline.ts';

/** The first hole between the messages known: what lies before `beforeSeq`, `limit` messages. */
export function gapIn(state: Timeline): { beforeSeq: number; limit: number } | undefined {
  const known = seqs(state);
  for (const [index, seq] of known.entries()) {
    const previous = known[index - 1];
    if (previous !== undefined && seq > previous + 1) {
      return { beforeSeq: seq, limit: Math.min(100, seq - previous - 1) };
    }
  }
  return undefined;
}

/** The `seq` up to which nothing is missing: where a resumed session goes on. 0 for none. */
export function position(state: Timeline): number {
  const gap = gapIn(state);
  const known = seqs(state);
  return (gap ? known[known.indexOf(gap.beforeSeq) - 1] : known.at(-1)) ?? 0;
}

/** Whether a question of this page load still waits for its answer to begin. */
export function awaitsAnswer(state: Timeline): boolean {
  const last = state.entries.findLast(
    ({ sender, kind, seq }) => sender === 'visitor' && kind === undefined && seq !== undefined,
  );
  if (!last?.acknowledged) return false;
  return !state.entries.some((entry) =>
    entry.answers.length > 0
      ? entry.answers.includes(last.id) && isShown(entry)
      : entry.sender !== 'visitor' && (entry.seq ?? 0) > (last.seq ?? 0),
  );
}

/** Whether there is anything to see of it: of an answer whose beginning is missing there is not. */
export const isShown = ({ deltas, text }: Entry): boolean => !deltas || text.trim() !== '';
