/** Posts of a site that is read over the web: its feed, its sitemap, or whatever it links to. */
import type { OnError } from '../../ports.ts';
import type { PostScan, PostSource } from '../post-source.ts';
import { groupSkipped, isTrouble, skipWords, type Skipped } from '../skipped.ts';
import { createDocumentReader, type DocumentReader } from './document-reader.ts';
import { createHostQueue } from './host-queue.ts';
import { createHttpClient, defaultHttpLimits, type HttpLimits } from './http-get.ts';
import { createPageCache } from './page-cache.ts';
import { createAddressGuard, isPrivateHost, type Resolve } from './public-address.ts';
import { planSite, SourceFailed, type Candidate, type SitePlan } from './site-plan.ts';
import { scanPages, type PagesScan, type ScanLimits, type ScanProgress } from './site-scan.ts';
import { createPostMemory } from './web-post.ts';
import { copiesOnly, createWebReader, type WebReader } from './web-reader.ts';

export interface SiteSourceOptions {
  /** http(s) address of a feed, a sitemap or a site, as the owner typed it. */
  readonly address: string;
  /** Where copies of what was read are kept, of all sources. */
  readonly cacheFolder: string;
  /**
   * Whether changes are looked for again and again; the first scan is then answered from the
   * copies, where there are some. Default true.
   */
  readonly watch?: boolean;
  /** Told of pages that could not be read, stage `posts`; of each state of things once. */
  readonly onError: OnError;
  /** Told what was found and how, a line each. */
  readonly onNote?: (line: string) => void;
  readonly onProgress?: (progress: ScanProgress) => void;
  /** Between two looks for changes, in milliseconds. Default 15 minutes. */
  readonly pollMs?: number;
  /** Between two requests to a host, in milliseconds. Default 100, on this machine 0. */
  readonly gapMs?: number;
  readonly httpLimits?: Partial<HttpLimits>;
  readonly scanLimits?: Partial<ScanLimits>;
  readonly documents?: DocumentReader;
  readonly resolve?: Resolve;
  readonly now?: () => number;
}

const defaultPollMs = 900_000;
const defaultGapMs = 100;
const defaultScanLimits: ScanLimits = { maxPages: 5_000, maxDepth: 8 };
/** A source that cannot be read at all is tried again after so long, and then twice as long. */
const firstRetryMs = 30_000;
/** A page that does not change is asked for less and less often, down to this, in milliseconds. */
const longestTrustMs = 6 * 3_600_000;
/** Usual places where nothing was are looked at again after so long. */
const missesMs = 86_400_000;

interface Checked {
  readonly digest: string;
  readonly hint: string;
  readonly sinceMs: number;
  readonly atMs: number;
}

export function createSiteSource(options: SiteSourceOptions): PostSource {
  const { address, onError, onNote, onProgress, now = Date.now } = options;
  const isWatching = options.watch !== false;
  const pollMs = options.pollMs ?? defaultPollMs;
  const limits = { ...defaultScanLimits, ...options.scanLimits };
  const http = createHttpClient(createAddressGuard(address, options.resolve), {
    ...defaultHttpLimits,
    ...options.httpLimits,
  });
  const gapMs = options.gapMs ?? (isPrivateHost(new URL(address)) ? 0 : defaultGapMs);
  const cache = createPageCache(options.cacheFolder, address);
  const documents = options.documents ?? createDocumentReader();
  const web = createWebReader({
    ...{ http, cache, documents, nowMs: now },
    queue: createHostQueue({ gapMs, atOnce: 2 }),
    onCacheTrouble: (error) => tellOnce('cache', `the copy cannot be kept: ${messageOf(error)}`),
  });
  const copies = copiesOnly(cache);
  const memory = createPostMemory();
  const checked = new Map<string, Checked>();
  const misses = new Set<string>();
  let missesUntilMs = 0;
  let listener = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let isFirst = isWatching;
  let failures = 0;
  /** What was told last of each subject: what stays as it is is told once. */
  const told = new Map<string, string>();

  function tellOnce(subject: string, line: string): void {
    if (told.get(subject) === line) return;
    told.set(subject, line);
    if (line !== '') onError(new Error(`${address}: ${line}`), { stage: 'posts' });
  }
  function noteOnce(subject: string, line: string): void {
    if (told.get(subject) === line) return;
    told.set(subject, line);
    if (line !== '') onNote?.(line);
  }

  function again(delayMs: number): void {
    clearTimeout(timer);
    if (isWatching && !closed) timer = setTimeout(() => listener(), delayMs).unref();
  }

  /** How long a page is taken to be as it was, the longer the longer it has been so. */
  function isDue({ url, lastmod, entry }: Candidate): boolean {
    const last = checked.get(url);
    if (!last || lastmod !== '' || last.hint !== (entry?.updated ?? '')) return true;
    const trustMs = Math.min((last.atMs - last.sinceMs) / 2, longestTrustMs);
    return now() - last.atMs >= trustMs;
  }

  async function read(
    reader: WebReader,
    signal: AbortSignal,
  ): Promise<{ plan: SitePlan; pages: PagesScan }> {
    if (now() > missesUntilMs) {
      misses.clear();
      missesUntilMs = now() + missesMs;
    }
    const plan = await planSite(address, reader, { signal, misses });
    const pages = await scanPages({
      ...{ plan, web: reader, copies, memory, limits, signal },
      isDue: (candidate) => reader === copies || isDue(candidate),
      onRead({ url, entry }, { digest }) {
        const last = checked.get(url);
        const sinceMs = last?.digest === digest ? last.sinceMs : now();
        if (reader === web)
          checked.set(url, { digest, hint: entry?.updated ?? '', sinceMs, atMs: now() });
      },
      onProgress: (progress) => onProgress?.(progress),
    });
    return { plan, pages };
  }

  /** The first answer of a start: as the blog was when it was last read. */
  async function fromCopies(signal: AbortSignal): Promise<PostScan | undefined> {
    if (!(await cache.read(address))) return undefined;
    const { pages } = await read(copies, signal).catch(() => ({ pages: undefined }));
    if (!pages || pages.posts.length === 0) return undefined;
    onNote?.(`${address}: answering from the copy of what was read before; looking for changes`);
    return { posts: pages.posts };
  }

  /** What an owner may want to mend; once, and not where the whole list is asked for. */
  function tell(found: string, skipped: readonly Skipped[], fromCopy: number): void {
    noteOnce('plan', `${address} is ${found}`);
    tellOnce(
      'copies',
      fromCopy === 0 ? '' : `${fromCopy} pages could not be had now and are shown as they were`,
    );
    if (!isWatching) return;
    const wrong = groupSkipped(skipped.filter(({ reason }) => isTrouble(reason)));
    const lines = wrong.map(({ reason, items }) => {
      const examples = items
        .slice(0, 3)
        .map(({ what, detail }) => (detail === '' ? what : `${what} (${detail})`));
      const more = items.length > 3 ? ' …' : '';
      return `${items.length} left out, ${skipWords[reason]}: ${examples.join(', ')}${more}`;
    });
    tellOnce('pages', lines.join('; '));
  }

  async function scanNow(signal: AbortSignal): Promise<PostScan> {
    web.retry();
    const { plan, pages } = await read(web, signal);
    memory.sweep();
    await cache.keepOnly(new Set([...plan.sources, ...pages.addresses]));
    for (const url of checked.keys()) if (!pages.addresses.has(url)) checked.delete(url);
    const { posts } = pages;
    const skipped = [
      ...plan.troubles.map(({ url, reason: detail }) => ({
        ...{ what: url, reason: 'failed' as const, detail },
      })),
      ...pages.skipped,
    ];
    tell(plan.found, skipped, pages.fromCopy);
    again(Math.max(pollMs, pages.retryAfterMs ?? 0));
    if (posts.length > 0) return { posts, skipped, found: plan.found };
    const whyEmpty = `${address} is ${plan.found}, but none of its pages is a post to be shown`;
    return { posts, skipped, found: plan.found, whyEmpty };
  }

  return {
    async scan(signal) {
      if (isFirst) {
        isFirst = false;
        const copied = await fromCopies(signal);
        if (copied) {
          again(0);
          return copied;
        }
      }
      try {
        const scan = await scanNow(signal);
        failures = 0;
        return scan;
      } catch (error) {
        signal.throwIfAborted();
        failures += 1;
        const wait = error instanceof SourceFailed ? (error.retryAfterMs ?? 0) : 0;
        again(Math.max(Math.min(firstRetryMs * 2 ** (failures - 1), pollMs), wait));
        throw error;
      }
    },
    onChange(next) {
      listener = next;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      http.close();
      await documents.close();
    },
  };
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
