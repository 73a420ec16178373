import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { casesOf, plannedCases, type PropertyName } from './property-cases.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const names = Object.keys(plannedCases) as PropertyName[];

/** Source of everything that may hold a property. */
const sources = ['shared', 'widget', 'server']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(root, folder, file),
    ),
  )
  .filter((file) => /\.(test|contract-model)\.ts$/.test(file))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

describe('the random cases of an ordinary test run', () => {
  it('are 100,000 or more', () => {
    const planned = names.reduce((sum, name) => sum + plannedCases[name], 0);
    const running = names.reduce((sum, name) => sum + casesOf(name).numRuns, 0);
    console.log(`${running.toLocaleString('en')} random cases of ${names.length} properties`);
    expect(planned).toBeGreaterThanOrEqual(100_000);
  });

  it.each(names)('of “%s” are used by one property', (name) => {
    expect(sources.split(`casesOf('${name}')`)).toHaveLength(2);
  });
});
