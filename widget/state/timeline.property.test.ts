import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casesOf, propertyTimeoutMs } from '../../shared/property-cases.ts';
import type { HistoryMessage } from '../../shared/protocol.ts';
import { broadcast, createPage, startMs, step, steps } from './timeline-page.ts';
import { awaitsAnswer, gapIn, position } from './timeline-views.ts';
import { emptyTimeline, seqs, unreadCount, type Timeline, type TimelineEvent } from './timeline.ts';

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** What a server has stored: who spoke, one after another, by a clock that may jump. */
const spoken = fc.array(
  fc.record({
    by: fc.constantFrom('visitor' as const, 'assistant' as const, 'owner' as const),
    afterMs: fc.integer({ min: -5_000, max: 60_000 }),
    contact: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);
type Spoken = typeof spoken extends fc.Arbitrary<infer Value> ? Value : never;

function conversation(lines: Spoken): HistoryMessage[] {
  let atMs = startMs;
  return lines.map(({ by, afterMs, contact }, index) => {
    atMs += afterMs;
    const seq = index + 1;
    const timestamp = new Date(atMs).toISOString();
    const message = { id: `${by}-${seq}`, seq, sender: by, message: `text ${seq}`, timestamp };
    // An answer covers what was asked right before it.
    if (by === 'assistant') {
      const asked = lines.slice(0, index).findLastIndex((line) => line.by === 'assistant') + 1;
      const answers = Array.from({ length: index - asked }, (_, at) => `q${asked + at}`);
      return { ...message, answers };
    }
    return by === 'visitor' && contact ? { ...message, kind: 'contact_request' } : message;
  });
}

/** Everything that can tell a page of these messages. */
function facts(messages: readonly HistoryMessage[]): TimelineEvent[] {
  return messages.flatMap((message, index): TimelineEvent[] => {
    const { id, sender, seq = 0, kind } = message;
    const atMs = Date.parse(message.timestamp);
    const delta = (at: number, words: string): TimelineEvent => ({
      ...{ type: 'delta', id, inReplyTo: 'q', index: at, delta: words, nowMs: startMs + at },
    });
    // Begun for one of several questions, before one answer covered them.
    const givenUp = (message.answers ?? []).map((question): TimelineEvent => ({
      ...{ type: 'delta', id: `ai:${question}`, inReplyTo: question },
      ...{ index: 0, delta: 'begun', nowMs: startMs },
    }));
    const own: TimelineEvent[] =
      sender === 'visitor'
        ? [
            { type: 'echo', id, text: message.message, atMs: 1, kind },
            { type: 'ack', id, seq, atMs },
          ]
        : [];
    return [
      ...own,
      ...(sender === 'assistant' ? [delta(0, 'te'), delta(1, 'xt'), delta(3, '?')] : []),
      ...givenUp,
      { type: 'message', message },
      { type: 'history', messages: messages.slice(index, index + 3), more: false, resume: true },
    ];
  });
}

describe('a conversation told in any order', () => {
  it(
    'is the same list, in the order of seq, nothing twice and nothing missing [D19]',
    () => {
      const told = spoken.chain((lines) => {
        const messages = conversation(lines);
        const all = [
          ...facts(messages),
          broadcast('all-1', startMs + 10_000),
          broadcast('all-2', startMs + 10_000),
        ];
        return fc.record({
          messages: fc.constant(messages),
          order: fc.shuffledSubarray(all, { minLength: all.length }),
          other: fc.shuffledSubarray(all, { minLength: all.length }),
          again: fc.array(fc.constantFrom(...all), { maxLength: 12 }),
        });
      });
      fc.assert(
        fc.property(told, ({ messages, order, other, again }) => {
          const look = (events: readonly TimelineEvent[]) =>
            events
              .reduce(step, emptyTimeline)
              .entries.map(({ acknowledged: _told, ...entry }) => entry);
          const seen = look(order);
          demand(isDeepStrictEqual(seen, look([...again, ...other])), 'the order matters');
          demand(isDeepStrictEqual(seen, look([...other, ...again])), 'repetition matters');
          const own = look(other.filter(({ type }) => type === 'echo' || type === 'ack'));
          demand(
            own.every(({ delivery, seq }) => delivery === 'sent' && seq !== undefined),
            'an acknowledgement came first, and is forgotten',
          );
          const numbered = seen.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
          demand(
            isDeepStrictEqual(
              numbered,
              messages.map(({ seq }) => seq),
            ),
            'not the order of seq',
          );
          demand(seen.length === messages.length + 2, 'twice or missing');
          demand(
            seen.every(({ delivery, deltas }) => delivery === 'sent' && !deltas),
            'still under way',
          );
        }),
        casesOf('timeline in any order'),
      );
    },
    propertyTimeoutMs,
  );
});

function inspect(
  page: ReturnType<typeof createPage>,
  before: Timeline,
  event: TimelineEvent,
): void {
  const { state, stored, said, readUpTo } = page;
  const ids = state.entries.map(({ id }) => id);
  const known = seqs(state);
  demand(new Set(ids).size === ids.length, 'something is shown twice');
  demand(
    known.every((seq, index) => index === 0 || seq > (known[index - 1] ?? 0)),
    'not in the order of seq',
  );
  for (const entry of state.entries) {
    const truth = stored.find(({ id }) => id === entry.id);
    if (entry.seq !== undefined) {
      demand(truth?.seq === entry.seq && truth.message === entry.text, 'not what is stored');
      demand(entry.delivery === 'sent', 'stored, and not shown as sent');
    } else if (entry.sender === 'visitor') {
      demand(entry.delivery !== 'sent', 'shown as sent, and nobody said so');
    }
  }
  for (const id of said) {
    demand(ids.includes(id) || stored.some((one) => one.id === id), 'lost a text');
  }
  const mayVanish =
    event.type === 'clear' || event.type === 'discard' || (event.type === 'session' && !event.keep);
  const wholeAnswers = state.entries.flatMap(({ deltas, answers }) => (deltas ? [] : answers));
  const endsWriting = event.type === 'session' || event.type === 'silenced';
  const begins = event.type === 'delta' && event.index === 0;
  demand(
    mayVanish ||
      before.entries.every(
        ({ id, deltas, answers }) =>
          ids.includes(id) ||
          (deltas && (endsWriting || begins || wholeAnswers.includes(answers[0] ?? ''))),
      ),
    'something shown is gone',
  );
  for (const { id, deltas, answers, text } of state.entries) {
    if (!deltas) continue;
    demand(!endsWriting, 'half written, and nobody writes it');
    demand(!wholeAnswers.includes(answers[0] ?? ''), 'half written beside the whole answer');
    const all = page.pieces.get(id) ?? [];
    const missing = [...all].findIndex((piece) => piece === undefined);
    const prefix = all.slice(0, missing < 0 ? all.length : missing).join('');
    demand(text === prefix, 'not the pieces from the beginning to the first missing one');
  }
  const waiting = state.entries.findLast(
    ({ sender, kind, seq }) => sender === 'visitor' && !kind && seq !== undefined,
  );
  demand(
    !awaitsAnswer(state) || (waiting !== undefined && !wholeAnswers.includes(waiting.id)),
    'awaits an answer that is there',
  );

  const unread = state.entries.filter(({ sender, seq, broadcast: toAll, seen }) => {
    if (toAll) return !seen;
    return sender !== 'visitor' && seq !== undefined && readUpTo >= 0 && seq > readUpTo;
  });
  demand(unreadCount(state) === unread.length, 'counts unread messages wrongly');

  const upTo = position(state);
  const first = known[0] ?? 0;
  const whole = known.filter((seq) => seq <= upTo).length === (upTo ? upTo - first + 1 : 0);
  demand(whole && !known.includes(upTo + 1), 'resumes from the wrong place');
  demand((gapIn(state) === undefined) === (upTo === (known.at(-1) ?? 0)), 'sees holes wrongly');
}

describe('a conversation as it happens', () => {
  it(
    'shows nothing twice, in the order of seq, loses no text, and counts what is unread [D19] [D5]',
    () => {
      fc.assert(
        fc.property(fc.array(steps, { minLength: 5, maxLength: 50 }), (all) => {
          const page = createPage();
          for (const next of all) {
            const before = page.state;
            const event = page.live(next);
            if (event) inspect(page, before, event);
          }
          // A page of everything ends all doubt.
          const { stored } = page;
          page.live({ does: 'page', from: 0, length: stored.length, resume: true });
          expect(seqs(page.state)).toEqual(stored.map(({ seq }) => seq));
          expect(position(page.state)).toBe(stored.length);
        }),
        casesOf('timeline step by step'),
      );
    },
    propertyTimeoutMs,
  );
});
