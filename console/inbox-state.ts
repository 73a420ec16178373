/** What the inbox shows, as one value; made by `inbox-controller.ts`, read by the elements. */
import type { CannedReply, ConversationJson, View } from '../shared/console-protocol.ts';
import type { Connection } from '../widget/state/connection.ts';
import { seemsUnreachable } from '../widget/state/connection.ts';
import type { Route } from './route.ts';
import type { Conversation } from './state/conversation.ts';
import type { HeldRow } from './state/held-row.ts';
import { emptyInbox, type Inbox } from './state/inbox.ts';

export type LineState =
  | 'connecting'
  | 'live'
  | 'reconnecting'
  | 'offline'
  | 'unreachable'
  | 'stopped';

/** Why the open conversation is not shown. */
export type TalkProblem =
  /** Deleted, here or elsewhere; `unsent` was written in it and never sent. */
  | { readonly type: 'gone'; readonly unsent: readonly string[] }
  /** Nobody here knows of one with this id. */
  | { readonly type: 'unknown' }
  | { readonly type: 'failed'; readonly error: unknown };

export interface InboxState {
  readonly inbox: Inbox;
  /** The list that is shown. */
  readonly view: View;
  readonly route: Route;
  readonly line: LineState;
  /** Views whose next page is being read, and those where that failed. */
  readonly loading: ReadonlySet<View>;
  readonly failed: ReadonlySet<View>;
  /** The conversation that is open. */
  readonly talk: Conversation | undefined;
  /** It has left the view in whose list it is looked at. */
  readonly held: HeldRow | undefined;
  readonly talkProblem: TalkProblem | undefined;
  readonly loadingOlder: boolean;
  readonly canned: readonly CannedReply[];
}

export const firstState = (route: Route): InboxState => ({
  inbox: emptyInbox,
  view: route.type === 'view' ? route.view : 'waiting',
  route,
  line: 'connecting',
  loading: new Set(),
  failed: new Set(),
  talk: undefined,
  held: undefined,
  talkProblem: undefined,
  loadingOlder: false,
  canned: [],
});

/** What is known of the open conversation. */
export const openSummary = ({ inbox, route }: InboxState): ConversationJson | undefined =>
  route.type === 'conversation' ? inbox.byId.get(route.id) : undefined;

export function lineOf(connection: Connection): LineState {
  switch (connection.phase) {
    case 'live':
      return 'live';
    case 'offline':
      return 'offline';
    case 'stopped':
      return 'stopped';
    case 'idle':
    case 'connecting':
    case 'waiting':
      if (seemsUnreachable(connection)) return 'unreachable';
      return connection.wasLive || connection.attempt > 1 ? 'reconnecting' : 'connecting';
  }
}
