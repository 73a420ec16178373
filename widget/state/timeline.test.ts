import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryMessage } from '../../shared/protocol.ts';
import { gapIn, position } from './timeline-views.ts';
import {
  emptyTimeline,
  reduce,
  unreadCount,
  type Timeline,
  type TimelineEvent,
} from './timeline.ts';

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

describe('a message of the visitor', () => {
  it('is shown at once, and sent when it is acknowledged, once', () => {
    const ack: TimelineEvent = { type: 'ack', id: 'a', seq: 1, atMs: 5 };
    const sending = run([echo('a')]);
    expect(sending.entries).toMatchObject([{ id: 'a', delivery: 'sending' }]);
    const sent = run([ack, ack, echo('a')], sending);
    expect(sent.entries).toMatchObject([{ id: 'a', delivery: 'sent', seq: 1, atMs: 5 }]);
    expect(sent.entries).toHaveLength(1);
  });

  it('can fail, be sent again, and be discarded; never after it has been stored', () => {
    const failed = run([echo('a'), { type: 'failed', id: 'a', reason: 'no' }]);
    expect(failed.entries[0]).toMatchObject({ delivery: 'failed', failure: 'no' });
    expect(run([{ type: 'resend', id: 'a' }], failed).entries[0]?.delivery).toBe('sending');
    expect(run([{ type: 'discard', id: 'a' }], failed).entries).toEqual([]);
    const stored = run([{ type: 'ack', id: 'a', seq: 1, atMs: 1 }], failed);
    for (const type of ['failed', 'discard'] as const) {
      expect(run([{ type, id: 'a', reason: 'no' }], stored).entries[0]?.delivery).toBe('sent');
    }
  });

  it('keeps its number where a copy of it has none', () => {
    const copy = { ...message(4, { id: 'a', sender: 'visitor' }), seq: undefined };
    const state = run([
      echo('a'),
      { type: 'ack', id: 'a', seq: 4, atMs: 1 },
      { type: 'message', message: copy },
    ]);
    expect(state.entries).toMatchObject([{ id: 'a', seq: 4 }]);
  });

  it('stays last while it is on its way', () => {
    const state = run([echo('mine'), { type: 'message', message: message(1) }]);
    expect(ids(state)).toEqual(['m1', 'mine']);
  });
});

describe('any order of arrival', () => {
  // Five own messages, each with an answer: everything that can tell of them, in any order.
  const facts: TimelineEvent[] = [1, 3, 5, 7, 9].flatMap((seq): TimelineEvent[] => {
    const id = `v${seq}`;
    const mine = message(seq, { id, sender: 'visitor', message: `said ${id}` });
    const answer = message(seq + 1, { id: `ai:${id}`, sender: 'assistant', in_reply_to: id });
    return [
      echo(id),
      { type: 'ack', id, seq, atMs: Date.parse(at(seq)) },
      { type: 'message', message: mine },
      { type: 'message', message: answer },
      history([mine, answer]),
      history([mine, answer], false, true),
    ];
  });
  const complete = run(facts);
  const look = (state: Timeline): unknown =>
    state.entries.map(({ id, seq, text, delivery, atMs, sender }) => ({
      id,
      seq,
      text,
      delivery,
      atMs,
      sender,
    }));

  it('leads to the same list, nothing twice, nothing lost', () => {
    expect(complete.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(facts, { minLength: facts.length }),
        fc.array(fc.constantFrom(...facts), { maxLength: 20 }),
        (order, repeated) => {
          expect(look(run([...order, ...repeated]))).toEqual(look(complete));
          expect(look(run([...repeated, ...order]))).toEqual(look(complete));
        },
      ),
    );
  });

  it('never loses a message that was only typed, whatever else arrives', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(facts), fc.boolean(), (order, keep) => {
        const state = run([echo('typed'), ...order, { type: 'session', keep, lastSeq: 9 }]);
        expect(ids(state)).toContain('typed');
      }),
    );
  });

  it('places broadcasts by their time', () => {
    const told: TimelineEvent = {
      type: 'message',
      message: { ...message(2), id: 'all', seq: undefined, broadcast: true },
    };
    const others = [1, 2, 3].map((seq): TimelineEvent => ({
      type: 'message',
      message: message(seq),
    }));
    expect(ids(run([told, ...others]))).toEqual(['m1', 'm2', 'all', 'm3']);
    expect(ids(run([...others, told]))).toEqual(['m1', 'm2', 'all', 'm3']);
  });
});

describe('history', () => {
  it('knows whether older messages exist', () => {
    const fresh = run([history([message(8), message(9)], true, true)]);
    expect(fresh.more).toBe(true);
    expect(run([history([message(7)], true)], fresh).more).toBe(true);
    expect(run([history([message(1)], true)], fresh).more).toBe(false);
    expect(run([history([], false)], fresh).more).toBe(false);
  });

  it('does not take the next page of a resumed session for older messages', () => {
    const known = run([history([message(1), message(2)], false, true)]);
    const resumed = run(
      [{ type: 'session', keep: true, lastSeq: 4 }, history([message(3)], true, true)],
      known,
    );
    expect(resumed.more).toBe(false);
    expect(ids(resumed)).toEqual(['m1', 'm2', 'm3']);
  });

  it('starts afresh where a session was not resumed, and keeps what was not sent', () => {
    const known = run([history([message(1)], false, true), echo('mine')]);
    expect(ids(run([{ type: 'session', keep: false, lastSeq: 0 }], known))).toEqual(['mine']);
  });

  it('finds holes, and resumes from before the first', () => {
    const state = run([
      history([message(4), message(5)], true, true),
      { type: 'message', message: message(9) },
    ]);
    expect(gapIn(state)).toEqual({ beforeSeq: 9, limit: 3 });
    expect(position(state)).toBe(5);
    const filled = run([history([message(6), message(7), message(8)], true)], state);
    expect(gapIn(filled)).toBeUndefined();
    expect(position(filled)).toBe(9);
  });
});

describe('what was read', () => {
  const begun = run([{ type: 'session', keep: false, lastSeq: 3 }]);

  it('begins anew with another conversation', () => {
    const read = run([{ type: 'read', sender: 'visitor', seq: 9 }], begun);
    const fresh = run(
      [
        { type: 'session', keep: false, another: true, lastSeq: 1 },
        history([message(1)], false, true),
        { type: 'message', message: message(2) },
      ],
      read,
    );
    expect(unreadCount(fresh)).toBe(1);
  });

  it('counts what others said since, and nothing that was known before', () => {
    const state = run(
      [
        history([message(2), message(3)], false, true),
        { type: 'message', message: message(4) },
        { type: 'message', message: message(5, { sender: 'visitor' }) },
        { type: 'notice', id: 'n', key: 'ownerAnswers' },
      ],
      begun,
    );
    expect(unreadCount(state)).toBe(1);
    expect(unreadCount(run([{ type: 'seen' }], state))).toBe(0);
    expect(unreadCount(run([{ type: 'read', sender: 'visitor', seq: 4 }], state))).toBe(0);
  });

  it('says who came before what they came with', () => {
    const shown = (events: readonly TimelineEvent[]): readonly string[] =>
      run(events, begun).entries.map(({ id, kind }) => (kind === 'notice' ? 'came' : id));
    const reply = { type: 'message', message: message(4, { sender: 'owner' }) } as const;
    const came = { type: 'notice', id: 'n', key: 'ownerAnswers' } as const;
    expect(shown([reply, came]).at(-2)).toBe('came');
    expect(shown([came, reply]).at(-2)).toBe('came');
    expect(shown([reply, { ...came, key: 'assistantAnswers' }]).at(-1)).toBe('came');
  });

  it('counts a broadcast until it was seen', () => {
    const told = { ...message(9), seq: undefined, broadcast: true } as HistoryMessage;
    const state = run([{ type: 'message', message: told }], begun);
    expect(unreadCount(state)).toBe(1);
    const seen = run([{ type: 'seen' }, { type: 'message', message: told }], state);
    expect(unreadCount(seen)).toBe(0);
  });
});
