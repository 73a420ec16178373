/** Sitemaps, their indexes, and lists of addresses as text: https://www.sitemaps.org/protocol.html */
import { cleanAddress } from './address.ts';
import type { ListedAddress, WebDocument } from './web-document.ts';
import { childText, elementsOf, type XmlElement } from './xml-tree.ts';

const listed = (parents: readonly XmlElement[], base: string): ListedAddress[] =>
  parents.flatMap((parent) => {
    const url = cleanAddress(childText(parent, 'loc'), base);
    return url === undefined ? [] : [{ url, lastmod: childText(parent, 'lastmod') }];
  });

/** A sitemap in XML; undefined where the root is that of something else. */
export function readXmlSitemap(root: XmlElement, url: string): WebDocument | undefined {
  if (root.name === 'urlset')
    return { kind: 'sitemap', pages: listed(elementsOf(root, 'url'), url) };
  return root.name === 'sitemapindex'
    ? { kind: 'sitemap_index', sitemaps: listed(elementsOf(root, 'sitemap'), url) }
    : undefined;
}

/** A list of addresses, one a line; undefined where a line is something else. */
export function readTextSitemap(source: string): WebDocument | undefined {
  const lines = source
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0 || !lines.every((line) => /^https?:\/\/\S+$/i.test(line)))
    return undefined;
  const urls = lines.map((line) => cleanAddress(line)).filter((url) => url !== undefined);
  return { kind: 'sitemap', pages: urls.map((url) => ({ url, lastmod: '' })) };
}
