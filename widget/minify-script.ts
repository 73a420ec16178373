/**
 * Minifies scripts with two minifiers: the second finds what the first one leaves and shortens
 * the names of properties, the first names variables so that they compress best and therefore
 * comes again at the end. Runs before chunks get their names, so that a name changes with every
 * byte that visitors get. For the build only.
 */
import { minify as shorten } from 'terser';
import { minify, type Plugin } from 'vite';
import { internalNames, internalProperties } from './internal-names.ts';

const listed = `(${internalNames.join('|')})`;
const leftOver = new RegExp(`\\b${listed}\\b`);

/** Names listed here, and Lit's private ones, with their underscores: only its chunk knows them. */
const shortened = new RegExp(`^(${listed}|_.+)$`);

const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const shortName = (index: number): string =>
  (letters[index % letters.length] ?? '') + (Math.floor(index / letters.length) || '');

/** One short name for each, the same in every chunk: chunks share objects. */
const names = Object.fromEntries(
  internalNames.map((name, index) => [`$${name}`, shortName(index)]),
);
const taken = new Set(Object.values(names));

interface Name {
  readonly type: string;
  readonly name?: string;
}

interface Node {
  readonly computed?: boolean;
  readonly property?: Name;
  readonly key?: Name;
}

/** Names of properties as they stand in a program. */
function* properties(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  const { computed, property, key } = node as Node;
  const named = property ?? key;
  if (!computed && named?.type === 'Identifier' && named.name) yield named.name;
  for (const child of Object.values(node)) yield* properties(child);
}

const customProperty = new RegExp(`--(${internalProperties.join('|')})(?![\\w-])`, 'g');
const shortProperty = (_: string, name: string): string =>
  `--${internalProperties.indexOf(name).toString(36)}`;

export const minifyScript = (): Plugin => ({
  name: 'contact-chat:minify-script',
  // After everything that prints the code anew.
  enforce: 'post',
  async renderChunk(code, { fileName }) {
    const first = await minify(fileName, code, { module: true });
    for (const name of properties(this.parse(first.code))) {
      if (taken.has(name)) throw new Error(`a property ${name} may meet a shortened one`);
    }
    const second = await shorten(first.code, {
      module: true,
      ecma: 2020,
      // Nothing here looks at a function's `length` or `prototype`.
      compress: { passes: 5, keep_fargs: false, unsafe_arrows: true },
      mangle: { properties: { regex: shortened } },
      nameCache: { props: { props: { ...names } } },
      format: { comments: false },
    });
    const { code: last } = await minify(fileName, second.code ?? first.code, { module: true });
    const left = leftOver.exec(last)?.[0];
    if (left) throw new Error(`${left} is not only the name of a property: see internal-names.ts`);
    return { code: last.replace(customProperty, shortProperty), map: null };
  },
});
