/** What the answerer says in its own words. */
import { scriptOf } from '../posts/read-post.ts';
import type { SmallTalk } from './smalltalk.ts';

export type OwnLanguage = 'zh' | 'en';

/**
 * The language to answer a question in: by its script, and by the visitor's where it has no
 * letters at all.
 */
export function languageFor(text: string, lang: string): OwnLanguage {
  if (!/\p{L}/u.test(text)) return /^zh\b/i.test(lang) ? 'zh' : 'en';
  return scriptOf(text) === 'cjk' ? 'zh' : 'en';
}

interface OwnSentences {
  readonly notCovered: string;
  readonly smallTalk: Readonly<Record<SmallTalk, string>>;
}

export const ownSentences: Readonly<Record<OwnLanguage, OwnSentences>> = {
  en: {
    notCovered: 'The posts do not cover this. Shall I pass your question to the owner?',
    smallTalk: {
      greeting: 'Hello! Ask me about anything on this blog and I will look it up in the posts.',
      wellbeing: 'All is well here, thank you! What would you like to know about this blog?',
      identity:
        'I am this blog’s assistant, a program: I look your question up in the posts and show where I found the answer. If you would rather talk to the owner, just say so.',
      thanks: 'You’re welcome! Ask away if anything else comes up.',
      farewell: 'Goodbye, and thank you for visiting!',
      pleased: 'Glad you like it! Is there anything you would like to know?',
      agreed: 'All right. Is there anything else you would like to know?',
      human:
        'Of course. Leave your message here, or use the contact form, and it will be kept for the owner.',
      wordless: 'Could you put that into words? I can look things up in this blog’s posts.',
    },
  },
  zh: {
    notCovered: '博客里的文章没有提到这个。要我转给博主吗？',
    smallTalk: {
      greeting: '你好！关于这个博客的内容都可以问我，我会从文章里找答案。',
      wellbeing: '我很好，谢谢关心！关于这个博客，您想了解什么？',
      identity:
        '我是这个博客的助手，是一个程序：我会在文章里查找您的问题，并注明答案的出处。想直接联系博主的话，告诉我就行。',
      thanks: '不客气！还有问题随时问我。',
      farewell: '再见，感谢您的来访！',
      pleased: '很高兴您喜欢！还有什么想了解的吗？',
      agreed: '好的。还有什么想了解的吗？',
      human: '好的。请在这里留言，或使用联系表单，留言会为博主保存。',
      wordless: '可以用文字描述一下您的问题吗？我会从博客文章里找答案。',
    },
  },
};
