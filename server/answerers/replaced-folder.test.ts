/** Deployments put another folder in place of the posts: the answers follow the path. */
import { mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answerer } from '../answerer-ports.ts';
import { createRetrievalAnswerer } from './retrieval.ts';
import { writePosts } from './small-blog.fixture.ts';

let site = '';
let errors: string[] = [];
let builds = 0;
let open: Answerer[] = [];

beforeEach(async () => {
  site = await mkdtemp(join(tmpdir(), 'site-'));
  errors = [];
  builds = 0;
});
afterEach(async () => {
  await Promise.all(open.map((answerer) => answerer.close()));
  open = [];
  await rm(site, { recursive: true, force: true });
});

function start(folder = 'posts'): Answerer {
  const answerer = createRetrievalAnswerer({
    folder: join(site, folder),
    baseUrl: '/',
    onError: (error) => errors.push(String(error)),
    onIndexed: () => (builds += 1),
  });
  open.push(answerer);
  return answerer;
}

/** One post, whose fact is the port. */
const write = (folder: string, port: number): Promise<void> =>
  writePosts(join(site, folder), {
    'zeppelin.md': `# Zeppelin protocol\n\nThe zeppelin protocol uses port ${port}.`,
  });
const at = (path: string): string => join(site, path);

async function answer(answerer: Answerer): Promise<string> {
  const { signal } = new AbortController();
  const question = { text: 'which port does the zeppelin protocol use?', lang: 'en', history: [] };
  return (await answerer.answer(question, { signal })).text;
}
const says = (answerer: Answerer, port: number): Promise<void> =>
  vi.waitFor(async () => expect(await answer(answerer)).toContain(String(port)), {
    timeout: 25_000,
    interval: 50,
  });

describe('answers follow the posts where', { timeout: 60_000 }, () => {
  it('another folder is moved in place of the first, and edited later', async () => {
    await write('posts', 1111);
    await write('new', 2222);
    const answerer = start();
    await says(answerer, 1111);
    await rename(at('posts'), at('old'));
    await rename(at('new'), at('posts'));
    await says(answerer, 2222);
    await write('posts', 3333);
    await says(answerer, 3333);
    // What was moved away is of no interest any more.
    await write('old', 4444);
    await write('posts', 5555);
    await says(answerer, 5555);
  });

  it('a link is pointed at another folder, at the end of the path or inside it', async () => {
    await write('v1/posts', 1111);
    await write('v2/posts', 2222);
    await write('.v3/posts', 3333);
    await symlink('v1', at('current'));
    await symlink('current/posts', at('posts'));
    const answerers = [start('posts'), start('current/posts')];
    const allSay = (port: number): Promise<unknown> =>
      Promise.all(answerers.map((answerer) => says(answerer, port)));
    await allSay(1111);
    for (const [version, port] of [
      ['v2', 2222],
      ['.v3', 3333],
    ] as const) {
      await symlink(version, at('next'));
      await rename(at('next'), at('current'));
      await allSay(port);
      await write(`${version}/posts`, port + 1);
      await allSay(port + 1);
    }
    expect(errors).toEqual([]);
  });

  it('a folder or link inside is replaced', async () => {
    await write('posts/a', 1111);
    await write('new', 2222);
    const answerer = start();
    await says(answerer, 1111);
    await rename(at('posts/a'), at('old'));
    await rename(at('new'), at('posts/a'));
    await says(answerer, 2222);
    await write('posts/a', 3333);
    await says(answerer, 3333);

    await rm(at('posts/a'), { recursive: true });
    await write('v1', 4444);
    await write('v2', 5555);
    await symlink('../v1', at('posts/b'));
    await says(answerer, 4444);
    await symlink('../v2', at('next'));
    await rename(at('next'), at('posts/b'));
    await says(answerer, 5555);
    await write('v2', 6666);
    await says(answerer, 6666);
  });

  it('the folder is deleted and made again at once', async () => {
    await write('posts', 1111);
    const answerer = start();
    await says(answerer, 1111);
    for (const port of [2222, 3333, 4444]) {
      await rm(at('posts'), { recursive: true });
      await write('posts', port);
      await says(answerer, port);
    }
  });

  it('the folder is gone for a while: until it is back, they are those of before', async () => {
    await write('posts', 1111);
    const answerer = start();
    await says(answerer, 1111);
    await rename(at('posts'), at('away'));
    await vi.waitFor(() => expect(errors.join()).toContain('ENOENT'), { timeout: 25_000 });
    // Looked for again meanwhile, and told of once.
    await delay(4_500);
    expect(await answer(answerer)).toContain('1111');
    await write('new', 2222);
    await rename(at('new'), at('posts'));
    await says(answerer, 2222);
    await write('posts', 3333);
    await says(answerer, 3333);
    expect(errors).toHaveLength(1);
  });

  it('the very same folder comes back', async () => {
    await write('posts', 1111);
    const answerer = start();
    await says(answerer, 1111);
    for (const port of [2222, 3333]) {
      await rename(at('posts'), at('away'));
      if (port === 2222) {
        await vi.waitFor(() => expect(errors.join()).toContain('ENOENT'), { timeout: 25_000 });
      }
      await rename(at('away'), at('posts'));
      await write('posts', port);
      await says(answerer, port);
      await write('posts', port + 1);
      await says(answerer, port + 1);
    }
  });

  it('the folder appears only after the start', async () => {
    const answerer = start('site/posts');
    await expect(answerer.ready()).rejects.toThrow('ENOENT');
    await expect(answer(answerer)).rejects.toThrow('ENOENT');
    expect(answerer.describe()).toBe('no posts could be read');
    await write('site/posts', 1111);
    await vi.waitFor(() => expect(answerer.describe()).toMatch(/^1 posts/), { timeout: 25_000 });
    await says(answerer, 1111);
    await write('site/posts', 2222);
    await says(answerer, 2222);
  });
});

describe('a folder without posts', () => {
  it('is told of at every build, and not when nothing has changed', async () => {
    await mkdir(at('posts'));
    const answerer = start();
    await answerer.ready();
    expect(errors).toEqual([`Error: no Markdown files in ${at('posts')}`]);
    await writePosts(at('posts'), { 'notes.txt': 'no post' });
    await delay(1_000);
    await write('posts', 1111);
    await says(answerer, 1111);
    expect(errors).toHaveLength(1);
    await rm(at('posts/zeppelin.md'));
    await vi.waitFor(() => expect(errors).toHaveLength(2), { timeout: 25_000 });
    expect(builds).toBe(3);
  });

  it('may have nothing but drafts', async () => {
    await writePosts(at('posts'), { 'a.md': '---\ndraft: true\n---\ntext' });
    await start().ready();
    expect(errors).toEqual([
      `Error: none of the 1 Markdown files in ${at('posts')} is a post to be shown`,
    ]);
  });
});
