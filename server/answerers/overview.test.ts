import { describe, expect, it } from 'vitest';
import { isOverview } from './overview.ts';
import { answerFrom } from './retrieval.ts';
import { indexOf, smallBlog } from './small-blog.fixture.ts';

describe('questions about the blog as a whole', () => {
  it.each([
    'What is this blog about?',
    "what's this site about",
    'Hi, what is this project?',
    'tell me about this blog',
    'what do you write about?',
    '这个博客是讲什么的？',
    '你好，请介绍一下这个博客',
    '这个项目是做什么的',
    '这个网站是关于什么的？',
    '这个博客主要写些什么内容？',
  ])('%s', (question) => {
    expect(isOverview(question)).toBe(true);
  });

  it.each([
    'what is systemd?',
    'what is this blog built with?',
    '这个博客系统是怎么构建的？',
    '这个博客',
    'what is this error about?',
    '项目里的缓存是什么',
  ])('not: %s', (question) => {
    expect(isOverview(question)).toBe(false);
  });

  it('are answered by the page that says so, in the language asked', async () => {
    const index = await indexOf({
      ...smallBlog,
      'about.md': '# About\n\nNotes on running small servers.',
      'zh/about.md': '# 关于\n\n这里记录小服务器的运维笔记。',
    });
    expect(answerFrom(index, { text: 'What is this blog about?', lang: 'en' })).toEqual({
      outcome: 'found',
      text: 'Notes on running small servers.',
      citations: [{ title: 'About', url: '/blog/about' }],
    });
    expect(answerFrom(index, { text: '这个博客是讲什么的？', lang: 'en' }).text).toBe(
      '这里记录小服务器的运维笔记。',
    );
  });

  it('are not covered where no page says so', async () => {
    const index = await indexOf(smallBlog);
    expect(answerFrom(index, { text: 'What is this blog about?', lang: 'en' }).outcome).toBe(
      'not_covered',
    );
  });
});
