/** The frame that every page of the demo blog stands in. */
import { escapeHtml } from './escape-html.ts';
import { languages, siteWords, type Language } from './site-words.ts';

interface PageOptions {
  readonly language: Language;
  readonly title: string;
  readonly description: string;
  /** Address of the same page in each language; absent where there is none. */
  readonly alternates?: Readonly<Record<Language, string>>;
  /** Inner HTML of `<main>`. */
  readonly main: string;
  /** Class of `<body>`. */
  readonly kind: 'index' | 'post' | 'message';
  readonly scriptSrc: string;
  readonly version: string;
}

/** Address of a language's index. */
export const indexPath = (language: Language): string => (language === 'en' ? '/' : `/${language}`);

/** The mark of the site: a speech bubble with lines of text. A `data:` address needs no request. */
const mark =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d="M4 5.5h16v10.5h-8.5L7 20v-4H4z"/><path d="M8 9.25h8M8 12.25h5"/></svg>';
const icon = `data:image/svg+xml,${encodeURIComponent(mark.replace('currentColor', '#2b5ea7'))}`;

function languageSwitch(options: PageOptions): string {
  return languages
    .map((language) => {
      const { name, tag } = siteWords[language];
      const href = options.alternates?.[language] ?? indexPath(language);
      const current = language === options.language ? ' aria-current="true"' : ` rel="alternate"`;
      return `<a href="${href}" lang="${tag}" hreflang="${tag}"${current}>${name}</a>`;
    })
    .join('\n');
}

function alternateLinks(options: PageOptions): string {
  const { alternates } = options;
  if (!alternates) return '<meta name="robots" content="noindex">';
  const links = languages.map(
    (language) =>
      `<link rel="alternate" hreflang="${siteWords[language].tag}" href="${alternates[language]}">`,
  );
  return [...links, `<link rel="alternate" hreflang="x-default" href="${alternates.en}">`].join(
    '\n',
  );
}

/**
 * A whole HTML document, without inline script or style: the strictest policy admits it. Its own
 * ids have a colon, which no heading's anchor has.
 */
export function renderPage(options: PageOptions): string {
  const words = siteWords[options.language];
  const title =
    options.kind === 'index'
      ? `contact-chat · ${options.title}`
      : `${options.title} · contact-chat`;
  return `<!doctype html>
<html lang="${words.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<meta name="description" content="${escapeHtml(options.description)}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/demo.css">
${alternateLinks(options)}
</head>
<body class="${options.kind}">
<a class="skip" href="#page:content">${words.skip}</a>
<header class="site">
<a class="home" href="${indexPath(options.language)}">${mark}<span>contact-chat</span></a>
<nav class="languages" aria-label="${words.mainNavigation}">
${languageSwitch(options)}
</nav>
</header>
<main id="page:content" tabindex="-1">
${options.main}
</main>
<footer class="site">
<p>${escapeHtml(words.footer)}</p>
<p>contact-chat ${escapeHtml(options.version)} · MIT</p>
</footer>
<script src="${escapeHtml(options.scriptSrc)}" async data-lang="${words.tag}" data-questions="${escapeHtml(words.questions.join('|'))}"></script>
</body>
</html>
`;
}
