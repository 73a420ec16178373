/** Lists of pages that a site offers: sitemaps with all that they list, feeds with their older pages. */
import { siteOf } from './address.ts';
import { sitemapBytes } from './http-get.ts';
import type { CachedDocument } from './page-cache.ts';
import type { Feed, FeedEntry, ListedAddress, WebDocument } from './web-document.ts';
import type { ReadResult, WebReader } from './web-reader.ts';

const maxSitemaps = 200;
const maxSitemapDepth = 4;
const maxFeedPages = 50;
/** Entries of a feed with its older pages; no more pages than this are read of a site anyhow. */
const maxFeedEntries = 5_000;
/** Addresses of all sitemaps together: far more than are read, so that only memory is guarded. */
const maxListed = 100_000;

const sitemapPlaces = [
  'sitemap.xml',
  'sitemap_index.xml',
  'sitemap-index.xml',
  'wp-sitemap.xml',
  'sitemap.txt',
];
export const feedPlaces = ['atom.xml', 'feed.xml', 'rss.xml', 'index.xml', 'feed/', 'feed.json'];

export interface Gathering {
  readonly web: WebReader;
  readonly signal: AbortSignal;
  readonly sources: Set<string>;
  readonly troubles: { readonly url: string; readonly reason: string }[];
  /** Usual places where nothing was: they are not looked at every time. */
  readonly misses: Set<string>;
}

/** A document now, or the copy of it. */
export async function load(
  url: string,
  to: Gathering,
): Promise<{ readonly entry?: CachedDocument; readonly result: ReadResult }> {
  to.sources.add(url);
  const result = await to.web.read(url, { signal: to.signal, maxBytes: sitemapBytes });
  switch (result.status) {
    case 'read':
      return { entry: result.entry, result };
    case 'failed':
      return result.copy ? { entry: result.copy, result } : { result };
    case 'gone':
    case 'refused':
      return { result };
  }
}

/** What the sitemaps of a site list, as they are read. */
interface Listing {
  readonly pages: ListedAddress[];
  /** Sitemaps that were looked at, each once. */
  readonly seen: Set<string>;
}

/** Adds as many as there is room for; tells of the first sitemap that does not fit. */
function add(
  found: readonly ListedAddress[],
  from: { readonly url: string; readonly to: Gathering; readonly listing: Listing },
): void {
  const { pages } = from.listing;
  const room = maxListed - pages.length;
  for (const page of found.slice(0, room)) pages.push(page);
  if (found.length > room) tellFull(from.url, from.to);
}

const full = `the site's sitemaps list more than ${maxListed.toLocaleString('en-US')} addresses; what follows here is not read`;

function tellFull(url: string, { troubles }: Gathering): void {
  if (!troubles.some(({ reason }) => reason === full)) troubles.push({ url, reason: full });
}

/** All pages of a sitemap and of those that it lists, each sitemap once. */
export async function sitemapPages(
  url: string,
  document: WebDocument,
  to: Gathering,
  listing: Listing = { pages: [], seen: new Set() },
): Promise<readonly ListedAddress[]> {
  const { pages, seen } = listing;
  seen.add(url);
  const site = siteOf(url);
  const enter = async (at: string, found: WebDocument, depth: number): Promise<void> => {
    if (found.kind === 'sitemap') add(found.pages, { url: at, to, listing });
    if (found.kind !== 'sitemap_index' || depth > maxSitemapDepth) return;
    for (const { url: inner } of found.sitemaps) {
      if (seen.has(inner) || seen.size > maxSitemaps || siteOf(inner) !== site) continue;
      if (pages.length >= maxListed) {
        tellFull(inner, to);
        return;
      }
      seen.add(inner);
      const { entry, result } = await load(inner, to);
      if (entry) await enter(inner, entry.document, depth + 1);
      else if (result.status !== 'read') to.troubles.push({ url: inner, reason: result.reason });
    }
  };
  await enter(url, document, 1);
  return pages;
}

/** All entries of a feed, its older pages included. */
export async function feedEntries(url: string, first: Feed, to: Gathering): Promise<FeedEntry[]> {
  const entries = [...first.entries];
  const seen = new Set<string>([url]);
  for (let feed = first; feed.next !== undefined && seen.size < maxFeedPages;) {
    const { next } = feed;
    if (seen.has(next) || siteOf(next) !== siteOf(url) || entries.length >= maxFeedEntries) break;
    seen.add(next);
    const { entry, result } = await load(next, to);
    if (entry?.document.kind !== 'feed') {
      if (result.status !== 'read') to.troubles.push({ url: next, reason: result.reason });
      break;
    }
    feed = entry.document.feed;
    entries.push(...feed.entries);
  }
  return entries;
}

/** The first of some places where a document of this kind is; what is elsewhere is not told of. */
export async function firstOf<Kind extends WebDocument['kind']>(
  places: readonly string[],
  kinds: readonly Kind[],
  to: Gathering,
): Promise<{ url: string; document: Extract<WebDocument, { kind: Kind }> } | undefined> {
  for (const url of new Set(places)) {
    if (to.misses.has(url)) continue;
    const { entry, result } = await load(url, to);
    const document = entry?.document;
    if (document && (kinds as readonly string[]).includes(document.kind)) {
      return { url, document: document as Extract<WebDocument, { kind: Kind }> };
    }
    to.sources.delete(url);
    if (result.status !== 'failed') to.misses.add(url);
  }
  return undefined;
}

/** Well-known places below the folder of an address, then at the root of its host. */
export const placesNear = (address: string, names: readonly string[]): string[] =>
  ['./', '/'].flatMap((at) => names.map((name) => new URL(`${at}${name}`, address).href));

/** Pages of the sitemaps that a site offers, by its `robots.txt` or in a usual place. */
export async function offeredSitemap(
  address: string,
  to: Gathering,
): Promise<readonly ListedAddress[]> {
  const site = siteOf(address);
  const named = await to.web.sitemapsOf(address, to.signal);
  to.sources.add(new URL('/robots.txt', address).href);
  const ofSite = named.filter((url) => siteOf(url) === site);
  const listing: Listing = { pages: [], seen: new Set() };
  const { pages, seen } = listing;
  for (const url of ofSite.slice(0, maxSitemaps)) {
    if (seen.has(url)) continue;
    if (pages.length >= maxListed) {
      tellFull(url, to);
      break;
    }
    const { entry, result } = await load(url, to);
    if (entry) await sitemapPages(url, entry.document, to, listing);
    else if (result.status !== 'read') to.troubles.push({ url, reason: result.reason });
  }
  if (pages.length > 0) return pages;
  const found = await firstOf(placesNear(address, sitemapPlaces), ['sitemap', 'sitemap_index'], to);
  return found ? sitemapPages(found.url, found.document, to) : [];
}
