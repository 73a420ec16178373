/** A copy of the tree that may be broken: built on its own, removed afterwards. */
import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { patched, type Patch } from './mutant-patches.ts';

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** Standard output and standard error. */
  readonly output: string;
}

/**
 * Copies what belongs to the tree (all but what git ignores) and shares its `node_modules`.
 *
 * @param root - the tree; has to be a git checkout
 * @param folder - does not exist yet
 * @throws where a patch does not find its place
 */
export function copyTree(root: string, folder: string, patches: readonly Patch[]): void {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const file of listed.toString().split('\0')) {
    // A file that was deleted and is still in the index is listed too.
    if (file === '' || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const patch of patches) {
    const path = join(folder, patch.file);
    writeFileSync(path, patched(readFileSync(path, 'utf8'), patch));
  }
}

export const removeTree = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true });

/**
 * Runs a script of a tree with this Node.
 *
 * @param options.onLine - hears of every line of standard output as it comes
 * @param options.signal - ends it with SIGTERM, so that it can end what it started
 */
export function runNode(
  folder: string,
  commandLine: readonly string[],
  options: { readonly signal: AbortSignal; onLine?(line: string): void },
): Promise<Ended> {
  const { CONTACT_CHAT_TEST_DIST: _elsewhere, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, commandLine, {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
    });
    let output = '';
    let line = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const lines = (line + chunk.toString()).split('\n');
      line = lines.pop() ?? '';
      for (const whole of lines) options.onLine?.(whole);
    });
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    // Aborting is an error too; what counts is when it has ended.
    child.once('error', (error) => {
      if (child.pid === undefined) reject(error);
    });
    child.once('close', (code) => resolve({ code, output }));
  });
}
