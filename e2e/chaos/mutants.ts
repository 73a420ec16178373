/**
 * Proves the proof: breaks the code on purpose in five ways, runs chaos against each, and expects
 * it to be caught, while the code as it is passes.
 *
 *   node scripts/run-ts.mjs e2e/chaos/mutants.ts [--only NAME] [--seconds N] [--clients N] [--pages N]
 *
 * `--only` takes a part of a name (`control` is the unbroken one). Takes some minutes for each.
 * Exit code 0 only where all five were caught and the control passed.
 */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { mutants, type Mutant } from './mutant-patches.ts';
import { copyTree, removeTree, runNode } from './mutant-tree.ts';

interface Outcome {
  readonly name: string;
  readonly asWished: boolean;
  /** What the last run found, as `D1 lost × 12`. */
  readonly found: string;
  readonly seeds: readonly number[];
}

const tries = 3;
const control: Mutant = { name: 'control', breaks: 'nothing', patches: [], expected: [] };

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    only: { type: 'string', default: '' },
    seconds: { type: 'string', default: '45' },
    clients: { type: 'string', default: '60' },
    pages: { type: 'string', default: '4' },
  },
});
const root = resolve('.');
const interrupted = new AbortController();
let folder = '';
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort());
}
process.once('exit', () => {
  if (folder !== '') removeTree(join(folder, '..'));
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function examine(mutant: Mutant): Promise<Outcome> {
  const { name, patches, expected } = mutant;
  const seeds: number[] = [];
  let found = '';
  say(`\n── ${name}: ${mutant.breaks}`);
  folder = join(mkdtempSync(join(tmpdir(), 'contact-chat-mutant-')), 'tree');
  try {
    copyTree(root, folder, patches);
    const built = await runNode(folder, ['scripts/build.mjs'], { signal: interrupted.signal });
    if (built.code !== 0) throw new Error(`it does not build:\n${built.output}`);
    while (seeds.length < tries && !interrupted.signal.aborted) {
      const seed = Math.floor(Math.random() * 1e9);
      seeds.push(seed);
      const { code, rules } = await chaos(seed);
      found = [...rules].map(([rule, count]) => `${rule} × ${count}`).join(', ');
      say(`   seed ${seed}: exit code ${code}, found: ${found || 'nothing'}`);
      if (patches.length === 0) {
        // One that finds nothing and was too tame to pass may be tried again; a finding may not.
        if (code === 0 || rules.size > 0) return { name, asWished: code === 0, found, seeds };
      } else if (code !== 0 && expected.some((rule) => hasRule(rules, rule))) {
        return { name, asWished: true, found, seeds };
      }
    }
    return { name, asWished: false, found, seeds };
  } finally {
    removeTree(join(folder, '..'));
  }
}

const hasRule = (rules: ReadonlyMap<string, number>, rule: string): boolean =>
  [...rules.keys()].some((found) => found.startsWith(`${rule} `));

/** One chaos run in the copied tree, and what it found: `D1 lost` → how often. */
async function chaos(seed: number): Promise<{ code: number | null; rules: Map<string, number> }> {
  const { seconds, clients, pages } = values;
  const { code, output } = await runNode(
    folder,
    [
      ...['scripts/run-ts.mjs', 'e2e/chaos/chaos.ts', '--seed', String(seed)],
      ...['--seconds', seconds, '--clients', clients, '--pages', pages],
    ],
    { signal: interrupted.signal, onLine: (line) => /^ +\d+ s /.test(line) && say(`   ${line}`) },
  );
  const rules = new Map<string, number>();
  const whole = join(folder, 'test-results', `chaos-${seed}.json`);
  const wrong = existsSync(whole)
    ? (JSON.parse(readFileSync(whole, 'utf8')) as { wrong: readonly string[] }).wrong
    : [];
  for (const line of wrong) {
    const [, rule, kind] = /^\[(D\d+)\] (\w+):/.exec(line) ?? [
      '',
      'beside the rules:',
      'surprises',
    ];
    rules.set(`${rule} ${kind}`, (rules.get(`${rule} ${kind}`) ?? 0) + 1);
  }
  if (code !== 0 && wrong.length === 0) say(output.split('\n').slice(-12).join('\n'));
  return { code, rules };
}

const chosen = [control, ...mutants].filter(({ name }) => name.includes(values.only));
const outcomes: Outcome[] = [];
for (const mutant of chosen) {
  if (interrupted.signal.aborted) break;
  const failed = (error: unknown): Outcome => {
    const found = `could not be tried: ${(error as Error).message}`;
    return { name: mutant.name, asWished: false, found, seeds: [] };
  };
  outcomes.push(await examine(mutant).catch(failed));
}

const breaks = new Map([control, ...mutants].map((mutant) => [mutant.name, mutant.breaks]));
say(
  '\n| mutant | what is broken | | found, as rule and kind | runs |\n| :-- | :-- | :-- | :-- | --: |',
);
for (const { name, asWished, found, seeds } of outcomes) {
  const wished = name === control.name ? 'passes' : 'caught';
  const verdict = asWished ? wished : `**not ${name === control.name ? 'passed' : 'caught'}**`;
  const cells = [name, breaks.get(name), verdict, found || 'nothing', seeds.length];
  say(`| ${cells.join(' | ').replaceAll('\n', ' ')} |`);
}
const asWished = outcomes.length === chosen.length && outcomes.every((one) => one.asWished);
process.exit(asWished && outcomes.length > 0 ? 0 : 1);
