/**
 * Markdown whose end is still to come, made to look like what it is going to be: bold that was
 * begun is bold, the address of a link is not shown letter by letter, a table appears when it is
 * one. For what is shown meanwhile only; the whole text is read as it is. One pass, linear.
 */

/** The last line is no more than the sign with which a block begins. */
const onlySign =
  /(?:^|\n)[ \t>]*(?:#{1,6}|[-+*=_]{1,2}|\d{1,9}[.)]?|>|`{1,2}|~{1,2}|(?:[-+*]|\d{1,9}[.)])[ \t]+\[[ xX]?\]?)[ \t]*$/;
const beganFence = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})(.*)$/;
const listItem = /^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]/;
const partOfClosing = /\n[ \t>]*(?:`{1,2}|~{1,2})$/;
const blockStart = /^[ \t>]*(?:\||>|(?:[-+*]|\d{1,9}[.)]|#{1,6})(?:[ \t]|$))/;
/** A link without its end. */
const openLink = /!?\[([^[\]\n]*)(?:\](?:\([^()\n]*)?)?$/;

/** Whether the text ends inside a fenced block. */
function endsInFence(lines: readonly string[]): boolean {
  let fence = '';
  let nested = false;
  for (const line of lines) {
    nested ||= listItem.test(line);
    if (!nested && /^(?: {4}|\t)/.test(line)) continue;
    const [, sign = '', after = ''] = beganFence.exec(line) ?? [];
    if (!sign) continue;
    if (!fence) fence = sign.startsWith('`') && after.includes('`') ? '' : sign;
    else if (sign.startsWith(fence) && after.trim() === '') fence = '';
  }
  return fence !== '';
}

/** Without the first rows of what is not a table yet. */
function withoutBegunTable(text: string): string {
  const lines = text.split('\n');
  const whole = lines.at(-1) === '';
  if (whole) lines.pop();
  const before = lines.findLastIndex((line) => !/^[ \t>]*\|/.test(line)) + 1;
  const rows = lines.length - before;
  return rows === 1 || (rows === 2 && !whole) ? lines.slice(0, before).join('\n') : text;
}

interface Marker {
  readonly sign: string;
  readonly length: number;
}

/** What closes the code and the emphasis that are open at the end of a paragraph. */
function closeInline(text: string): string {
  const open: Marker[] = [];
  let code = 0;
  let end = text.length;
  for (const run of text.matchAll(/\\[^]?|`+|\*+|_+|~~+/g)) {
    const [found] = run;
    const [sign = ''] = found;
    const after = text[run.index + found.length];
    let { length } = found;
    if (sign === '`') {
      if (code === 0) code = length;
      else if (code === length) code = 0;
      if (after === undefined && code === length) end = run.index;
      continue;
    }
    if (code > 0) continue;
    if (sign === '\\') {
      if (length === 1) end = run.index;
      continue;
    }
    const before = text[run.index - 1];
    if (sign === '_' && /[\p{L}\p{N}]/u.test(before ?? '') && /[\p{L}\p{N}]/u.test(after ?? ''))
      continue;
    if (before !== undefined && before.trim() !== '') {
      for (let top = open.at(-1); top?.sign === sign && length > 0; top = open.at(-1)) {
        // At the end, one star of two is half of what closes.
        if (top.length > length && after !== undefined) break;
        length -= Math.min(top.length, length);
        open.pop();
        if (after === undefined) {
          end = run.index;
          length = 0;
          open.push(top);
        }
      }
    }
    if (length === 0) continue;
    if (after === undefined) end = run.index;
    else if (after.trim() !== '') open.push({ sign, length });
  }
  if (code > 0 && end < text.length) code = 0;
  const closing =
    '`'.repeat(code) +
    open
      .toReversed()
      .map(({ sign, length }) => sign.repeat(length))
      .join('');
  const kept = text.slice(0, end);
  return closing ? kept.trimEnd() + closing : kept;
}

/** A text that is being written, as Markdown that has an end. */
export function mend(text: string): string {
  const lines = text.split('\n');
  if (endsInFence(lines)) return text.replace(partOfClosing, '');
  const shown = withoutBegunTable(text.replace(onlySign, ''));
  // A line that has just ended: its paragraph may go on.
  const kept = (shown.endsWith('\n') ? shown.slice(0, -1) : shown).split('\n');
  const start = kept.findLastIndex((line) => line.trim() === '' || blockStart.test(line));
  const blank = kept[start]?.trim() === '';
  const settled = kept.slice(0, blank ? start + 1 : Math.max(0, start));
  const last = kept.slice(settled.length).join('\n');
  const inCode = (last.match(/`/g)?.length ?? 0) % 2 === 1;
  const mended = closeInline(inCode ? last : last.replace(openLink, '$1'));
  return [...settled, mended].join('\n');
}
