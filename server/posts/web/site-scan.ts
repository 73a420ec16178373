/** Reads the pages of a plan, and judges which of them are posts. */
import { yieldToLoop } from '../post-folder.ts';
import type { Post } from '../read-post.ts';
import type { Skipped, SkipReason } from '../skipped.ts';
import { addressKey, mayBePage, siteOf } from './address.ts';
import type { CachedDocument } from './page-cache.ts';
import { folderOf, type Candidate, type SitePlan } from './site-plan.ts';
import type { WebPage } from './web-document.ts';
import type { PostMemory, PostParts } from './web-post.ts';
import type { ReadResult, WebReader } from './web-reader.ts';

export interface ScanLimits {
  /** Pages that are read of a site. */
  readonly maxPages: number;
  /** Links that are followed away from the first page, one after the other. */
  readonly maxDepth: number;
}

/** Pages that are waited for at a time; hosts have their own, lower limit. */
const atOnce = 4;
/** How long making posts may keep the event loop, in milliseconds. */
const turnMs = 8;
/** After so many pages in a row that nobody answered for, the site is left in peace. */
const patience = 5;

export interface ScanProgress {
  readonly done: number;
  /** Known so far. */
  readonly total: number;
}

export interface PagesScan {
  readonly posts: readonly Post[];
  readonly skipped: readonly Skipped[];
  /** Pages that are shown as they were, since they could not be had now. */
  readonly fromCopy: number;
  /** Addresses of all pages that were looked at. */
  readonly addresses: ReadonlySet<string>;
  /** When the site said to come back, in milliseconds from now. */
  readonly retryAfterMs: number | undefined;
}

interface Judged {
  readonly url: string;
  readonly parts?: PostParts;
  readonly skip?: { readonly reason: SkipReason; readonly detail: string };
  readonly links: readonly string[];
  readonly fromCopy: boolean;
}

const textLength = (parts: Pick<PostParts, 'blocks'>): number =>
  parts.blocks.reduce((sum, block) => sum + block.text.length, 0);

/** Where a page is cited: at the address that it calls its own, where that is of this site. */
function ownAddress(page: WebPage, entry: CachedDocument, site: string): string {
  const { canonical } = page;
  const found = entry.finalUrl;
  if (canonical === undefined || siteOf(canonical) !== site) return found;
  // A theme that names the front page on every page would leave one post of all.
  const isFront = new URL(canonical).pathname === '/' && new URL(found).pathname !== '/';
  return isFront ? found : canonical;
}

const none = { links: [], fromCopy: false };

function judgeEntry({ url, entry }: Candidate): PostParts | undefined {
  if (!entry || entry.blocks.length === 0) return undefined;
  const { title, keywords, lang, blocks } = entry;
  return { url, title, keywords, lang, blocks };
}

function judgePage(candidate: Candidate, entry: CachedDocument, site: string): Judged {
  const { url } = candidate;
  const { document } = entry;
  const ofFeed = judgeEntry(candidate);
  const skip = (reason: SkipReason, detail = ''): Judged => ({
    ...none,
    url,
    skip: { reason, detail },
  });
  if (document.kind !== 'page') {
    if (ofFeed) return { ...none, url, parts: ofFeed };
    return document.kind === 'other'
      ? skip('unreadable', `it is ${document.reason}`)
      : skip('no_page', `it is a ${document.kind.replace('_', ' ')}`);
  }
  const { page } = document;
  const links = page.nofollow ? [] : page.links;
  if (page.noindex) return { ...skip('noindex'), links };
  if (page.listing !== undefined && !ofFeed) return { ...skip('listing', page.listing), links };
  const { title, keywords, lang, blocks } = page;
  const parts = { url: ownAddress(page, entry, site), title, keywords, lang, blocks };
  // What the feed has may be more than what the page gives away, and then is the article.
  const isLess = ofFeed && textLength(parts) < textLength(ofFeed);
  return { ...none, url, parts: isLess ? { ...ofFeed, url: parts.url } : parts, links };
}

function judge(candidate: Candidate, result: ReadResult, site: string): Judged {
  const { url } = candidate;
  switch (result.status) {
    case 'read':
      return judgePage(candidate, result.entry, site);
    case 'gone':
    case 'refused': {
      // A feed shows its entries to everybody, whatever is the matter with their pages.
      const parts = judgeEntry(candidate);
      const reason = result.status === 'gone' ? 'gone' : 'elsewhere';
      return parts
        ? { ...none, url, parts }
        : { ...none, url, skip: { reason, detail: result.reason } };
    }
    case 'failed': {
      if (result.copy) return { ...judgePage(candidate, result.copy, site), fromCopy: true };
      const parts = judgeEntry(candidate);
      return parts
        ? { ...none, url, parts }
        : { ...none, url, skip: { reason: 'failed', detail: result.reason } };
    }
  }
}

/** Of pages with the same address the one that has it itself, else the first. */
async function withoutDoubles(
  judged: readonly Judged[],
  memory: PostMemory,
): Promise<Pick<PagesScan, 'posts' | 'skipped'>> {
  const chosen = new Map<string, Judged>();
  for (const page of judged) {
    if (!page.parts) continue;
    const key = addressKey(page.parts.url);
    const other = chosen.get(key);
    if (!other || (addressKey(other.url) !== key && addressKey(page.url) === key))
      chosen.set(key, page);
  }
  const posts: Post[] = [];
  const skipped: Skipped[] = [];
  let turnEndsAt = performance.now() + turnMs;
  for (const page of judged) {
    if (performance.now() > turnEndsAt) {
      await yieldToLoop();
      turnEndsAt = performance.now() + turnMs;
    }
    const what = page.url;
    if (!page.parts) {
      if (page.skip) skipped.push({ what, ...page.skip });
    } else if (chosen.get(addressKey(page.parts.url)) === page) {
      const post = memory.post(page.parts);
      if (post) posts.push(post);
      else skipped.push({ what, reason: 'no_text', detail: '' });
    } else {
      skipped.push({ what, reason: 'duplicate', detail: page.parts.url });
    }
  }
  return { posts, skipped };
}

/** Reads every page of a plan; of a site that lists none, whatever its pages link to. */
export async function scanPages(parts: {
  readonly plan: SitePlan;
  readonly web: WebReader;
  /** Answers for a site that has stopped answering. */
  readonly copies: WebReader;
  /** Whether a page is asked for now rather than answered from its copy. */
  readonly isDue: (candidate: Candidate) => boolean;
  readonly onRead: (candidate: Candidate, entry: CachedDocument) => void;
  readonly memory: PostMemory;
  readonly limits: ScanLimits;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ScanProgress) => void;
}): Promise<PagesScan> {
  const { plan, limits, signal } = parts;
  const known = new Set(plan.candidates.map(({ url }) => addressKey(url)));
  const folder = plan.crawl ? folderOf(plan.candidates[0]?.url ?? 'http://x/') : '/';
  const judged: Judged[] = [];
  const skipped: Skipped[] = [];
  let silent = 0;
  let waitMs: number | undefined;

  async function readNow(candidate: Candidate): Promise<ReadResult> {
    const { url, lastmod } = candidate;
    const accepts = (target: string): boolean => siteOf(target) === plan.site;
    if (silent >= patience || !parts.isDue(candidate)) {
      const copy = await parts.copies.read(url, { signal });
      if (copy.status === 'read') return copy;
    }
    if (silent >= patience) {
      const reason = 'the site has stopped answering';
      return {
        status: 'failed',
        reason,
        copy: undefined,
        retryAfterMs: undefined,
        unreachable: true,
      };
    }
    const result = await parts.web.read(url, { signal, lastmod, accepts });
    const isSilent =
      result.status === 'failed' && (result.unreachable || result.retryAfterMs !== undefined);
    silent = isSilent ? silent + 1 : 0;
    if (result.status === 'failed' && result.retryAfterMs !== undefined) {
      waitMs = Math.max(waitMs ?? 0, result.retryAfterMs);
    }
    if (result.status === 'read') parts.onRead(candidate, result.entry);
    return result;
  }

  async function readOne(candidate: Candidate): Promise<Judged> {
    signal.throwIfAborted();
    const whole = candidate.entry?.isWhole ? judgeEntry(candidate) : undefined;
    return whole
      ? { ...none, url: candidate.url, parts: whole }
      : judge(candidate, await readNow(candidate), plan.site);
  }

  /** Reads pages, some at a time; in their order. */
  async function readAll(candidates: readonly Candidate[]): Promise<Judged[]> {
    const before = judged.length;
    const found: Judged[] = [];
    let next = 0;
    let done = 0;
    const take = async (): Promise<void> => {
      for (let at = next; at < candidates.length; at = next) {
        next += 1;
        const candidate = candidates[at];
        if (candidate) found[at] = await readOne(candidate);
        done += 1;
        parts.onProgress({ done: before + done, total: before + candidates.length });
      }
    };
    const takers = await Promise.allSettled(Array.from({ length: atOnce }, take));
    const failed = takers.find((taker) => taker.status === 'rejected');
    if (failed) throw failed.reason;
    return found;
  }

  let round: readonly Candidate[] = plan.candidates;
  for (let depth = 0; round.length > 0; depth += 1) {
    const room = limits.maxPages - judged.length;
    for (const { url } of round.slice(room)) {
      skipped.push({ what: url, reason: 'too_many', detail: '' });
    }
    const read = await readAll(round.slice(0, room));
    judged.push(...read);
    if (!plan.crawl || depth >= limits.maxDepth) break;
    const links = read.flatMap((page) => page.links);
    round = links.flatMap((url): Candidate[] => {
      const { pathname } = new URL(url);
      if (siteOf(url) !== plan.site || !pathname.startsWith(folder) || !mayBePage(url)) return [];
      const key = addressKey(url);
      if (known.has(key) || known.size > limits.maxPages * 2) return [];
      known.add(key);
      return [{ url, lastmod: '' }];
    });
  }
  const kept = await withoutDoubles(judged, parts.memory);
  return {
    posts: kept.posts,
    skipped: [...kept.skipped, ...skipped],
    fromCopy: judged.filter((page) => page.fromCopy).length,
    addresses: new Set(judged.map(({ url }) => url)),
    retryAfterMs: waitMs,
  };
}
