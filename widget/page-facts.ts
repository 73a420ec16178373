import type { Page } from '../shared/protocol.ts';
import { maxPageChars } from '../shared/limits.ts';

/** Text as the server accepts it in a message: halves of surrogate pairs replaced. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');

/** One line without control characters, cut to a number of UTF-16 units. */
export const oneLine = (text: string, maxChars: number): string =>
  wellFormed(text.slice(0, maxChars)).replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');

/** The page as `hello` may tell it; `undefined` for a page without a http(s) address. */
export function pageFact(page: { url: string; title: string }): Page | undefined {
  if (!/^https?:/i.test(page.url)) return undefined;
  // An address too long to send loses its query, which says least about where the visitor is.
  const short = page.url.replace(/[?#].*$/, '');
  const url = page.url.length <= maxPageChars ? page.url : short;
  if (url.length > maxPageChars) return undefined;
  return { url, title: oneLine(page.title, 300) };
}

/** A language as the server reads it; `undefined` for anything else. */
export const languageTag = (tag: string): string | undefined =>
  /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,8}$/.test(tag) ? tag : undefined;
