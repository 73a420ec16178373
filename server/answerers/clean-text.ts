/** What others wrote, made fit to be shown: text of an answer, titles and addresses of citations. */
import type { Citation } from '../../shared/protocol.ts';

/** UTF-16 units of an answer at most; longer ones are cut. */
export const maxAnswerChars = 16_000;
const maxTitleChars = 200;
const maxUrlChars = 2_000;
const maxCitations = 3;

// All control characters but line feed and tab: a terminal or a log would obey them.
const controls = /[^\P{Cc}\n\t]/gu;

/** Line ends as LF, without other control characters. */
export const withoutControls = (text: string): string => text.replace(controls, '');

/** The whole text of an answer; one that is too long ends with `…`. */
export function cleanAnswer(text: string): string {
  const clean = withoutControls(text).toWellFormed().trim();
  if (clean.length <= maxAnswerChars) return clean;
  return `${clean.slice(0, maxAnswerChars - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Those citations that can be shown, one a post, at most three; anything else is left out. */
export function cleanCitations(value: unknown): readonly Citation[] {
  if (!Array.isArray(value)) return [];
  const citations: Citation[] = [];
  const posts = new Set<string>();
  for (const item of value as readonly unknown[]) {
    const citation = cleanCitation(item);
    const post = citation?.url.replace(/#.*$/s, '');
    if (!citation || post === undefined || posts.has(post)) continue;
    posts.add(post);
    citations.push(citation);
    if (citations.length === maxCitations) break;
  }
  return citations;
}

function cleanCitation(item: unknown): Citation | undefined {
  if (typeof item !== 'object' || item === null || !('url' in item)) return undefined;
  const url = typeof item.url === 'string' ? item.url.trim() : '';
  if (!isShowable(url)) return undefined;
  const given = 'title' in item && typeof item.title === 'string' ? item.title : '';
  const title = withoutControls(given.replace(/\s+/g, ' ')).toWellFormed().trim();
  const cut = title.slice(0, maxTitleChars).replace(/[\uD800-\uDBFF]$/, '');
  // Better the address than no way to the post.
  return { title: cut || url.slice(0, maxTitleChars), url };
}

/** http(s), or relative to the blog; nothing that another scheme could hide in. */
function isShowable(url: string): boolean {
  if (url === '' || url.length > maxUrlChars || /[\p{Cc}\s\\]/u.test(url)) return false;
  if (!url.isWellFormed()) return false;
  if (/^https?:\/\//i.test(url)) return URL.canParse(url);
  return !/^[a-z][a-z0-9+.-]*:/i.test(url) && !url.startsWith('//');
}
