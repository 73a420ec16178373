/**
 * Minifies scripts with two minifiers: the second finds what the first one leaves and shortens
 * the names of properties, the first names variables so that they compress best and therefore
 * comes again at the end. Runs before chunks get their names, so that a name changes with every
 * byte that visitors get. For the build only.
 */
import { minify as shorten } from 'terser';
import { minify, type Plugin } from 'vite';
import { internalNames } from './internal-names.ts';

const listed = `(${internalNames.join('|')})`;
const leftOver = new RegExp(`\\b${listed}\\b`);

/** Names listed here, and Lit's private ones, which only the chunk with Lit in it knows. */
const shortened = new RegExp(`^(${listed}|_\\$.+)$`);

/** One short name for each, the same in every chunk: chunks share objects. */
const names = Object.fromEntries(
  internalNames.map((name, index) => [`$${name}`, `$${index.toString(36)}`]),
);

export const minifyScript = (): Plugin => ({
  name: 'contact-chat:minify-script',
  // After everything that prints the code anew.
  enforce: 'post',
  async renderChunk(code, { fileName }) {
    const first = await minify(fileName, code, { module: true });
    const second = await shorten(first.code, {
      module: true,
      ecma: 2020,
      // Nothing here looks at a function's `length` or `prototype`.
      compress: { passes: 3, keep_fargs: false, unsafe_arrows: true },
      mangle: { properties: { regex: shortened } },
      nameCache: { props: { props: { ...names } } },
      format: { comments: false },
    });
    const { code: last } = await minify(fileName, second.code ?? first.code, { module: true });
    const left = leftOver.exec(last)?.[0];
    if (left) throw new Error(`${left} is not only the name of a property: see internal-names.ts`);
    return { code: last, map: null };
  },
});
