/** Messages, notes and what is on its way in one order, with days between and groups marked. */
import type { Note } from '../../shared/console-protocol.ts';
import { isSameDay } from '../../widget/format-time.ts';
import type { Conversation, Message, Pending } from './conversation.ts';

interface Place {
  readonly key: string;
  readonly atMs: number;
  /** The first of its day. */
  readonly newDay: boolean;
  /** Place in a group of one sender within five minutes. */
  readonly first: boolean;
  readonly last: boolean;
}

export type TalkItem =
  | (Place & { readonly type: 'message'; readonly message: Message })
  | (Place & { readonly type: 'note'; readonly note: Note })
  | (Place & { readonly type: 'pending'; readonly pending: Pending });

type Loose =
  | { readonly type: 'message'; readonly message: Message; readonly atMs: number }
  | { readonly type: 'note'; readonly note: Note; readonly atMs: number }
  | { readonly type: 'pending'; readonly pending: Pending; readonly atMs: number };

const groupGapMs = 5 * 60_000;

function keyOf(item: Loose): string {
  switch (item.type) {
    case 'message':
      return item.message.id;
    case 'note':
      return `note ${item.note.id}`;
    case 'pending':
      return item.pending.id;
  }
}

function speakerOf(item: Loose): string | undefined {
  if (item.type === 'message' && item.message.kind !== 'contact_request')
    return item.message.sender;
  return item.type === 'pending' &&
    item.pending.kind === 'reply' &&
    item.pending.failure === undefined
    ? 'owner on the way'
    : undefined;
}

function areGrouped(one: Loose | undefined, other: Loose | undefined): boolean {
  if (!one || !other) return false;
  const speaker = speakerOf(one);
  return (
    speaker !== undefined &&
    speaker !== 'assistant' &&
    speaker !== 'system' &&
    speaker === speakerOf(other) &&
    Math.abs(one.atMs - other.atMs) < groupGapMs &&
    isSameDay(one.atMs, other.atMs)
  );
}

/**
 * Messages by `seq`; a note after the last message that is not younger, one older than all that
 * is here only where nothing older exists; what is on its way last.
 */
export function talkItems({ messages, notes, pending, more }: Conversation): readonly TalkItem[] {
  const items: Loose[] = [];
  let next = 0;
  const begin = Date.parse(messages[0]?.timestamp ?? '');
  const shown = more ? notes.filter(({ timestamp }) => Date.parse(timestamp) >= begin) : notes;
  for (const message of messages) {
    const atMs = Date.parse(message.timestamp);
    for (let note = shown[next]; note && Date.parse(note.timestamp) < atMs; note = shown[next]) {
      items.push({ type: 'note', note, atMs: Date.parse(note.timestamp) });
      next += 1;
    }
    items.push({ type: 'message', message, atMs });
  }
  for (const note of shown.slice(next)) {
    items.push({ type: 'note', note, atMs: Date.parse(note.timestamp) });
  }
  for (const one of pending) items.push({ type: 'pending', pending: one, atMs: one.atMs });
  return items.map((item, index) => {
    const before = items[index - 1];
    const newDay = !before || !isSameDay(before.atMs, item.atMs);
    return {
      ...item,
      key: keyOf(item),
      newDay,
      first: newDay || !areGrouped(before, item),
      last: !areGrouped(item, items[index + 1]),
    };
  });
}
