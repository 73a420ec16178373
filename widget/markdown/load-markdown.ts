import { lazily } from '../lazily.ts';

/** Markdown as it is shown, nearly as heavy as all else of a first visit: not for everybody. */
export const loadMarkdown = lazily(() => import('./markdown.ts'));

/**
 * Whether a text may say in Markdown what the light reader does not show: emphasis, lists, quotes,
 * tables, links with words, code in colours, character references. Some texts that it holds for
 * such are none, which costs no more than the loading.
 */
export const needsMarkdown = (text: string): boolean =>
  /[*_~|[&\\]|^\s*([>+-]|\d+[.)]|```|===)/m.test(text);
