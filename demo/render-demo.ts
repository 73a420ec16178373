/**
 * The demo blog: the documentation as static pages with the chat on each of them. Rendering
 * reads files and returns text; who serves the pages, and how, is not its business.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeHtml } from './escape-html.ts';
import { renderMarkdown, type Heading } from './markdown-html.ts';
import { indexPath, renderPage } from './page-layout.ts';
import { readDocs, type DocPost } from './read-docs.ts';
import { languages, siteWords, type Language } from './site-words.ts';

interface RenderDemoOptions {
  /** Folder with `en/` and `zh/`. */
  readonly docsDir: string;
  /** Address of the widget's script: `/contact-chat.js`. */
  readonly scriptSrc: string;
  /** Version of the package, shown in the footer. */
  readonly version: string;
  /** The style sheet's source; by default `demo/demo.css` beside `docsDir`. */
  readonly cssFile?: string;
}

const postPath = (language: Language, slug: string): string => `/${language}/${slug}`;
const postAlternates = (slug: string): Record<Language, string> => ({
  en: postPath('en', slug),
  zh: postPath('zh', slug),
});

function tableOfContents(headings: readonly Heading[], label: string): string {
  const sections = headings.filter((heading) => heading.depth === 2);
  if (sections.length < 2) return '';
  const items = sections.map(
    ({ id, text }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(text)}</a></li>`,
  );
  return `<nav class="contents" aria-labelledby="page:contents">
<h2 id="page:contents">${label}</h2>
<ol>
${items.join('\n')}
</ol>
</nav>
`;
}

function neighbours(posts: readonly DocPost[], index: number): string {
  const post = posts[index];
  if (!post) return '';
  const words = siteWords[post.language];
  const link = (to: DocPost | undefined, rel: 'prev' | 'next', label: string): string =>
    to === undefined
      ? ''
      : `<a rel="${rel}" href="${postPath(to.language, to.slug)}"><span>${label}</span> <strong>${escapeHtml(to.title)}</strong></a>`;
  return `<nav class="neighbours" aria-label="${words.neighbours}">
${link(posts[index - 1], 'prev', words.previous)}
${link(posts[index + 1], 'next', words.next)}
</nav>`;
}

function postMain(posts: readonly DocPost[], index: number): string {
  const post = posts[index];
  if (!post) return '';
  const words = siteWords[post.language];
  const { html, headings } = renderMarkdown(post.body, {
    words,
    // `./slug.md#anchor` and `../images/a.webp` work in a repository's viewer; here they are
    // addresses of the site.
    resolveLink: (href) =>
      href
        .replace(/^\.\/([a-z0-9-]+)\.md(?=#|$)/, (_, slug: string) => postPath(post.language, slug))
        .replace(/^\.\.\/(?=images\/)/, '/'),
  });
  return `${tableOfContents(headings, words.onThisPage)}<article>
<header class="title">
<p class="meta"><a href="${indexPath(post.language)}">${words.allPosts}</a> <time datetime="${post.date}">${words.date(post.date)}</time></p>
<h1>${escapeHtml(post.title)}</h1>
</header>
<div class="prose">
${html}</div>
</article>
${neighbours(posts, index)}`;
}

function indexMain(language: Language, posts: readonly DocPost[]): string {
  const words = siteWords[language];
  const items = posts.map(
    (post) => `<li>
<article>
<h3><a href="${postPath(language, post.slug)}">${escapeHtml(post.title)}</a></h3>
<p>${escapeHtml(post.description)}</p>
<time datetime="${post.date}">${words.date(post.date)}</time>
</article>
</li>`,
  );
  const questions = words.questions.map((question) => `<li>${escapeHtml(question)}</li>`);
  return `<header class="title">
<h1>${escapeHtml(words.siteTitle)}</h1>
<p class="lead">${escapeHtml(words.lead)}</p>
</header>
<section class="asking" aria-labelledby="page:asking">
<h2 id="page:asking">${words.tryAsking}</h2>
<ul>
${questions.join('\n')}
</ul>
</section>
<section class="posts" aria-labelledby="page:posts">
<h2 id="page:posts">${words.allPosts}</h2>
<ol>
${items.join('\n')}
</ol>
</section>`;
}

function notFoundMain(): string {
  return languages
    .map((language) => {
      const words = siteWords[language];
      const level = language === 'en' ? 'h1' : 'h2';
      return `<section class="not-found" lang="${words.tag}">
<${level}>${escapeHtml(words.notFoundTitle)}</${level}>
<p>${escapeHtml(words.notFoundText)} <a href="${indexPath(language)}">${escapeHtml(words.toAllPosts)}</a></p>
</section>`;
    })
    .join('\n');
}

/**
 * Renders the whole demo blog.
 *
 * @returns URL paths without the leading slash, and what stands there: `''` and `zh` the
 *   indexes, `en/<slug>` and `zh/<slug>` the posts, `404` the page for everything else, all
 *   HTML; `demo.css` the style sheet
 * @throws Error that names the file where a post cannot be read, lacks a field, or is missing in
 *   one of the languages
 *
 * @example
 * const pages = await renderDemo({ docsDir: 'docs', scriptSrc: '/contact-chat.js', version: '1.0.0' });
 * pages.get('en/quick-start'); // '<!doctype html>…'
 */
export async function renderDemo(options: RenderDemoOptions): Promise<Map<string, string>> {
  const { docsDir, scriptSrc, version } = options;
  const cssFile = options.cssFile ?? join(docsDir, '..', 'demo', 'demo.css');
  const [docs, css] = await Promise.all([readDocs(docsDir), readFile(cssFile, 'utf8')]);
  const pages = new Map<string, string>([['demo.css', css]]);

  for (const language of languages) {
    const words = siteWords[language];
    const posts = docs[language];
    const indexPage = renderPage({
      language,
      title: words.siteTitle,
      description: words.description,
      alternates: { en: indexPath('en'), zh: indexPath('zh') },
      main: indexMain(language, posts),
      kind: 'index',
      scriptSrc,
      version,
    });
    pages.set(indexPath(language).slice(1), indexPage);
    for (const [index, post] of posts.entries()) {
      const page = renderPage({
        language,
        title: post.title,
        description: post.description,
        alternates: postAlternates(post.slug),
        main: postMain(posts, index),
        kind: 'post',
        scriptSrc,
        version,
      });
      pages.set(postPath(language, post.slug).slice(1), page);
    }
  }

  const words = siteWords.en;
  const notFound = renderPage({
    language: 'en',
    title: words.notFoundTitle,
    description: words.notFoundText,
    main: notFoundMain(),
    kind: 'message',
    scriptSrc,
    version,
  });
  pages.set('404', notFound);
  return pages;
}
