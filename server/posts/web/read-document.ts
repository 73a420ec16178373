/** Bytes of the web to what they are: judged by what they say, not by how they are labelled. */
import { gunzipSync } from 'node:zlib';
import { withoutControls } from '../../answerers/clean-text.ts';
import type { Block } from '../markdown-blocks.ts';
import { decodeDocument } from './charset.ts';
import { readPage } from './html-page.ts';
import { readJsonFeed, readXmlFeed } from './read-feed.ts';
import { readTextSitemap, readXmlSitemap } from './read-sitemap.ts';
import type { RawDocument, WebDocument } from './web-document.ts';
import { parseXml } from './xml-tree.ts';

/** A compressed file may grow to this, in bytes. */
const maxUnpackedBytes = 50 * 1024 * 1024;

const isGzip = (body: Uint8Array): boolean => body[0] === 0x1f && body[1] === 0x8b;

const looksLikeHtml = (start: string): boolean =>
  /<(?:!doctype\s+html|html|head|body|title|meta|article|main|div|p|h1)[\s>]/i.test(start);

/** What a document is; `kind: 'other'` for whatever cannot be read. Never throws. */
export function readDocument(raw: RawDocument): WebDocument {
  try {
    return withoutCommands(read(raw));
  } catch (error) {
    const isDeep = error instanceof RangeError;
    const why = isDeep ? 'is nested too deeply' : `cannot be read: ${(error as Error).message}`;
    return { kind: 'other', reason: `a document that ${why}` };
  }
}

/** Without control characters: a terminal would obey them, in an answer or in a list of pages. */
function withoutCommands(document: WebDocument): WebDocument {
  switch (document.kind) {
    case 'page':
      return { ...document, page: tame(document.page) };
    case 'feed':
      return { ...document, feed: { ...document.feed, entries: document.feed.entries.map(tame) } };
    case 'other':
      return { ...document, reason: withoutControls(document.reason) };
    case 'sitemap':
    case 'sitemap_index':
      return document;
  }
}

function tame<
  Part extends Readonly<Record<'title' | 'lang' | 'keywords', string>> & {
    readonly blocks: readonly Block[];
  },
>(part: Part): Part {
  return {
    ...part,
    title: withoutControls(part.title),
    lang: withoutControls(part.lang),
    keywords: withoutControls(part.keywords),
    blocks: part.blocks.map((block) => ({ ...block, text: withoutControls(block.text) })),
  };
}

function read(raw: RawDocument): WebDocument {
  let { body } = raw;
  if (isGzip(body)) {
    try {
      body = gunzipSync(body, { maxOutputLength: maxUnpackedBytes });
    } catch {
      return { kind: 'other', reason: 'a compressed file that is broken or too large' };
    }
  }
  const type = raw.contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (/^(?:image|audio|video|font)\//.test(type) || /pdf|zip|octet-stream/.test(type)) {
    if (body.subarray(0, 1_024).includes(0))
      return { kind: 'other', reason: `a file of type ${type}` };
  }
  const text = decodeDocument(body, raw.contentType);
  const start = text.slice(0, 4_096).replace(/^(?:\s|<!--[^]*?-->)+/, '');
  if (start === '') return { kind: 'other', reason: 'empty' };
  if (start.startsWith('{')) {
    const feed = readJsonFeed(text, raw.url);
    return feed ? { kind: 'feed', feed } : { kind: 'other', reason: 'JSON, but no JSON Feed' };
  }
  const isXml =
    /^<(?:\?xml|!doctype\s+(?!html)|(?:\w+:)?(?:rss|feed|rdf|urlset|sitemapindex)[\s>])/i.test(
      start,
    );
  if (isXml || (/xml/.test(type) && !/xhtml/.test(type))) {
    const root = parseXml(text);
    const found = root && (readXmlSitemap(root, raw.url) ?? asFeed(readXmlFeed(root, raw.url)));
    if (found) return found;
    if (!looksLikeHtml(start)) {
      return {
        kind: 'other',
        reason: root ? `XML of a kind that is not known (${root.name})` : 'broken XML',
      };
    }
  }
  const sitemap = start.startsWith('<') ? undefined : readTextSitemap(text);
  if (sitemap) return sitemap;
  if (/html/.test(type) || looksLikeHtml(start)) {
    return { kind: 'page', page: readPage(text, raw.url, raw.robotsTag) };
  }
  return {
    kind: 'other',
    reason: `neither a page, a feed nor a sitemap${type === '' ? '' : ` (${type})`}`,
  };
}

const asFeed = (feed: ReturnType<typeof readXmlFeed>): WebDocument | undefined =>
  feed && { kind: 'feed', feed };
