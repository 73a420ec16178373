// `npm run check`: format, lint, types, unused code, package, size. Prints what fails, counts all.
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const bin = (name) => `node_modules/.bin/${name}`;

/** Each check by the word for it. */
const checks = [
  ['format', bin('oxfmt'), ['--check', '.']],
  ['lint', bin('oxlint'), ['--type-aware']],
  ['types', bin('tsc'), ['--noEmit', '-p', '.']],
  ['unused code', bin('knip'), []],
  ['package', bin('publint'), ['--strict']],
  ['size', bin('size-limit'), []],
];

/** Runs them all. @returns {{ passed: number, failed: number, failures: object[] }} */
export function runChecks() {
  const failures = [];
  for (const [name, command, parameters] of checks) {
    const startedMs = Date.now();
    const { status, stdout, stderr, error } = spawnSync(command, parameters, { encoding: 'utf8' });
    const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
    console.log(`${status === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
    if (status === 0 && name !== 'size') continue;
    console.log(
      [stdout, status === 0 ? '' : stderr, error?.message].filter(Boolean).join('\n').trim(),
    );
    if (status !== 0) failures.push({ where: `check: ${name}`, why: 'see what it printed above' });
  }
  const failed = failures.length;
  return { passed: checks.length - failed, failed, failures };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const build = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  if (build.status !== 0) process.exit(build.status ?? 1);
  const { failed } = runChecks();
  process.exit(failed === 0 ? 0 : 1);
}
