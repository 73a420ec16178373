import { describe, expect, it } from 'vitest';
import { report, tooTame, type RunSummary } from './report.ts';

const summary: RunSummary = {
  seed: 7,
  durationMs: 60_000,
  clients: 200,
  pages: 5,
  transport: 'ws',
  disk: 'tmpfs',
  starts: 20,
  kills: {
    by: { random: 8, commit: 5, answer: 4, 'start-up': 2, drain: 1 },
    torn: 3,
    owing: 9,
  },
  faults: { 'connection cut': 12, 'clock jumped': 3 },
  counts: {
    typed: 12_345,
    acknowledged: 12_340,
    lost: 0,
    doubled: 0,
    reordered: 0,
    unanswered: 0,
  },
  findings: 0,
  notices: { acknowledged: 5, delivered: 3, owed: 2, missing: [] },
  crashes: 0,
  surprises: 0,
  integrity: 'ok',
};

describe('the report of a chaos run', () => {
  it('is one table with the faults and what became of the messages', () => {
    const table = report(summary);
    expect(table.split('\n').every((line) => /^\|.*\|$/.test(line))).toBe(true);
    for (const row of [
      '| **server killed (SIGKILL)** | 20 |',
      '| connection cut | 12 |',
      '| **messages typed** | 12,345 |',
      '| **lost** | 0 |',
      '| contact requests acknowledged, notified, still owed, missing | 5, 3, 2, 0 |',
    ]) {
      expect(table).toContain(row);
    }
  });

  it('says where a run proves little', () => {
    expect(tooTame(summary)).toEqual([]);
    const { by } = summary.kills;
    expect(
      tooTame({
        ...summary,
        kills: { ...summary.kills, by: { ...by, random: 0, drain: 0, answer: 0, commit: 0 } },
      }),
    ).toEqual(['only 2 kills in 60 s', 'no kill hit a commit', 'no kill hit an answer']);
    expect(tooTame({ ...summary, durationMs: 120_000, faults: { 'disk filled': 0 } })).toEqual([
      'never injected: disk filled',
    ]);
    expect(tooTame({ ...summary, counts: { ...summary.counts, acknowledged: 10 } })).toEqual([
      'only 10 messages were acknowledged',
    ]);
    // A short run has no time for everything.
    expect(tooTame({ ...summary, durationMs: 45_000, faults: { 'disk filled': 0 } })).toEqual([]);
  });
});
