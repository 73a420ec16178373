import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mayBeStalled, readPlaywright, readVitest } from './test-report.mjs';

const failure = (file: string, why = 'expected 1 to be 2') => ({ where: file, file, why });

describe('a report of Vitest', () => {
  it('names what failed, and why', () => {
    const counts = readVitest({
      numPassedTests: 7,
      testResults: [
        { name: resolve('server/a.test.ts'), status: 'passed', assertionResults: [] },
        {
          name: resolve('server/b.test.ts'),
          status: 'failed',
          assertionResults: [
            { status: 'passed', fullName: 'b works', failureMessages: [] },
            {
              status: 'failed',
              fullName: 'b holds',
              failureMessages: ['\u001B[31mError\u001B[39m: no\nat line 1'],
            },
          ],
        },
      ],
    });
    expect(counts).toEqual({
      passed: 7,
      failed: 1,
      failures: [
        {
          where: 'server/b.test.ts › b holds',
          file: 'server/b.test.ts',
          why: 'Error: no\n    at line 1',
        },
      ],
    });
  });

  it('counts a file that could not be run', () => {
    const counts = readVitest({
      numPassedTests: 0,
      testResults: [
        {
          name: resolve('server/c.test.ts'),
          status: 'failed',
          message: 'Cannot find module',
          assertionResults: [],
        },
      ],
    });
    expect(counts).toMatchObject({ failed: 1, failures: [{ where: 'server/c.test.ts' }] });
  });
});

describe('what no test has caught', () => {
  it('is a failure that nothing runs again', () => {
    const unhandled = readVitest({ numPassedTests: 7, testResults: [] }, ['read ECONNRESET']);
    expect(unhandled).toMatchObject({ passed: 7, failed: 1 });
    const stats = { expected: 7, flaky: 0, unexpected: 0 };
    const outside = readPlaywright({ stats, suites: [], errors: [{ message: 'no server' }] });
    expect(outside).toMatchObject({ passed: 7, failed: 1 });
    for (const counts of [unhandled, outside]) expect(mayBeStalled(counts)).toBe(false);
  });
});

describe('a report of Playwright', () => {
  it('names what failed, and why', () => {
    const spec = (title: string, ok: boolean) => ({
      file: 'owner.spec.ts',
      line: 4,
      title,
      ok,
      tests: [{ results: [{ errors: ok ? [] : [{ message: 'Timeout' }] }] }],
    });
    const counts = readPlaywright({
      stats: { expected: 1, flaky: 0, unexpected: 1 },
      suites: [{ specs: [spec('is there', true)], suites: [{ specs: [spec('replies', false)] }] }],
    });
    expect(counts).toEqual({
      passed: 1,
      failed: 1,
      failures: [
        { where: 'e2e/owner.spec.ts:4 › replies', file: 'e2e/owner.spec.ts:4', why: 'Timeout' },
      ],
    });
  });
});

describe('what is run once more', () => {
  const counts = (...failures: ReturnType<typeof failure>[]) => ({
    passed: 9,
    failed: failures.length,
    failures,
  });

  it('is what a stall may have failed: a few tests', () => {
    expect(mayBeStalled(counts(failure('a.test.ts')))).toBe(true);
    expect(mayBeStalled(counts(...'abc'.split('').map((name) => failure(name))))).toBe(true);
    expect(mayBeStalled(counts())).toBe(false);
    expect(mayBeStalled(counts(...'abcd'.split('').map((name) => failure(name))))).toBe(false);
  });

  it('is nothing that a random case has found', () => {
    const source = (text: string) => () => text;
    const one = counts(failure('a.test.ts'));
    for (const text of ['Math.random()', 'randomInt(9)', "from 'fast-check'", 'const seed = 4']) {
      expect(mayBeStalled(one, source(text))).toBe(false);
    }
    expect(mayBeStalled(one, source('await page.click()'))).toBe(true);
    expect(mayBeStalled(counts(failure('a.test.ts', 'Property failed, seed: 42')))).toBe(false);
    for (const file of [
      'server/chat/delivery.property.test.ts',
      'server/stores/sqlite-kill.test.ts',
      'server/stores/memory.test.ts',
      'server/transports/ws.test.ts',
    ]) {
      expect(mayBeStalled(counts(failure('a.test.ts'), failure(file)))).toBe(false);
    }
  });

  it('is nothing where more failed than is known of', () => {
    expect(mayBeStalled({ ...counts(failure('a.test.ts')), failed: 2 })).toBe(false);
  });
});
