/** Code of a page: its text without line numbers, and its language. */
import { isElement, nameOf } from './html-node.ts';

/** Line numbers and buttons that highlighters put beside the code. */
const beside =
  /(?:^|\s)(?:gutter|rouge-gutter|lineno|linenos|linenodiv|line-numbers(?:-rows)?|line-number|hljs-ln-n(?:umbers)?|ln|lnt|copy(?:-?(?:btn|button|code))?|code-copy)(?:\s|$)/i;
/** Highlighters that make an element of every line. */
const lineClass = /(?:^|\s)(?:line|ec-line|code-line|token-line|view-line|hljs-ln-line)(?:\s|$)/i;

const classOf = (element: Element): string => element.getAttribute('class') ?? '';

function write(node: Node, out: string[], depth: number): void {
  if (node.nodeType === 3) {
    out.push(node.nodeValue ?? '');
    return;
  }
  if (!isElement(node) || depth > 100 || nameOf(node) === 'button') return;
  const classes = classOf(node);
  // Prism marks the block itself so, which holds the code.
  if (beside.test(classes) && !/^(?:pre|code|figure|table|div)$/.test(nameOf(node))) return;
  if (/(?:^|\s)(?:gutter|lineno|linenos|linenodiv)(?:\s|$)/i.test(classes)) return;
  if (nameOf(node) === 'br') {
    out.push('\n');
    return;
  }
  for (const child of node.childNodes) write(child, out, depth + 1);
  const endsLine = nameOf(node) === 'tr' || nameOf(node) === 'div' || lineClass.test(classes);
  const next = node.nextSibling;
  const hasBreak =
    next !== null &&
    (next.nodeType === 3
      ? (next.nodeValue ?? '').startsWith('\n')
      : isElement(next) && nameOf(next) === 'br');
  if (endsLine && !hasBreak && !(out.at(-1) ?? '').endsWith('\n')) out.push('\n');
}

/** Whether a table only sets line numbers beside code. */
const isCodeTable = (element: Element): boolean =>
  element.querySelector(
    'td.code pre, td.rouge-code, td.blob-code, td.hljs-ln-code, td.lntd pre',
  ) !== null;

/** The code of a `pre` or of a highlighter's table; undefined for a table of something else. */
export function codeText(element: Element): string | undefined {
  if (nameOf(element) === 'table') {
    if (!isCodeTable(element)) return undefined;
    const cells = [
      ...element.querySelectorAll('td.code, td.rouge-code, td.blob-code, td.hljs-ln-code'),
    ];
    const last = [...element.querySelectorAll('td.lntd')].at(-1);
    const found = cells.length > 0 ? cells : last ? [last] : [];
    return found.map(textIn).join('\n');
  }
  return isCodeTable(element)
    ? codeText(element.querySelector('table') ?? element)
    : textIn(element);
}

function textIn(element: Element): string {
  const out: string[] = [];
  for (const child of element.childNodes) write(child, out, 0);
  return out.join('').replace(/\u00a0/g, ' ');
}

const named =
  /(?:^|\s)(?:lang(?:uage)?[-:]|highlight-source-|sourceCode-|brush:\s*|hljs-)([\w+#.-]{1,30})/i;
/** Words of such classes that are no language. */
const noLanguage =
  /^(?:highlight|hljs|code|codeblock|code-block|chroma|rouge|sourcecode|line-numbers|plain|plaintext|text|none|wrap|astro-code|shiki|notranslate|prettyprint|.*(?:theme|dark|light).*)$/i;

/** The language of a block of code, looked for at it, in it and above it; empty without one. */
export function codeLanguage(element: Element): string {
  const inner = element.querySelector('code');
  const around: Element[] = [];
  for (let at = element.parentElement; at && around.length < 3; at = at.parentElement) {
    if (!/^(?:div|figure|td|tr|tbody|table)$/.test(nameOf(at))) break;
    around.push(at);
  }
  for (const place of [inner, element, ...around]) {
    if (!place) continue;
    const data = place.getAttribute('data-lang') ?? place.getAttribute('data-language');
    const found = data ?? named.exec(classOf(place))?.[1];
    if (found && !noLanguage.test(found)) return found.toLowerCase();
    // Hexo and Sphinx: `highlight js`, `highlight-python`.
    const words = classOf(place).trim().split(/\s+/);
    const after = words.includes('highlight') ? words.find((word) => !noLanguage.test(word)) : '';
    if (after && /^[\w+#.-]{1,30}$/.test(after)) return after.toLowerCase();
  }
  return '';
}
