/** Lists of posts repeat what stands in the posts; they are left out where the signs are clear. */
import { isArticleThing } from './structured-data.ts';
import type { PageFacts } from './html-facts.ts';

const word =
  '(?:tags?|categor(?:y|ies)|topics?|archives?|authors?|series|标签|分类|归档|作者|专题|tags-list|all-posts)';
const paths: readonly (readonly [RegExp, string])[] = [
  [/\/page\/?\d+\/?$|\/page-\d+\/?$/i, 'a page of a list'],
  [new RegExp(`/${word}/?$`, 'i'), 'a list of posts'],
  [/\/(?:search|搜索)\/?$/i, 'a search'],
  [/^\/(?:\d{4})(?:\/\d{1,2}){0,2}\/?$/, 'an archive'],
  [/\/(?:archives?|归档)\/\d{4}(?:[/-]\d{1,2})?\/?$/i, 'an archive'],
];
/** Below these stand lists, save where the generator puts posts there. */
const perName = /\/(?:tags?|categor(?:y|ies)|authors?|标签|分类|作者)\/[^/]+\/?$/i;
const query = /[?&](?:page|paged|s|q|tag|cat|author|m|offset|start)=/i;

/** What the theme writes on the body of lists: WordPress, Ghost, Hexo and many that follow them. */
const bodyClass =
  /(?:^|\s)(?:archive|category|tag|author|paged|search-results|blog|tag-template|author-template|is-(?:tag|category|archive)|(?:tax|term)-[\w-]+)(?:\s|$)/i;
const oneClass =
  /(?:^|\s)(?:single|single-post|post-template|page-template|postid-\d+|is-post)(?:\s|$)/i;

/** Entries that stand side by side, each with a link to more of it. */
function countEntries(document: Document): number {
  const entries = [...document.querySelectorAll('article, .h-entry, .post-preview, .hentry')];
  const outer = entries.filter(
    (entry) => !entry.parentElement?.closest('article, .h-entry, .post-preview, .hentry, aside'),
  );
  return outer.filter((entry) =>
    entry.querySelector('h1 a[href], h2 a[href], h3 a[href], header a[href]'),
  ).length;
}

/** Whether a page only sends its visitors on: what generators leave at the old address of a post. */
const sendsOn = (document: Document): boolean =>
  [...document.querySelectorAll('meta[http-equiv]')].some(
    (meta) =>
      /^refresh$/i.test(meta.getAttribute('http-equiv') ?? '') &&
      /url\s*=/i.test(meta.getAttribute('content') ?? ''),
  );

/** What shows that a page lists others; undefined where it is one article, or nothing is clear. */
export function listingSign(document: Document, url: string, facts: PageFacts): string | undefined {
  const { pathname, search } = new URL(url);
  let path = pathname;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    // Percent signs that encode nothing stay as they are.
  }
  const body = document.body?.getAttribute('class') ?? '';
  const isArticle = facts.type === 'article' || isArticleThing(facts.things) || oneClass.test(body);
  if (sendsOn(document)) return 'a redirect to another page';
  if (/\/page\/?\d+\/?$/i.test(path)) return 'a page of a list';
  if (isArticle) return undefined;
  const shaped = paths.find(([pattern]) => pattern.test(path))?.[1];
  if (shaped) return shaped;
  if (query.test(search)) return 'a page of a list';
  if (
    ['collectionpage', 'searchresultspage', 'profilepage'].some((type) => facts.things.has(type))
  ) {
    return 'a list of posts';
  }
  if (bodyClass.test(body)) return 'a list of posts';
  const entries = countEntries(document);
  if (entries >= 3) return 'a list of posts';
  return perName.test(path) && document.querySelectorAll('article').length !== 1
    ? 'a list of posts'
    : undefined;
}
