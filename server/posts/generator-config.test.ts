import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPostFolder, type PostFolder } from './post-folder.ts';

let blog = '';
const { signal } = new AbortController();
beforeEach(async () => {
  blog = await mkdtemp(join(tmpdir(), 'generator-'));
});
afterEach(() => rm(blog, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(blog, path)), { recursive: true });
  await writeFile(join(blog, path), text);
}
const open = (folder = blog): PostFolder =>
  createPostFolder({ folder, baseUrl: '/', onError: (error) => expect(error).toBeUndefined() });
const urls = async (posts = open()): Promise<string[]> =>
  (await posts.scan(signal)).posts.map((post) => post.url);

describe('addresses by the configuration of the generator', () => {
  it.each([
    ['title: A blog', '/web/2024/01/02/first-steps.html'],
    ['permalink: pretty', '/web/2024/01/02/first-steps/'],
    ['permalink: none', '/web/first-steps.html'],
    ['permalink: /notes/:year/:title', '/notes/2024/first-steps'],
    ['permalink: :year/:title/', '/2024/first-steps/'],
    ['new_post_name: :title.md', '/2024/01/02/first-steps/'],
    ['permalink: posts/:title.html\nsource_dir: source', '/posts/first-steps.html'],
    ['permalink: /:unheard/', '/_posts/2024-01-02-first-steps'],
    [': [broken', '/_posts/2024-01-02-first-steps'],
    ['- a list', '/_posts/2024-01-02-first-steps'],
  ])('%j', async (config, url) => {
    await write('_config.yml', config);
    await write('_posts/2024-01-02-first-steps.md', '---\ncategories: web\n---\ntext');
    expect(await urls()).toEqual([url]);
  });

  it('hold for posts only, and the head of a post wins', async () => {
    await write('_config.yml', 'permalink: /:title/');
    await write('about.md', 'text');
    await write('_posts/2024-01-02-a.md', '---\npermalink: /x/\n---\ntext');
    await write('_posts/2024-01-02-b.md', '---\nslug: other\n---\ntext');
    expect(await urls()).toEqual(['/x/', '/other/', '/about']);
  });

  it('are found from the folder of the posts, too, and heeded when they change', async () => {
    await write('_config.yml', 'new_post_name: x');
    await write('source/_posts/hello.md', '---\ndate: 2024-01-02 03:04:05\n---\ntext');
    const posts = open(join(blog, 'source', '_posts'));
    expect(await urls(posts)).toEqual(['/2024/01/02/hello/']);
    await write('_config.yml', 'new_post_name: x\npermalink: :title/');
    expect(await urls(posts)).toEqual(['/hello/']);
    await rm(join(blog, '_config.yml'));
    expect(await urls(posts)).toEqual(['/hello']);
  });
});
