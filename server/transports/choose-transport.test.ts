import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { chooseTransport } from './choose-transport.ts';
import { loadUws } from './uws.ts';
import recorded from './uws-binaries.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));
const packageFolder = join(root, 'node_modules/uWebSockets.js');
const isInstalled = existsSync(packageFolder);

/** What loading fails with, as Node and the package put it on such machines. */
const failures: readonly (readonly [string, () => Error, RegExp])[] = [
  [
    'the package is absent',
    () => Object.assign(new Error("Cannot find package 'x'"), { code: 'ERR_MODULE_NOT_FOUND' }),
    /not installed/,
  ],
  [
    'glibc is too old',
    () =>
      new Error(
        'This version of uWS.js supports only …\n\nError: /lib/x86_64-linux-gnu/libc.so.6: ' +
          "version `GLIBC_2.38' not found (required by uws_linux_x64_127.node)",
      ),
    /GLIBC 2\.38 or newer/,
  ],
  [
    'the C library is musl',
    () =>
      new Error(
        'This version of uWS.js supports only …\n\nError: Error loading shared library ' +
          'ld-linux-x86-64.so.2: No such file or directory',
      ),
    /musl/,
  ],
  [
    'this Node has no binary',
    () =>
      new Error(
        "This version of uWS.js supports only …\n\nError: Cannot find module './uws_linux_x64_131.node'\nRequire stack:\n- uws.js",
      ),
    /no binary for Node v/,
  ],
  ['anything else is wrong', () => new Error('first\nand last'), /and last/],
];

describe('chooseTransport', () => {
  it.each(failures)('falls back to ws with one clear line where %s', async (_name, make, line) => {
    const lines: string[] = [];
    const transport = await chooseTransport({
      log: (text) => lines.push(text),
      load: () => loadUws(() => Promise.reject(make())),
    });
    expect(transport.name).toBe('ws');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(line);
    expect(lines[0]).not.toContain('\n');
  });

  it('takes ws where it is preferred, and says nothing', async () => {
    const lines: string[] = [];
    const transport = await chooseTransport({ prefer: 'ws', log: (text) => lines.push(text) });
    expect(transport.name).toBe('ws');
    expect(lines).toEqual([]);
  });

  it('takes uWebSockets.js wherever it loads', async () => {
    const lines: string[] = [];
    const loaded = await loadUws();
    const transport = await chooseTransport({ log: (text) => lines.push(text) });
    expect(transport.name).toBe(loaded.ok ? 'uWebSockets.js' : 'ws');
    expect(lines).toHaveLength(loaded.ok ? 0 : 1);
  });
});

describe('the native binaries', () => {
  it('are those whose hashes are recorded, or else are not there and not used', async () => {
    if (!isInstalled) {
      const transport = await chooseTransport({ log: () => undefined });
      expect(transport.name).toBe('ws');
      return;
    }
    const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(version).toBe(recorded.version);
    const hashes = Object.fromEntries(
      readdirSync(packageFolder)
        .filter((name) => name.endsWith('.node'))
        .sort()
        .map((name) => [
          name,
          createHash('sha256')
            .update(readFileSync(join(packageFolder, name)))
            .digest('hex'),
        ]),
    );
    expect(hashes).toEqual(recorded.sha256);
  });
});
