// Runs a TypeScript file on any supported Node: bundles it beside node_modules, then imports it.
//   node scripts/run-ts.mjs <file.ts> [arguments]
import { builtinModules } from 'node:module';
import { rmSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const [file, ...rest] = process.argv.slice(2);
if (!file) {
  console.error('usage: node scripts/run-ts.mjs <file.ts> [arguments]');
  process.exit(2);
}
const outDir = resolve(
  root,
  'node_modules',
  '.cache',
  'run-ts',
  `${basename(file, '.ts')}-${process.pid}`,
);
await build({
  root,
  configFile: false,
  publicDir: false,
  logLevel: 'error',
  build: {
    ssr: resolve(root, file),
    target: 'node20',
    minify: false,
    outDir,
    emptyOutDir: true,
    rolldownOptions: {
      external: (id) =>
        id.startsWith('node:') || builtinModules.includes(id) || /^[@a-z][^:]*$/i.test(id),
      output: { entryFileNames: 'main.mjs' },
    },
  },
});
process.argv = [process.argv[0], resolve(root, file), ...rest];
process.once('exit', () => rmSync(outDir, { recursive: true, force: true }));
await import(pathToFileURL(resolve(outDir, 'main.mjs')).href);
