/**
 * What a reader of a page sees of raw HTML: its text. Linear in the length of the input, since
 * a regular expression over tags is not where a `<` is never closed.
 */

/** Elements whose content is never shown as text. */
const silent: ReadonlySet<string> = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'iframe',
  'svg',
  'math',
  'object',
  'head',
]);

/** Elements that end a line. */
const lines: ReadonlySet<string> = new Set([
  ...['address', 'article', 'aside', 'blockquote', 'br', 'dd', 'details', 'div', 'dl', 'dt'],
  ...['figcaption', 'figure', 'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header'],
  ...['hr', 'li', 'main', 'nav', 'ol', 'p', 'pre', 'section', 'summary', 'table', 'tr', 'ul'],
]);

/** The named references that prose uses; HTML's list of 2,231 is for browsers. */
const named: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', shy: '' }),
  ...Object.entries({ copy: '©', reg: '®', trade: '™', deg: '°', middot: '·', bull: '•' }),
  ...Object.entries({ hellip: '…', mdash: '—', ndash: '–', lsquo: '‘', rsquo: '’', sbquo: '‚' }),
  ...Object.entries({ ldquo: '“', rdquo: '”', bdquo: '„', laquo: '«', raquo: '»', sect: '§' }),
  ...Object.entries({ times: '×', divide: '÷', plusmn: '±', minus: '−', ne: '≠', le: '≤' }),
  ...Object.entries({ ge: '≥', larr: '←', rarr: '→', uarr: '↑', darr: '↓', harr: '↔' }),
  ...Object.entries({ euro: '€', pound: '£', yen: '¥', cent: '¢', para: '¶', micro: 'µ' }),
  ...Object.entries({ ensp: ' ', emsp: ' ', thinsp: ' ', zwnj: '', zwj: '', check: '✓' }),
  ...Object.entries({ lbrace: '{', rbrace: '}', lbrack: '[', rbrack: ']', num: '#', ast: '*' }),
]);

/** `&amp;`, `&#38;` and `&#x26;` to what they stand for; unknown names stay as they are. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,8}));/g, (...match) => {
    const [whole, decimal, hex, name] = match as (string | undefined)[];
    if (name !== undefined) return named.get(name) ?? whole ?? '';
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    const valid = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    return valid ? String.fromCodePoint(code) : '\ufffd';
  });
}

/**
 * Where the tag that opens at `start` ends, minding `>` inside quotes; -1 where it never does. A
 * `<` ends the search, so that a wall of opened tags is not read again from each of them.
 */
function tagEnd(html: string, start: number): number {
  const stop = /[<>"']/g;
  stop.lastIndex = start + 1;
  for (let found = stop.exec(html); found; found = stop.exec(html)) {
    const [char] = found;
    if (char === '>') return found.index;
    if (char === '<') return -1;
    const close = html[found.index - 1] === '=' ? html.indexOf(char, found.index + 1) : -1;
    if (close >= 0) stop.lastIndex = close + 1;
  }
  return -1;
}

/** The `alt` of an image's tag, decoded. */
export function altOf(tag: string): string {
  const alt = /\salt\s*=\s*(?:"([^"]{0,1000})"|'([^']{0,1000})'|([^\s"'>]{1,1000}))/i.exec(tag);
  return decodeEntities(alt?.[1] ?? alt?.[2] ?? alt?.[3] ?? '').trim();
}

/** One tag as read: `name` in lower case, empty for comments and declarations. */
export interface Tag {
  readonly name: string;
  readonly closing: boolean;
  readonly silent: boolean;
  readonly endsLine: boolean;
}

/** What a piece like `<br/>` or `</script >` is. */
export function readTag(raw: string): Tag {
  const match = /^<(\/?)([a-zA-Z][a-zA-Z0-9-]*)/.exec(raw);
  const name = match?.[2]?.toLowerCase() ?? '';
  return {
    name,
    closing: match?.[1] === '/',
    silent: silent.has(name) && !raw.endsWith('/>'),
    endsLine: lines.has(name),
  };
}

/**
 * The text of HTML: no tags, no comments, nothing of scripts and styles, `alt` for images, a
 * line for each block. White space is collapsed unless `keepSpace` (the content of `<pre>`).
 */
export function htmlToText(html: string, { keepSpace = false } = {}): string {
  const out: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) break;
    if (open > at) out.push(html.slice(at, open));
    if (html.startsWith('<!--', open)) {
      const close = html.indexOf('-->', open + 4);
      at = close < 0 ? html.length : close + 3;
      continue;
    }
    if (!/[a-zA-Z/!?]/.test(html[open + 1] ?? '')) {
      out.push('<');
      at = open + 1;
      continue;
    }
    const end = tagEnd(html, open);
    if (end < 0) {
      out.push('<');
      at = open + 1;
      continue;
    }
    const raw = html.slice(open, end + 1);
    const tag = readTag(raw);
    at = end + 1;
    if (tag.silent && !tag.closing) {
      const close = new RegExp(`</${tag.name}[\\s>]`, 'gi');
      close.lastIndex = at;
      at = close.exec(html)?.index ?? html.length;
    } else if (tag.name === 'img') {
      out.push(altOf(raw));
    } else if (tag.endsLine && !keepSpace) {
      out.push('\n');
    } else if (tag.name === 'td' || tag.name === 'th') {
      out.push(' ');
    }
  }
  out.push(html.slice(at));
  const text = decodeEntities(out.join(''));
  if (keepSpace) return text.replace(/^\n/, '').trimEnd();
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n\s*/g, '\n')
    .trim();
}
