/** Times, names and browsers as the inbox shows them. Times are Unix milliseconds or ISO 8601. */
import type { ConversationJson } from '../shared/console-protocol.ts';
import { clockTime, isSameDay } from '../widget/format-time.ts';
import type { Words } from './lang/choose.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;

const isYesterday = (atMs: number, nowMs: number): boolean =>
  isSameDay(atMs, new Date(nowMs).setHours(12, 0, 0, 0) - 86_400_000);

const formats = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();
/** Making one takes longer than using it a hundred times. */
function kept<Format extends Intl.DateTimeFormat | Intl.NumberFormat>(
  name: string,
  make: () => Format,
): Format {
  const found = formats.get(name) ?? make();
  formats.set(name, found);
  return found as Format;
}

/** `4 min`, `2 hr`. */
function shortDuration(ms: number, tag: string): string {
  const unit = ms < hourMs ? 'minute' : 'hour';
  return kept(
    `${tag} ${unit}`,
    () => new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short' }),
  ).format(Math.floor(ms / (unit === 'minute' ? minuteMs : hourMs)));
}

/** `now`, `for 6 min`, `for 30 hr`. */
export function durationSince(iso: string, nowMs: number, { tag, time, person }: Words): string {
  const ago = nowMs - Date.parse(iso);
  if (Number.isNaN(ago)) return '';
  return ago < minuteMs ? time.now : person.since(shortDuration(ago, tag));
}

/** `now`, `4 min`, `2 hr`, `yesterday`, `3 Mar`, `3 Mar 2024`: short, for the edge of a row. */
export function relativeTime(iso: string, nowMs: number, { tag, time }: Words): string {
  const atMs = Date.parse(iso);
  const ago = nowMs - atMs;
  if (Number.isNaN(atMs)) return '';
  if (ago < minuteMs) return time.now;
  const short = (count: number, unit: 'minute' | 'hour'): string =>
    kept(
      `${tag} ${unit}`,
      () => new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short' }),
    ).format(count);
  if (ago < hourMs) return short(Math.floor(ago / minuteMs), 'minute');
  if (isSameDay(atMs, nowMs)) return short(Math.floor(ago / hourMs), 'hour');
  if (isYesterday(atMs, nowMs)) return time.yesterday;
  const sameYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return kept(
    `${tag} ${sameYear}`,
    () =>
      new Intl.DateTimeFormat(tag, {
        day: 'numeric',
        month: 'short',
        ...(sameYear ? {} : { year: 'numeric' }),
      }),
  ).format(atMs);
}

/** `today, 13:58`, or the date with the time. */
export function dateAndTime(iso: string, nowMs: number, { tag, time }: Words): string {
  const atMs = Date.parse(iso);
  if (Number.isNaN(atMs)) return '';
  if (isSameDay(atMs, nowMs)) return time.today(clockTime(atMs, tag));
  return kept(
    `${tag} full`,
    () =>
      new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }),
  ).format(atMs);
}

export const fullTime = (iso: string, tag: string): string => {
  const atMs = Date.parse(iso);
  return Number.isNaN(atMs)
    ? ''
    : kept(
        `${tag} exact`,
        () => new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'medium' }),
      ).format(atMs);
};

/** `327`, `2.5k`: short, for the head of a list. */
export const compactCount = (count: number, { tag }: Pick<Words, 'tag'>): string =>
  kept(
    `${tag} compact`,
    () => new Intl.NumberFormat(tag, { notation: 'compact', maximumFractionDigits: 1 }),
  )
    .format(count)
    .replace('K', 'k');

/** Signs that turn the direction of all that follows: in a name they would turn the page. */
const withoutTurns = (text: string): string => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');

/** Four signs of the id, by which two visitors without a name are told apart. */
export const markOf = (id: string): string =>
  id
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(-4)
    .toUpperCase();

type Named = Pick<ConversationJson, 'id' | 'name' | 'user'>;

export const visitorName = ({ id, name, user }: Named, words: Words): string =>
  withoutTurns(name ?? '').trim() ||
  withoutTurns(user ?? '').trim() ||
  words.visitorMark(markOf(id));

/** What stands in the circle beside a conversation. */
export const initialOf = ({ id, name, user }: Named): string =>
  [...withoutTurns(name || user || markOf(id)).trim()][0]?.toUpperCase() ?? '?';

export const pageTitle = (page: NonNullable<ConversationJson['page']>, words: Words): string => {
  const title = withoutTurns(page.title ?? '').trim();
  if (title) return title;
  try {
    return withoutTurns(decodeURI(new URL(page.url).pathname));
  } catch {
    return words.person.untitled;
  }
};

/** `English`, in the language of the inbox; the tag itself where nobody knows its name. */
export function languageName(lang: string, tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: 'language' }).of(lang) ?? lang;
  } catch {
    return lang;
  }
}

const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\/|\bOpera\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bMicroMessenger\//, 'WeChat'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bCriOS\/|\bChrome\/|\bChromium\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b|\biPod\b/, 'iOS'],
  [/\biPad\b/, 'iPadOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMacintosh\b|\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];
const first = (list: typeof browsers, text: string): string | undefined =>
  list.find(([pattern]) => pattern.test(text))?.[1];

const maxAgentChars = 32;

/** `Firefox on macOS`; what is not known by name is shown as it was sent, cut short. */
export function browserName(userAgent: string, words: Words): string {
  const browser = first(browsers, userAgent);
  const system = first(systems, userAgent);
  if (browser && system) return words.person.on(browser, system);
  const signs = [...withoutTurns(userAgent)];
  const short =
    signs.length > maxAgentChars ? `${signs.slice(0, maxAgentChars).join('')}…` : signs.join('');
  return browser ?? system ?? (short || words.person.unknown);
}

/** Text of a message for one line: no line breaks, no Markdown around words. */
export const excerptOf = (text: string): string =>
  withoutTurns(text.slice(0, 300))
    .replace(/[`*#>]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
