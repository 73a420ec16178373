/** One file's bytes to one post, or to the reason why it is none. */
import { headText, headTexts, splitFrontMatter, type FrontMatter } from './front-matter.ts';
import { markdownBlocks, withoutModuleLines, type Block } from './markdown-blocks.ts';
import { exportedHead, withoutComponents } from './mdx-text.ts';
import { cutPassages, type Passage } from './passages.ts';
import { postAddress } from './post-address.ts';

export interface Post {
  /** In the folder, with `/`: `notes/a.md`. */
  readonly path: string;
  readonly title: string;
  /** http(s), or relative to the blog; without anchor. */
  readonly url: string;
  /** Which script it is written in: decides whose questions it answers first. */
  readonly script: Script;
  /** BCP 47, where the post or its place says so. */
  readonly lang?: string;
  /** Summary and tags of the head, for finding only. */
  readonly keywords: string;
  readonly blocks: readonly Block[];
  readonly passages: readonly Passage[];
}

/** Chinese, Japanese and Korean, or anything else. */
export type Script = 'cjk' | 'other';

export type ReadPost =
  | {
      readonly status: 'post';
      readonly post: Post;
      readonly problem?: string;
      /** When it is to vanish, in Unix milliseconds. */
      readonly untilMs?: number;
    }
  /** Not to be shown. */
  | {
      readonly status: 'hidden';
      readonly reason: 'draft' | 'expired' | 'private' | 'noindex' | 'no_text' | 'unreadable';
      readonly detail?: string;
    }
  /** Not yet to be shown. */
  | { readonly status: 'future'; readonly fromMs: number };

const cjkCharacters = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu;
const latinWords = /[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}]+/gu;

/** The script that most of a text is in; a Chinese word has about two characters. */
export function scriptOf(text: string): Script {
  const sample = text.slice(0, 4_000);
  const cjk = sample.match(cjkCharacters)?.length ?? 0;
  if (cjk === 0) return 'other';
  return cjk / 2 >= (sample.match(latinWords)?.length ?? 0) * 0.4 ? 'cjk' : 'other';
}

const no: readonly unknown[] = [false, 'false', 'no', 'off'];
const yes: readonly unknown[] = [true, 'true', 'yes', 'on'];

/** Why the owner does not want a post to be shown, whatever the time; undefined where they do. */
function hiddenBy(path: string, head: FrontMatter): 'draft' | 'private' | 'noindex' | undefined {
  const says = (key: string, values: readonly unknown[]): boolean => values.includes(head.get(key));
  // Jekyll and Hexo keep what is not published yet in a folder of this name.
  if (/(?:^|\/)_drafts\//.test(path)) return 'draft';
  if (says('draft', yes) || says('published', no) || says('publish', no)) return 'draft';
  // What the blog asks a password for, or hides, is not for strangers who ask the chat either.
  if (says('private', yes) || says('headless', yes) || headText(head, 'password') !== undefined) {
    return 'private';
  }
  const robots = headTexts(head, 'robots').join();
  return says('noindex', yes) || /\bnoindex\b/i.test(robots) ? 'noindex' : undefined;
}

/** The time under the first of some keys that has one, in Unix milliseconds. */
function timeOf(head: FrontMatter, keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const value = head.get(key);
    const text = value instanceof Date ? value.toISOString() : value;
    if (typeof text !== 'string' || !/^\d{4}/.test(text)) continue;
    const atMs = Date.parse(text);
    if (!Number.isNaN(atMs)) return atMs;
  }
  return undefined;
}

/** When the post appears: Hugo, Astro and its themes, Jekyll and Hexo have names of their own. */
const fromKeys = ['publishdate', 'pubdate', 'pubdatetime', 'date', 'published'];
const untilKeys = ['expirydate', 'unpublishdate'];

/** Bytes as text: UTF-8 with what is invalid replaced, UTF-16 where a byte order mark says so. */
export function decodeText(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  return new TextDecoder(encoding).decode(bytes).replace(/\r\n?/g, '\n');
}

/** `2024-01-05-my_first-post.md` → `my first post`. */
function titleOfFile(path: string): string {
  const segments = path.replace(/\.[^./]+$/, '').split('/');
  const last = segments.at(-1) ?? '';
  const name = /^(?:_?index|readme)$/i.test(last) ? (segments.at(-2) ?? last) : last;
  const words = name
    .replace(/^\d{4}-\d{2}-\d{2}-(?=.)/, '')
    .replace(/[-_]+/g, ' ')
    .trim();
  return words === '' ? name : words;
}

/** Cuts a title that nobody meant as one. */
const titleChars = 200;

/**
 * Reads a post. Throws where the Markdown cannot be parsed.
 *
 * @param path - in the folder, with `/`
 * @param options.baseUrl - `POSTS_URL`
 * @param options.permalink - pattern of the generator's configuration, where it holds for this file
 * @param options.nowMs - posts dated after it are `future`
 */
export function readPost(
  path: string,
  text: string,
  options: { readonly baseUrl: string; readonly nowMs: number; readonly permalink?: string },
): ReadPost {
  const { head: written, body, problem } = splitFrontMatter(text);
  const isMdx = /\.mdx$/i.test(path);
  const head = isMdx && written.size === 0 ? exportedHead(body) : written;
  const reason = hiddenBy(path, head);
  if (reason !== undefined) return { status: 'hidden', reason };
  const fromMs = timeOf(head, fromKeys);
  if (fromMs !== undefined && fromMs > options.nowMs) return { status: 'future', fromMs };
  const untilMs = timeOf(head, untilKeys);
  if (untilMs !== undefined && untilMs <= options.nowMs) {
    return { status: 'hidden', reason: 'expired' };
  }
  const blocks = markdownBlocks(isMdx ? withoutComponents(withoutModuleLines(body)) : body);
  const headed = headText(head, 'title');
  const heading = blocks.find((block) => block.kind === 'heading')?.text;
  const title = (headed ?? heading ?? titleOfFile(path)).slice(0, titleChars);
  const passages = cutPassages(blocks, title);
  if (passages.length === 0) return { status: 'hidden', reason: 'no_text' };
  const prose = blocks.filter((block) => block.kind !== 'code').map((block) => block.text);
  const post: Post = {
    path,
    title,
    url: postAddress(path, head, options.baseUrl, options.permalink),
    script: scriptOf([title, ...prose].join('\n')),
    ...langOf(path, head),
    keywords: ['description', 'summary', 'excerpt', 'tags', 'keywords', 'categories', 'aliases']
      .flatMap((key) => headTexts(head, key))
      .join('\n')
      .slice(0, 2_000),
    blocks,
    passages,
  };
  return {
    ...{ status: 'post', post },
    ...(problem === undefined ? {} : { problem }),
    ...(untilMs === undefined ? {} : { untilMs }),
  };
}

/** The language by the head, else as Hugo and others put it into the name: `post.zh.md`. */
function langOf(path: string, head: FrontMatter): { lang?: string } {
  const named = headText(head, 'lang') ?? headText(head, 'language') ?? headText(head, 'locale');
  const lang = named ?? /\.([a-z]{2}(?:-[a-z]{2,4})?)\.\w+$/i.exec(path)?.[1];
  return lang !== undefined && /^[a-z]{2,3}(?:[-_][a-z\d]{2,8})*$/i.test(lang) ? { lang } : {};
}
