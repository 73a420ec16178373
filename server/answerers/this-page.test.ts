import { describe, expect, it } from 'vitest';
import type { Answer } from '../answerer-ports.ts';
import { answerFrom } from './retrieval.ts';
import { indexOf, smallBlog } from './small-blog.fixture.ts';
import { openPost, postAt } from './this-page.ts';

const index = await indexOf({
  ...smallBlog,
  'en/cache.md':
    '# Alpha notes\n\nWhy a cache helps.\n\n## Limits\n\nThe cache holds a hundred pages.',
  'en/proxy.md':
    '# Beta notes\n\nWhy a proxy helps.\n\n## Limits\n\nThe cache holds a hundred pages.',
});
const at = (path: string): string => `https://blog.example/blog/en/${path}`;
const ask = (text: string, url?: string): Answer =>
  answerFrom(index, { text, lang: 'en', ...(url && { page: { url, title: 'Open' } }) });

describe('the post at an address', () => {
  it.each([
    'https://blog.example/blog/en/cache',
    'https://www.blog.example:8443/blog/en/cache/',
    'https://blog.example/blog/en/cache/index.html?utm=1#limits',
    '/blog/en/cache.html',
  ])('%s', (url) => {
    expect(index.posts[postAt(index, url) ?? -1]?.path).toBe('en/cache.md');
  });

  it.each(['https://blog.example/', 'https://blog.example/blog', 'http://', '', '/%E0%A4%A'])(
    'is none: %s',
    (url) => {
      expect(postAt(index, url)).toBeUndefined();
    },
  );
});

describe('the open page', () => {
  it.each([
    'What is this post about?',
    "what's this article about",
    'Can you summarize this page?',
    'tl;dr of this post',
    'please give me a short summary of this article',
    '这篇文章讲了什么？',
    '总结一下这篇文章',
    '本文主要讲什么',
  ])('is opened where asked for as a whole: %s', (question) => {
    expect(openPost(question, at('cache'), index)).toMatchObject({ isWhole: true });
    const answer = ask(question, at('cache'));
    expect(answer.outcome).toBe('found');
    expect(answer.text).toMatch(/^Why a cache helps\./);
    expect(answer.citations.map(({ url }) => url)).toEqual(['/blog/en/cache']);
  });

  it.each([
    'what does this article say about limits?',
    'which limits does this post name',
    '这篇文章里的 limits 是什么',
  ])('is meant, but in part: %s', (question) => {
    expect(openPost(question, at('cache'), index)).toMatchObject({ isNamed: true, isWhole: false });
  });

  it('is preferred, strongly where the question names it', () => {
    const question = 'how many pages does the cache hold?';
    expect(ask(question, at('proxy')).citations[0]?.url).toBe('/blog/en/proxy#limits');
    expect(ask(question, at('cache')).citations[0]?.url).toBe('/blog/en/cache#limits');
    expect(ask('what limits does this post name', at('proxy')).citations[0]?.url).toMatch(
      /^\/blog\/en\/proxy/,
    );
  });

  it('does not hide a better post', () => {
    const answer = ask('how do I run it with systemd?', at('cache'));
    expect(answer.citations[0]?.url).toBe('/blog/en/deploying#with-systemd');
  });

  it('changes nothing where it is no post, or is not told', () => {
    const question = 'how do I run it with systemd?';
    for (const url of ['https://blog.example/', 'javascript:0', '\0']) {
      expect(ask(question, url)).toEqual(ask(question));
    }
    expect(ask('What is this post about?').outcome).toBe('not_covered');
  });
});
