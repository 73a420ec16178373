import { groupSkipped, skipWords } from '../posts/skipped.ts';
import type { IndexReport } from './index-posts.ts';

/** Of each reason so many examples are shown. */
const examples = 3;

const count = (number: number): string => number.toLocaleString('en-US');
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/** Names of files and what sites say are written by others; a terminal would obey them. */
const plain = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');

/** A report for a person. `verbose` lists everything that was left out. */
export function reportText(report: IndexReport, { verbose = false } = {}): string {
  const languages = Object.entries(report.languages).map(
    ([name, posts]) => `${plain(name)} ${count(posts)}`,
  );
  const lines = [
    `Source     ${report.source}${report.found === '' ? '' : ` (${report.found})`}`,
    `Posts      ${count(report.posts)}`,
    `Passages   ${count(report.passages)}`,
    `Languages  ${languages.join(', ') || 'none'}`,
    `Left out   ${report.skipped.length === 0 ? 'nothing' : count(report.skipped.length)}`,
  ];
  for (const { reason, items } of groupSkipped(report.skipped)) {
    lines.push(`  ${skipWords[reason]}: ${count(items.length)}`);
    const shown = verbose ? items : items.slice(0, examples);
    for (const { what, detail } of shown)
      lines.push(`    ${plain(what)}${detail === '' ? '' : `: ${plain(detail)}`}`);
    if (shown.length < items.length) {
      lines.push(`    and ${count(items.length - shown.length)} more; --verbose lists all`);
    }
  }
  if (report.problems.length > 0) {
    lines.push('Problems', ...report.problems.map((problem) => `  ${plain(problem)}`));
  }
  lines.push(
    `Time       ${seconds(report.readMs)} for reading, ${seconds(report.indexMs)} for indexing`,
    `Memory     ${count(Math.round(report.memoryBytes / 1024 / 1024))} MB`,
  );
  return `${lines.join('\n')}\n`;
}

/** A report for a program, on one line. */
export const reportJson = (report: IndexReport): string =>
  `${JSON.stringify({
    source: report.source,
    found: report.found,
    posts: report.posts,
    passages: report.passages,
    languages: report.languages,
    skipped: report.skipped,
    problems: report.problems,
    read_ms: report.readMs,
    index_ms: report.indexMs,
    memory_bytes: report.memoryBytes,
  })}\n`;
