/**
 * The post that a visitor has open. "Does this post say …" is about that post; "what is this post
 * about?" is answered by its opening; and where two posts answer as well, the open one goes first.
 */
import type { Found } from './rank.ts';
import type { PostIndex } from './post-index.ts';
import { normalize } from './tokenize.ts';

const page = '(?:post|article|page|essay|entry|note|tutorial|guide|piece|text)';
const chinesePage =
  '(?:这一?篇|这个|这|本|此|该|当前)(?:文章|博文|博客文章|帖子|页面|文|篇|页|教程|笔记)';
const english = new RegExp(`\\b(?:this|the current) (?:blog )?${page}\\b`);
const chinese = new RegExp(chinesePage);
const wholeEnglish = new RegExp(
  '^(?:(?:hi|hello|hey|so|please|and|ok|can you|could you) )*' +
    '(?:(?:what(?:s| is| are| does) |tell me |explain |describe )(?:the (?:topic|subject|point|gist|summary|main idea|main point) of )?(?:what )?|' +
    '(?:summari[sz]e|sum up|give me (?:a|the) (?:short |quick )?(?:summary|overview|gist) of|tl ?dr(?: of)?) )' +
    `(?:this|the current) (?:blog )?${page}(?: (?:all about|about|is about|for|cover|say|talk about|is for|in short|please|for me|briefly))?$`,
);
const wholeChinese = new RegExp(
  '^(?:你好|您好|请问?|能|可以|麻烦|帮我|简单|用一句话|简要)*(?:总结|概括|概述|介绍|归纳|说说|讲讲|说)?(?:一下|下)?' +
    `${chinesePage}(?:是|主要|到底|都|里|大概|大致)*(?:在)?(?:讲|写|说|关于|介绍|谈|讨论)*(?:的|了|些|的是)*(?:什么|啥|哪些|主题|大意|要点|内容|主要内容)*(?:的)?(?:吗|呢|啊)?$`,
);

/** How much more the open post counts: where it is meant, and where it may be. */
const named = 4;
const open = 1.12;

const wordsOf = (question: string): string =>
  normalize(question)
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

/** `/a/b/` and `/a/b.html#c` are one page; undefined where it is no address. */
function pathOf(url: string): string | undefined {
  try {
    const { pathname } = new URL(url, 'http://blog.invalid/');
    const path = pathname.replace(/(?:index)?\.html?$/i, '').replace(/\/+$/, '');
    return decodeURIComponent(path).normalize('NFC');
  } catch {
    return undefined;
  }
}

const pathsOf = new WeakMap<PostIndex, ReadonlyMap<string, number>>();

/** Number of the post at an address; undefined where none is. */
export function postAt(index: PostIndex, url: string): number | undefined {
  let paths = pathsOf.get(index);
  if (!paths) {
    const found = new Map<string, number>();
    for (const [number, post] of index.posts.entries()) {
      const path = pathOf(post.url);
      if (path !== undefined && !found.has(path)) found.set(path, number);
    }
    paths = found;
    pathsOf.set(index, paths);
  }
  const path = pathOf(url);
  return path === undefined ? undefined : paths.get(path);
}

export interface OpenPost {
  readonly post: number;
  /** Its scores are multiplied by it. */
  readonly times: number;
  /** Whether the question says that it is about this post. */
  readonly isNamed: boolean;
  /** Whether it asks what the post is about, and nothing else. */
  readonly isWhole: boolean;
}

/** What the open page means for a question; undefined where it is no post. */
export function openPost(
  question: string,
  url: string | undefined,
  index: PostIndex,
): OpenPost | undefined {
  const post = url === undefined ? undefined : postAt(index, url);
  if (post === undefined) return undefined;
  const words = wordsOf(question.slice(0, 400));
  const unspaced = words.replaceAll(' ', '');
  const isNamed = english.test(words) || chinese.test(unspaced);
  const isWhole =
    isNamed && words.length <= 100 && (wholeEnglish.test(words) || wholeChinese.test(unspaced));
  return { post, times: isNamed ? named : open, isNamed, isWhole };
}

/** The opening of a post; undefined where it has no text. */
export function openingOf(index: PostIndex, post: number): Found | undefined {
  const number = index.firstPassages[post];
  const passage = number === undefined ? undefined : index.passages[number];
  return number === undefined || passage?.post !== post ? undefined : { passage, number, score: 1 };
}
