/** What a page says of itself as JSON-LD: https://schema.org/Article and its kin. */

export interface StructuredFacts {
  /** Of the article; empty without one. */
  readonly headline: string;
  readonly siteName: string;
  /** Names of all things described, in lower case: `blogposting`, `collectionpage`. */
  readonly things: ReadonlySet<string>;
}

const articleTypes =
  /^(?:article|blogposting|newsarticle|techarticle|howto|report|scholarlyarticle|socialmediaposting|liveblogposting)$/;
/** Enough for any page; a wall of data is no description. */
const maxThings = 500;

const asText = (value: unknown): string =>
  typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';

/** Whether a page is described as one article. */
export const isArticleThing = (things: ReadonlySet<string>): boolean =>
  [...things].some((thing) => articleTypes.test(thing));

export function structuredFacts(document: Document): StructuredFacts {
  const things = new Set<string>();
  const headlines = new Set<string>();
  let siteName = '';
  let seen = 0;
  const look = (value: unknown, depth: number, isMain: boolean): void => {
    if (typeof value !== 'object' || value === null || depth > 8 || seen > maxThings) return;
    seen += 1;
    if (Array.isArray(value)) {
      for (const item of value) look(item, depth + 1, isMain);
      return;
    }
    const thing = value as Record<string, unknown>;
    const types = [thing['@type']].flat().map((type) => asText(type).toLowerCase());
    for (const type of types) if (type !== '' && isMain) things.add(type);
    if (types.some((type) => articleTypes.test(type)) && isMain) {
      headlines.add(asText(thing['headline']) || asText(thing['name']));
    }
    if (types.includes('website') && siteName === '') siteName = asText(thing['name']);
    look(thing['@graph'], depth + 1, isMain);
    look(thing['mainEntity'], depth + 1, isMain && !types.includes('collectionpage'));
    look(thing['isPartOf'], depth + 1, false);
  };
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    try {
      look(JSON.parse(script.textContent ?? ''), 0, true);
    } catch {
      // Broken data describe nothing.
    }
  }
  // Several articles are a list of them.
  const [headline = ''] = headlines.size === 1 ? headlines : [];
  return { headline, siteName, things };
}
