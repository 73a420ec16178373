import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PostScan, PostSource } from '../post-source.ts';
import { inlineReader } from './document-reader.ts';
import { createSiteSource, type SiteSourceOptions } from './site-source.ts';
import { postPage, rss, sitemap, startTestSite, type TestSite } from './test-site.ts';

let folder = '';
let site: TestSite;
let errors: string[] = [];
let notes: string[] = [];
const open = new Set<PostSource>();
const { signal } = new AbortController();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'site-source-'));
  site = await startTestSite();
  errors = [];
  notes = [];
});
afterEach(async () => {
  for (const source of open) await source.close();
  open.clear();
  await site.down();
  await rm(folder, { recursive: true, force: true });
});

function source(path: string, options: Partial<SiteSourceOptions> = {}): PostSource {
  const created = createSiteSource({
    address: `${site.url}${path}`,
    cacheFolder: folder,
    watch: false,
    documents: inlineReader(),
    onError: (error) => errors.push(String(error)),
    onNote: (line) => notes.push(line),
    ...options,
  });
  open.add(created);
  return created;
}
const read = (path: string, options?: Partial<SiteSourceOptions>): Promise<PostScan> =>
  source(path, options).scan(signal);
const urls = (scan: PostScan): string[] =>
  scan.posts.map(({ url }) => url.replace(site.url, '')).sort();
const words = '<p>Words about deployment that are long enough for anybody.</p>'.repeat(30);

describe('what an address may be', () => {
  it('a feed, whose short entries are read from their pages', async () => {
    site.pages.set(
      '/feed.xml',
      rss([
        { link: '/a/', title: 'A', html: `<h2 id="setup">Set up</h2>${words}` },
        { link: '/b/', title: 'B', html: '<p>Only the beginning…</p>' },
        { link: '/c/', title: 'C', html: '<p>All there is.</p>' },
      ]),
    );
    site.pages.set('/b/', postPage('B', `<h2 id="more">More</h2>${words}`));
    const scan = await read('/feed.xml');
    expect(urls(scan)).toEqual(['/a/', '/b/', '/c/']);
    const anchors = scan.posts.map((post) => post.passages.map((passage) => passage.anchor)[0]);
    expect(anchors).toEqual(['setup', 'more', '']);
    expect(site.count('/a/')).toBe(0);
    expect(scan.found).toBe('a feed of 3 posts');
  });

  it('a feed with the newest posts only, whose site has a sitemap with more', async () => {
    site.pages.set('/feed.xml', rss([{ link: '/a/', title: 'A', html: words }]));
    site.pages.set('/sitemap.xml', sitemap([`${site.url}/a/`, `${site.url}/b/`, `${site.url}/c`]));
    for (const path of ['/b/', '/c']) site.pages.set(path, postPage(path, words));
    const scan = await read('/feed.xml');
    expect(urls(scan)).toEqual(['/a/', '/b/', '/c']);
    expect(scan.found).toBe("a feed of 1 post, and the site's sitemap with 2 pages more");
    expect(notes).toEqual([`${site.url}/feed.xml is ${scan.found}`]);
  });

  it('a feed that goes on over several pages', async () => {
    const part = (name: string, next: string): string =>
      `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="${next}"/><entry><title>${name}</title><link href="/${name}"/><content type="html">&lt;p>All of ${name}.</content></entry></feed>`;
    site.pages.set('/atom.xml', part('a', '/2.xml'));
    site.pages.set('/2.xml', part('b', '/3.xml'));
    site.pages.set('/3.xml', part('c', '/atom.xml'));
    expect(urls(await read('/atom.xml'))).toEqual(['/a', '/b', '/c']);
    expect(site.count('/atom.xml')).toBe(1);
  });

  it('a sitemap, and an index of sitemaps that leads in circles', async () => {
    const index = (...paths: string[]): string =>
      `<sitemapindex>${paths.map((path) => `<sitemap><loc>${site.url}${path}</loc></sitemap>`).join('')}</sitemapindex>`;
    site.pages.set('/sitemap.xml', index('/one.xml', '/sitemap.xml', '/two.xml', '/gone.xml'));
    site.pages.set('/one.xml', index('/sitemap.xml', '/two.xml'));
    site.pages.set('/two.xml', sitemap([`${site.url}/a/`, `${site.url}/a`, `${site.url}/x.png`]));
    site.pages.set('/a/', postPage('A', words));
    const scan = await read('/sitemap.xml');
    expect(urls(scan)).toEqual(['/a/']);
    expect(site.count('/two.xml')).toBe(1);
    expect(scan.skipped).toContainEqual({
      ...{ what: `${site.url}/gone.xml`, reason: 'failed', detail: 'it is not there (404)' },
    });
  });

  it('a site with a sitemap in its robots.txt, beside a feed that has less', async () => {
    site.pages.set('/robots.txt', `Sitemap: ${site.url}/map.xml`);
    site.pages.set('/map.xml', sitemap([`${site.url}/a/`, `${site.url}/b/`]));
    site.pages.set('/feed.xml', rss([{ link: '/a/', title: 'A', html: words }]));
    site.pages.set(
      '/',
      postPage('Home', '', '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'),
    );
    for (const name of ['a', 'b']) site.pages.set(`/${name}/`, postPage(name, words));
    const scan = await read('/');
    expect(urls(scan)).toEqual(['/a/', '/b/']);
    expect(scan.found).toBe('a site with a sitemap of 2 pages and a feed of 1 post');
  });

  it('a site that lists nothing, whose links are followed within its folder', async () => {
    site.pages.set(
      '/blog/',
      postPage(
        'Home',
        '<a href="a">A</a> <a href="/other/">Other</a> <a href="//elsewhere.example/x">X</a>',
      ),
    );
    site.pages.set('/blog/a', postPage('A', `${words}<a href="b">B</a>`));
    site.pages.set('/blog/b', postPage('B', `${words}<a href="a">A</a>`));
    site.pages.set('/other/', postPage('Other', words));
    const scan = await read('/blog/');
    expect(urls(scan)).toEqual(
      ['/blog/', '/blog/a', '/blog/b'].filter((path) => path !== '/blog/'),
    );
    expect(site.count('/other/')).toBe(0);
  });
});

describe('a source that is read again', () => {
  beforeEach(() => {
    site.pages.set('/sitemap.xml', sitemap([`${site.url}/a/`, [`${site.url}/b/`, '2024-01-01']]));
    site.pages.set('/a/', postPage('A', words));
    site.pages.set('/b/', postPage('B', words));
  });

  it('keeps unchanged posts, and asks for them with conditions or not at all', async () => {
    const posts = source('/sitemap.xml');
    const before = await posts.scan(signal);
    const after = await posts.scan(signal);
    expect(after.posts.map((post, at) => post === before.posts[at])).toEqual([true, true]);
    const asked = site.requests.map(({ path, code }) => `${path} ${code}`);
    expect(asked.slice(0, 2)).toEqual(['/robots.txt 404', '/sitemap.xml 200']);
    // Pages are asked for side by side: either may be first.
    expect(asked.slice(2, 4).toSorted()).toEqual(['/a/ 200', '/b/ 200']);
    expect(asked.slice(4)).toEqual(['/sitemap.xml 304', '/a/ 304']);
    // Another process finds what this one has left.
    await read('/sitemap.xml');
    expect(site.requests.slice(asked.length).map(({ path, code }) => `${path} ${code}`)).toEqual([
      ...['/robots.txt 404', '/sitemap.xml 304', '/a/ 304'],
    ]);
  });

  it('drops a page that is gone, and keeps one that fails as it was', async () => {
    const posts = source('/sitemap.xml');
    await posts.scan(signal);
    site.pages.delete('/a/');
    expect(urls(await posts.scan(signal))).toEqual(['/b/']);
    site.pages.set('/sitemap.xml', sitemap([[`${site.url}/b/`, '2024-02-02']]));
    site.pages.set('/b/', { code: 500 });
    expect(urls(await posts.scan(signal))).toEqual(['/b/']);
    expect(errors.join()).toContain('shown as they were');
  });

  it('is answered from its copy while the site is down, after a start too', async () => {
    await read('/sitemap.xml');
    await site.down();
    const posts = source('/sitemap.xml', { watch: true });
    expect(urls(await posts.scan(signal))).toEqual(['/a/', '/b/']);
    expect(notes.join()).toContain('answering from the copy');
    expect(urls(await posts.scan(signal))).toEqual(['/a/', '/b/']);
    await site.up();
  });

  it('rejects with how to mend it where there is nothing and no copy', async () => {
    await site.down();
    await expect(read('/sitemap.xml')).rejects.toThrow(/connection refused.*check the address/);
    await site.up();
    await expect(read('/nothing')).rejects.toThrow(/not there \(404\)/);
  });
});

describe('a source that is watched', () => {
  /** Resolves when the source says that something may have changed. */
  const change = (posts: PostSource): Promise<void> =>
    new Promise((resolve) => posts.onChange(resolve));

  it('looks for changes again and again, and finds new, other and lost posts', async () => {
    const list = (...names: string[]): void => {
      site.pages.set('/sitemap.xml', sitemap(names.map((name) => `${site.url}/${name}/`)));
      for (const name of names) site.pages.set(`/${name}/`, postPage(name, words));
    };
    list('a', 'b');
    const posts = source('/sitemap.xml', { watch: true, pollMs: 30 });
    let changed = change(posts);
    const before = await posts.scan(signal);
    expect(urls(before)).toEqual(['/a/', '/b/']);
    await changed;
    list('a', 'c');
    site.pages.set('/a/', postPage('a', `${words}<p>More of it.</p>`));
    changed = change(posts);
    const after = await posts.scan(signal);
    expect(urls(after)).toEqual(['/a/', '/c/']);
    expect(JSON.stringify(after.posts)).toContain('More of it.');
    await changed;
    await site.down();
    changed = change(posts);
    const away = await posts.scan(signal);
    expect(away.posts.every((post, at) => post === after.posts[at])).toBe(true);
    await changed;
    await site.up();
  });

  it('is tried again where it could not be read at all', async () => {
    await site.down();
    const posts = source('/sitemap.xml', { watch: true, pollMs: 30 });
    const changed = change(posts);
    await expect(posts.scan(signal)).rejects.toThrow(/cannot be read/);
    await changed;
    await site.up();
    site.pages.set('/sitemap.xml', sitemap([`${site.url}/a/`]));
    site.pages.set('/a/', postPage('A', words));
    expect(urls(await posts.scan(signal))).toEqual(['/a/']);
  });

  it('is quiet once it is closed', async () => {
    site.pages.set('/sitemap.xml', sitemap([`${site.url}/a/`]));
    site.pages.set('/a/', postPage('A', words));
    const posts = source('/sitemap.xml', { watch: true, pollMs: 20 });
    await posts.scan(signal);
    let calls = 0;
    posts.onChange(() => (calls += 1));
    await posts.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(calls).toBe(0);
  });

  it('asks less and less often for what does not change, unless the sitemap says so', async () => {
    let nowMs = Date.parse('2025-01-01');
    const list = (lastmod: string): void => {
      site.pages.set('/sitemap.xml', sitemap([`${site.url}/a/`, [`${site.url}/b/`, lastmod]]));
    };
    list('2024-01-01');
    for (const name of ['a', 'b']) site.pages.set(`/${name}/`, postPage(name, words));
    const posts = source('/sitemap.xml', { now: () => nowMs });
    const minutes = [0, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180];
    for (const minute of minutes) {
      nowMs = Date.parse('2025-01-01') + minute * 60_000;
      await posts.scan(signal);
    }
    expect(site.count('/sitemap.xml')).toBe(minutes.length);
    expect(site.count('/a/')).toBeLessThan(minutes.length - 4);
    expect(site.count('/b/')).toBe(1);
    list('2025-01-01');
    await posts.scan(signal);
    expect(site.count('/b/')).toBe(2);
    nowMs += 7 * 3_600_000;
    site.pages.set('/a/', postPage('a', '<p>Other words.</p>'));
    expect(JSON.stringify((await posts.scan(signal)).posts)).toContain('Other words.');
  });
});
