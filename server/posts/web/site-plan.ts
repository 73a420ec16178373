/** From the address that the owner typed to the pages that may be posts. */
import { addressKey, mayBePage, siteOf } from './address.ts';
import {
  feedEntries,
  feedPlaces,
  firstOf,
  load,
  offeredSitemap,
  placesNear,
  sitemapPages,
  type Gathering,
} from './gather.ts';
import type { FeedEntry, ListedAddress, WebDocument } from './web-document.ts';
import type { ReadResult, WebReader } from './web-reader.ts';

/** A page that may be a post. */
export interface Candidate {
  readonly url: string;
  readonly lastmod: string;
  /** What the feed has of it. */
  readonly entry?: FeedEntry;
}

export interface SitePlan {
  /** Host of the posts, as `siteOf` has it. */
  readonly site: string;
  /** Each page once, in the order found. */
  readonly candidates: readonly Candidate[];
  /** Whether pages lead to further ones, since nothing lists them. */
  readonly crawl: boolean;
  /** How the posts were found: `a feed of 10 posts`. */
  readonly found: string;
  /** Addresses beside pages that were read. */
  readonly sources: readonly string[];
  /** Parts of a sitemap or a feed that could not be read. */
  readonly troubles: readonly { readonly url: string; readonly reason: string }[];
}

/** The source cannot be read as a whole; the message says how to mend it. */
export class SourceFailed extends Error {
  override readonly name = 'SourceFailed';
  /** When the site said to come back, in milliseconds from now. */
  readonly retryAfterMs: number | undefined;
  constructor(message: string, waitMs?: number) {
    super(message);
    this.retryAfterMs = waitMs;
  }
}

/** The host that most entries lie on: a feed may be served by another. */
function hostOfMost(urls: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const url of urls) counts.set(siteOf(url), (counts.get(siteOf(url)) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0];
}

function join(
  site: string,
  pages: readonly ListedAddress[],
  entries: readonly FeedEntry[],
): Candidate[] {
  const byKey = new Map<string, Candidate>();
  for (const entry of entries) {
    const key = addressKey(entry.url);
    if (siteOf(entry.url) !== site || byKey.has(key)) continue;
    byKey.set(key, { url: entry.url, lastmod: '', entry });
  }
  for (const { url, lastmod } of pages) {
    if (siteOf(url) !== site || !mayBePage(url)) continue;
    const key = addressKey(url);
    const known = byKey.get(key);
    if (!known) byKey.set(key, { url, lastmod });
    else if (known.lastmod === '') byKey.set(key, { ...known, lastmod });
  }
  return [...byKey.values()];
}

const count = (number: number, one: string): string =>
  `${number.toLocaleString('en-US')} ${number === 1 ? one : `${one}s`}`;

/** What the typed address is, as the beginning of a plan. */
async function planFor(
  url: string,
  document: WebDocument,
  to: Gathering,
): Promise<Omit<SitePlan, 'sources' | 'troubles'>> {
  switch (document.kind) {
    case 'sitemap':
    case 'sitemap_index': {
      const pages = await sitemapPages(url, document, to);
      const site = siteOf(url);
      const candidates = join(site, pages, []);
      const found = `a sitemap of ${count(pages.length, 'page')}`;
      if (pages.length > 0 && candidates.length === 0) {
        const other = hostOfMost(pages.map((page) => page.url)) ?? '';
        throw new SourceFailed(
          `the pages of ${url} lie on another host, ${other}; set POSTS to the sitemap at that address`,
        );
      }
      return { site, candidates, crawl: false, found };
    }
    case 'feed': {
      const entries = await feedEntries(url, document.feed, to);
      const site = hostOfMost(entries.map((entry) => entry.url)) ?? siteOf(url);
      const near = entries.find((entry) => siteOf(entry.url) === site)?.url ?? url;
      const home = document.feed.homepage;
      const start = home !== undefined && siteOf(home) === site ? home : new URL('/', near).href;
      const pages = join(site, await offeredSitemap(start, to), []);
      const candidates = join(site, pages.length > entries.length ? pages : [], entries);
      const more = candidates.length - join(site, [], entries).length;
      const found = `a feed of ${count(entries.length, 'post')}${more > 0 ? `, and the site's sitemap with ${count(more, 'page')} more` : ''}`;
      return { site, candidates, crawl: false, found };
    }
    case 'page':
      return planForSite(url, document.page.feeds, to);
    case 'other':
      throw new SourceFailed(
        `${url} is ${document.reason}; set POSTS to the address of a site, a sitemap or a feed, or to a folder`,
      );
  }
}

async function planForSite(
  url: string,
  named: readonly string[],
  to: Gathering,
): Promise<Omit<SitePlan, 'sources' | 'troubles'>> {
  const site = siteOf(url);
  const pages = await offeredSitemap(url, to);
  const places = named.length > 0 ? named : pages.length > 0 ? [] : placesNear(url, feedPlaces);
  const feed = await firstOf(places, ['feed'], to);
  const entries = feed ? await feedEntries(feed.url, feed.document.feed, to) : [];
  const ofFolder = below(url, join(site, pages, entries));
  const parts = [
    ...(pages.length > 0 ? [`a sitemap of ${count(pages.length, 'page')}`] : []),
    ...(entries.length > 0 ? [`a feed of ${count(entries.length, 'post')}`] : []),
  ];
  if (ofFolder.length > 0) {
    return {
      site,
      candidates: ofFolder,
      crawl: false,
      found: `a site with ${parts.join(' and ')}`,
    };
  }
  const start = [{ url, lastmod: '' }];
  return {
    site,
    candidates: start,
    crawl: true,
    found: 'a site without sitemap and feed, whose links are followed',
  };
}

/** Of a blog in a folder of a site, what lies in that folder; everything where nothing does. */
function below(url: string, candidates: readonly Candidate[]): readonly Candidate[] {
  const folder = folderOf(url);
  const inside = candidates.filter((candidate) =>
    new URL(candidate.url).pathname.startsWith(folder),
  );
  return inside.length > 0 ? inside : candidates;
}

/** The folder that an address stands for: `/blog/` of `/blog`, `/blog/` and `/blog/index.html`. */
export function folderOf(url: string): string {
  const { pathname } = new URL(url);
  if (pathname.endsWith('/')) return pathname;
  return /\.\w+$/.test(pathname) ? pathname.replace(/[^/]*$/, '') : `${pathname}/`;
}

/**
 * Finds out what the typed address is and what may be read from it.
 *
 * @param options.misses - usual places where nothing was found; more are added
 * @throws SourceFailed where nothing can be read and there is no copy of what was read before
 */
export async function planSite(
  typed: string,
  web: WebReader,
  options: { readonly signal: AbortSignal; readonly misses: Set<string> },
): Promise<SitePlan> {
  const to: Gathering = { web, ...options, sources: new Set(), troubles: [] };
  const { entry, result } = await load(typed, to);
  if (!entry) {
    if (result.status === 'read') throw new Error('a document that was read is there');
    throw sourceFailed(typed, result);
  }
  if (result.status !== 'read') to.troubles.push({ url: typed, reason: result.reason });
  const { document, finalUrl } = entry;
  if (document.kind !== 'feed' && siteOf(finalUrl) !== siteOf(typed)) {
    const { origin } = new URL(finalUrl);
    throw new SourceFailed(
      `${typed} leads to another site; set POSTS to its address there: ${origin}/`,
    );
  }
  const plan = await planFor(finalUrl, document, to);
  return { ...plan, sources: [...to.sources], troubles: to.troubles };
}

function sourceFailed(
  typed: string,
  result: Exclude<ReadResult, { status: 'read' }>,
): SourceFailed {
  const { reason } = result;
  if (result.status === 'refused' && reason.startsWith('robots.txt')) {
    return new SourceFailed(
      `${typed} may not be read: the site's robots.txt forbids it; allow the user agent contact-chat there`,
    );
  }
  const wait = result.status === 'failed' ? result.retryAfterMs : undefined;
  return new SourceFailed(
    `${typed} cannot be read: ${reason}; check the address and that this machine reaches it`,
    wait,
  );
}
