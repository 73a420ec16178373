/**
 * Cuts what `collect.py` and `seeds.mjs` wrote into the terms that posts are indexed by:
 *
 *     node scripts/run-ts.mjs scripts/word-vectors/tokens.ts <folder>
 *
 * `x.jsonl`, lists of strings, gives `x.tokens`, lists of terms divided by blanks; `x.words`, a word
 * a line, gives `x.stems`.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stem } from '../../server/answerers/stem.ts';
import { createTokenizer } from '../../server/answerers/tokenize.ts';

const [folder = '.'] = process.argv.slice(2);
const tokenize = createTokenizer();

async function convert(from: string, to: string, each: (line: string) => string): Promise<void> {
  const out = createWriteStream(join(folder, to));
  for await (const line of createInterface({ input: createReadStream(join(folder, from)) })) {
    if (line !== '' && !out.write(`${each(line)}\n`)) {
      await new Promise<void>((done) => out.once('drain', () => done()));
    }
  }
  await new Promise<void>((done) => out.end(() => done()));
}

for (const file of await readdir(folder)) {
  if (file.endsWith('.jsonl')) {
    await convert(file, file.replace(/jsonl$/, 'tokens'), (line) =>
      JSON.stringify((JSON.parse(line) as string[]).map((text) => tokenize(text).terms.join(' '))),
    );
  } else if (file.endsWith('.words')) {
    await convert(file, file.replace(/words$/, 'stems'), stem);
  }
}
