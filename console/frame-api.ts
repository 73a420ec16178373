/** What the frame and its dialogs ask of the server. Every function rejects with a `Failure`. */
import type {
  AnswererState,
  AnswerListJson,
  AnswerListName,
  BroadcastResult,
  CannedReplyList,
  FailedNoticeList,
  OwnerSession,
  PushSubscriptionJson,
  SearchResults,
} from '../shared/console-protocol.ts';

export interface FrameApi {
  /** Who is logged in. */
  session(): Promise<OwnerSession>;
  logIn(token: string): Promise<void>;
  /** This browser. */
  logOut(): Promise<void>;
  logOutEverywhere(): Promise<void>;
  /** @param about.before - `cursor` of the page before */
  search(query: string, about: { before?: string; signal: AbortSignal }): Promise<SearchResults>;
  /** @param before - `cursor` of the page before */
  answers(list: AnswerListName, before?: string): Promise<AnswerListJson>;
  /** Refused with `not_found` where no assistant answers. */
  answerer(): Promise<AnswererState>;
  cannedReplies(): Promise<CannedReplyList>;
  /** Replaces the whole list. */
  saveCannedReplies(list: CannedReplyList): Promise<CannedReplyList>;
  broadcast(request: { message: string; id: string; preview?: boolean }): Promise<BroadcastResult>;
  failedNotices(): Promise<FailedNoticeList>;
  retryFailedNotices(): Promise<void>;
  dismissFailedNotices(): Promise<void>;
  /** The server's public key for the Push API, base64url. */
  pushKey(): Promise<string>;
  addPush(subscription: PushSubscriptionJson): Promise<void>;
  removePush(endpoint: string): Promise<void>;
}
