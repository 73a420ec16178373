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
const { ensureChromium } = await import('./chromium.mjs');
const { runChecks } = await import('./check.mjs');

const reports = mkdtempSync(join(tmpdir(), 'contact-chat-test-'));
const totals = { passed: 0, failed: 0 };
const count = ({ passed, failed }) => {
  totals.passed += passed;
  totals.failed += failed;
};
const title = (text) => console.log(`\n── ${text} ${'─'.repeat(Math.max(3, 70 - text.length))}`);
const run = (command, parameters, env = {}) =>
  spawnSync(command, parameters, { stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;

/** Counts of a report; a run that broke off before it wrote one is a failure. */
function read(file, status, counts) {
  const report = join(reports, file);
  const found = existsSync(report) ? counts(JSON.parse(readFileSync(report, 'utf8'))) : undefined;
  const { passed = 0, failed = 0 } = found ?? {};
  if (!found || passed + failed === 0) console.error('No test ran.');
  count({ passed, failed: failed === 0 && (status !== 0 || passed === 0) ? 1 : failed });
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

title('unit, contract, integration');
const vitest = run('node_modules/.bin/vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${join(reports, 'vitest.json')}`,
]);
read('vitest.json', vitest, (report) => ({
  passed: report.numPassedTests,
  failed:
    report.numFailedTests +
    report.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    ).length,
}));

title('end-to-end');
const playwright = run('node_modules/.bin/playwright', ['test', '--reporter=list,json'], {
  CHROMIUM_PATH: chromium,
  PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'playwright.json'),
});
read('playwright.json', playwright, ({ stats }) => ({
  passed: stats.expected + stats.flaky,
  failed: stats.unexpected,
}));

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
count({ passed: chaos === 0 ? 1 : 0, failed: chaos === 0 ? 0 : 1 });

rmSync(reports, { recursive: true, force: true });
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;
