import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

/** Modules of this folder as plain JavaScript, for child processes of tests to import. */
export interface ChildScripts {
  /** Writes a script beside the modules, which it imports as `./<name>.mjs`; returns its path. */
  script(source: string): Promise<string>;
  remove(): Promise<void>;
}

/**
 * Bundles modules of this folder, named without `.ts`, so that a Node that knows no TypeScript
 * can run them. They are written within `node_modules`, from where packages are found.
 */
export async function childScripts(names: readonly string[]): Promise<ChildScripts> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const cache = join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const outDir = await mkdtemp(join(cache, 'contact-chat-child-'));
  await build({
    configFile: false,
    envFile: false,
    logLevel: 'error',
    root,
    publicDir: false,
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(
          names.map((name) => [name, fileURLToPath(new URL(`${name}.ts`, import.meta.url))]),
        ),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return {
    async script(source) {
      const file = join(outDir, 'child.mjs');
      await writeFile(file, source);
      return file;
    },
    remove: () => rm(outDir, { recursive: true, force: true }),
  };
}
