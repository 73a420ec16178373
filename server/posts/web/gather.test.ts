import { describe, expect, it } from 'vitest';
import { feedEntries, offeredSitemap, sitemapPages, type Gathering } from './gather.ts';
import type { Feed, WebDocument } from './web-document.ts';
import type { WebReader } from './web-reader.ts';

const base = 'https://blog.example.com';
const many = (from: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({ url: `${base}/${from}-${at}`, lastmod: '' }));
const indexOf = (...names: readonly string[]): WebDocument => ({
  kind: 'sitemap_index',
  sitemaps: names.map((name) => ({ url: `${base}/${name}`, lastmod: '' })),
});

/** Gathers from these documents; every one that is asked for is counted. */
function gathering(documents: (url: string) => WebDocument, named: readonly string[] = []) {
  const asked: string[] = [];
  const web: WebReader = {
    read(url) {
      asked.push(url.slice(base.length + 1));
      const none = { etag: '', lastModified: '', lastmod: '', readAtMs: 0, digest: '' };
      const entry = { ...none, url, finalUrl: url, document: documents(url) };
      return Promise.resolve({ status: 'read', entry });
    },
    sitemapsOf: () => Promise.resolve(named),
    retry: () => undefined,
  };
  const { signal } = new AbortController();
  const to: Gathering = { web, signal, sources: new Set(), troubles: [], misses: new Set() };
  return { to, asked };
}

describe('sitemaps of a large site', () => {
  const maps: Readonly<Record<string, WebDocument>> = {
    'index.xml': indexOf('one.xml', 'two.xml', 'three.xml', 'four.xml'),
    ...Object.fromEntries(
      ['one', 'two', 'three', 'four'].map((name): [string, WebDocument] => [
        `${name}.xml`,
        { kind: 'sitemap', pages: many(name, 45_000) },
      ]),
    ),
  };
  const documents = (url: string): WebDocument =>
    maps[url.slice(base.length + 1)] ?? { kind: 'other', reason: 'nothing' };

  it('are read up to a limit that memory has room for, and what is left out is told', async () => {
    const { to, asked } = gathering(documents, [`${base}/index.xml`]);
    expect(await offeredSitemap(`${base}/`, to)).toHaveLength(100_000);
    expect(asked).toEqual(['index.xml', 'one.xml', 'two.xml', 'three.xml']);
    expect(to.troubles).toEqual([
      { url: `${base}/three.xml`, reason: expect.stringContaining('100,000') as string },
    ]);
  });

  it('that fill the limit to the last place are told of as well', async () => {
    const half: WebDocument = { kind: 'sitemap', pages: many('half', 50_000) };
    const named = ['a.xml', 'b.xml', 'c.xml', 'd.xml'].map((name) => `${base}/${name}`);
    const { to, asked } = gathering(() => half, named);
    expect(await offeredSitemap(`${base}/`, to)).toHaveLength(100_000);
    expect(asked).toEqual(['a.xml', 'b.xml']);
    expect(to.troubles.map(({ url }) => url)).toEqual([`${base}/c.xml`]);
  });

  it('named twice are read once', async () => {
    const named = ['one.xml', 'index.xml', 'one.xml'].map((name) => `${base}/${name}`);
    const { to, asked } = gathering(
      (url) => (url.endsWith('index.xml') ? indexOf('one.xml') : documents(url)),
      named,
    );
    expect(await offeredSitemap(`${base}/`, to)).toHaveLength(45_000);
    expect(asked).toEqual(['one.xml', 'index.xml']);
  });

  it('that lead on and on come to an end', async () => {
    let made = 0;
    const { to, asked } = gathering(() => indexOf(`more-${(made += 1)}.xml`, `b-${made}.xml`));
    expect(await sitemapPages(`${base}/s.xml`, indexOf('a.xml'), to)).toEqual([]);
    expect(asked.length).toBeLessThanOrEqual(200);
  });
});

it('older pages of a feed are read until there are as many entries as pages of a site', async () => {
  const feedOf = (page: number): Feed => ({
    entries: many(`f${page}`, 3_000).map(({ url }) => ({
      ...{ url, title: 't', keywords: '', lang: '', updated: '', blocks: [], isWhole: false },
    })),
    next: `${base}/feed-${page + 1}.xml`,
  });
  const pageOf = (url: string): number => Number(/\d+/.exec(url)?.[0]);
  const { to, asked } = gathering((url) => ({ kind: 'feed', feed: feedOf(pageOf(url)) }));
  expect(await feedEntries(`${base}/feed-1.xml`, feedOf(1), to)).toHaveLength(6_000);
  expect(asked).toEqual(['feed-2.xml']);
});
