// What the reports of the test runners say: how many passed, and what failed and why.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {{ where: string, file: string, why: string }} Failure
 *   `where` names the test for people; `file` runs it again, and is empty where nothing does
 * @typedef {{ passed: number, failed: number, failures: Failure[] }} Counts
 */

/** Colours are for terminals; the first lines are enough. */
const firstLines = (text = '') =>
  stripVTControlCharacters(text).trim().split('\n').slice(0, 12).join('\n    ');

const noTest = (message) => ({ where: 'outside of any test', file: '', why: firstLines(message) });

/**
 * @param {string[]} [unhandled] - what no test has caught
 * @returns {Counts} of a report of Vitest's `json` reporter
 */
export function readVitest(report, unhandled = []) {
  const failures = report.testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const file = relative('.', name);
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      if (failed.length === 0) return [{ where: file, file, why: firstLines(message) }];
      return failed.map(({ fullName, failureMessages }) => ({
        where: `${file} › ${fullName}`,
        file,
        why: firstLines(failureMessages[0]),
      }));
    });
  failures.push(...unhandled.map(noTest));
  return { passed: report.numPassedTests, failed: failures.length, failures };
}

const specsOf = ({ specs = [], suites = [] }) => [...specs, ...suites.flatMap(specsOf)];

/** @returns {Counts} of a report of Playwright's `json` reporter */
export function readPlaywright({ stats, suites, errors: outside = [] }) {
  const failures = suites
    .flatMap(specsOf)
    .filter(({ ok }) => !ok)
    .map(({ file, line, title, tests }) => {
      const errors = tests.flatMap(({ results }) => results.flatMap((result) => result.errors));
      const place = `e2e/${file}:${line}`;
      return { where: `${place} › ${title}`, file: place, why: firstLines(errors[0]?.message) };
    });
  failures.push(...outside.map(({ message }) => noTest(message)));
  const failed = stats.unexpected + outside.length;
  return { passed: stats.expected + stats.flaky, failed, failures };
}

/** More than this is no stall of the machine. */
const mostStalled = 3;

/** A file and what it imports from beside it and further on: cases may be drawn there. */
function read(file, seen = new Set()) {
  if (seen.has(file) || !existsSync(file)) return '';
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const imported = [...text.matchAll(/from '(\.{1,2}\/[^']+)'/g)]
    .map(([, path]) => join(dirname(file), path))
    // Of the code under test only what belongs to tests.
    .filter((path) => /\.(contract|fixture|model)\b|\.contract-|\.model-|-harness/.test(path));
  return [text, ...imported.map((path) => read(path, seen))].join('\n');
}
/** Whether a test draws its cases: the next run of it has other ones. */
const drawsCases = (text) =>
  /Math\.random|\brandom[A-Z]\w*\(|getRandomValues|fast-check|\bseed\b|mulberry/i.test(text);

/**
 * Whether it is worth running what failed once more: a few tests that wait for something may fail
 * where the machine stalls. What a random case has found is never run again.
 *
 * @param {Counts} counts
 * @param {(file: string) => string} [sourceOf] - for tests of this
 */
export const mayBeStalled = ({ failed, failures }, sourceOf = (file) => read(file)) =>
  failed > 0 &&
  failed <= mostStalled &&
  failures.length === failed &&
  failures.every(
    ({ file, why }) =>
      file !== '' && !drawsCases(why) && !drawsCases(sourceOf(file.replace(/:\d+$/, ''))),
  );
