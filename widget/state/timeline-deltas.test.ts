import { describe, expect, it } from 'vitest';
import type { HistoryMessage } from '../../shared/protocol.ts';
import { awaitsAnswer } from './timeline-views.ts';
import { emptyTimeline, reduce, type Timeline, type TimelineEvent } from './timeline.ts';

const at = (seq: number): string => new Date(1_700_000_000_000 + seq * 1_000).toISOString();
const message = (seq: number, more: Partial<HistoryMessage> = {}): HistoryMessage => ({
  id: `m${seq}`,
  seq,
  sender: 'owner',
  message: `text ${seq}`,
  timestamp: at(seq),
  ...more,
});
const run = (events: readonly TimelineEvent[], from: Timeline = emptyTimeline): Timeline =>
  events.reduce(reduce, from);
const echo = (id: string): TimelineEvent => ({
  type: 'echo',
  id,
  text: `said ${id}`,
  atMs: 1,
  kind: undefined,
});
const ids = (state: Timeline): string[] => state.entries.map(({ id }) => id);
const history = (
  messages: readonly HistoryMessage[],
  more = false,
  resume = false,
): TimelineEvent => ({ type: 'history', messages, more, resume });

describe('an answer that is being written', () => {
  const piece = (index: number, delta: string): TimelineEvent => ({
    type: 'delta',
    id: 'ai:q',
    inReplyTo: 'q',
    index,
    delta,
    nowMs: 9,
  });

  it('grows in order, and is replaced by the whole', () => {
    const state = run([piece(0, 'One '), piece(2, 'three'), piece(1, 'two ')]);
    expect(state.entries[0]?.text).toBe('One two three');
    const whole = message(2, { id: 'ai:q', sender: 'assistant', message: 'One two three.' });
    const done = run([{ type: 'message', message: whole }, piece(3, '!')], state);
    expect(done.entries).toMatchObject([{ text: 'One two three.', seq: 2, deltas: undefined }]);
  });

  it('shows no further than to the first missing piece', () => {
    expect(run([piece(0, 'One '), piece(2, 'three')]).entries[0]?.text).toBe('One ');
  });

  it('starts over where it is begun again', () => {
    expect(run([piece(0, 'Old'), piece(1, ' words'), piece(0, 'New')]).entries[0]?.text).toBe(
      'New',
    );
  });

  it('starts over even with the same first words', () => {
    expect(run([piece(0, 'The'), piece(1, ' old'), piece(0, 'The')]).entries[0]?.text).toBe('The');
  });

  it('is given up where one answer covers its question and others', () => {
    const both = message(3, { id: 'ai:r', sender: 'assistant', answers: ['q', 'r'] });
    const state = run([piece(0, 'One'), { type: 'message', message: both }]);
    expect(ids(state)).toEqual(['ai:r']);
    // What was still on its way when the assistant began anew.
    expect(run([piece(1, ' more')], state)).toBe(state);
    expect(ids(run([history([both], false, true)], run([piece(0, 'One')])))).toEqual(['ai:r']);
  });

  it('is given up where another is begun, to cover more that was asked', () => {
    const other: TimelineEvent = {
      ...{ type: 'delta', id: 'ai:r', inReplyTo: 'r', index: 0, delta: 'Both', nowMs: 9 },
    };
    expect(ids(run([piece(0, 'One'), piece(1, ' two'), other]))).toEqual(['ai:r']);
  });

  it('is given up where the assistant falls silent, unless the whole comes', () => {
    const silent = run([piece(0, 'One'), { type: 'silenced' }]);
    expect(ids(silent)).toEqual([]);
    const whole = message(2, { id: 'ai:q', sender: 'assistant', answers: ['q'] });
    expect(ids(run([{ type: 'message', message: whole }], silent))).toEqual(['ai:q']);
  });

  it.each([true, false])('is not kept over the beginning of a session (kept: %s)', (keep) => {
    const state = run([history([message(1)], false, true), piece(0, 'One')]);
    expect(ids(run([{ type: 'session', keep, lastSeq: 1 }], state))).not.toContain('ai:q');
  });

  it('stays below what the owner says meanwhile', () => {
    const state = run([
      piece(0, 'One'),
      { type: 'message', message: message(4) },
      piece(1, ' two'),
    ]);
    expect(ids(state)).toEqual(['m4', 'ai:q']);
    expect(state.entries[1]?.text).toBe('One two');
  });

  it('is awaited until the answer covers the last question', () => {
    const asked = run([
      ...['q', 'r'].flatMap((id, index): TimelineEvent[] => [
        echo(id),
        { type: 'ack', id, seq: index + 1, atMs: index + 1 },
      ]),
    ]);
    const answer = (answers: string[]): TimelineEvent => ({
      type: 'message',
      message: message(3, { id: `ai:${answers.at(-1) ?? ''}`, sender: 'assistant', answers }),
    });
    expect(awaitsAnswer(run([answer(['q'])], asked))).toBe(true);
    expect(awaitsAnswer(run([answer(['q', 'r'])], asked))).toBe(false);
    // Its beginning is missing: nothing of it can be seen yet.
    const middle: TimelineEvent = {
      ...{ type: 'delta', id: 'ai:r', inReplyTo: 'r', index: 3, delta: 'x', nowMs: 1 },
    };
    expect(awaitsAnswer(run([middle], asked))).toBe(true);
  });

  it('is awaited from the acknowledgement to its first sign', () => {
    const asked = run([echo('q'), { type: 'ack', id: 'q', seq: 1, atMs: 1 }]);
    expect(awaitsAnswer(run([echo('q')]))).toBe(false);
    expect(awaitsAnswer(asked)).toBe(true);
    expect(awaitsAnswer(run([piece(0, 'H')], asked))).toBe(false);
    expect(awaitsAnswer(run([{ type: 'message', message: message(2) }], asked))).toBe(false);
    expect(awaitsAnswer(run([history([message(1, { id: 'q', sender: 'visitor' })])]))).toBe(false);
  });
});

it('a piece of an answer with an absurd number changes nothing [D19]', () => {
  const piece = { type: 'delta', id: 'ai:q', inReplyTo: 'q', delta: 'x', nowMs: 0 } as const;
  const begun = reduce(emptyTimeline, { ...piece, index: 0 });
  expect(reduce(begun, { ...piece, index: 2 ** 31 })).toBe(begun);
});
