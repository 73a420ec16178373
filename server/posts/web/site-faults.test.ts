import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PostScan, PostSource } from '../post-source.ts';
import { inlineReader } from './document-reader.ts';
import { createSiteSource, type SiteSourceOptions } from './site-source.ts';
import { postPage, rss, sitemap, startTestSite, type TestSite } from './test-site.ts';

let folder = '';
let site: TestSite;
let other: TestSite;
let errors: string[] = [];
const open = new Set<PostSource>();
const { signal } = new AbortController();
const words = '<p>Words about deployment that are long enough for anybody.</p>'.repeat(30);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'site-faults-'));
  [site, other] = await Promise.all([startTestSite(), startTestSite()]);
  errors = [];
});
afterEach(async () => {
  for (const source of open) await source.close();
  open.clear();
  await Promise.all([site.down(), other.down()]);
  await rm(folder, { recursive: true, force: true });
});

function source(path: string, options: Partial<SiteSourceOptions> = {}): PostSource {
  const created = createSiteSource({
    address: path.startsWith('http') ? path : `${site.url}${path}`,
    cacheFolder: folder,
    watch: false,
    documents: inlineReader(),
    onError: (error) => errors.push(String(error)),
    httpLimits: { answerMs: 2_000, wholeMs: 3_000 },
    ...options,
  });
  open.add(created);
  return created;
}
/** Paths of the posts, and of what was left out with its reason. */
async function read(scan: Promise<PostScan>): Promise<{ posts: string[]; skipped: string[] }> {
  const { posts, skipped = [] } = await scan;
  const short = (url: string): string => url.replace(site.url, '');
  return {
    posts: posts.map(({ url }) => short(url)).sort(),
    skipped: skipped.map(({ what, reason }) => `${short(what)} ${reason}`).sort(),
  };
}
function list(...paths: readonly string[]): void {
  site.pages.set('/sitemap.xml', sitemap(paths.map((path) => `${site.url}${path}`)));
}
const redirect = (location: string, code = 301) => ({ code, headers: { location } });

describe('redirects', () => {
  it('are followed within the site, a few of them, and nowhere else', async () => {
    list('/old', '/chain', '/loop', '/away', '/private', '/file', '/nowhere', '/scheme');
    site.pages.set('/old', redirect('/new/'));
    site.pages.set('/new/', postPage('New', words));
    for (const at of [0, 1, 2, 3, 4, 5, 6])
      site.pages.set(at === 0 ? '/chain' : `/chain${at}`, redirect(`chain${at + 1}`));
    site.pages.set('/loop', redirect('/loop'));
    site.pages.set('/away', redirect(`${other.url}/secret`));
    site.pages.set('/private', redirect('http://169.254.169.254/latest/meta-data/'));
    site.pages.set('/file', redirect('file:///etc/passwd'));
    site.pages.set('/nowhere', { code: 302 });
    site.pages.set('/scheme', redirect('http://[broken'));
    other.pages.set('/secret', postPage('Secret', words));
    expect(await read(source('/sitemap.xml').scan(signal))).toEqual({
      posts: ['/new/'],
      skipped: [
        '/away elsewhere',
        '/chain elsewhere',
        '/file elsewhere',
        '/loop elsewhere',
        '/nowhere failed',
        '/private elsewhere',
        '/scheme failed',
      ],
    });
    expect(other.requests).toEqual([]);
    expect(site.count('/chain5')).toBe(1);
    expect(site.count('/chain6')).toBe(0);
  });

  it('of the typed address to another site are told, not followed', async () => {
    site.pages.set('/', redirect(`${other.url}/`));
    other.pages.set('/', postPage('Other', words));
    await expect(source('/').scan(signal)).rejects.toThrow(/private address/);
    expect(other.requests).toEqual([]);
  });
});

describe('robots.txt', () => {
  it('is obeyed for pages and for the address itself', async () => {
    site.pages.set(
      '/robots.txt',
      'User-agent: *\nDisallow: /private/\nDisallow: /*?draft\nUser-agent: Contact-Chat\nDisallow: /private/\nAllow: /private/open\nCrawl-delay: 0',
    );
    list('/private/a', '/private/open', '/b');
    for (const path of ['/private/a', '/private/open', '/b'])
      site.pages.set(path, postPage(path, words));
    expect(await read(source('/sitemap.xml').scan(signal))).toEqual({
      posts: ['/b', '/private/open'],
      skipped: ['/private/a elsewhere'],
    });
    expect(site.count('/private/a')).toBe(0);
    expect(site.count('/robots.txt')).toBe(1);
    site.pages.set('/robots.txt', 'User-agent: *\nDisallow: /');
    await expect(source('/sitemap.xml').scan(signal)).rejects.toThrow(
      /robots.txt forbids.*contact-chat/,
    );
  });

  it('that fails forbids everything for now; that is missing allows it', async () => {
    list('/a');
    site.pages.set('/a', postPage('A', words));
    site.pages.set('/robots.txt', { code: 500 });
    await expect(source('/sitemap.xml').scan(signal)).rejects.toThrow(/robots.txt.*500/);
    expect(site.count('/sitemap.xml')).toBe(0);
    site.pages.set('/robots.txt', { code: 403 });
    expect((await read(source('/sitemap.xml').scan(signal))).posts).toEqual(['/a']);
  });

  it('may be a redirect', async () => {
    list('/a', '/b');
    for (const path of ['/a', '/b']) site.pages.set(path, postPage(path, words));
    site.pages.set('/robots.txt', redirect('/robots/real.txt'));
    site.pages.set('/robots/real.txt', 'User-agent: *\nDisallow: /b');
    expect((await read(source('/sitemap.xml').scan(signal))).posts).toEqual(['/a']);
  });
});

describe('pages', () => {
  it('that fail in whatever way are left out, and the others stay', async () => {
    list(
      '/good',
      '/gone',
      '/error',
      '/slow',
      '/large',
      '/endless',
      '/picture',
      '/empty',
      '/noindex',
      '/gbk',
      '/same',
    );
    site.pages.set('/good', postPage('Good', words));
    site.pages.set('/error', { code: 500 });
    site.pages.set('/slow', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      const timer = setInterval(() => response.write('<p>drop'), 50);
      response.on('close', () => clearInterval(timer));
    });
    site.pages.set('/large', { body: Buffer.alloc(6 * 1024 * 1024, '<p>word </p>') });
    site.pages.set('/endless', () => undefined);
    site.pages.set('/picture', {
      headers: { 'content-type': 'image/png' },
      body: Uint8Array.from([0x89, 0x50, 0, 0]),
    });
    site.pages.set('/empty', '');
    site.pages.set('/noindex', {
      headers: { 'x-robots-tag': 'noindex' },
      body: postPage('No', words),
    });
    site.pages.set('/gbk', {
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: Buffer.concat([
        Buffer.from('<html><head><meta charset="gbk"><title>t</title></head><body><article><p>'),
        Buffer.from(Array.from({ length: 40 }, () => [0xb2, 0xbf, 0xca, 0xf0]).flat()),
        Buffer.from('</p></article></body></html>'),
      ]),
    });
    site.pages.set(
      '/same',
      postPage('Good', words, `<link rel="canonical" href="${site.url}/good">`),
    );
    const scan = source('/sitemap.xml').scan(signal);
    expect(await read(scan)).toEqual({
      posts: ['/gbk', '/good'],
      skipped: [
        '/empty unreadable',
        '/endless failed',
        '/error failed',
        '/gone gone',
        '/large failed',
        '/noindex noindex',
        '/picture unreadable',
        '/same duplicate',
        '/slow failed',
      ],
    });
    const chinese = (await scan).posts.find(({ url }) => url.endsWith('/gbk'));
    expect(chinese?.blocks[0]?.text).toContain('部署');
    expect(chinese?.script).toBe('cjk');
  });

  it('beyond the limit are not read, and that is told', async () => {
    const paths = Array.from({ length: 9 }, (_, at) => `/${at}`);
    list(...paths);
    for (const path of paths) site.pages.set(path, postPage(path, words));
    const found = await read(source('/sitemap.xml', { scanLimits: { maxPages: 6 } }).scan(signal));
    expect(found.posts).toHaveLength(6);
    expect(found.skipped).toEqual(['/6 too_many', '/7 too_many', '/8 too_many']);
    expect(site.count('/6')).toBe(0);
  });

  it('are asked for again where the site is busy for a moment', async () => {
    list('/a');
    let asked = 0;
    site.pages.set('/a', (_request, response) => {
      asked += 1;
      response.writeHead(asked === 1 ? 429 : 200, {
        'retry-after': '0',
        'content-type': 'text/html',
      });
      response.end(postPage('A', words));
    });
    expect((await read(source('/sitemap.xml').scan(signal))).posts).toEqual(['/a']);
    expect(asked).toBe(2);
  });

  it('are not asked for one by one where the site stops answering', async () => {
    const paths = Array.from({ length: 40 }, (_, at) => `/${at}`);
    list(...paths);
    for (const path of paths) site.pages.set(path, (request) => request.socket.destroy());
    const found = await read(source('/sitemap.xml').scan(signal));
    expect(found.skipped).toHaveLength(40);
    expect(site.requests.length).toBeLessThan(20);
  });

  it('of other hosts are never asked for, whoever names them', async () => {
    site.pages.set(
      '/sitemap.xml',
      sitemap([`${site.url}/a`, `${other.url}/b`, 'http://10.0.0.1/c', 'http://localhost:1/d']),
    );
    site.pages.set(
      '/a',
      postPage('A', words, `<link rel="canonical" href="https://elsewhere.example/a">`),
    );
    expect(await read(source('/sitemap.xml').scan(signal))).toEqual({ posts: ['/a'], skipped: [] });
    expect(other.requests).toEqual([]);
    site.pages.set(
      '/feed.xml',
      rss([
        { link: `${other.url}/x`, title: 'X' },
        { link: 'http://[::1]:9/y', title: 'Y' },
        { link: '/a', title: 'A' },
        { link: '/a2', title: 'B' },
      ]),
    );
    site.pages.set('/a2', postPage('B', words));
    expect((await read(source('/feed.xml').scan(signal))).posts).toEqual(['/a', '/a2']);
    expect(other.requests).toEqual([]);
  });
});

describe('the copy on disk', () => {
  it('is made anew where it is torn, and where none can be kept it is told', async () => {
    list('/a');
    site.pages.set('/a', postPage('A', words));
    await source('/sitemap.xml').scan(signal);
    const [own = ''] = await readdir(folder);
    const names = await readdir(join(folder, own));
    expect(names.filter((name) => !/^[\da-f]{32}\.json$/.test(name))).toEqual([]);
    for (const name of names) {
      const file = join(folder, own, name);
      await writeFile(file, (await readFile(file)).subarray(0, 60));
    }
    expect((await read(source('/sitemap.xml').scan(signal))).posts).toEqual(['/a']);
    const blocked = join(folder, 'file');
    await writeFile(blocked, '');
    expect(
      (await read(source('/sitemap.xml', { cacheFolder: blocked }).scan(signal))).posts,
    ).toEqual(['/a']);
    expect(errors.join()).toContain('the copy cannot be kept');
  });

  it('stays where reading is stopped in the middle', async () => {
    list('/a', '/b');
    site.pages.set('/a', postPage('A', words));
    site.pages.set('/b', postPage('B', words));
    await source('/sitemap.xml').scan(signal);
    const stop = new AbortController();
    site.pages.set('/a', () => stop.abort(new Error('stop')));
    await expect(source('/sitemap.xml').scan(stop.signal)).rejects.toThrow('stop');
    await site.down();
    expect((await read(source('/sitemap.xml', { watch: true }).scan(signal))).posts).toEqual([
      '/a',
      '/b',
    ]);
    await site.up();
  });
});
