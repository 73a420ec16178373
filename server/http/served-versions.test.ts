import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepServedVersions, type ServedVersions } from './served-versions.ts';
import { fileResponse, readStaticFolder, type StaticFile } from './static-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-chat-assets-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A build of these files, served under this version. */
async function serve(version: string, files: Record<string, string>): Promise<ServedVersions> {
  const client = join(folder, 'client');
  await rm(client, { recursive: true, force: true });
  await mkdir(client);
  for (const [name, content] of Object.entries(files)) await writeFile(join(client, name), content);
  return keepServedVersions(client, join(folder, 'assets'), version);
}

async function textOf(versions: ServedVersions, version: string, name: string) {
  const file = (await versions.files(version)).get(name);
  return file && Buffer.from(file.identity).toString();
}

describe('versions of the script', () => {
  it('stay servable after the next one was installed', async () => {
    await serve('1.0.0', { 'contact-chat.js': 'one', 'chat-a.js': 'chunk of one' });
    const later = await serve('1.1.0', { 'contact-chat.js': 'two', 'chat-b.js': 'chunk of two' });
    expect(later.differs).toBe(false);
    expect(await textOf(later, '1.0.0', 'contact-chat.js')).toBe('one');
    expect(await textOf(later, '1.0.0', 'chat-a.js')).toBe('chunk of one');
    expect(await textOf(later, '1.1.0', 'contact-chat.js')).toBe('two');
    expect(await textOf(later, '1.0.0', 'chat-b.js')).toBeUndefined();
    expect(await textOf(later, '2.0.0', 'contact-chat.js')).toBeUndefined();
  });

  it('never change, whatever is built under the same number', async () => {
    await serve('1.0.0', { 'contact-chat.js': 'first' });
    const again = await serve('1.0.0', { 'contact-chat.js': 'second', 'chat-new.js': 'new' });
    expect(again.differs).toBe(true);
    expect(await textOf(again, '1.0.0', 'contact-chat.js')).toBe('first');
    expect(await textOf(again, '1.0.0', 'chat-new.js')).toBe('new');
    expect(Buffer.from(again.current.get('contact-chat.js')?.identity ?? []).toString()).toBe(
      'second',
    );
  });

  it.each(['..', '../client', '1.0.0/../..', '1.0', '', '1.0.0-../x'])(
    'are numbers: %j is none',
    async (version) => {
      const versions = await serve('1.0.0', { 'contact-chat.js': 'x' });
      expect((await versions.files(version)).size).toBe(0);
    },
  );

  it('are whole: what a killed server left half copied is cleared away', async () => {
    await mkdir(join(folder, 'assets', '.partial-abc'), { recursive: true });
    await serve('1.0.0', { 'contact-chat.js': 'x' });
    expect(await readdir(join(folder, 'assets'))).toEqual(['v1.0.0']);
  });

  it.each([
    ['', 'a file in place of the folder'],
    ['/v1.0.0', 'a file in place of a version'],
  ])('stop the start in one line where %j is %s', async (path) => {
    const assets = join(folder, 'assets');
    if (path !== '') await mkdir(assets);
    await writeFile(`${assets}${path}`, 'no folder');
    const start = serve('1.0.0', { 'contact-chat.js': 'x' });
    await expect(start).rejects.toMatchObject({ name: 'StartError' });
    await expect(start).rejects.toThrow(/^DATA_DIR: .*assets.*(?:ENOTDIR|EEXIST).*$/);
  });

  it('are none where nothing was built', async () => {
    const versions = await keepServedVersions(join(folder, 'no'), join(folder, 'assets'), '1.0.0');
    expect(versions.current.size).toBe(0);
    expect((await versions.files('1.0.0')).size).toBe(0);
  });
});

describe('a file', () => {
  async function file(): Promise<StaticFile> {
    for (const name of ['a.js', 'a.js.br', 'a.js.gz']) await writeFile(join(folder, name), name);
    const found = (await readStaticFolder(folder)).get('a.js');
    if (!found) throw new Error('not read');
    return found;
  }
  const request = (headers: Record<string, string>) => new Request('http://x/a.js', { headers });

  it.each([
    ['', null],
    ['identity', null],
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1.0, br;q=0', 'gzip'],
    ['GZIP ; q=0.5', 'gzip'],
    ['brotli', null],
  ])('for Accept-Encoding %j comes as %j', async (accepted, encoding) => {
    const response = fileResponse(request({ 'accept-encoding': accepted }), await file(), {});
    expect(response.headers.get('content-encoding')).toBe(encoding);
    const name = { br: 'a.js.br', gzip: 'a.js.gz' }[encoding ?? ''] ?? 'a.js';
    expect(await response.text()).toBe(name);
    expect(response.headers.get('content-length')).toBe(String(name.length));
  });

  it('comes once to whoever keeps it, in the form that they have', async () => {
    const one = await file();
    const gzip = fileResponse(request({ 'accept-encoding': 'gzip' }), one, {});
    const etag = gzip.headers.get('etag') ?? '';
    const known = (accepted: string, tag: string): number =>
      fileResponse(request({ 'accept-encoding': accepted, 'if-none-match': tag }), one, {}).status;
    expect(known('gzip', etag)).toBe(304);
    expect(known('gzip', `W/${etag}, "x"`)).toBe(304);
    expect(known('br', etag)).toBe(200);
    expect(known('gzip', '"x"')).toBe(200);
  });
});
