/** What is read of an address of the web. Plain data: it goes between threads and into files. */
import type { Block } from '../markdown-blocks.ts';

/** An HTML page. */
export interface WebPage {
  readonly title: string;
  /** Absolute; the address that the page says is its own. */
  readonly canonical?: string;
  /** BCP 47; empty where it names none. */
  readonly lang: string;
  /** Description and tags, for finding only. */
  readonly keywords: string;
  /** The page asks not to be indexed. */
  readonly noindex: boolean;
  /** The page asks that its links are not followed. */
  readonly nofollow: boolean;
  /** What shows that the page is a list of others; absent where it is an article. */
  readonly listing?: string;
  readonly blocks: readonly Block[];
  /** Absolute http(s) addresses that the page links to, each once, without their anchors. */
  readonly links: readonly string[];
  /** Absolute addresses of the feeds that the page names, in its order. */
  readonly feeds: readonly string[];
}

export interface FeedEntry {
  /** Absolute http(s) address of its page. */
  readonly url: string;
  readonly title: string;
  readonly keywords: string;
  readonly lang: string;
  /** Changes when the entry does: what it says of its time, else empty. */
  readonly updated: string;
  readonly blocks: readonly Block[];
  /** Whether the blocks are the article rather than its beginning. */
  readonly isWhole: boolean;
}

export interface Feed {
  readonly entries: readonly FeedEntry[];
  /** Address of the feed's older entries. */
  readonly next?: string;
  /** Address of the site that it belongs to. */
  readonly homepage?: string;
}

/** An address of a sitemap. */
export interface ListedAddress {
  readonly url: string;
  /** As it stands there; empty where nothing does. */
  readonly lastmod: string;
}

export type WebDocument =
  | { readonly kind: 'page'; readonly page: WebPage }
  | { readonly kind: 'feed'; readonly feed: Feed }
  | { readonly kind: 'sitemap'; readonly pages: readonly ListedAddress[] }
  | { readonly kind: 'sitemap_index'; readonly sitemaps: readonly ListedAddress[] }
  /** Neither of them; `reason` completes the sentence “it is …”. */
  | { readonly kind: 'other'; readonly reason: string };

/** Bytes as they came, with what is needed to understand them. */
export interface RawDocument {
  /** Where they were found, after redirects: relative addresses begin there. */
  readonly url: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  /** Of the `X-Robots-Tag` header; empty without one. */
  readonly robotsTag: string;
}
