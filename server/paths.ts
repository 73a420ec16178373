import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own folder, from wherever the server's code runs. */
function findPackageDir(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; dir = dirname(dir)) {
    const file = join(dir, 'package.json');
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'contact-chat') {
      return dir;
    }
    if (dir === dirname(dir)) throw new Error('The folder of contact-chat was not found.');
  }
}

const packageDir = findPackageDir();

/** Version of the package. */
export const version: string = JSON.parse(
  readFileSync(join(packageDir, 'package.json'), 'utf8'),
).version;

/** The project's own documentation: the demo's posts. */
export const docsDir = join(packageDir, 'docs');
/** Tables of words that questions are widened by. */
export const wordsDir = join(packageDir, 'words');
/** The built script and its chunks. */
export const clientDir = join(packageDir, 'dist', 'client');
/** The built pages of the demo blog. */
export const demoDir = join(packageDir, 'dist', 'demo');
/** The built inbox; missing where it was not built. */
export const consoleDir = join(packageDir, 'dist', 'console');
