/**
 * Reads documents of a site: politely (`robots.txt`, turns, conditional requests), carefully
 * (every redirect is checked), and from the copy on disk where the site does not answer.
 */
import { cleanAddress } from './address.ts';
import type { DocumentReader } from './document-reader.ts';
import type { HostQueue } from './host-queue.ts';
import type { HttpClient, HttpResult } from './http-get.ts';
import { digestOf, type CachedDocument, type PageCache } from './page-cache.ts';
import { retryAfterMs } from './retry-after.ts';
import { createRobotsFiles } from './robots-files.ts';
import type { WebDocument } from './web-document.ts';

export type ReadResult =
  | { readonly status: 'read'; readonly entry: CachedDocument }
  /** The site says that it is gone, or the address leads elsewhere, or may not be asked. */
  | { readonly status: 'gone' | 'refused'; readonly reason: string }
  /** It cannot be read now. */
  | {
      readonly status: 'failed';
      readonly reason: string;
      /** What was read of it before. */
      readonly copy: CachedDocument | undefined;
      /** When the site said to come back, in milliseconds from now. */
      readonly retryAfterMs: number | undefined;
      /** Nobody answers there, so that other pages of the host need not be tried. */
      readonly unreachable: boolean;
    };

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Of the sitemap; a document that is as old is not asked for again. */
  readonly lastmod?: string;
  /** Whether an address counts that the document leads to; default: any that is not private. */
  readonly accepts?: (url: string) => boolean;
  readonly maxBytes?: number;
}

export interface WebReader {
  read(url: string, options: ReadOptions): Promise<ReadResult>;
  /** Absolute addresses of the sitemaps that the `robots.txt` of a host names. */
  sitemapsOf(url: string, signal: AbortSignal): Promise<readonly string[]>;
  /** What failed before is tried anew. */
  retry(): void;
}

const maxRedirects = 5;
/** A site that asks for more patience than this between pages is not waited for, in milliseconds. */
const longestGapMs = 10_000;
/** A host that says to come back so soon is waited for, in milliseconds. */
const longestWaitMs = 60_000;
const attempts = 3;
/** Even what the sitemap says is unchanged is asked for after so long, in milliseconds. */
const trustLastmodMs = 86_400_000;

type Followed =
  | {
      readonly status: 'answered';
      readonly url: URL;
      readonly result: HttpResult & { status: 'answered' };
    }
  | Exclude<ReadResult, { status: 'read' }>;

export function createWebReader(parts: {
  readonly http: HttpClient;
  readonly queue: HostQueue;
  readonly cache: PageCache;
  readonly documents: DocumentReader;
  /** Told where a copy cannot be kept. */
  readonly onCacheTrouble: (error: unknown) => void;
  readonly nowMs?: () => number;
}): WebReader {
  const { http, queue, cache } = parts;
  const nowMs = parts.nowMs ?? Date.now;

  const robots = createRobotsFiles({
    nowMs,
    onRead(host, { crawlDelay }) {
      if (crawlDelay !== undefined)
        queue.slowDown(host, Math.min(crawlDelay * 1_000, longestGapMs));
    },
    async fetchFile(url, signal) {
      let at = url;
      for (let hop = 0; ; hop += 1) {
        const result = await queue.run(at.host, signal, () => http.get(at, { signal }));
        const target = result.status === 'answered' ? redirectOf(result, at) : undefined;
        if (!target || hop === maxRedirects) return result;
        at = target;
      }
    },
  });

  /** Asks, and asks again where the host says to come back in a moment. */
  async function ask(url: URL, options: Parameters<HttpClient['get']>[1]): Promise<HttpResult> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await queue.run(url.host, options.signal, () => http.get(url, options));
      const isBusy = result.status === 'answered' && (result.code === 429 || result.code === 503);
      if (!isBusy || attempt === attempts) return result;
      const waitMs = retryAfterMs(result.header('retry-after'), nowMs());
      if (waitMs === undefined || waitMs > longestWaitMs) return result;
      queue.pause(url.host, waitMs);
    }
  }

  async function follow(
    start: string,
    options: ReadOptions,
    headers: Readonly<Record<string, string>>,
  ): Promise<Followed> {
    const { signal } = options;
    const failed = (reason: string, unreachable: boolean): Followed => ({
      ...{ status: 'failed', reason, unreachable, copy: undefined, retryAfterMs: undefined },
    });
    let url = new URL(start);
    for (let hop = 0; ; hop += 1) {
      const rules = await robots.of(url, signal);
      if (!rules.known) {
        return failed(
          rules.unreachable ? rules.reason : `its robots.txt cannot be read (${rules.reason})`,
          rules.unreachable,
        );
      }
      if (!rules.robots.allows(url.pathname + url.search)) {
        return { status: 'refused', reason: 'robots.txt forbids it' };
      }
      const maxBytes = options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes };
      const result = await ask(url, { signal, headers, ...maxBytes });
      if (result.status === 'failed') return failed(result.reason, result.unreachable);
      const { code } = result;
      if (code < 300 || code > 399 || code === 304) return { status: 'answered', url, result };
      const target = redirectOf(result, url);
      if (!target) return failed(`it answers ${code} without saying where to go`, false);
      if (!/^https?:$/.test(target.protocol)) {
        return { status: 'refused', reason: `it leads to ${target.protocol}` };
      }
      if (options.accepts && !options.accepts(target.href)) {
        return { status: 'refused', reason: `it leads to another site (${target.host})` };
      }
      if (hop === maxRedirects) return { status: 'refused', reason: 'it leads on and on' };
      url = target;
    }
  }

  async function keep(entry: CachedDocument): Promise<void> {
    await cache.write(entry).catch(parts.onCacheTrouble);
  }

  async function read(start: string, options: ReadOptions): Promise<ReadResult> {
    const copy = await cache.read(start);
    const lastmod = options.lastmod ?? '';
    const isFresh = copy && lastmod !== '' && copy.lastmod === lastmod;
    if (isFresh && nowMs() - copy.readAtMs < trustLastmodMs) return { status: 'read', entry: copy };
    const found = await follow(start, options, copy ? conditions(copy) : {});
    if (found.status === 'failed') return { ...found, copy };
    if (found.status !== 'answered') {
      await cache.remove(start);
      return found;
    }
    const { url, result } = found;
    const { code, header } = result;
    if (code === 304 && copy) {
      const entry = { ...copy, lastmod, readAtMs: nowMs() };
      if (copy.lastmod !== lastmod || isFresh) await keep(entry);
      return { status: 'read', entry };
    }
    if (code === 404 || code === 410) {
      await cache.remove(start);
      return { status: 'gone', reason: `it is not there (${code})` };
    }
    if (code !== 200 && code !== 203) {
      const again = retryAfterMs(header('retry-after'), nowMs());
      return {
        status: 'failed',
        reason: `it answers ${code}`,
        copy,
        retryAfterMs: again,
        unreachable: false,
      };
    }
    const document = await parts.documents.read({
      url: url.href,
      body: result.body,
      contentType: header('content-type'),
      robotsTag: header('x-robots-tag'),
    });
    const entry: CachedDocument = {
      url: start,
      finalUrl: url.href,
      etag: header('etag'),
      lastModified: header('last-modified'),
      lastmod,
      readAtMs: nowMs(),
      digest: digestOf(document),
      document,
    };
    await keep(entry);
    return { status: 'read', entry };
  }

  async function sitemapsOf(url: string, signal: AbortSignal): Promise<readonly string[]> {
    const file = new URL('/robots.txt', url);
    const answer = await robots.of(file, signal);
    if (!answer.known) return rememberedSitemaps(cache, file.href);
    const named = answer.robots.sitemaps
      .map((sitemap) => cleanAddress(sitemap, file.href))
      .filter((sitemap) => sitemap !== undefined);
    const sitemaps = named.map((sitemap) => ({ url: sitemap, lastmod: '' }));
    const document: WebDocument = { kind: 'sitemap_index', sitemaps };
    const digest = digestOf(document);
    if ((await cache.read(file.href))?.digest !== digest) {
      // Kept, since a site that is down does not say where its sitemaps are.
      const none = { etag: '', lastModified: '', lastmod: '' };
      const { href } = file;
      await keep({ ...none, url: href, finalUrl: href, readAtMs: nowMs(), digest, document });
    }
    return named;
  }

  return { read, sitemapsOf, retry: robots.retry };
}

async function rememberedSitemaps(cache: PageCache, file: string): Promise<readonly string[]> {
  const document = (await cache.read(file))?.document;
  return document?.kind === 'sitemap_index' ? document.sitemaps.map(({ url }) => url) : [];
}

/** Where an answer sends to; undefined where it does not. */
function redirectOf(result: HttpResult & { status: 'answered' }, from: URL): URL | undefined {
  if (result.code < 300 || result.code > 399 || result.code === 304) return undefined;
  const location = result.header('location');
  return location !== '' && URL.canParse(location, from) ? new URL(location, from) : undefined;
}

const conditions = ({ etag, lastModified }: CachedDocument): Record<string, string> => ({
  ...(etag === '' ? {} : { 'if-none-match': etag }),
  ...(lastModified === '' ? {} : { 'if-modified-since': lastModified }),
});

const noCopy: ReadResult = {
  ...{ status: 'failed', reason: 'there is no copy of it', unreachable: true },
  ...{ copy: undefined, retryAfterMs: undefined },
};

/** Answers from the copies alone, without a request. */
export const copiesOnly = (cache: PageCache): WebReader => ({
  async read(url) {
    const entry = await cache.read(url);
    return entry ? { status: 'read', entry } : noCopy;
  },
  sitemapsOf: (url) => rememberedSitemaps(cache, new URL('/robots.txt', url).href),
  retry: () => undefined,
});
