/** Makes a notice as long as a channel takes it, and no longer. */
import type { Notice } from '../notifier-ports.ts';
import {
  beginning,
  describeNotice,
  newestOnly,
  type NoticeDescription,
  type Voice,
} from './describe-notice.ts';

/** The largest whole number up to `most` that is good, where all below a good one are; else -1. */
function largest(most: number, good: (count: number) => boolean): number {
  let low = -1;
  let high = most + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (good(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** The only message left, cut after so many code points. */
function cutTo(one: NoticeDescription, codePoints: readonly string[], count: number) {
  const text = `${codePoints.slice(0, count).join('').trimEnd()}…`;
  return { ...one, messages: one.messages.map((message) => ({ ...message, text })) };
}

/**
 * Says as much of a notice as fits: everything; else the newest messages, with the others
 * counted; else the beginning of the newest message, cut between code points; and where a visitor
 * left endless facts about themselves, that without the facts.
 *
 * @param render - gives a description the form of the channel
 * @param fits - whether the channel takes that
 */
export function fitNotice(
  notice: Notice,
  voice: Voice,
  render: (description: NoticeDescription) => string,
  fits: (text: string) => boolean,
): string {
  const whole = describeNotice(notice, voice);
  const text = render(whole);
  if (fits(text)) return text;
  const newest = (count: number): NoticeDescription => newestOnly(whole, count, notice, voice);
  const shown = largest(
    whole.messages.length - 1,
    (count) => count === 0 || fits(render(newest(count))),
  );
  if (shown > 0) return render(newest(shown));
  const one = newest(1);
  const codePoints = Array.from(one.messages[0]?.text ?? '');
  const bare = { ...one, facts: [] };
  for (const form of [one, bare]) {
    const count = largest(codePoints.length - 1, (points) =>
      fits(render(cutTo(form, codePoints, points))),
    );
    if (count >= 0) return render(cutTo(form, codePoints, count));
  }
  return render(cutTo(bare, codePoints, 0));
}

/** How a channel writes what is not its own. */
export interface PlainForm {
  /** Makes a visitor's text harmless. Default: as it is. */
  readonly escape?: (text: string) => string;
  /** Writes the first line. Default: as it is, escaped. */
  readonly title?: (text: string) => string;
  /** Whether the title is part of the text. Default: true. */
  readonly titled?: boolean;
  /** Whether the address to answer at is part of the text. Default: true. */
  readonly linked?: boolean;
}

/** Control characters that are neither a tab nor the end of a line. */
const control = /[^\P{Cc}\t\n]/gu;

/** Longer facts are made up. */
const shownFactChars = 300;

/** The usual form: lines of text, without the visitor's browser. */
export function renderPlain(description: NoticeDescription, form: PlainForm, voice: Voice): string {
  const { escape = (text) => text, title = (text) => text, titled = true, linked = true } = form;
  const { browser, colon } = voice.words;
  const about = description.facts
    .filter(([label]) => label !== browser)
    .map(([label, value]) => escape(`${label}${colon}${beginning(value, shownFactChars)}`));
  const messages = description.messages.map(
    ({ at, text }) => `${at}\n${escape(text.replace(control, ''))}`,
  );
  const head = [...(titled ? [title(escape(description.title))] : []), ...about].join('\n');
  const end = [
    ...(description.heldBack === undefined ? [] : [escape(description.heldBack)]),
    ...(linked ? [`${description.answer}${colon}${description.url}`] : []),
  ].join('\n');
  const parts = [head, description.earlier, ...messages, end];
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}
