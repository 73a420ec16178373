/** MDX as Markdown: components fall away, what they wrap stays (https://mdxjs.com/docs/what-is-mdx/). */
import { parseDocument } from 'yaml';
import type { FrontMatter } from './front-matter.ts';

/** No tag that a person wrote is longer, in UTF-16 units. */
const longestTag = 4_000;
/** How far before a tag its line is looked at for code, in UTF-16 units. */
const codeReach = 500;
/** No exported head is. */
const longestExport = 10_000;

/** Where the tag at `start` ends, minding strings and braces; -1 where it does not. */
function tagEnd(text: string, start: number): number {
  let depth = 0;
  let quote = '';
  for (let at = start + 1; at < Math.min(text.length, start + longestTag); at += 1) {
    const char = text[at] ?? '';
    if (quote !== '') {
      if (char === '\\' && depth > 0) at += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'" || (char === '`' && depth > 0)) quote = char;
    else if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    else if (char === '>' && depth <= 0) return at;
    else if (char === '<' && depth <= 0) return -1;
  }
  return -1;
}

/** A line without the tags of components. Tags may go on in lines that follow. */
function dropTags(text: string): string {
  const component = /<\/?(?:[A-Z][\w.]*|(?=>))/g;
  const kept: string[] = [];
  let from = 0;
  for (let found = component.exec(text); found; found = component.exec(text)) {
    const end = tagEnd(text, found.index);
    if (end < 0) continue;
    // Code in a line is code, also where it looks like a component.
    const before = text.slice(Math.max(0, found.index - codeReach), found.index);
    const ticks = before.slice(before.lastIndexOf('\n') + 1).match(/`/g)?.length ?? 0;
    if (ticks % 2 === 1) continue;
    kept.push(text.slice(from, found.index));
    from = end + 1;
    component.lastIndex = from;
  }
  kept.push(text.slice(from));
  return kept.join('');
}

/** A line that is an expression: `{props.children}`, `{/* a remark *\/}`. */
const expressionLine = /^[ \t]*\{[^{}\n]{0,500}\}[ \t]*$/gm;

/** A text without the tags of its components and without expressions on lines of their own. */
export function withoutComponents(mdx: string): string {
  // Fenced code stays as it is.
  const parts = mdx.split(/(^[ \t]{0,3}(?:`{3,}|~{3,})[^]*?^[ \t]{0,3}(?:`{3,}|~{3,})[ \t]*$)/m);
  return parts
    .map((part, at) =>
      at % 2 === 1 ? part : dropIndents(dropTags(part)).replace(expressionLine, ''),
    )
    .join('');
}

/** MDX has no code by indent: what stands deep in components is prose. Lists keep three spaces. */
const dropIndents = (text: string): string => text.replace(/^[ \t]{4,}(?=[\p{L}\p{N}])/gmu, '   ');

/** The head that Next.js and its kin export: `export const metadata = { title: 'A post' }`. */
export function exportedHead(mdx: string): FrontMatter {
  const found = /^export\s+const\s+(?:metadata|meta|frontmatter)\b[^=\n]{0,100}=\s*(?=\{)/m.exec(
    mdx,
  );
  const head = new Map<string, unknown>();
  if (!found) return head;
  const from = found.index + found[0].length;
  const end = /^\}|\}\s*;?\s*$/m.exec(mdx.slice(from, from + longestExport));
  if (!end) return head;
  const source = mdx.slice(from, from + end.index + 1);
  // Literals of JavaScript are near enough to YAML's; what is computed is not read.
  const document = parseDocument(source, { uniqueKeys: false, logLevel: 'silent' });
  if (document.errors.length > 0) return head;
  const value: unknown = document.toJS({ mapAsMap: true, maxAliasCount: 0 });
  if (value instanceof Map) {
    for (const [key, item] of value) head.set(String(key).toLowerCase(), item);
  }
  return head;
}
