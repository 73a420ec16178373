/** An HTML page to what is kept of it. */
import { parseHTML } from 'linkedom';
import type { Block } from '../markdown-blocks.ts';
import { isTitle } from '../passages.ts';
import { cleanAddress, mayBePage } from './address.ts';
import { articleOf } from './html-article.ts';
import { htmlBlocks } from './html-blocks.ts';
import { pageFacts } from './html-facts.ts';
import { listingSign } from './listing-page.ts';
import type { WebPage } from './web-document.ts';

/** Links of a page that are looked at. */
const maxLinks = 2_000;
/** An article with more of its text in links than this is a list of them. */
const linkedShare = 0.7;

function linksOf(document: Document, base: string): string[] {
  const found = new Set<string>();
  for (const link of document.querySelectorAll('a[href], area[href]')) {
    if (found.size >= maxLinks) break;
    if (/\bnofollow\b/i.test(link.getAttribute('rel') ?? '')) continue;
    const address = cleanAddress(link.getAttribute('href') ?? '', base);
    if (address !== undefined && mayBePage(address)) found.add(address);
  }
  return [...found];
}

function shareOfLinks(blocks: readonly Block[]): number {
  let length = 0;
  let linked = 0;
  for (const block of blocks) {
    if (block.kind === 'heading') continue;
    length += block.text.length;
    linked += block.linkShare * block.text.length;
  }
  return length === 0 ? 0 : linked / length;
}

/** Longest line of dates and links above a title that is none of the article's, in UTF-16 units. */
const leadChars = 200;

/** Without what themes put above the title: a way back, a date. */
function withoutLead(blocks: readonly Block[], title: string): readonly Block[] {
  const at = blocks.findIndex((block) => isTitle(block, title));
  const before = blocks.slice(0, Math.max(0, at));
  const length = before.reduce((sum, block) => sum + block.text.length, 0);
  return length <= leadChars ? blocks.slice(before.length) : blocks;
}

/** A page without a root element gets one, so that whatever came is read as a browser would. */
function parse(html: string): Document {
  const whole = /<html[\s>]/i.test(html.slice(0, 5_000))
    ? html
    : `<html><body>${html}</body></html>`;
  // What stands before the root element would become a second root.
  const from = whole.search(/<html[\s>]/i);
  const { document } = parseHTML(`<!doctype html>${whole.slice(Math.max(0, from))}`);
  if (!document.body) document.documentElement.append(document.createElement('body'));
  return document;
}

/** The blocks of a piece of HTML, such as an entry of a feed. */
export function fragmentBlocks(html: string): Block[] {
  const { body } = parse(html);
  return htmlBlocks(body);
}

/**
 * Reads a page.
 *
 * @param url - where it was found, after redirects
 * @param robotsTag - of the `X-Robots-Tag` header; empty without one
 */
export function readPage(html: string, url: string, robotsTag = ''): WebPage {
  const document = parse(html);
  const facts = pageFacts(document, url, robotsTag);
  const links = linksOf(document, facts.base);
  const sign = listingSign(document, url, facts);
  // Reading an article out of a list would be work for nothing.
  const article = sign === undefined && !facts.noindex ? articleOf(document) : undefined;
  const blocks = article ? withoutLead(htmlBlocks(article), facts.title) : [];
  const listing = sign ?? (shareOfLinks(blocks) > linkedShare ? 'a list of links' : undefined);
  return {
    title: facts.title,
    ...(facts.canonical === undefined ? {} : { canonical: facts.canonical }),
    lang: facts.lang,
    keywords: facts.keywords,
    noindex: facts.noindex,
    nofollow: facts.nofollow,
    ...(listing === undefined ? {} : { listing }),
    blocks: listing === undefined ? blocks : [],
    links,
    feeds: facts.feeds,
  };
}
