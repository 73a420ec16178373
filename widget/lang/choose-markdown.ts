import { enMarkdown, type MarkdownWords } from './en-markdown.ts';
import { zhCnMarkdown } from './zh-cn-markdown.ts';

const languages: Readonly<Record<string, MarkdownWords>> = { en: enMarkdown, zh: zhCnMarkdown };

/** Words around Markdown in the language of the others. */
export const markdownWords = (tag: string): MarkdownWords =>
  languages[tag.slice(0, 2)] ?? enMarkdown;
