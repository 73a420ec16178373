/** Constructs of Markdown at the beginning of a text that is still growing. */

/**
 * What stands there: `more` where it depends on what follows, undefined where it is plain text,
 * else its length. It is shown as it is, or `instead` is read in its place, or it is a mark of
 * citations, which cites `numbers` and is not shown.
 */
export type Reading =
  | {
      readonly length: number;
      readonly instead?: string;
      readonly numbers?: readonly number[];
    }
  | 'more'
  | undefined;

type AllowsUrl = (url: string) => boolean;

/** Words that models put before the number. */
const markWord = '(?:passages?|sources?|refs?|references?|段落|来源|文章|出处|资料)';
const markNumbers = '\\d{1,3}(?:[ \\t]*[-–,，、;；][ \\t]*\\d{1,3})*';
/** `[1]`, `[1, 3]`, `[^1]`, `[Source 1]`, `【1】`, `【1†notes】` */
const markBody = `[[【][ \\t]*\\^?(?:${markWord}[ \\t]*)?${markNumbers}(?:†[^\\]】\\n]{0,80})?[ \\t]*[\\]】]`;
const mark = new RegExp(`^${markBody}`, 'iu');
const marksInParenthesis = new RegExp(
  `^[(（][ \\t]*(?:see|cf\\.?|见|参见|参考)?[ \\t]*(?:${markBody}(?:[ \\t]|[,;，、；]|and|和)*)+[)）]`,
  'iu',
);
/** What such a parenthesis may be as long as it is not closed. */
const openParenthesis =
  /^[(（][ \t]*(?:see|cf\.?|见|参见|参考|s|se|c)?[ \t]*(?:[[【][^()（）\n]*)?$/iu;

const address = '<?((?:[^\\s()<>]|\\([^\\s()<>]*\\))*)>?';
const title = '(?:[ \\t]+(?:"[^"\\n]*"|\'[^\'\\n]*\'))?';
const label = '((?:[^[\\]\\\\\\n]|\\\\.|\\[[^[\\]\\n]*\\])*)';
const link = new RegExp(`^\\[${label}\\]\\([ \\t]*${address}${title}[ \\t]*\\)`, 'u');
const referenceLink = new RegExp(`^\\[${label}\\]\\[[^\\]\\n]*\\]`, 'u');
/** A bracket, or a link, that is not closed. */
const openBracket =
  /^\[(?:[^[\]\\\n]|\\.|\[[^[\]\n]*\])*(?:\[[^[\]\n]*|\\|\](?:\((?:[^()\n]|\([^()\n]*\))*(?:\([^()\n]*)?|\[[^\]\n]*)?)?$/u;
const openMark = /^【[^】\]\n]{0,100}$/u;
const image = new RegExp(
  `^!\\[${label}\\](?:\\([ \\t]*${address}${title}[ \\t]*\\)|\\[[^\\]\\n]*\\])`,
  'u',
);

/** @param text - of a mark */
function numbersIn(text: string): number[] {
  const body = text.replace(/†.*$/su, '');
  const numbers: number[] = [];
  for (const [, from = '', to] of body.matchAll(/(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?/gu)) {
    const [first, last] = [Number(from), Number(to ?? from)];
    for (let number = first; number <= Math.min(last, first + 20); number += 1)
      numbers.push(number);
  }
  return numbers;
}

/** A mark of citations, a link, or a bracket that is none. */
export function readBracket(text: string, isLast: boolean, allowsUrl: AllowsUrl): Reading {
  const found = mark.exec(text);
  if (found) {
    const { length } = found[0];
    // `[1](https://…)`, and `[1]: https://…` at the end of an answer.
    const linked = link.exec(text);
    if (linked) return { length: linked[0].length, numbers: numbersIn(found[0]) };
    const following = text.slice(length);
    if (!isLast && (following === '' || (following[0] === '(' && openBracket.test(text)))) {
      return 'more';
    }
    return { length, numbers: numbersIn(found[0]) };
  }
  const whole = link.exec(text);
  if (whole) {
    const [{ length }, said = '', url = ''] = whole;
    return allowsUrl(url) ? { length } : { length, instead: said };
  }
  const reference = referenceLink.exec(text);
  if (reference) return { length: reference[0].length, instead: reference[1] ?? '' };
  return !isLast && (openBracket.test(text) || openMark.test(text)) ? 'more' : undefined;
}

/** A parenthesis around nothing but marks. */
export function readParenthesis(text: string, isLast: boolean): Reading {
  const found = marksInParenthesis.exec(text);
  if (found) return { length: found[0].length, numbers: numbersIn(found[0]) };
  return !isLast && openParenthesis.test(text) ? 'more' : undefined;
}

/** An image, of which nothing is shown. */
export function readImage(text: string, isLast: boolean): Reading {
  const found = image.exec(text);
  if (found) return { length: found[0].length, instead: '' };
  const mayBe = text === '!' || (text[1] === '[' && openBracket.test(text.slice(1)));
  return !isLast && mayBe ? 'more' : undefined;
}

/** Code in a line, which stays as it is. */
export function readCodeSpan(text: string, isLast: boolean): Reading {
  const run = /^`+/.exec(text)?.[0] ?? '';
  const rest = text.slice(run.length);
  if (rest === '') return isLast ? { length: run.length } : 'more';
  for (const { 0: other, index } of rest.matchAll(/`+/g)) {
    if (rest.slice(0, index).includes('\n\n')) break;
    const mayGrow = !isLast && index + other.length === rest.length;
    if (mayGrow) return 'more';
    if (other.length === run.length) return { length: run.length + index + run.length };
  }
  return isLast || rest.includes('\n\n') ? { length: run.length } : 'more';
}

const bare = /^(?:https?:\/\/|ftp:\/\/|www\.)[^\s<>"'`，。；！？、（）【】「」《》]*/iu;
const bareBeginnings = ['https://', 'http://', 'ftp://', 'www.'];

/** An address in the text: shown where it is allowed, else left out. */
export function readBareAddress(text: string, isLast: boolean, allowsUrl: AllowsUrl): Reading {
  const found = bare.exec(text)?.[0];
  if (found === undefined) {
    const start = text.toLowerCase();
    const mayBegin = bareBeginnings.some((beginning) => beginning.startsWith(start));
    return !isLast && mayBegin ? 'more' : undefined;
  }
  if (!isLast && found.length === text.length) return 'more';
  // What ends a sentence, or closes a bracket opened before it, is no part of it.
  let url = found.replace(/[.,;:!?*_~]+$/, '');
  while (/[)\]]$/.test(url) && url.split(/[([]/).length < url.split(/[)\]]/).length) {
    url = url.slice(0, -1);
  }
  return allowsUrl(url) ? { length: url.length } : { length: url.length, instead: '' };
}

/** `<https://…>`: shown where the address is allowed, else left out; anything else is text. */
export function readAngle(text: string, isLast: boolean, allowsUrl: AllowsUrl): Reading {
  const found = /^<([a-z][a-z0-9+.-]*:[^\s<>]*)>/iu.exec(text);
  if (found) {
    const [{ length }, url = ''] = found;
    return allowsUrl(url) ? { length } : { length, instead: '' };
  }
  const mayBe = /^<(?:[a-z][a-z0-9+.-]*(?::[^\s<>]*)?)?$/iu.test(text);
  return !isLast && mayBe ? 'more' : undefined;
}
