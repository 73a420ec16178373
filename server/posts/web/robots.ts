/** The robots exclusion protocol: https://www.rfc-editor.org/rfc/rfc9309 */

export interface Robots {
  /** Whether a path with its query may be asked for. */
  allows(pathAndQuery: string): boolean;
  /** Seconds between requests that the site asks for; undefined where it does not. */
  readonly crawlDelay: number | undefined;
  /** Values of its `Sitemap` lines. */
  readonly sitemaps: readonly string[];
}

/** What is read of a file, in UTF-16 units; the standard asks for at least 500 KiB. */
const maxChars = 512 * 1024;
const product = 'contact-chat';

interface Rule {
  readonly allow: boolean;
  /** Pieces between the stars. */
  readonly pieces: readonly string[];
  readonly toEnd: boolean;
  /** What decides between rules that match. */
  readonly length: number;
}

/** The same octets in the same spelling, however a path was written. */
function normalize(path: string): string {
  const encoded = path.replace(/[^\x21-\x7e]/g, (char) => {
    try {
      return encodeURIComponent(char);
    } catch {
      return '%EF%BF%BD';
    }
  });
  return encoded.replace(/%([\da-f]{2})/gi, (code, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return /[\w.~-]/.test(char) ? char : code.toUpperCase();
  });
}

function toRule(allow: boolean, pattern: string): Rule {
  const toEnd = pattern.endsWith('$');
  const path = normalize(toEnd ? pattern.slice(0, -1) : pattern);
  return { allow, pieces: path.split(/\*+/), toEnd, length: path.length };
}

/** Piece by piece, so that no pattern takes longer than the path is long. */
function matches({ pieces, toEnd }: Rule, path: string): boolean {
  const [first = '', ...rest] = pieces;
  if (!path.startsWith(first)) return false;
  const last = toEnd ? rest.pop() : undefined;
  let at = first.length;
  for (const piece of rest) {
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  if (!toEnd) return true;
  return last === undefined
    ? at === path.length
    : path.endsWith(last) && path.length - last.length >= at;
}

interface Group {
  readonly agents: string[];
  readonly rules: Rule[];
  crawlDelay: number | undefined;
}

function readGroups(text: string): { groups: Group[]; sitemaps: string[] } {
  const groups: Group[] = [];
  const sitemaps: string[] = [];
  let current: Group | undefined;
  let isNaming = false;
  for (const line of text.slice(0, maxChars).split(/\r\n?|\n/)) {
    const [, key = '', rawValue = ''] =
      /^\s*([\w-]+)\s*:\s*(.*)$/.exec(line.replace(/#.*$/, '')) ?? [];
    const value = rawValue.trim();
    switch (key.toLowerCase()) {
      case 'sitemap':
        sitemaps.push(value);
        break;
      case 'user-agent':
        if (!current || !isNaming)
          groups.push((current = { agents: [], rules: [], crawlDelay: undefined }));
        current.agents.push(value.toLowerCase());
        isNaming = true;
        break;
      case 'allow':
      case 'disallow':
        isNaming = false;
        if (value !== '') current?.rules.push(toRule(key.toLowerCase() === 'allow', value));
        break;
      case 'crawl-delay':
        isNaming = false;
        if (current && Number(value) >= 0 && value !== '') current.crawlDelay = Number(value);
        break;
      case '':
        break;
      // Other lines belong to other programs.
      default:
        isNaming = false;
    }
  }
  return { groups, sitemaps };
}

/** Whether a group's name is ours: `contact-chat`, also with a version behind it. */
const isOurs = (agent: string): boolean => /^[a-z_-]+/.exec(agent)?.[0] === product;

export function parseRobots(text: string): Robots {
  const { groups, sitemaps } = readGroups(text.replace(/^\ufeff/, ''));
  const named = groups.filter(({ agents }) => agents.some(isOurs));
  const ours = named.length > 0 ? named : groups.filter(({ agents }) => agents.includes('*'));
  const rules = ours.flatMap((group) => group.rules);
  return {
    sitemaps,
    crawlDelay: ours.map((group) => group.crawlDelay).find((delay) => delay !== undefined),
    allows(pathAndQuery) {
      const path = normalize(pathAndQuery);
      let best: Rule | undefined;
      for (const rule of rules) {
        if (best && (rule.length < best.length || (rule.length === best.length && !rule.allow)))
          continue;
        if (matches(rule, path)) best = rule;
      }
      return best?.allow ?? true;
    },
  };
}

/** There is no file, so nothing is forbidden. */
export const allowAll: Robots = parseRobots('');
