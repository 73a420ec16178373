import type { NoticeReason } from '../ports.ts';
import type { NoticeWords } from './notice-words.ts';

function headline(reason: NoticeReason, name: string | undefined): string {
  switch (reason) {
    case 'contact_request':
      return `${name ?? '一位访客'}发来联系请求`;
    case 'human_request':
      return `${name ?? '一位访客'}希望与您交谈`;
    case 'visitor_message':
      return `${name ?? '一位访客'}发来新消息`;
  }
}

export const zhCn: NoticeWords = {
  lang: 'zh-CN',
  headline,
  visitor: '一位访客',
  wordless: '（请求与您交谈，没有留言）',
  from: '来自',
  page: '页面',
  language: '语言',
  browser: '浏览器',
  earlier: (count, since) => `…… 自 ${since} 起还有 ${count} 条消息`,
  heldBack: (count, since) => `另有 ${count} 条消息自 ${since} 起等待发送，随后送达`,
  answer: '查看并回复',
  colon: '：',
};
