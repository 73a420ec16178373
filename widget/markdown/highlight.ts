/**
 * Code as pieces that stand out or do not: enough to read it by, far from a grammar. Every
 * pattern is tried once at each place and what it matches is done with, so the time grows with
 * the length, whatever the code is.
 */
import type { Family } from './languages.ts';

export type Kind = 'comment' | 'string' | 'number' | 'name' | 'keyword';

export interface Piece {
  /** `undefined` for what does not stand out. */
  readonly kind: Kind | undefined;
  readonly text: string;
}

/** Longer code is shown as it is: thousands of elements would make the page slow. */
const mostChars = 20_000;

/** Markup between its tags. */
const betweenTags = /(<!--[^]*?(?:-->|$))|(<[/!?]?[A-Za-z][\w:-]*)|[^<]+|[^]/uy;

const patterns = new WeakMap<Family, RegExp>();

function patternOf(family: Family): RegExp {
  let pattern = patterns.get(family);
  if (!pattern) {
    const { comment, string, number, name, word, tags } = family;
    // In JSON a string may be a key, in YAML a line begins with one: names go first there.
    const groups = [comment, string, number, name, word].map((one) => `(${one ?? '(?!)'})`);
    const [first = '', text = '', digits = '', key = '', last = ''] = groups;
    const inOrder = tags ? [first, last, text, key] : [first, key, text, digits, last];
    pattern = new RegExp(`${inOrder.join('|')}|\\s+|[^]`, 'uy');
    patterns.set(family, pattern);
  }
  return pattern;
}

const orders = {
  code: ['comment', 'name', 'string', 'number', 'keyword'],
  tags: ['comment', 'keyword', 'string', 'name'],
} as const;

/**
 * Code as pieces; their texts together are the code.
 *
 * @param maxChars - up to which it is taken apart at all
 */
export function highlight(
  code: string,
  family: Family | undefined,
  maxChars = mostChars,
): readonly Piece[] {
  if (!family || code.length > maxChars) return [{ kind: undefined, text: code }];
  const pieces: Piece[] = [];
  const inside = patternOf(family);
  const order = family.tags ? orders.tags : orders.code;
  let plain = '';
  let inTag = !family.tags;
  const put = (kind: Kind | undefined, text: string): void => {
    if (!kind) {
      plain += text;
      return;
    }
    if (plain) pieces.push({ kind: undefined, text: plain });
    plain = '';
    pieces.push({ kind, text });
  };
  for (let at = 0; at < code.length;) {
    const pattern = inTag ? inside : betweenTags;
    pattern.lastIndex = at;
    const [text = '', ...groups] = pattern.exec(code) ?? [];
    at += text.length;
    const kind = order[groups.findIndex((group) => group !== undefined)];
    if (family.tags) {
      if (kind === 'keyword') inTag = true;
      else if (text === '>') inTag = false;
      put(kind, text);
    } else if (kind === 'keyword') {
      const known = family.keywords.has(family.anyCase ? text.toLowerCase() : text);
      put(known ? kind : undefined, text);
    } else put(kind, text);
  }
  if (plain) pieces.push({ kind: undefined, text: plain });
  return pieces;
}
