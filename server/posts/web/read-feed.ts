/**
 * Feeds: RSS 2.0 (https://www.rssboard.org/rss-specification), RSS 1.0
 * (https://web.resource.org/rss/1.0/spec), Atom (RFC 4287) and JSON Feed
 * (https://www.jsonfeed.org/version/1.1/).
 */
import { decodeEntities } from '../html-text.ts';
import { cleanAddress } from './address.ts';
import { fragmentBlocks } from './html-page.ts';
import type { Feed, FeedEntry } from './web-document.ts';
import { childText, elementsOf, innerHtml, textOf, type XmlElement } from './xml-tree.ts';

/** Entries of one feed that are read. */
const maxEntries = 5_000;
/** What is shorter may be the beginning of an article, in UTF-16 units. */
const shortText = 1_200;
/** What stands in `description` has to be this long to be an article. */
const longDescription = 3_000;

const cutOff =
  /(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\[&hellip;\]|read more|continue reading|read on|keep reading|阅读更多|阅读全文|继续阅读|查看全文)[\s»→›>).\]]*$/i;

interface RawEntry {
  readonly url: string | undefined;
  readonly title: string;
  /** HTML of the article, or of its beginning. */
  readonly html: string;
  readonly isContent: boolean;
  readonly updated: string;
  readonly keywords: readonly string[];
  readonly lang: string;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Titles are text that may carry HTML twice wrapped: `A &amp;amp; B`. */
const titleText = (text: string): string =>
  oneLine(decodeEntities(text.replace(/<[^<>]{0,500}>/g, ''))).slice(0, 200);

function toEntry(raw: RawEntry): FeedEntry | undefined {
  if (raw.url === undefined) return undefined;
  const blocks = raw.html.trim() === '' ? [] : fragmentBlocks(raw.html);
  const length = blocks.reduce((sum, block) => sum + block.text.length, 0);
  const last = blocks.at(-1)?.text ?? '';
  const least = raw.isContent ? shortText : longDescription;
  const title = raw.title || blocks[0]?.text.slice(0, 80) || raw.url;
  return {
    url: raw.url,
    title,
    keywords: raw.keywords.map(oneLine).filter(Boolean).join('\n').slice(0, 2_000),
    lang: raw.lang,
    updated: raw.updated,
    blocks,
    isWhole: length >= least && !cutOff.test(last.slice(-40)),
  };
}

const finish = (raws: readonly RawEntry[], next?: string, homepage?: string): Feed => ({
  entries: raws.slice(0, maxEntries).flatMap((raw) => toEntry(raw) ?? []),
  ...(next === undefined ? {} : { next }),
  ...(homepage === undefined ? {} : { homepage }),
});

/** `xml:base` of an element above what stands there already. */
const baseOf = (element: XmlElement, base: string): string =>
  cleanAddress(element.attributes.get('xml:base') ?? '', base) ?? base;

function linkOf(
  element: XmlElement,
  base: string,
  ...relations: readonly string[]
): string | undefined {
  for (const name of ['link', 'atom:link', 'atom10:link']) {
    for (const link of elementsOf(element, name)) {
      const href = link.attributes.get('href');
      if (href === undefined) continue;
      const relation = (link.attributes.get('rel') ?? 'alternate').toLowerCase();
      const type = link.attributes.get('type') ?? '';
      if (!relations.includes(relation)) continue;
      if (relation === 'alternate' && type !== '' && !/html/i.test(type)) continue;
      return cleanAddress(href, baseOf(link, base));
    }
  }
  return undefined;
}

/** Whether a `guid` is an address: it is, unless it says otherwise. */
function permalinkOf(item: XmlElement, base: string): string | undefined {
  const [guid] = elementsOf(item, 'guid');
  if (!guid || guid.attributes.get('ispermalink')?.toLowerCase() === 'false') return undefined;
  const text = textOf(guid).trim();
  return /^https?:/i.test(text) ? cleanAddress(text, base) : undefined;
}

function rssEntry(item: XmlElement, outer: string, lang: string): RawEntry {
  const base = baseOf(item, outer);
  const content = childText(item, 'content:encoded', 'content', 'xhtml:body');
  const original = childText(item, 'feedburner:origlink');
  const link = original || childText(item, 'link') || (item.attributes.get('rdf:about') ?? '');
  return {
    url: cleanAddress(link, base) ?? linkOf(item, base, 'alternate') ?? permalinkOf(item, base),
    title: titleText(childText(item, 'title', 'dc:title')),
    html: content || childText(item, 'description', 'summary', 'atom:summary'),
    isContent: content !== '',
    updated: childText(item, 'atom:updated', 'dcterms:modified', 'pubdate', 'dc:date'),
    keywords: elementsOf(item)
      .filter(({ name }) => name === 'category' || name === 'dc:subject')
      .map(textOf),
    lang: childText(item, 'dc:language') || lang,
  };
}

function readRss(root: XmlElement, url: string): Feed {
  const [channel = root] = elementsOf(root, 'channel');
  const outer = baseOf(channel, baseOf(root, url));
  const homepage = cleanAddress(childText(channel, 'link'), outer);
  // Relative addresses of entries count from the site, which is where their pages are.
  const base = homepage ?? outer;
  const lang = childText(channel, 'language', 'dc:language');
  const items = [
    ...elementsOf(channel, 'item'),
    ...(channel === root ? [] : elementsOf(root, 'item')),
  ];
  return finish(
    items.map((item) => rssEntry(item, item.attributes.has('xml:base') ? outer : base, lang)),
    linkOf(channel, outer, 'next', 'prev-archive'),
    homepage,
  );
}

/** The HTML of an Atom text construct. */
function atomHtml(element: XmlElement | undefined): string {
  if (!element) return '';
  const type = (element.attributes.get('type') ?? 'text').toLowerCase();
  if (type === 'xhtml') return innerHtml(element);
  const text = textOf(element);
  if (type === 'html' || type === 'text/html') return text;
  return text
    .replace(/[&<]/g, (char) => (char === '&' ? '&amp;' : '&lt;'))
    .replace(/\n{2,}/g, '<p>');
}

function atomEntry(entry: XmlElement, outer: string, outerLang: string): RawEntry {
  const base = baseOf(entry, outer);
  const [content] = elementsOf(entry, 'content');
  const hasContent = content !== undefined && !content.attributes.has('src');
  const [summary] = elementsOf(entry, 'summary');
  const [title] = elementsOf(entry, 'title');
  const id = childText(entry, 'id');
  return {
    url:
      linkOf(entry, base, 'alternate') ??
      (/^https?:/i.test(id) ? cleanAddress(id, base) : undefined),
    title: title
      ? titleText(
          /^x?html$/i.test(title.attributes.get('type') ?? '') ? atomHtml(title) : textOf(title),
        )
      : '',
    html: hasContent ? atomHtml(content) : atomHtml(summary),
    isContent: hasContent,
    updated: childText(entry, 'updated', 'modified', 'published', 'issued'),
    keywords: elementsOf(entry, 'category').map(
      (category) => category.attributes.get('label') ?? category.attributes.get('term') ?? '',
    ),
    lang: entry.attributes.get('xml:lang') ?? outerLang,
  };
}

function readAtom(root: XmlElement, url: string): Feed {
  const base = baseOf(root, url);
  const lang = root.attributes.get('xml:lang') ?? '';
  return finish(
    elementsOf(root, 'entry').map((entry) => atomEntry(entry, base, lang)),
    linkOf(root, base, 'next', 'prev-archive'),
    linkOf(root, base, 'alternate'),
  );
}

/** A feed in XML; undefined where the root is that of something else. */
export function readXmlFeed(root: XmlElement, url: string): Feed | undefined {
  if (root.name === 'rss' || /(?:^|:)rdf$/.test(root.name) || root.name === 'channel')
    return readRss(root, url);
  return root.name === 'feed' ? readAtom(root, url) : undefined;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A JSON Feed; undefined where the text is something else. */
export function readJsonFeed(source: string, url: string): Feed | undefined {
  let feed: Record<string, unknown>;
  try {
    feed = JSON.parse(source) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (!text(feed?.['version']).includes('jsonfeed.org') || !Array.isArray(feed['items'])) {
    return undefined;
  }
  const homepage = cleanAddress(text(feed['home_page_url']), url);
  const base = homepage ?? url;
  const items = (feed['items'] as unknown[]).filter(
    (item): item is Record<string, unknown> => typeof item === 'object' && item !== null,
  );
  const raws = items.map((item): RawEntry => {
    const html = text(item['content_html']);
    const plain = text(item['content_text']);
    const id = text(item['id']);
    const written = plain.replace(/[&<]/g, (char) => (char === '&' ? '&amp;' : '&lt;'));
    return {
      url:
        cleanAddress(text(item['url']), base) ??
        (/^https?:/i.test(id) ? cleanAddress(id, base) : undefined),
      title: titleText(text(item['title'])),
      html: html || written.replace(/\n{2,}/g, '<p>') || text(item['summary']),
      isContent: html !== '' || plain !== '',
      updated: text(item['date_modified']) || text(item['date_published']),
      keywords: Array.isArray(item['tags']) ? item['tags'].map(text) : [],
      lang: text(item['language']) || text(feed['language']),
    };
  });
  return finish(raws, cleanAddress(text(feed['next_url']), url), homepage);
}
