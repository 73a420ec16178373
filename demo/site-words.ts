/** The words of the demo blog around its posts, in each of its languages. */
import type { MarkdownWords } from './markdown-html.ts';

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

interface SiteWords extends MarkdownWords {
  /** BCP 47, as in `lang` and `hreflang`. */
  readonly tag: string;
  /** The language's own name, for the switch. */
  readonly name: string;
  readonly siteTitle: string;
  readonly lead: string;
  readonly description: string;
  readonly skip: string;
  readonly mainNavigation: string;
  readonly allPosts: string;
  readonly onThisPage: string;
  readonly previous: string;
  readonly next: string;
  readonly neighbours: string;
  readonly tryAsking: string;
  readonly questions: readonly string[];
  readonly footer: string;
  readonly notFoundTitle: string;
  readonly notFoundText: string;
  readonly toAllPosts: string;
  readonly date: (date: string) => string;
}

const longDate = (tag: string): ((date: string) => string) => {
  const format = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' });
  return (date) => format.format(new Date(`${date}T00:00:00Z`));
};

export const siteWords: Readonly<Record<Language, SiteWords>> = {
  en: {
    tag: 'en',
    name: 'English',
    siteTitle: 'A chat for your blog',
    lead: 'One script tag, a small server of your own, and answers from what you have written. These posts are the documentation, and the chat in the corner has read them.',
    description:
      'The documentation of contact-chat as a small blog, with the chat itself on every page.',
    skip: 'Skip to the content',
    mainNavigation: 'Site',
    allPosts: 'All posts',
    onThisPage: 'On this page',
    previous: 'Previous',
    next: 'Next',
    neighbours: 'Neighbouring posts',
    tryAsking: 'Try asking the chat',
    questions: [
      'How is this blog system built?',
      'Can you introduce the technology stack you use?',
      'How do I deploy it to production?',
    ],
    footer: 'The chat in the corner answers from these posts.',
    notFoundTitle: 'There is no page here',
    notFoundText: 'The address may be mistyped, or the page may have moved.',
    toAllPosts: 'To all posts',
    linkTo: (heading) => `Link to “${heading}”`,
    table: 'Table',
    code: 'Code',
    date: longDate('en'),
  },
  zh: {
    tag: 'zh-CN',
    name: '中文',
    siteTitle: '给博客的聊天',
    lead: '一行 script 标签，一个自己的小服务器，用你写过的文章来回答。这些文章就是文档，角落里的聊天已经读过它们。',
    description: '以小博客的形式写成的 contact-chat 文档，每一页上都有聊天。',
    skip: '跳到正文',
    mainNavigation: '网站导航',
    allPosts: '全部文章',
    onThisPage: '本页内容',
    previous: '上一篇',
    next: '下一篇',
    neighbours: '相邻的文章',
    tryAsking: '可以这样问聊天',
    questions: ['这个博客系统是怎么构建的？', '能介绍一下使用的技术栈吗？', '如何部署到生产环境？'],
    footer: '角落里的聊天会根据这些文章来回答。',
    notFoundTitle: '这里没有页面',
    notFoundText: '可能是地址写错了，也可能是页面已经移走。',
    toAllPosts: '查看全部文章',
    linkTo: (heading) => `“${heading}”的链接`,
    table: '表格',
    code: '代码',
    date: longDate('zh-CN'),
  },
};
