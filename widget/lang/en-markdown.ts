/** Words around what is shown as Markdown, loaded with it. */
export const enMarkdown = {
  code: (language: string) => (language ? `Code in ${language}` : 'Code'),
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Could not be copied',
  table: 'Table',
  done: 'done',
  open: 'to do',
};

export type MarkdownWords = typeof enMarkdown;
