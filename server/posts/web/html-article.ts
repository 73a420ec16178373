/** Which part of a page is the article. */
import { Readability } from '@mozilla/readability';
import { isElement, nameOf } from './html-node.ts';
import { keptAnchor } from './html-heading.ts';

/** Places that themes and microformats mark as the text of one article, the surest first. */
const marked = [
  '[itemprop~="articleBody"]',
  '.e-content',
  '.entry-content',
  '.post-content',
  '.article-content',
  '.post-body',
  '.article-entry',
  '.post__content',
  '.article__content',
  '.article-body',
  '.post-entry',
  '.markdown-body',
  '.gh-content',
  '.vp-doc',
  '.theme-doc-markdown',
  '#cnblogs_post_body',
  'article',
];
/** A marked place with less of the page's prose than this part is something else. */
const leastShare = 0.4;

/** Nothing of these belongs to an article. */
const foreign = [
  ...['script', 'style', 'nav', 'aside', 'form', 'iframe', 'template', 'noscript', 'button'],
  ...['dialog', 'link', 'meta', 'div[class*="language-"] > .lang', '.line-numbers-wrapper'],
].join();
/** Classes that themes and tools give to what stands around an article, whole words of them. */
const foreignClass =
  /^(?:(?:post|entry|article|page)[-_]+)?(?:comments?|comments?-(?:area|list|section|form)|disqus|giscus|utterances|respond|sharing|share|sharedaddy|share-buttons?|social|social-(?:links?|share|icons)|related|related-(?:posts?|articles)|jp-relatedposts|breadcrumbs?|toc|toc-container|table-of-contents|pagination|pager|paginator|author-(?:box|bio|card|info)|newsletter|subscribe|cookie-(?:banner|notice)|copyright|read-next|prev-next|nav|navigation|nav-links|post-navigation|skip-link|back-to-top|(?:post|entry|article)-(?:meta|tags|footer|info|nav))$/i;
/** Parts made of a heading have its words as their `id`, so fewer are looked at. */
const foreignId = /^(?:disqus_thread|comments|respond|toc|table-of-contents|TableOfContents)$/;

const textLength = (element: Element): number =>
  (element.textContent ?? '').replace(/\s+/g, ' ').length;

/** Paragraphs of the whole page: how much prose there is to find. */
const proseOf = (root: ParentNode): number =>
  [...root.querySelectorAll('p, li, pre, td, blockquote')].reduce(
    (sum, element) => sum + (element.querySelector('p, li, pre, td') ? 0 : textLength(element)),
    0,
  );

/** The one place that is marked as the article; undefined where none is, or several are. */
function markedArticle(document: Document): Element | undefined {
  const whole = proseOf(document.body);
  for (const selector of marked) {
    const found = [...document.body.querySelectorAll(selector)].filter(
      (element) => !element.parentElement?.closest(selector),
    );
    const [only] = found;
    if (found.length === 1 && only && proseOf(only) >= whole * leastShare && textLength(only) > 0) {
      return only;
    }
  }
  return undefined;
}

/** Takes out of an article what is around it rather than in it. */
function clean(root: Element): void {
  for (const element of root.querySelectorAll(foreign)) element.remove();
  const whole = textLength(root);
  for (const element of [...root.querySelectorAll('[class], [id], footer')]) {
    const name = nameOf(element);
    if (/^(?:h[1-6]|pre|code|body|span|a|p|td|tr|table)$/.test(name)) continue;
    const classes = (element.getAttribute('class') ?? '').split(/\s+/);
    const isForeign =
      classes.some((word) => foreignClass.test(word)) ||
      (/^(?:div|ul|ol)$/.test(name) && foreignId.test(element.id)) ||
      (name === 'footer' && !element.closest('blockquote'));
    // A name may mislead; most of an article is never beside it.
    if (isForeign && textLength(element) < whole / 2) element.remove();
  }
}

/**
 * Anchors are kept beside, since Readability judges elements by their `id`: it would take a
 * heading called `comments` for a place where visitors comment.
 */
function hideAnchors(document: Document): void {
  for (const heading of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    if (heading.id !== '') heading.setAttribute(keptAnchor, heading.id);
    heading.removeAttribute('id');
    heading.removeAttribute('class');
    const inside = heading.querySelector('[id], a[name]');
    const named = inside && (inside.id || inside.getAttribute('name'));
    if (named && !heading.hasAttribute(keptAnchor)) heading.setAttribute(keptAnchor, named);
  }
}

/** The article's element. What is around it is left out; the document is changed by that. */
export function articleOf(document: Document): Element | undefined {
  const place = markedArticle(document);
  if (place) {
    clean(place);
    return place;
  }
  const fallback = document.querySelector('main, [role="main"]') ?? document.body;
  const spare = fallback.cloneNode(true) as Element;
  hideAnchors(document);
  const read = new Readability<Element>(document, {
    keepClasses: true,
    // What runs longer than any page of a blog is a wall put up for readers like this one.
    maxElemsToParse: 100_000,
    serializer: (node) => node as Element,
  }).parse();
  const content = read?.content;
  if (content && isElement(content)) {
    clean(content);
    // Readability wants articles; of a short page it keeps next to nothing.
    if (textLength(content) >= 200) return content;
  }
  for (const element of spare.querySelectorAll('header, footer, nav')) element.remove();
  clean(spare);
  return spare;
}
