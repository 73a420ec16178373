import { expect, it } from 'vitest';
import type { IndexReport } from './index-posts.ts';
import { reportText } from './index-report.ts';

const report: IndexReport = {
  ...{ source: '/posts', found: '', posts: 1_234, passages: 5, languages: { en: 1_234 } },
  ...{ readMs: 1_500, indexMs: 20, memoryBytes: 100 * 1024 * 1024 },
  skipped: [
    { what: 'a\u001b[2Jb.md', reason: 'unreadable', detail: 'it is\u0007 odd\nand more' },
    { what: 'c.md', reason: 'unreadable', detail: '' },
  ],
  problems: ['x\u001b]0;title\u0007y: broken'],
};

it('a report says how much there is, and nothing in it is obeyed by a terminal', () => {
  const text = reportText(report);
  expect(text).toContain('Posts      1,234\n');
  expect(text).toContain('Left out   2\n');
  expect(text).toContain('    a [2Jb.md: it is  odd and more\n    c.md\n');
  expect(text).toContain('  x ]0;title y: broken\n');
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
});
