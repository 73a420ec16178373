import type { MarkdownWords } from './en-markdown.ts';

export const zhCnMarkdown: MarkdownWords = {
  code: (language) => (language ? `${language} 代码` : '代码'),
  copy: '复制',
  copied: '已复制',
  copyFailed: '无法复制',
  table: '表格',
  done: '已完成',
  open: '待办',
};
