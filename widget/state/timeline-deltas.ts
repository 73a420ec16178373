import type { Entry, TimelineEvent } from './timeline.ts';

/** Pieces of an answer that are put together. */
const maxDeltas = 20_000;

/** Questions that have their whole answer. */
const answered = (entries: readonly Entry[]): readonly string[] =>
  entries.flatMap(({ deltas, answers }) => (deltas ? [] : answers));

/**
 * Without the half-written answers to questions whose whole answer is among these entries: one
 * answer may cover several questions, and what was begun for one of them alone is given up.
 */
export function withoutGivenUp(entries: readonly Entry[]): readonly Entry[] {
  const done = answered(entries);
  return entries.filter(({ deltas, answers }) => !deltas || !done.includes(answers[0] ?? ''));
}

/** Without any half-written answer. */
export const withoutUnfinished = (entries: readonly Entry[]): readonly Entry[] =>
  entries.filter(({ deltas }) => !deltas);

/**
 * What was written of an answer when one more piece is there; `undefined` where the piece changes
 * nothing.
 *
 * @param old - what is shown under its id
 */
export function growingEntry(
  blank: Omit<Entry, 'id' | 'sender' | 'text' | 'atMs'>,
  entries: readonly Entry[],
  old: Entry | undefined,
  event: TimelineEvent & { type: 'delta' },
): Entry | undefined {
  // What is whole stays; a number that no answer reaches would only fill the memory.
  if (old ? !old.deltas : answered(entries).includes(event.inReplyTo)) return undefined;
  if (event.index > maxDeltas) return undefined;
  // An answer that was begun again, as after a crash, starts over at 0 with other words.
  const deltas = event.index === 0 ? [] : [...(old?.deltas ?? [])];
  deltas[event.index] = event.delta;
  const missing = deltas.findIndex((piece) => piece === undefined);
  return {
    ...blank,
    id: event.id,
    sender: 'assistant',
    text: deltas.slice(0, missing < 0 ? undefined : missing).join(''),
    atMs: old?.atMs ?? event.nowMs,
    answers: [event.inReplyTo],
    deltas,
  };
}
