/** The head of a post: YAML between `---`, TOML between `+++`, or a JSON object. */
import { parseDocument } from 'yaml';

/** A value of the head; keys are in a `Map`, so that `__proto__` is a key like any other. */
export type FrontMatter = ReadonlyMap<string, unknown>;

export interface SplitPost {
  readonly head: FrontMatter;
  readonly body: string;
  /** Why the head could not be read; `head` is then empty and `body` lacks the broken head. */
  readonly problem?: string;
}

const none: FrontMatter = new Map();
/** No head that a person wrote is longer, in UTF-16 units. */
const longestHead = 65_536;

function keysInLowerCase(value: unknown): FrontMatter {
  const head = new Map<string, unknown>();
  if (value === null || value === undefined) return head;
  const entries = value instanceof Map ? [...value.entries()] : undefined;
  if (!entries) throw new Error('the head is not a list of names and values');
  for (const [key, item] of entries) head.set(String(key).toLowerCase(), item);
  return head;
}

function parseYaml(text: string): FrontMatter {
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error) throw error;
  return keysInLowerCase(document.toJS({ mapAsMap: true, maxAliasCount: 50 }));
}

function tomlValue(raw: string): unknown {
  const text = raw.trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text);
  if (quoted) {
    try {
      return JSON.parse(quoted[0]);
    } catch {
      return quoted[1];
    }
  }
  const literal = /^'([^']*)'/.exec(text);
  if (literal) return literal[1];
  if (text.startsWith('[')) {
    const items = text.slice(1, text.lastIndexOf(']')).match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,]+/g);
    return (items ?? []).map(tomlValue);
  }
  const bare = text.replace(/\s+#.*$/, '');
  if (bare === 'true' || bare === 'false') return bare === 'true';
  return bare;
}

/** The part of TOML that heads use: names and values, one a line, in the first table only. */
function parseToml(text: string): FrontMatter {
  const head = new Map<string, unknown>();
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    if (/^\[\[?[^\]"']+\]\]?\s*(#.*)?$/.test(trimmed)) break;
    const pair = /^["']?([\w.-]+)["']?\s*=\s*(.+)$/.exec(trimmed);
    if (pair) head.set((pair[1] ?? '').toLowerCase(), tomlValue(pair[2] ?? ''));
    else if (head.size === 0) throw new Error(`not a name and a value: ${trimmed.slice(0, 60)}`);
  }
  return head;
}

const withoutBlankStart = (text: string): string => text.replace(/^\s*\n/, '');

function splitFenced(
  text: string,
  fence: RegExp,
  read: (head: string) => FrontMatter,
): SplitPost | undefined {
  const [opening] = /^[^\n]*\n/.exec(text) ?? [''];
  const rest = text.slice(opening.length, opening.length + longestHead);
  const closing = fence.exec(rest);
  // A rule at the top of a text, with nothing that closes it, is no head.
  if (!closing) return undefined;
  const body = text.slice(opening.length + closing.index + closing[0].length);
  try {
    return { head: read(rest.slice(0, closing.index)), body };
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { head: none, body, problem };
  }
}

/** Where the object that opens the text ends, minding braces in strings; -1 where it does not. */
function objectEnd(text: string): number {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < Math.min(text.length, longestHead); at += 1) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function splitJson(text: string): SplitPost | undefined {
  const end = objectEnd(text);
  if (end < 0) return undefined;
  const body = withoutBlankStart(text.slice(end));
  try {
    const value = JSON.parse(text.slice(0, end)) as Record<string, unknown>;
    return { head: keysInLowerCase(new Map(Object.entries(value))), body };
  } catch (error) {
    return { head: none, body, problem: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Splits a post into its head and its body. A head that is broken is left out of the body and
 * reported as `problem`; a text without a head is all body.
 *
 * @param text - of the file, with `\n` line ends and without a byte order mark
 */
export function splitFrontMatter(text: string): SplitPost {
  let split: SplitPost | undefined;
  if (/^---[ \t]*\n/.test(text)) {
    split = splitFenced(text, /^(?:---|\.\.\.)[ \t]*(?:\n|$)/m, parseYaml);
  } else if (/^\+\+\+[ \t]*\n/.test(text)) {
    split = splitFenced(text, /^\+\+\+[ \t]*(?:\n|$)/m, parseToml);
  } else if (/^\{\s*"/.test(text)) {
    split = splitJson(text);
  }
  return split ?? { head: none, body: text };
}

/** A text or a number of the head as one line; undefined where it is empty or something else. */
export function headText(head: FrontMatter, key: string): string | undefined {
  const value = head.get(key);
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).replace(/\s+/g, ' ').trim();
  return text === '' ? undefined : text;
}

/** All texts under a key, whether it holds one or a list of them. */
export function headTexts(head: FrontMatter, key: string): string[] {
  const value = head.get(key);
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item): item is string => typeof item === 'string');
}
