/** The list of canned replies while it is edited, and what is found in it. */
import { maxCannedReplies, type CannedReply } from '../../shared/console-protocol.ts';
import { isVisible } from '../../shared/protocol.ts';
import { countCharacters } from '../../widget/count-characters.ts';

export const maxTitleChars = 200;
export const maxTextChars = 4_000;

export type CannedFault =
  | { readonly id: string; readonly field: 'title'; readonly fault: 'missing' | 'too-long' }
  | { readonly id: string; readonly field: 'text'; readonly fault: 'missing' | 'too-long' };

/** Replies in which every word occurs; those whose title begins with the query come first. */
export function filterReplies(
  replies: readonly CannedReply[],
  query: string,
): readonly CannedReply[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return replies;
  const words = wanted.split(/\s+/);
  const found = replies.filter(({ title, text }) => {
    const all = `${title}\n${text}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const rank = ({ title }: CannedReply): number => {
    const at = title.toLowerCase().indexOf(wanted);
    return at === 0 ? 0 : at > 0 ? 1 : 2;
  };
  return [...found].sort((one, other) => rank(one) - rank(other));
}

/** The list with one reply moved by so many places; unchanged where it would leave the list. */
export function moveReply(
  replies: readonly CannedReply[],
  id: string,
  by: -1 | 1,
): readonly CannedReply[] {
  const from = replies.findIndex((reply) => reply.id === id);
  const reply = replies[from];
  const to = from + by;
  if (!reply || to < 0 || to >= replies.length) return replies;
  return replies.toSpliced(from, 1).toSpliced(to, 0, reply);
}

export const changeReply = (
  replies: readonly CannedReply[],
  id: string,
  change: Partial<Pick<CannedReply, 'title' | 'text'>>,
): readonly CannedReply[] =>
  replies.map((reply) => (reply.id === id ? { ...reply, ...change } : reply));

/** A reply that was just added and never filled in is no fault: it is left out. */
export const withoutBlank = (replies: readonly CannedReply[]): readonly CannedReply[] =>
  replies.filter(({ title, text }) => isVisible(title) || isVisible(text));

/** The first thing that keeps the list from being saved. */
export function findFault(replies: readonly CannedReply[]): CannedFault | 'full' | undefined {
  for (const { id, title, text } of replies) {
    if (!isVisible(title)) return { id, field: 'title', fault: 'missing' };
    if (title.trim().length > maxTitleChars) return { id, field: 'title', fault: 'too-long' };
    if (!isVisible(text)) return { id, field: 'text', fault: 'missing' };
    if (countCharacters(text) > maxTextChars) return { id, field: 'text', fault: 'too-long' };
  }
  return replies.length > maxCannedReplies ? 'full' : undefined;
}

export const sameReplies = (one: readonly CannedReply[], other: readonly CannedReply[]): boolean =>
  one.length === other.length &&
  one.every((reply, index) => {
    const mate = other[index];
    return reply.id === mate?.id && reply.title === mate.title && reply.text === mate.text;
  });
