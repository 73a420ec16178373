import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const places = ['shared', 'server', 'widget', 'e2e', 'scripts'];

async function testTitles(): Promise<string> {
  const texts: string[] = [];
  for (const place of places) {
    for (const name of await readdir(join(root, place), { recursive: true })) {
      if (!/\.(test|spec|contract[^/]*)\.ts$/.test(name) || name.endsWith('delivery-rules.test.ts'))
        continue;
      texts.push(await readFile(join(root, place, name), 'utf8'));
    }
  }
  return texts.join('\n');
}

const idsIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/\[(D\d+)\]/g)].map(([, id]) => id ?? ''));

it('every rule of the delivery contract is shown by a test, and every id in a test is a rule', async () => {
  const document = await readFile(join(root, 'docs', 'delivery.md'), 'utf8');
  const rules = new Set([...document.matchAll(/^\*\*\[(D\d+)\]/gm)].map(([, id]) => id ?? ''));
  const shown = idsIn(await testTitles());
  expect([...rules].filter((rule) => !shown.has(rule))).toEqual([]);
  expect([...shown].filter((id) => !rules.has(id))).toEqual([]);
  expect(rules.size).toBeGreaterThan(15);
});
