/**
 * Questions about the blog as a whole have no telling word to look up: "what is this blog about?"
 * is answered by the page that says so, where there is one.
 */
import type { Script } from '../posts/read-post.ts';
import type { PostIndex } from './post-index.ts';
import type { Found } from './rank.ts';
import { openingOf } from './this-page.ts';
import { normalize } from './tokenize.ts';

const english = new RegExp(
  '^(?:(?:hi|hello|hey|so|please|and|ok|can you|could you) )*' +
    '(?:what(?:s| is| are)(?: the (?:topic|subject|purpose)s? of)?|what does|tell me(?: more)?(?: something)? about|introduce|describe|explain|whats in)' +
    ' (?:this|the|your|on this) (?:blog|site|website|page|project)(?: (?:all about|about|for|cover|do|called))?$' +
    '|^what (?:do you|does the author|does the owner) (?:usually )?(?:write|blog|post) about(?: here)?$' +
    '|^what can i (?:find|read|learn)(?: about)? (?:here|on (?:this|the) (?:blog|site|website))$',
);
const chinese =
  /^(?=.*(?:介绍|什么|啥|哪些))(?:你好|您好|请问?|能|可以|麻烦|简单)*(?:介绍(?:一下|下)?)?(?:这个|这|本|你的|您的|贵)(?:博客|网站|站点|站|项目)(?:是|主要|都|里|上|有)*(?:讲|写|关于|做|干|介绍|用来)*(?:了|些)*(?:什么|啥|哪些)?(?:内容|方面|主题|文章|东西|用)?(?:的)?(?:吗|呢|啊)?$/;

/** Names of files that tell what a blog is, the most telling first. */
const names = ['about', 'about-me', '关于', 'introduction', 'intro', 'overview', 'index', 'readme'];

export function isOverview(question: string): boolean {
  if (question.length > 100) return false;
  const words = normalize(question)
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  return english.test(words) || chinese.test(words.replaceAll(' ', ''));
}

/** The opening of the post that says what the blog is; undefined where none does. */
export function findOverview(index: PostIndex, script: Script): Found | undefined {
  let best: { readonly post: number; readonly rank: number } | undefined;
  for (const [post, { path, script: written }] of index.posts.entries()) {
    const segments = path
      .replace(/\.[^./]+$/, '')
      .toLowerCase()
      .split('/');
    // `about/index.md` is called about; `notes/index.md` tells of notes only.
    const last = segments.at(-1) ?? '';
    const folder = segments.at(-2) ?? '';
    const name = last === 'index' && names.includes(folder) ? folder : last;
    const at = names.indexOf(name);
    const depth = segments.length;
    if (at < 0 || depth > 3 || (name === 'index' && depth > 2)) continue;
    const value = (written === script ? 0 : 100) + depth * 10 + at;
    if (!best || value < best.rank) best = { post, rank: value };
  }
  return best && openingOf(index, best.post);
}
