import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctRun, type Move } from './check-correct-run.ts';
import { forgeriesOfPages } from './check-forgeries-pages.ts';
import { forgeriesOfWhatWasSeen } from './check-forgeries-seen.ts';
import { forgeriesOfTheStore } from './check-forgeries-stored.ts';
import type { DraftRun, Pick } from './check-forgery.ts';
import { check } from './check-run.ts';
import type { Run } from './history.ts';

const moves = (maxLength: number) =>
  fc.array(fc.record<Move>({ what: fc.nat(99), who: fc.nat(9), how: fc.nat(1000) }), {
    ...{ maxLength, size: 'max' },
  });

const nothing = { typed: 0, acknowledged: 0, lost: 0, doubled: 0, reordered: 0, unanswered: 0 };
const empty: Run = { clients: [], pages: [], stored: [] };

describe('the checker', () => {
  it('accepts every run in which the contract was kept', () => {
    let typed = 0;
    fc.assert(
      fc.property(moves(60), (steps) => {
        const { findings, counts } = check(correctRun(steps));
        expect(findings).toEqual([]);
        expect(counts).toMatchObject({ lost: 0, doubled: 0, reordered: 0, unanswered: 0 });
        expect(counts.acknowledged).toBeLessThanOrEqual(counts.typed);
        typed += counts.typed;
      }),
      { numRuns: 400, seed: 3 },
    );
    expect(typed).toBeGreaterThan(20_000);
  });

  it('has nothing to say of a run in which nothing happened', () => {
    expect(check(empty)).toEqual({ findings: [], counts: nothing });
  });

  it('accepts what a client asks for again after its acknowledgement was lost', () => {
    const stored: Run['stored'] = [
      {
        id: 'k',
        messages: [
          { id: 'a', seq: 1, sender: 'visitor', text: 'One' },
          { id: 'ai:a', seq: 2, sender: 'assistant', text: 'To one', inReplyTo: 'a' },
        ],
      },
    ];
    const own = { type: 'received', id: 'a', seq: 1, sender: 'visitor', text: 'One' } as const;
    const answer = {
      ...{ ...own, id: 'ai:a', seq: 2, sender: 'assistant' },
      ...{ text: 'To one', via: 'live' as const },
    } as const;
    const events: Run['clients'][number]['events'] = [
      { type: 'session', conversationId: 'k', resumed: false, lastSeq: 0 },
      { type: 'typed', id: 'a', text: 'One', kind: 'chat_message' },
      // Its acknowledgement would have stood here.
      answer,
      { ...own, via: 'history' },
      { type: 'acknowledged', id: 'a', seq: 1, duplicate: true },
    ];
    expect(check({ clients: [{ client: 'c', events }], pages: [], stored }).findings).toEqual([]);
    // Of somebody else, the same is a message that came too late.
    const other = { client: 'd', events: events.filter(({ type }) => type !== 'typed') };
    const typed = { client: 'c', events: events.slice(0, 2) };
    const { findings } = check({ clients: [typed, other], pages: [], stored });
    expect(findings).toMatchObject([{ rule: 'D4', kind: 'reordered' }]);
  });

  it('counts a message once, however many rules its loss breaks', () => {
    const typed = { type: 'typed', id: 'a', text: 'Hello', kind: 'chat_message' } as const;
    const session = { type: 'session', conversationId: 'k', resumed: false, lastSeq: 0 } as const;
    const acknowledged = { type: 'acknowledged', id: 'a', seq: 1, duplicate: false } as const;
    const report = check({
      ...empty,
      clients: [{ client: 'c', events: [typed, session, acknowledged] }],
    });
    expect(report.counts).toEqual({ ...nothing, typed: 1, acknowledged: 1, lost: 1 });
    expect(report.findings[0]).toMatchObject({ rule: 'D1', kind: 'lost' });
    expect(report.findings[0]?.what).toMatch(/client c.*id a.*not stored/);
  });

  it('reads a hundred thousand messages in one go', () => {
    const { clients, stored } = longRun(50_000);
    const startedMs = performance.now();
    expect(check({ clients, stored, pages: [] }).counts).toMatchObject({
      ...{ typed: 50_000, acknowledged: 50_000, lost: 0, doubled: 0, reordered: 0, unanswered: 0 },
    });
    console.log(`100,000 rows checked in ${Math.round(performance.now() - startedMs)} ms`);
  });
});

describe('a forged history', () => {
  const forgeries = [...forgeriesOfTheStore, ...forgeriesOfWhatWasSeen, ...forgeriesOfPages];
  // Made once and forged again and again: the number of a run and the dice name a case.
  const runs = fc.sample(moves(10), { numRuns: 200, seed: 4 }).map(correctRun);

  it.each(forgeries)('is found out: $name [$rule]', ({ rule, kind, forge }) => {
    let forged = 0;
    fc.assert(
      fc.property(fc.nat(runs.length - 1), fc.nat(), (number, dice) => {
        const run = structuredClone(runs[number]) as DraftRun;
        if (!forge(run, pickWith(dice))) return;
        forged += 1;
        const { findings, counts } = check(run);
        expect(findings.map((finding) => `${finding.rule} ${finding.kind}`)).toContain(
          `${rule} ${kind}`,
        );
        if (kind !== 'other') expect(counts[kind]).toBeGreaterThan(0);
      }),
      { numRuns: 200, seed: 5 },
    );
    expect(forged).toBeGreaterThan(100);
  });
});

/** One of several, by a number; another one each time. */
function pickWith(dice: number): Pick {
  let state = dice;
  return (from) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return from[state % from.length];
  };
}

/** One client that asks so many questions in ten conversations. */
function longRun(questions: number): Omit<Run, 'pages'> {
  const clients: Run['clients'][number][] = [];
  const stored: Run['stored'][number][] = [];
  for (let part = 0; part < 10; part += 1) {
    const events: Run['clients'][number]['events'][number][] = [
      { type: 'session', conversationId: `k${part}`, resumed: false, lastSeq: 0 },
    ];
    const messages: Run['stored'][number]['messages'][number][] = [];
    for (let index = 0; index < questions / 10; index += 1) {
      const id = `q${part}-${index}`;
      const [seq, text] = [2 * index + 1, `Question ${id}`];
      const answer = { id: `ai:${id}`, seq: seq + 1, sender: 'assistant', text: 'Yes.' };
      messages.push({ id, seq, sender: 'visitor', text }, { ...answer, inReplyTo: id });
      events.push({ type: 'typed', id, text, kind: 'chat_message' });
      events.push({ type: 'acknowledged', id, seq, duplicate: false });
      events.push({ type: 'received', ...answer, via: 'live' });
    }
    clients.push({ client: `c${part}`, events });
    stored.push({ id: `k${part}`, messages });
  }
  return { clients, stored };
}
