/** What a page says of itself in its head: title, own address, language, whether to index it. */
import { cleanAddress } from './address.ts';
import { headingText } from './html-heading.ts';
import { structuredFacts, type StructuredFacts } from './structured-data.ts';

export interface PageFacts extends StructuredFacts {
  readonly title: string;
  readonly canonical?: string;
  readonly lang: string;
  readonly keywords: string;
  readonly noindex: boolean;
  readonly nofollow: boolean;
  readonly base: string;
  readonly feeds: readonly string[];
  /** `article` where the page says so in its Open Graph data. */
  readonly type: string;
}

/** Cuts a title that nobody meant as one. */
const titleChars = 200;

const oneLine = (text: string | null | undefined): string =>
  (text ?? '').replace(/\s+/g, ' ').trim();

function metaOf(document: Document, ...names: readonly string[]): string {
  for (const name of names) {
    for (const attribute of ['property', 'name', 'itemprop']) {
      const meta = document.querySelector(`meta[${attribute}="${name}"]`);
      const text = oneLine(meta?.getAttribute('content'));
      if (text !== '') return text;
    }
  }
  return '';
}

const separator = /\s+[|·•»«–—:-]\s+|\s*[|｜»]\s*|_(?=[^_]*$)/;

/** `A post | My blog` → `A post`. */
export function withoutSiteName(title: string, site: string, heading: string): string {
  if (heading !== '' && title.toLowerCase().includes(heading.toLowerCase())) return heading;
  if (site !== '' && title !== site) {
    for (const [whole, cut] of [
      [title.endsWith(site), title.slice(0, -site.length)],
      [title.startsWith(site), title.slice(site.length)],
    ] as const) {
      const rest = cut.replace(/^[\s|·•»«–—:｜_-]+|[\s|·•»«–—:｜_-]+$/g, '');
      if (whole && rest !== '' && rest !== cut) return rest;
    }
    return title;
  }
  const parts = title.split(separator).filter((part) => part.trim() !== '');
  const [first = title] = parts;
  // Without a name to look for, the end goes where what is left is still a title.
  return parts.length > 1 && (site === '' || first.length >= 4) ? first.trim() : title;
}

/** Themes put the name of the site into a heading, too: with a link to the front page. */
const isSiteName = (heading: Element): boolean =>
  /(?:^|\s)(?:site|blog)-(?:title|name)(?:\s|$)/.test(heading.getAttribute('class') ?? '') ||
  (heading.closest('article, main') === null &&
    (heading.querySelector('a[href="/"], a[rel~="home"]') !== null ||
      heading.closest('a[href="/"], a[rel~="home"]') !== null));

function titleOf(document: Document, structured: StructuredFacts): string {
  const site = metaOf(document, 'og:site_name', 'application-name') || structured.siteName;
  const headings = [...document.querySelectorAll('h1')]
    .filter((heading) => !isSiteName(heading))
    .map(headingText)
    .filter((text) => text !== '');
  const inArticle = document.querySelector('article h1, main h1');
  const [only = ''] = headings.length === 1 ? headings : inArticle ? [headingText(inArticle)] : [];
  const named = oneLine(document.querySelector('head > title, title')?.textContent);
  const shared = metaOf(document, 'og:title', 'twitter:title');
  const candidates = [
    structured.headline,
    shared === site ? '' : shared && withoutSiteName(shared, site, only),
    only,
    named && withoutSiteName(named, site, headings[0] ?? ''),
    headings[0] ?? '',
  ];
  return (candidates.find((text) => text !== '') ?? '').slice(0, titleChars);
}

/** Directives for us: those for all robots, and those under our own name. */
function directivesOf(document: Document, robotsTag: string): string {
  const metas = [...document.querySelectorAll('meta[name]')].filter((meta) =>
    /^(?:robots|contact-chat)$/i.test(meta.getAttribute('name') ?? ''),
  );
  // `X-Robots-Tag: otherbot: noindex` is none of ours.
  const ofHeader = robotsTag
    .split(',')
    .filter(
      (part) => !/^\s*(?!contact-chat)[\w-]+\s*:/i.test(part) || /unavailable_after/i.test(part),
    );
  return [...metas.map((meta) => meta.getAttribute('content') ?? ''), ...ofHeader]
    .join(',')
    .toLowerCase();
}

const says = (directives: string, ...words: readonly string[]): boolean =>
  words.some((word) => new RegExp(`(?:^|[\\s,:])${word}(?:$|[\\s,])`).test(directives));

/**
 * @param url - where the page was found
 * @param robotsTag - of the `X-Robots-Tag` header; empty without one
 */
export function pageFacts(document: Document, url: string, robotsTag: string): PageFacts {
  const base =
    cleanAddress(document.querySelector('base[href]')?.getAttribute('href') ?? '', url) ?? url;
  const structured = structuredFacts(document);
  const directives = directivesOf(document, robotsTag);
  const canonical = cleanAddress(
    document.querySelector('link[rel~="canonical"]')?.getAttribute('href') ??
      metaOf(document, 'og:url'),
    base,
  );
  const tags = [...document.querySelectorAll('meta[property="article:tag"]')].map((meta) =>
    oneLine(meta.getAttribute('content')),
  );
  const feeds = [...document.querySelectorAll('link[rel~="alternate"][href]')]
    .filter((link) =>
      /^application\/(?:rss|atom|rdf|feed)\+(?:xml|json)|^application\/json$/i.test(
        link.getAttribute('type') ?? '',
      ),
    )
    .map((link) => cleanAddress(link.getAttribute('href') ?? '', base))
    .filter((feed) => feed !== undefined);
  const lang =
    document.documentElement?.getAttribute('lang') ||
    metaOf(document, 'og:locale', 'language').replace('_', '-');
  return {
    ...structured,
    title: titleOf(document, structured),
    ...(canonical === undefined ? {} : { canonical }),
    lang: oneLine(lang).slice(0, 35),
    keywords: [
      metaOf(document, 'description', 'og:description'),
      metaOf(document, 'keywords'),
      ...tags,
    ]
      .filter((text) => text !== '')
      .join('\n')
      .slice(0, 2_000),
    noindex: says(directives, 'noindex', 'none'),
    nofollow: says(directives, 'nofollow', 'none'),
    base,
    feeds: [...new Set(feeds)],
    type: metaOf(document, 'og:type').toLowerCase(),
  };
}
