/**
 * Plain text with a little structure: paragraphs, headings, `code`, fenced blocks, addresses. What comes
 * out is data for templates, never markup, so nothing that anybody writes can become an element.
 */
export type Span =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'link'; readonly text: string; readonly href: string };

export type Block =
  | { readonly type: 'paragraph'; readonly lines: readonly (readonly Span[])[] }
  | { readonly type: 'heading'; readonly spans: readonly Span[] }
  | { readonly type: 'code'; readonly text: string };

// A code span, or an address. Each alternative is linear: no nested repetition.
const inline = /`([^`\n]+)`|\bhttps?:\/\/[^\s<>"'`，。；！？、（）《》「」“”]+/gi;

/** Signs that end a sentence rather than an address, and a bracket that was opened before it. */
function trimAddress(address: string): string {
  let end = address.length;
  const [round, square] = [address.includes('('), address.includes('[')];
  for (;;) {
    const last = address[end - 1] ?? '';
    const unopened = (last === ')' && !round) || (last === ']' && !square);
    if (!/[.,;:!?*_~]/.test(last) && !unopened) return address.slice(0, end);
    end -= 1;
  }
}

function link(text: string): Span {
  try {
    return { type: 'link', text, href: new URL(text).href };
  } catch {
    return { type: 'text', text };
  }
}

/** One line as spans: texts, code and links, whose texts together are the line less backticks. */
export function readSpans(line: string): readonly Span[] {
  const spans: Span[] = [];
  let from = 0;
  const plain = (to: number): void => {
    if (to > from) spans.push({ type: 'text', text: line.slice(from, to) });
  };
  for (const match of line.matchAll(inline)) {
    plain(match.index);
    if (match[1] !== undefined) {
      spans.push({ type: 'code', text: match[1] });
      from = match.index + match[0].length;
      continue;
    }
    const address = trimAddress(match[0]);
    spans.push(link(address));
    from = match.index + address.length;
  }
  plain(line.length);
  return spans;
}

const heading = /^ {0,3}#{1,6} +(.+)$/;
const fence = /^ {0,3}(`{3,}|~{3,})[^`]*$/;

/** A message as blocks. A fence that is never closed runs to the end, as in Markdown. */
export function readBlocks(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let code: string[] | undefined;
  let closing = '';
  const endParagraph = (): void => {
    if (lines.length > 0) blocks.push({ type: 'paragraph', lines: lines.map(readSpans) });
    lines = [];
  };
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    if (code) {
      const sign = line.trim();
      if (sign.startsWith(closing) && sign === closing[0]?.repeat(sign.length)) {
        blocks.push({ type: 'code', text: code.join('\n') });
        code = undefined;
      } else code.push(line);
      continue;
    }
    const opening = fence.exec(line)?.[1];
    if (opening) {
      endParagraph();
      code = [];
      closing = opening;
      continue;
    }
    const title = heading.exec(line)?.[1];
    if (title) {
      endParagraph();
      blocks.push({ type: 'heading', spans: readSpans(title) });
    } else if (line.trim() === '') endParagraph();
    else lines.push(line);
  }
  if (code) blocks.push({ type: 'code', text: code.join('\n') });
  endParagraph();
  return blocks;
}
