/** The text of inline Markdown: links as their words, images as their `alt`, no marks. */
import type { MarkedToken, Token } from 'marked';
import { altOf, decodeEntities, readTag } from './html-text.ts';

export interface InlineText {
  readonly text: string;
  /** Characters of it that are words of links. */
  readonly linked: number;
}

interface Writer {
  readonly out: string[];
  /** Open elements whose content is never shown. */
  silent: number;
  linked: number;
  readonly ticks: boolean;
}

// Hugo's and Liquid's tags are instructions to the blog's generator.
const generatorTag = /\{%[^%\n]{0,500}%\}|\{\{[<%][^\n]{0,500}?[>%]\}\}|\{\/\*[^]{0,500}?\*\/\}/g;

export const withoutGeneratorTags = (text: string): string =>
  text.includes('{') ? text.replace(generatorTag, '') : text;

function write(tokens: readonly Token[], to: Writer, depth: number): void {
  // Nesting beyond what a person writes is an attack on the stack.
  if (depth > 60) return;
  for (const generic of tokens) {
    const token = generic as MarkedToken;
    if (token.type === 'html') {
      const tag = readTag(token.raw);
      if (tag.silent) to.silent = Math.max(0, to.silent + (tag.closing ? -1 : 1));
      else if (tag.name === 'img' && to.silent === 0) to.out.push(altOf(token.raw));
      else if (tag.endsLine && !tag.closing) to.out.push('\n');
      continue;
    }
    if (to.silent > 0) continue;
    if (token.type === 'codespan') {
      to.out.push(to.ticks ? `\`${token.text}\`` : token.text);
    } else if (token.type === 'br') {
      to.out.push('\n');
    } else if (token.type === 'image') {
      to.out.push(decodeEntities(token.text));
    } else if (token.type === 'escape') {
      to.out.push(token.text);
    } else if (token.type === 'checkbox') {
      to.out.push(token.checked ? '[x] ' : '[ ] ');
    } else if (token.type === 'link') {
      const before = to.out.length;
      write(token.tokens, to, depth + 1);
      for (const part of to.out.slice(before)) to.linked += part.length;
    } else if ('tokens' in token && token.tokens) {
      write(token.tokens, to, depth + 1);
    } else if ('text' in token) {
      to.out.push(decodeEntities(token.text));
    }
  }
}

/**
 * The words of inline tokens.
 *
 * @param options.ticks - whether code keeps its backticks, as in shown text; headings and
 *   anchors do without
 */
export function inlineText(tokens: readonly Token[], options: { ticks: boolean }): InlineText {
  const to: Writer = { out: [], silent: 0, linked: 0, ticks: options.ticks };
  write(tokens, to, 0);
  const text = withoutGeneratorTags(to.out.join(''))
    .replace(/[^\S\n]{2,}|[^\S\n ]/g, ' ')
    .replace(/ ?\n\s*/g, '\n')
    .trim();
  return { text, linked: Math.min(to.linked, text.length) };
}
