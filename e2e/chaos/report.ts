/** The one table at the end of a chaos run. */
import type { CheckReport } from './check-run.ts';
import type { ContactNotices } from './contact-notices.ts';
import type { KillCounts } from './kills.ts';

export interface RunSummary {
  readonly seed: number;
  readonly durationMs: number;
  readonly clients: number;
  readonly pages: number;
  readonly transport: string;
  readonly disk: string;
  readonly starts: number;
  readonly kills: KillCounts;
  readonly faults: Readonly<Record<string, number>>;
  readonly counts: CheckReport['counts'];
  readonly findings: number;
  readonly notices: ContactNotices;
  readonly crashes: number;
  readonly surprises: number;
  readonly integrity: string;
}

const killNames: Readonly<Record<keyof KillCounts['by'], string>> = {
  random: 'at a random moment',
  commit: 'as the write-ahead log was written',
  answer: 'between an acknowledgement and its answer',
  'start-up': 'while starting',
  drain: 'while draining',
};

export function report(summary: RunSummary): string {
  const { kills, faults, counts, notices } = summary;
  const killed = Object.values(kills.by).reduce((sum, count) => sum + count, 0);
  const rows: (readonly [string, string | number])[] = [
    ['**run**', `seed ${summary.seed}, ${Math.round(summary.durationMs / 1000)} s of faults`],
    ['clients, pages of Chromium', `${summary.clients}, ${summary.pages}`],
    ['transport, small disk', `${summary.transport}, ${summary.disk}`],
    ['**server killed (SIGKILL)**', killed],
    ...Object.entries(kills.by).map(
      ([kind, count]) => [`– ${killNames[kind as keyof KillCounts['by']]}`, count] as const,
    ),
    ['– of all: leaving half a transaction in the log', kills.torn],
    ['– of all: with answers owed', kills.owing],
    ['server started', summary.starts],
    ...Object.entries(faults),
    ['**messages typed**', counts.typed],
    ['**messages acknowledged**', counts.acknowledged],
    ['**lost**', counts.lost],
    ['**doubled**', counts.doubled],
    ['**reordered**', counts.reordered],
    ['**unanswered**', counts.unanswered],
    ['findings of the checker in all', summary.findings],
    [
      'contact requests acknowledged, notified, still owed, missing',
      `${notices.acknowledged}, ${notices.delivered}, ${notices.owed}, ${notices.missing.length}`,
    ],
    ['server ended by itself', summary.crashes],
    ['other surprises', summary.surprises],
    ['integrity of the database', summary.integrity],
  ];
  const table = rows.map(([name, value]) => `| ${name} | ${number(value)} |`);
  return ['| chaos run | |', '| :-- | --: |', ...table].join('\n');
}

const number = (value: string | number): string =>
  typeof value === 'number' ? value.toLocaleString('en') : value;

/** Why a run proves nothing, however content the checker is; empty where it does. */
export function tooTame(summary: RunSummary): readonly string[] {
  const { kills, counts, clients, faults, durationMs } = summary;
  const killed = Object.values(kills.by).reduce((sum, count) => sum + count, 0);
  const seconds = durationMs / 1000;
  const needed: (readonly [boolean, string])[] = [
    [killed >= Math.floor(seconds / 8), `only ${killed} kills in ${seconds} s`],
    [seconds < 60 || kills.by.commit > 0, 'no kill hit a commit'],
    [seconds < 60 || kills.by.answer > 0, 'no kill hit an answer'],
    [seconds < 60 || kills.by['start-up'] > 0, 'no kill hit a start'],
    [counts.acknowledged >= clients, `only ${counts.acknowledged} messages were acknowledged`],
    [
      // On a busy machine a short run may miss one kind or another.
      seconds < 120 || Object.values(faults).every((count) => count > 0),
      `never injected: ${Object.keys(faults)
        .filter((name) => faults[name] === 0)
        .join(', ')}`,
    ],
  ];
  return needed.flatMap(([holds, reason]) => (holds ? [] : [reason]));
}
