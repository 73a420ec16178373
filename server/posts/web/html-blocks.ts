/** The content of an article's element as blocks, the units that are indexed, cut and shown. */
import { hardCut } from '../cut-text.ts';
import { headingSize, push, pushCode, type Block, type BlockWriter } from '../markdown-blocks.ts';
import { codeLanguage, codeText } from './html-code.ts';
import { anchorOf, headingText } from './html-heading.ts';
import { isElement, isShown, nameOf } from './html-node.ts';

/** Nesting beyond what a page needs is an attack on the stack. */
const maxDepth = 200;

const blockNames: ReadonlySet<string> = new Set([
  ...['address', 'article', 'aside', 'blockquote', 'body', 'center', 'dd', 'details', 'div', 'dl'],
  ...['dt', 'fieldset', 'figcaption', 'figure', 'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5'],
  ...['h6', 'header', 'hr', 'li', 'main', 'nav', 'ol', 'p', 'pre', 'section', 'summary', 'table'],
  ...['ul', 'hgroup', 'search', 'menu'],
]);

/** Text that has not been written yet. */
interface Run {
  text: string;
  linked: number;
}

interface Writer extends BlockWriter {
  /** Lines of the list or quote that is being read; undefined outside of them. */
  lines: { readonly texts: string[]; linked: number; readonly kind: 'list' | 'text' } | undefined;
  /** What the next line begins with in place of its indent: the mark of a list's item. */
  lead: string | undefined;
  /** An anchor that stands before what it names. */
  pendingAnchor: string;
}

const collapse = (text: string): string =>
  text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n\s*/g, '\n')
    .trim();

function inline(node: Node, run: Run, depth: number): void {
  if (node.nodeType === 3) {
    run.text += (node.nodeValue ?? '').replace(/\s+/g, ' ');
    return;
  }
  if (!isElement(node) || depth > maxDepth || !isShown(node)) return;
  const name = nameOf(node);
  if (name === 'br') run.text += '\n';
  else if (name === 'img') run.text += node.getAttribute('alt')?.trim() ?? '';
  else if (name === 'code' || name === 'kbd' || name === 'samp' || name === 'tt') {
    const code = (node.textContent ?? '').replace(/\s+/g, ' ').trim();
    run.text += code === '' || code.includes('`') ? code : `\`${code}\``;
  } else if (name === 'math') run.text += formula(node);
  else if (name === 'input') run.text += checkbox(node);
  else {
    const before = run.text.length;
    for (const child of node.childNodes) inline(child, run, depth + 1);
    if (name === 'a') run.linked += Math.max(0, run.text.length - before);
    if (blockNames.has(name)) run.text += '\n';
    if (name === 'td' || name === 'th') run.text += ' ';
  }
}

/** The source of a formula, where the page carries it. */
const formula = (math: Element): string =>
  math.querySelector('annotation')?.textContent?.trim() ?? math.textContent?.trim() ?? '';

const checkbox = (input: Element): string =>
  input.getAttribute('type') === 'checkbox'
    ? input.hasAttribute('checked')
      ? '[x] '
      : '[ ] '
    : '';

function lineRun(node: Node): Run {
  const run = { text: '', linked: 0 };
  for (const child of node.childNodes) inline(child, run, 0);
  return { text: collapse(run.text), linked: run.linked };
}

/** Writes a run of text: as a paragraph, or as lines of the list that it stands in. */
function flush(run: Run, prefix: string, to: Writer): void {
  const text = collapse(run.text);
  if (text !== '') {
    to.pendingAnchor = '';
    if (to.lines) {
      for (const line of text.split('\n')) {
        to.lines.texts.push(`${to.lead ?? prefix}${line}`);
        to.lead = undefined;
      }
      to.lines.linked += run.linked;
    } else {
      push(to, 'text', text, Math.min(run.linked, text.length));
    }
  }
  run.text = '';
  run.linked = 0;
}

/** Ends the lines so far, where code or a table stands within a list. */
function flushLines(to: Writer): void {
  const { lines } = to;
  if (!lines || lines.texts.length === 0) return;
  const text = lines.texts.splice(0).join('\n');
  push(to, lines.kind, text, Math.min(lines.linked, text.length));
  lines.linked = 0;
}

/** Reads what is within a list or a quote as lines. */
function asLines(kind: 'list' | 'text', to: Writer, read: () => void): void {
  if (to.lines) {
    read();
    return;
  }
  to.lines = { texts: [], linked: 0, kind };
  read();
  flushLines(to);
  to.lines = undefined;
}

function table(element: Element, to: Writer): void {
  const rows = [...element.querySelectorAll('tr')].map((row) =>
    [...row.children].filter((cell) => /^t[dh]$/.test(nameOf(cell))).map((cell) => lineRun(cell)),
  );
  const filled = rows.filter((cells) => cells.some(({ text }) => text !== ''));
  const linked = filled.flat().reduce((sum, cell) => sum + cell.linked, 0);
  const widest = Math.max(0, ...filled.map((cells) => cells.length));
  // A table of one column arranges a page; it has no rows to speak of.
  if (widest < 2) {
    for (const cell of filled.flat()) flush(cell, '', to);
    return;
  }
  const lines = filled.map(
    (cells) => `| ${cells.map(({ text }) => text.replaceAll('\n', ' ')).join(' | ')} |`,
  );
  lines.splice(1, 0, `|${' --- |'.repeat(widest)}`);
  const text = lines.join('\n');
  push(to, 'table', text, Math.min(linked, text.length));
}

function heading(element: Element, to: Writer): void {
  const whole = headingText(element);
  if (whole === '') return;
  const [text = ''] = hardCut(whole, headingSize);
  const depth = Number(nameOf(element)[1]);
  const label = anchorOf(element, to.pendingAnchor);
  to.pendingAnchor = '';
  to.blocks.push({ kind: 'heading', text, glue: '\n\n', depth, label, linkShare: 0 });
}

function list(element: Element, prefix: string, to: Writer, depth: number): void {
  let number = Number(element.getAttribute('start') ?? 1) || 1;
  const ordered = nameOf(element) === 'ol';
  for (const item of element.children) {
    const bullet = ordered ? `${number}. ` : '- ';
    number += 1;
    to.lead = `${prefix}${bullet}`;
    flow(item, `${prefix}${' '.repeat(bullet.length)}`, to, depth + 1);
  }
  to.lead = undefined;
}

function block(element: Element, name: string, prefix: string, to: Writer, depth: number): void {
  if (/^h[1-6]$/.test(name)) {
    if (to.lines) flush(lineRun(element), prefix, to);
    else heading(element, to);
  } else if (name === 'pre' || name === 'table') {
    const code = codeText(element);
    if (code === undefined && name === 'table' && hasBlocks(element)) {
      for (const cell of element.querySelectorAll('td, th')) flow(cell, prefix, to, depth + 1);
      return;
    }
    flushLines(to);
    if (code === undefined) table(element, to);
    else pushCode(to, code, codeLanguage(element));
  } else if (name === 'ul' || name === 'ol' || name === 'menu') {
    asLines('list', to, () => list(element, prefix, to, depth));
  } else if (name === 'blockquote') {
    asLines('text', to, () => flow(element, `${prefix}> `, to, depth + 1));
  } else if (name === 'dl') {
    asLines('list', to, () => {
      for (const part of element.children) {
        flow(part, nameOf(part) === 'dd' ? `${prefix}  ` : prefix, to, depth + 1);
      }
    });
  } else {
    flow(element, prefix, to, depth + 1);
  }
}

/** Whether a table arranges the page: there are headings, code or tables in its cells. */
const hasBlocks = (element: Element): boolean =>
  element.querySelector('h1, h2, h3, h4, pre, table, article') !== null;

function flow(parent: Element, prefix: string, to: Writer, depth: number): void {
  if (depth > maxDepth) return;
  const run: Run = { text: '', linked: 0 };
  if (parent.id !== '') to.pendingAnchor = parent.id;
  for (const node of parent.childNodes) {
    if (!isElement(node)) {
      inline(node, run, 0);
      continue;
    }
    if (!isShown(node)) continue;
    const name = nameOf(node);
    if (blockNames.has(name)) {
      flush(run, prefix, to);
      block(node, name, prefix, to, depth);
    } else if (node.querySelector('p, div, pre, ul, ol, table, h1, h2, h3, h4, h5, h6')) {
      // A custom element or a link around blocks: their structure counts.
      flush(run, prefix, to);
      flow(node, prefix, to, depth + 1);
    } else {
      if (name === 'a') to.pendingAnchor = node.id || node.getAttribute('name') || to.pendingAnchor;
      inline(node, run, depth);
    }
  }
  flush(run, prefix, to);
}

/** The blocks of an element, in order. */
export function htmlBlocks(root: Element): Block[] {
  const to: Writer = {
    blocks: [],
    slug: (text) => text,
    lines: undefined,
    lead: undefined,
    pendingAnchor: '',
  };
  flow(root, '', to, 0);
  return to.blocks;
}
