/**
 * The lists of the inbox as a pure reducer. Pages and events come over two lines, in any order
 * and more than once; a conversation's `revision` decides which word about it is the newest, so
 * the lists depend on what was heard and not on when.
 */
import {
  views,
  type ConsoleEvent,
  type ConversationJson,
  type ConversationList,
  type View,
  type ViewCounts,
} from '../../shared/console-protocol.ts';

/** How far back a view has been read: pages follow one another from the newest on. */
export interface Pages {
  /** For the next page; absent before the first page and after the last. */
  readonly cursor?: string;
  /** The oldest place that the pages reach; absent where all of the view is here. */
  readonly floor?: Place;
  readonly loaded: boolean;
}

/** Place of a conversation in its view: newest first. */
export interface Place {
  readonly updated_at: string;
  readonly id: string;
}

export interface Inbox {
  readonly byId: ReadonlyMap<string, ConversationJson>;
  /** Never come back: an id is used once. */
  readonly deleted: ReadonlySet<string>;
  readonly pages: Readonly<Record<View, Pages>>;
  readonly counts: ViewCounts;
  /** Everything up to it has been told; `undefined` before the first `ready`. */
  readonly revision: number | undefined;
}

export type InboxAction =
  | ConsoleEvent
  | {
      readonly type: 'page';
      readonly view: View;
      readonly list: ConversationList;
      /** Cursor with which it was asked for; absent for the first page. */
      readonly before?: string;
    }
  /** One that was read or changed by itself. */
  | { readonly type: 'summary'; readonly conversation: ConversationJson }
  /** It is gone: the server knows no such conversation. */
  | { readonly type: 'gone'; readonly conversationId: string };

const noPages: Pages = { loaded: false };
const noCounts: ViewCounts = { waiting: 0, mine: 0, assistant: 0, done: 0, connected: 0 };

export const emptyInbox: Inbox = {
  byId: new Map(),
  deleted: new Set(),
  pages: { waiting: noPages, mine: noPages, assistant: noPages, done: noPages },
  counts: noCounts,
  revision: undefined,
};

/** Newest first; the same as the server's order of pages. */
export function byPlace(one: Place, other: Place): number {
  if (one.updated_at !== other.updated_at) return one.updated_at > other.updated_at ? -1 : 1;
  if (one.id === other.id) return 0;
  return one.id > other.id ? -1 : 1;
}

/** `new` where it is newer; of the same revision the later word, as it knows who is online. */
function withConversation(inbox: Inbox, conversation: ConversationJson): Inbox {
  const { id } = conversation;
  const known = inbox.byId.get(id);
  if (inbox.deleted.has(id) || (known && known.revision > conversation.revision)) return inbox;
  return { ...inbox, byId: new Map(inbox.byId).set(id, conversation) };
}

function withPage(inbox: Inbox, action: Extract<InboxAction, { type: 'page' }>): Inbox {
  const { view, list, before } = action;
  let byId: Map<string, ConversationJson> | undefined;
  for (const conversation of list.conversations) {
    const known = (byId ?? inbox.byId).get(conversation.id);
    if (inbox.deleted.has(conversation.id)) continue;
    if (known && known.revision > conversation.revision) continue;
    byId ??= new Map(inbox.byId);
    byId.set(conversation.id, conversation);
  }
  const next = { ...inbox, ...(byId ? { byId } : {}), counts: list.counts };
  const here = inbox.pages[view];
  // A page that does not follow on what is here tells facts, but reaches no further back.
  const follows = before === undefined ? !here.loaded : here.loaded && here.cursor === before;
  if (!follows) return next;
  const last = list.conversations.at(-1);
  const pages: Pages =
    list.cursor === undefined
      ? { loaded: true }
      : {
          loaded: true,
          cursor: list.cursor,
          ...(last
            ? { floor: { updated_at: last.updated_at, id: last.id } }
            : here.floor
              ? { floor: here.floor }
              : {}),
        };
  return { ...next, pages: { ...inbox.pages, [view]: pages } };
}

function without(inbox: Inbox, id: string): Inbox {
  const byId = new Map(inbox.byId);
  byId.delete(id);
  return { ...inbox, byId, deleted: new Set(inbox.deleted).add(id) };
}

/** Changes what is known of a conversation besides its revision. */
function amend(
  inbox: Inbox,
  id: string,
  change: (conversation: ConversationJson) => ConversationJson,
): Inbox {
  const known = inbox.byId.get(id);
  return known ? { ...inbox, byId: new Map(inbox.byId).set(id, change(known)) } : inbox;
}

/** Who is there has no revision: everybody is gone until `visitor` tells of them. */
function allGone(byId: Inbox['byId']): Inbox['byId'] {
  const gone = new Map(byId);
  for (const [id, conversation] of byId) {
    if (!conversation.online) continue;
    const { online_since: _since, ...rest } = conversation;
    gone.set(id, { ...rest, online: false });
  }
  return gone;
}

export function reduceInbox(inbox: Inbox, action: InboxAction): Inbox {
  switch (action.type) {
    case 'ready':
      return {
        ...inbox,
        byId: allGone(inbox.byId),
        counts: action.counts,
        revision: action.revision,
      };
    case 'conversation': {
      const { conversation, counts } = action;
      const revision =
        inbox.revision === undefined ? undefined : Math.max(inbox.revision, conversation.revision);
      return { ...withConversation(inbox, conversation), counts, revision };
    }
    case 'summary':
      return withConversation(inbox, action.conversation);
    case 'page':
      return withPage(inbox, action);
    case 'deleted':
      return { ...without(inbox, action.conversation_id), counts: action.counts };
    case 'gone':
      return without(inbox, action.conversationId);
    case 'visitor': {
      const { online, online_since, page } = action;
      return amend(inbox, action.conversation_id, (known) => {
        const { online_since: _left, ...rest } = known;
        return {
          ...rest,
          online,
          ...(online_since === undefined ? {} : { online_since }),
          ...(page === undefined ? {} : { page }),
        };
      });
    }
    case 'counts':
      return { ...inbox, counts: action.counts };
    case 'refresh':
      return { ...emptyInbox, counts: inbox.counts, revision: inbox.revision };
    case 'message':
    case 'feedback':
    case 'note':
    case 'note_deleted':
    case 'typing':
    case 'read':
    case 'canned_replies':
    case 'pong':
      return inbox;
  }
}

/** Conversations of a view as far as its pages reach, newest first. */
function makeList(inbox: Inbox, view: View): readonly ConversationJson[] {
  const { floor, loaded, cursor } = inbox.pages[view];
  if (!loaded) return [];
  const list: ConversationJson[] = [];
  for (const conversation of inbox.byId.values()) {
    if (conversation.view !== view) continue;
    if (floor && cursor !== undefined && byPlace(conversation, floor) > 0) continue;
    list.push(conversation);
  }
  return list.sort(byPlace);
}

const lists = new WeakMap<
  Inbox['byId'],
  Map<View, readonly [Pages, readonly ConversationJson[]]>
>();

/** The same list as long as nothing in it changed: it is asked for whenever something is drawn. */
export function listOf(inbox: Inbox, view: View): readonly ConversationJson[] {
  const known =
    lists.get(inbox.byId) ?? new Map<View, readonly [Pages, readonly ConversationJson[]]>();
  lists.set(inbox.byId, known);
  const [pages, list] = known.get(view) ?? [];
  if (list && pages === inbox.pages[view]) return list;
  const made = makeList(inbox, view);
  known.set(view, [inbox.pages[view], made]);
  return made;
}

/** How many conversations want the owner: all that wait, and those in hand with something unread. */
export function wantingOwner({ byId, counts }: Inbox): number {
  let unread = 0;
  let blocked = 0;
  for (const conversation of byId.values()) {
    if (conversation.blocked) blocked += conversation.view === 'waiting' ? 1 : 0;
    else if (conversation.view === 'mine' && conversation.unread > 0) unread += 1;
  }
  // Somebody who is blocked waits in vain.
  return Math.max(0, counts.waiting - blocked) + unread;
}

export const isView = (name: string): name is View => (views as readonly string[]).includes(name);
