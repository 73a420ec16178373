/** What a notice says, before a channel gives it its form. All of it that a visitor wrote is hostile. */
import type { Notice } from '../notifier-ports.ts';
import { noticeWords, type NoticeWords } from './notice-words.ts';

/** How the owner is spoken to. */
export interface Voice {
  readonly words: NoticeWords;
  /** IANA name; times are shown in it. */
  readonly timeZone: string;
}

/** @param timeZone - default: this machine's, which `TZ` sets */
export const createVoice = (
  lang: string,
  timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone,
): Voice => ({ words: noticeWords(lang), timeZone });

export interface NoticeDescription {
  readonly title: string;
  /** Who and from where, one line each; never empty. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** Counts messages before those below; absent where all are there. */
  readonly earlier?: string;
  /** Oldest first. */
  readonly messages: readonly { readonly at: string; readonly text: string }[];
  /** Counts what the limits hold back. */
  readonly heldBack?: string;
  readonly answer: string;
  readonly url: string;
}

/** Marks that end lines, hide or turn around text, and all other control characters. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

export const oneLine = (text: string): string =>
  text.replace(unprintable, ' ').replace(/\s+/g, ' ').trim();

/** The first characters as people count them: never half an emoji. */
export function beginning(text: string, maxChars: number): string {
  // Segmenting is slow for long texts, and no visible character of use is this long.
  const segments = [...new Intl.Segmenter().segment(text.slice(0, maxChars * 16))];
  const cut = segments.slice(0, maxChars).map(({ segment }) => segment);
  return cut.join('').length < text.length ? `${cut.join('').trimEnd()}…` : text;
}

/** `2025-01-02 03:04:05 UTC`, in the owner's time zone. */
export function timeOf(atMs: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    ...{ month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    timeZoneName: 'short',
  });
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const [year, month, day, hour, minute, second, zone] = [
    ...(['year', 'month', 'day', 'hour', 'minute', 'second', 'timeZoneName'] as const),
  ].map((type) => parts.get(type) ?? '');
  return `${year}-${month}-${day} ${hour}:${minute}:${second} ${zone}`;
}

/** `10:42` where that was on the day of the newest message, else with its date. */
function sinceOf(sinceMs: number, newestMs: number, timeZone: string): string {
  const [date = '', time = ''] = timeOf(sinceMs, timeZone).split(' ');
  const minutes = time.slice(0, 5);
  return timeOf(newestMs, timeZone).startsWith(date) ? minutes : `${date} ${minutes}`;
}

/** A language by its name: `Chinese (China)`; the tag itself where it has none. */
function languageName(tag: string, lang: string): string {
  try {
    return new Intl.DisplayNames([lang], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

const shownNameChars = 60;
const shownTitleChars = 120;

/** Newest values first: somebody may have given their name only with the second message. */
function facts(notice: Notice, { words }: Voice): NoticeDescription['facts'] {
  const newest = <Value>(pick: (message: Notice['messages'][number]) => Value | undefined) =>
    notice.messages.map(pick).findLast((value) => value !== undefined);
  const name = newest(({ contact }) => contact.name);
  const email = newest(({ contact }) => contact.email);
  const page = newest(({ contact }) => contact.page);
  const who = [name, email].map((value) => oneLine(value ?? '')).filter((value) => value !== '');
  const all: readonly (readonly [string, string | undefined])[] = [
    [words.from, who.join(' · ') || words.visitor],
    [
      words.page,
      page &&
        [beginning(oneLine(page.title ?? ''), shownTitleChars), page.url]
          .filter(Boolean)
          .join(' · '),
    ],
    [words.language, notice.lang === undefined ? undefined : languageName(notice.lang, words.lang)],
    [words.browser, newest(({ contact }) => contact.userAgent)],
  ];
  return all.flatMap(([label, value]) => {
    const line = oneLine(value ?? '');
    return line === '' ? [] : [[label, line] as const];
  });
}

/** Says who wrote what, when, on which page and in which language, and where to answer. */
export function describeNotice(notice: Notice, voice: Voice): NoticeDescription {
  const { words, timeZone } = voice;
  const name = notice.messages.findLast(({ contact }) => contact.name)?.contact.name;
  const shown = beginning(oneLine(name ?? ''), shownNameChars);
  const newestMs = Math.max(...notice.messages.map(({ atMs }) => atMs), 0);
  const { heldBack } = notice;
  return {
    title: words.headline(notice.reason, shown === '' ? undefined : shown),
    facts: facts(notice, voice),
    messages: notice.messages.map(({ text, atMs }) => ({
      at: timeOf(atMs, timeZone),
      text: text.trim() === '' ? words.wordless : text,
    })),
    ...(heldBack === undefined
      ? {}
      : {
          heldBack: words.heldBack(
            heldBack.messages,
            sinceOf(heldBack.sinceMs, newestMs, timeZone),
          ),
        }),
    answer: words.answer,
    url: notice.url,
  };
}

/** The same with the newest `count` messages only, and the others counted. */
export function newestOnly(
  whole: NoticeDescription,
  count: number,
  notice: Notice,
  { words, timeZone }: Voice,
): NoticeDescription {
  const hidden = whole.messages.length - count;
  if (hidden <= 0) return whole;
  const times = notice.messages.map(({ atMs }) => atMs);
  const since = sinceOf(Math.min(...times), Math.max(...times), timeZone);
  return {
    ...whole,
    earlier: words.earlier(hidden, since),
    messages: whole.messages.slice(hidden),
  };
}
