import { mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPostFolder, maxPostBytes, type PostFolder } from './post-folder.ts';

let folder = '';
let errors: string[] = [];
const { signal } = new AbortController();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posts-'));
  errors = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, text: string | Uint8Array): Promise<void> {
  const absolute = join(folder, path);
  await mkdir(dirname(absolute), { recursive: true });
  await writeFile(absolute, text);
}
const open = (now = Date.now): PostFolder =>
  createPostFolder({ folder, baseUrl: '/', now, onError: (error) => errors.push(String(error)) });
const paths = async (posts = open()): Promise<string[]> =>
  (await posts.scan(signal)).posts.map((post) => post.path);

describe('a folder of posts', () => {
  it('has the Markdown files of all its folders, and no others', async () => {
    for (const path of ['b.md', 'a/c.markdown', 'a/d.mdx', 'a/README.md', 'E.MD']) {
      await write(path, 'text');
    }
    for (const path of [
      '.git/x.md',
      'node_modules/p/x.md',
      '.x.md',
      'LICENSE.md',
      'a/x.txt',
      'LICENSE',
    ]) {
      await write(path, 'text');
    }
    await write('empty.md', '');
    expect(await paths()).toEqual(['E.MD', 'a/README.md', 'a/c.markdown', 'a/d.mdx', 'b.md']);
    expect(errors).toEqual([]);
  });

  it('has every one of many files, in order', async () => {
    const names = Array.from({ length: 83 }, (_, at) => `p${String(at).padStart(3, '0')}.md`);
    for (const name of names) await write(name, `# ${name}\n\ntext`);
    expect(await paths()).toEqual(names);
  });

  /** Posts, and after them files that are too large. */
  async function writeMany(posts: number, tooLarge: number, text: string): Promise<void> {
    for (let at = 0; at < posts + tooLarge; at += 1) {
      const name = `p${String(at).padStart(2, '0')}.md`;
      await write(name, text);
      if (at >= posts) await truncate(join(folder, name), maxPostBytes + 1);
    }
  }

  it('tells nothing more once it has stopped', async () => {
    await writeMany(16, 40, '# Post');
    const stopped = new AbortController();
    // Asked for the time by the first post that is read, while the next files are looked at.
    const posts = open(() => {
      stopped.abort(new Error('stop'));
      return Date.now();
    });
    await expect(posts.scan(stopped.signal)).rejects.toThrow('stop');
    const told = errors.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(errors).toHaveLength(told);
  });

  it('rejects where what it reports to does, and nobody else is bothered', async () => {
    await writeMany(16, 24, `# Post\n\n${'text and *more* of it, '.repeat(4_000)}`);
    const posts = createPostFolder({
      ...{ folder, baseUrl: '/' },
      onError: () => {
        throw new Error('no log');
      },
    });
    await expect(posts.scan(signal)).rejects.toThrow('no log');
  });

  it('follows links, but not in circles', async () => {
    await write('a/x.md', 'text');
    await symlink(join(folder, 'a'), join(folder, 'a', 'loop'));
    await symlink(folder, join(folder, 'a', 'up'));
    await symlink(join(folder, 'nowhere'), join(folder, 'broken.md'));
    await symlink(join(folder, 'a', 'x.md'), join(folder, 'y.md'));
    expect(await paths()).toEqual(['a/x.md', 'y.md']);
  });

  it('reports and leaves out what is too large or no text; the others stay', async () => {
    await write('good.md', 'text');
    await write('binary.md', Uint8Array.from([0x89, 0x50, 0, 1, 2, 3]));
    await write('broken-utf8.md', Uint8Array.from([0x41, 0x20, 0xff, 0xfe, 0x42]));
    await write('huge.md', 'x');
    await truncate(join(folder, 'huge.md'), maxPostBytes + 1);
    await write('bad-head.md', '---\n: [\n---\ntext');
    expect(await paths()).toEqual(['bad-head.md', 'broken-utf8.md', 'good.md']);
    expect(errors).toHaveLength(3);
    for (const what of ['binary.md: not a text', 'huge.md: larger', 'bad-head.md: front matter']) {
      expect(errors.join('\n')).toContain(what);
    }
  });

  it('reads a file again only where it has changed', async () => {
    await write('a.md', 'first');
    await write('b.md', 'same');
    const posts = open();
    const before = (await posts.scan(signal)).posts;
    await write('a.md', 'other');
    // The same length in the same instant: only the times tell.
    await utimes(join(folder, 'a.md'), new Date(), new Date(Date.now() + 5_000));
    const after = (await posts.scan(signal)).posts;
    expect(after[0]?.blocks[0]?.text).toBe('other');
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    await rm(join(folder, 'b.md'));
    expect(await paths(posts)).toEqual(['a.md']);
  });

  it('shows a post when its day has come', async () => {
    await write('later.md', '---\ndate: 2030-01-01\n---\ntext');
    let nowMs = Date.parse('2029-12-31');
    const posts = open(() => nowMs);
    expect(await posts.scan(signal)).toMatchObject({
      posts: [],
      files: 1,
      nextChangeAtMs: Date.parse('2030-01-01'),
    });
    nowMs = Date.parse('2030-01-02');
    expect(await paths(posts)).toEqual(['later.md']);
  });

  it('hides a post when its day is over, and says what it hides and why', async () => {
    await write('sale.md', '---\nexpiryDate: 2030-01-01\n---\ntext');
    await write('_drafts/idea.md', 'text');
    await write('source/_drafts/idea.md', 'text');
    await write('secret.md', '---\npassword: hush\n---\ntext');
    await write('later.md', '---\npubDate: 2031-05-06\n---\ntext');
    await write('binary.md', Uint8Array.from([0x89, 0x50, 0]));
    let nowMs = Date.parse('2029-12-31');
    const posts = open(() => nowMs);
    const before = await posts.scan(signal);
    expect(before).toMatchObject({ nextChangeAtMs: Date.parse('2030-01-01') });
    expect(before.posts.map((post) => post.path)).toEqual(['sale.md']);
    expect(before.skipped.map(({ what, reason, detail }) => [what, reason, detail])).toEqual([
      ['_drafts/idea.md', 'draft', ''],
      ['binary.md', 'unreadable', 'not a text, left out'],
      ['later.md', 'future', '2031-05-06'],
      ['secret.md', 'private', ''],
      ['source/_drafts/idea.md', 'draft', ''],
    ]);
    nowMs = Date.parse('2030-01-02');
    expect(await paths(posts)).toEqual([]);
  });

  it('rejects where the folder is not there, and when it is told to stop', async () => {
    const missing = createPostFolder({
      folder: join(folder, 'no'),
      baseUrl: '/',
      onError: () => {},
    });
    await expect(missing.scan(signal)).rejects.toThrow(/ENOENT/);
    await expect(open().scan(AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });
});
