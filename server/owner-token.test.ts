import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOwnerToken } from './owner-token.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-chat-token-'));
  file = join(folder, 'owner-token');
});
afterEach(() => rm(folder, { recursive: true }));

describe("the owner's token", () => {
  it('is made at the first start, for its owner alone, and the same ever after', async () => {
    const first = await loadOwnerToken(undefined, folder);
    expect(first).toEqual({ token: expect.stringMatching(/^[\w-]{32}$/), file, made: true });
    expect(await readFile(file, 'utf8')).toBe(`${first.token}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await loadOwnerToken(undefined, folder)).toEqual({ ...first, made: false });
  });

  it('is the configured one where there is one, whatever the folder holds', async () => {
    await mkdir(file);
    const configured = 'a configured token';
    expect(await loadOwnerToken(configured, folder)).toEqual({ token: configured, made: false });
  });

  it('is made anew where a killed server left only a part of it', async () => {
    await writeFile(file, 'abc');
    expect((await loadOwnerToken(undefined, folder)).made).toBe(true);
  });

  it('stops the start in one line where its file cannot be read or written', async () => {
    const cases: readonly (readonly [() => Promise<unknown>, string])[] = [
      [() => mkdir(file), 'EISDIR'],
      // What no permission can open, an administrator's neither.
      [() => symlink(file, file), 'ELOOP'],
      [() => symlink(join(folder, 'nowhere', 'x'), file), 'ENOENT'],
    ];
    for (const [make, code] of cases) {
      await make();
      const loading = loadOwnerToken(undefined, folder);
      await expect(loading).rejects.toMatchObject({ name: 'StartError' });
      await expect(loading).rejects.toThrow(
        new RegExp(`^DATA_DIR: ${file}.*${code}.*OWNER_TOKEN$`),
      );
      await rm(file, { recursive: true });
    }
  });
});
