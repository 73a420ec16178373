import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { views, type ConversationJson, type View } from '../../shared/console-protocol.ts';
import {
  byPlace,
  emptyInbox,
  listOf,
  reduceInbox,
  wantingOwner,
  type Inbox,
  type InboxAction,
} from './inbox.ts';

const noCounts = { waiting: 0, mine: 0, assistant: 0, done: 0, connected: 0 };

const conversation = (
  id: string,
  revision: number,
  more: Partial<ConversationJson> = {},
): ConversationJson => ({
  id,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: new Date(Date.UTC(2026, 0, 1) + revision * 1_000).toISOString(),
  revision,
  last_seq: 1,
  view: 'waiting',
  answering: 'assistant',
  unread: 0,
  blocked: false,
  online: false,
  read_by_visitor: 0,
  read_by_owner: 0,
  ...more,
});
const told = (one: ConversationJson): InboxAction => ({
  type: 'conversation',
  conversation: one,
  counts: noCounts,
});
const after = (...actions: readonly InboxAction[]): Inbox =>
  actions.reduce(reduceInbox, emptyInbox);
const ids = (inbox: Inbox, view: View): string[] => listOf(inbox, view).map(({ id }) => id);
const firstPage = (
  view: View,
  conversations: ConversationJson[],
  about: { cursor?: string; revision?: number } = {},
): InboxAction => ({
  type: 'page',
  view,
  list: { conversations, counts: noCounts, revision: 0, ...about },
});

describe('the lists of the inbox', () => {
  it('show a conversation in its newest view only, newest first', () => {
    const inbox = after(
      firstPage('waiting', [conversation('a', 1), conversation('b', 2)]),
      firstPage('mine', []),
      told(conversation('a', 5, { view: 'mine' })),
      told(conversation('c', 6)),
    );
    expect(ids(inbox, 'waiting')).toEqual(['c', 'b']);
    expect(ids(inbox, 'mine')).toEqual(['a']);
  });

  it('do not go back to what was known before', () => {
    const inbox = after(
      told(conversation('a', 5, { view: 'done' })),
      firstPage('waiting', [conversation('a', 4)]),
      firstPage('done', []),
    );
    expect(ids(inbox, 'waiting')).toEqual([]);
    expect(ids(inbox, 'done')).toEqual(['a']);
  });

  it('reach no further than their pages, so that no hole looks like a list', () => {
    const newest = firstPage('waiting', [conversation('z', 90), conversation('y', 80)], {
      cursor: 'y',
    });
    const inbox = after(newest, { type: 'summary', conversation: conversation('old', 3) });
    expect(ids(inbox, 'waiting')).toEqual(['z', 'y']);
    const rest: InboxAction = {
      type: 'page',
      view: 'waiting',
      before: 'y',
      list: { conversations: [conversation('x', 70)], counts: noCounts, revision: 0 },
    };
    expect(ids(reduceInbox(inbox, rest), 'waiting')).toEqual(['z', 'y', 'x', 'old']);
  });

  it('never bring a deleted conversation back', () => {
    const inbox = after(
      { type: 'deleted', conversation_id: 'a', counts: noCounts },
      told(conversation('a', 9)),
      firstPage('waiting', [conversation('a', 9), conversation('b', 1)]),
    );
    expect(ids(inbox, 'waiting')).toEqual(['b']);
  });

  it('take everybody for gone at a new line, until they are told of', () => {
    const inbox = after(
      firstPage('waiting', [
        conversation('a', 1, { online: true, online_since: '2026-01-01T00:00:00Z' }),
        conversation('b', 2, { online: true }),
      ]),
      { type: 'ready', revision: 2, counts: noCounts },
      { type: 'visitor', conversation_id: 'b', online: true },
    );
    expect(inbox.byId.get('a')).toMatchObject({ online: false });
    expect(inbox.byId.get('a')).not.toHaveProperty('online_since');
    expect(inbox.byId.get('b')).toMatchObject({ online: true });
  });

  it('come back with the newest revision that was told, not with one that a page named', () => {
    const inbox = after(
      { type: 'ready', revision: 10, counts: noCounts },
      firstPage('waiting', [conversation('a', 14)], { revision: 20 }),
      told(conversation('b', 12)),
    );
    expect(inbox.revision).toBe(12);
  });

  it('are void where more changed than could be told', () => {
    const inbox = after(
      { type: 'ready', revision: 10, counts: noCounts },
      firstPage('waiting', [conversation('a', 9)]),
      { type: 'refresh' },
    );
    expect(listOf(inbox, 'waiting')).toEqual([]);
    expect(inbox.pages.waiting.loaded).toBe(false);
  });

  it('count who wants the owner', () => {
    const inbox = after(
      told(conversation('a', 1, { view: 'mine', unread: 2 })),
      told(conversation('b', 2, { view: 'mine', unread: 1, blocked: true })),
      { type: 'counts', counts: { ...noCounts, waiting: 4 } },
    );
    expect(wantingOwner(inbox)).toBe(5);
  });
});

// ── in any order and repetition ────────────────────────────────────────────────────────────────

const history = fc
  .array(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      view: fc.constantFrom(...views),
    }),
    {
      minLength: 1,
      maxLength: 25,
    },
  )
  .map((writes) => writes.map(({ id, view }, index) => conversation(id, index + 1, { view })));

/** The server's lists after a history. */
function serverList(changes: readonly ConversationJson[], view: View): readonly ConversationJson[] {
  const newest = new Map(changes.map((one) => [one.id, one]));
  return [...newest.values()].filter((one) => one.view === view).sort(byPlace);
}

describe('pages and events', () => {
  it('give the server’s lists in whatever order and however often they arrive', () => {
    fc.assert(
      fc.property(
        history,
        fc.infiniteStream(fc.nat()),
        fc.nat({ max: 25 }),
        fc.integer({ min: 1, max: 3 }),
        (changes, random, asked, pageSize) => {
          const draw = (below: number): number => (random.next().value as number) % below;
          // Pages are read one after the other at a moment of the history; what changed since
          // is told, and so is any of what changed before.
          const known = changes.slice(0, asked);
          const pages = views.map((view) => {
            const all = serverList(known, view);
            const list: InboxAction[] = [];
            for (let from = 0; from === 0 || from < all.length; from += pageSize) {
              const isLast = from + pageSize >= all.length;
              const cursor = isLast ? {} : { cursor: `${from + pageSize}` };
              list.push({
                type: 'page',
                view,
                list: {
                  conversations: all.slice(from, from + pageSize),
                  counts: noCounts,
                  revision: asked,
                  ...cursor,
                },
                ...(from > 0 ? { before: `${from}` } : {}),
              });
            }
            return list;
          });
          const events: InboxAction[] = [];
          const since = changes.slice(asked);
          for (const one of [...since, ...changes.filter(() => draw(3) === 0)]) {
            const place = draw(events.length + 1);
            events.splice(place, 0, told(one));
            if (draw(4) === 0) events.splice(draw(events.length + 1), 0, told(one));
          }
          let inbox = emptyInbox;
          const lines = [...pages, events];
          while (lines.some((line) => line.length > 0)) {
            const full = lines.filter((line) => line.length > 0);
            const line = full[draw(full.length)];
            const action = line?.shift();
            if (action) inbox = reduceInbox(inbox, action);
            if (action && draw(4) === 0) inbox = reduceInbox(inbox, action);
          }
          for (const view of views) {
            expect(listOf(inbox, view).map(({ id, revision }) => [id, revision])).toEqual(
              serverList(changes, view).map(({ id, revision }) => [id, revision]),
            );
          }
        },
      ),
      { numRuns: 800 },
    );
  });
});
