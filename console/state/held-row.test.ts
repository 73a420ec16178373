import { describe, expect, it } from 'vitest';
import type { ConversationJson, View } from '../../shared/console-protocol.ts';
import { heldAfter, listWithHeld } from './held-row.ts';
import { emptyInbox, reduceInbox, type Inbox } from './inbox.ts';

const counts = { waiting: 0, mine: 0, assistant: 0, done: 0, connected: 0 };
const conversation = (id: string, revision: number, view: View = 'waiting'): ConversationJson => ({
  id,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: new Date(Date.UTC(2026, 0, 1) + revision * 1_000).toISOString(),
  revision,
  last_seq: 1,
  view,
  answering: 'assistant',
  unread: 0,
  blocked: false,
  online: false,
  read_by_visitor: 0,
  read_by_owner: 0,
});
const told = (inbox: Inbox, one: ConversationJson): Inbox =>
  reduceInbox(inbox, { type: 'conversation', conversation: one, counts });
const conversations = [conversation('c', 3), conversation('b', 2), conversation('a', 1)];
const before = reduceInbox(emptyInbox, {
  type: 'page',
  view: 'waiting',
  list: { conversations, counts, revision: 3 },
});
const at = { open: 'b', view: 'waiting' } as const;
const ids = (list: readonly ConversationJson[]): string => list.map(({ id }) => id).join('');

describe('the open conversation', () => {
  it('keeps its place in the list that it leaves, whatever changes around it', () => {
    let inbox = told(before, conversation('b', 4, 'done'));
    let held = heldAfter(undefined, before, inbox, at);
    const list = listWithHeld(inbox, 'waiting', held);
    expect(ids(list)).toBe('cba');
    expect(list[1]?.view).toBe('done');
    expect(listWithHeld(inbox, 'waiting', held)).toBe(list);

    const earlier = inbox;
    inbox = told(told(inbox, conversation('d', 5)), conversation('b', 6, 'mine'));
    held = heldAfter(held, earlier, inbox, at);
    expect(ids(listWithHeld(inbox, 'waiting', held))).toBe('dcba');
    expect(ids(listWithHeld(inbox, 'done', held))).toBe('');
  });

  it('is held no longer where it is back, left, deleted, or was never there', () => {
    const done = told(before, conversation('b', 4, 'done'));
    const held = heldAfter(undefined, before, done, at);
    expect(held).toBeDefined();
    const back = told(done, conversation('b', 5));
    expect(heldAfter(held, done, back, at)).toBeUndefined();
    expect(heldAfter(held, done, done, { ...at, open: 'c' })).toBeUndefined();
    const gone = reduceInbox(done, { type: 'gone', conversationId: 'b' });
    expect(heldAfter(held, done, gone, at)).toBeUndefined();
    expect(ids(listWithHeld(gone, 'waiting', held))).toBe('ca');
    const other = told(before, conversation('x', 9, 'mine'));
    expect(heldAfter(undefined, before, other, { ...at, open: 'x' })).toBeUndefined();
  });
});
