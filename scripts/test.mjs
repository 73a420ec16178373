// `npm test`: everything: check, unit, contract, integration, end-to-end. Finds or installs what
// it needs, and ends with the line `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(resolve(dirname(fileURLToPath(import.meta.url)), '..'));
if (!existsSync('node_modules/vitest')) {
  console.error('Dependencies are missing: run "npm ci" first.');
  process.exit(1);
}
const { mayBeStalled, readPlaywright, readVitest } = await import('./test-report.mjs');
const { ensureChromium } = await import('./chromium.mjs');
const { runChecks } = await import('./check.mjs');

const reports = mkdtempSync(join(tmpdir(), 'contact-chat-test-'));
const totals = { passed: 0, failed: 0 };
/** What failed, said again at the end: the rest is thousands of lines further up. */
const failed = [];
/** What failed at first and passed when it was run again. */
const stalled = [];
const count = (counts) => {
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  failed.push(...counts.failures);
};
const title = (text) => console.log(`\n── ${text} ${'─'.repeat(Math.max(3, 70 - text.length))}`);
const run = (command, parameters, env = {}) =>
  spawnSync(command, parameters, { stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;

/** Counts of a run; one that broke off before it wrote its report is a failure. */
function countsOf(name, report, status, read) {
  const counts = existsSync(report)
    ? read(JSON.parse(readFileSync(report, 'utf8')), report)
    : undefined;
  const { passed, failed: many } = counts ?? { passed: 0, failed: 0 };
  if (passed + many === 0) console.error('No test ran.');
  if (counts && many > 0) return counts;
  if (counts && passed > 0 && status === 0) return counts;
  return { passed, failed: 1, failures: [{ where: name, file: '', why: `ended with ${status}` }] };
}

/**
 * Runs a suite, and what may have failed by a stall of the machine once more, alone.
 *
 * @param {(only: string[], report: string) => number} start - ends with the code of the process
 */
function suite(name, start, read) {
  const once = (only, round) => {
    const report = join(reports, `${name}-${round}.json`);
    return countsOf(name, report, start(only, report), read);
  };
  title(name);
  const counts = once([], 1);
  if (!mayBeStalled(counts)) return count(counts);
  title(`${name}, once more what failed`);
  const again = once([...new Set(counts.failures.map(({ file }) => file))], 2);
  if (again.failed > 0 || again.passed < counts.failed) return count(counts);
  stalled.push(...counts.failures);
  count({ passed: counts.passed + counts.failed, failed: 0, failures: [] });
}

title('what is needed');
const chromium = await ensureChromium();
if (!existsSync('../shared/corpora')) {
  console.log('No ../shared here: the tests that use it say so and check the rest.');
}

title('build');
if (run(process.execPath, ['scripts/build.mjs']) !== 0) {
  console.log('\n0 passed, 1 failed');
  process.exit(1);
}

title('check');
count(runChecks());

suite(
  'unit, contract, integration',
  (only, report) =>
    run(
      'node_modules/.bin/vitest',
      [
        'run',
        ...only,
        '--reporter=default',
        '--reporter=json',
        '--reporter=./scripts/unhandled-errors.mjs',
        `--outputFile.json=${report}`,
      ],
      { UNHANDLED_ERRORS_FILE: `${report}.unhandled` },
    ),
  (report, file) => {
    const unhandled = `${file}.unhandled`;
    const isWhole = existsSync(unhandled);
    return readVitest(
      report,
      isWhole ? JSON.parse(readFileSync(unhandled, 'utf8')) : ['broke off'],
    );
  },
);

suite(
  'end-to-end',
  (only, report) =>
    run('node_modules/.bin/playwright', ['test', ...only, '--reporter=list,json'], {
      CHROMIUM_PATH: chromium,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    }),
  readPlaywright,
);

title('chaos, in its short form');
const chaos = run(
  process.execPath,
  [
    'scripts/run-ts.mjs',
    'e2e/chaos/chaos.ts',
    '--seconds',
    '45',
    '--clients',
    '60',
    '--pages',
    '3',
  ],
  { CHROMIUM_PATH: chromium },
);
count({
  passed: chaos === 0 ? 1 : 0,
  failed: chaos === 0 ? 0 : 1,
  failures: chaos === 0 ? [] : [{ where: 'chaos', why: 'see what it printed above' }],
});

rmSync(reports, { recursive: true, force: true });
const tell = (text, list) => {
  if (list.length > 0) title(text);
  for (const { where, why } of list) console.log(`✗ ${where}\n    ${why}`);
};
tell('what failed at first, and passed when run again', stalled);
tell('what failed', failed);
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;
