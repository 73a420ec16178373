/** A conversation as elements see it: what is shown, what can be done, what the page is told. */
import { closeCodes } from '../shared/close-codes.ts';
import type { Answering, ClientMessage, Identity } from '../shared/protocol.ts';
import type { Environment, Signal } from './environment.ts';
import type { Pending } from './outbox.ts';
import { seemsUnreachable, type Connection } from './state/connection.ts';
import { emptyTimeline, type Timeline } from './state/timeline.ts';

export type Status =
  | 'idle'
  | 'connecting'
  | 'online'
  | 'reconnecting'
  | 'offline'
  | 'unreachable'
  | 'stopped';

/** Everything that is shown of a conversation. */
export interface ChatState {
  readonly status: Status;
  /** Why it is `stopped`: a close code. */
  readonly closeCode: number | undefined;
  readonly timeline: Timeline;
  /** History of this connection has arrived. */
  readonly synced: boolean;
  readonly answering: Answering;
  readonly owner: { readonly online: boolean; readonly name: string };
  /** Whether an assistant answers here at all. */
  readonly assistant: boolean;
  readonly unread: number;
  /** False where the browser lets nothing be kept. */
  readonly durable: boolean;
  readonly draft: string;
  /** What was sent last was not taken: as much waits already as may. */
  readonly full: boolean;
  readonly loadingOlder: boolean;
  readonly erasing: boolean;
}

/** What the host page is told. */
export type ChatNews =
  | { readonly name: 'message'; readonly detail: { id: string; sender: string; message: string } }
  | { readonly name: 'sent'; readonly detail: { id: string; seq: number } }
  | { readonly name: 'unread'; readonly detail: { count: number } }
  | { readonly name: 'status'; readonly detail: { status: Status } }
  | { readonly name: 'error'; readonly detail: { code: string; message: string } };

export interface ChatOptions {
  readonly server: string;
  readonly environment: Environment;
  lang(): string;
  onChange(): void;
  onNews(news: ChatNews): void;
}

export interface Chat {
  readonly state: ChatState;
  /** What the browser reports goes in here. */
  signal(signal: Signal): void;
  /** Connects, unless it is connected. Also starts again after the server said to stay away. */
  start(): void;
  /** Closes the connection; what is shown and kept stays, and other tabs may send it. */
  stop(): void;
  /** @returns the message's id; `undefined` for a blank text, and where no more may wait */
  send(text: string): string | undefined;
  sendContact(request: Pending['message']): string | undefined;
  retry(id: string): void;
  discard(id: string): void;
  setDraft(text: string): void;
  /** Tells the owner that the visitor is writing. */
  typing(active: boolean): void;
  loadOlder(): void;
  handBack(): void;
  /**
   * Says what nobody acknowledges, such as what the visitor thinks of an answer.
   *
   * @returns whether it went out; `false` without a session
   */
  tell(message: ClientMessage): boolean;
  erase(): void;
  /** Forgets this visitor on this device. */
  reset(): Promise<void>;
  identify(identity: Identity | undefined): void;
  /** Whether somebody looks at the conversation now. */
  attend(attentive: boolean): void;
}

export const initialState: ChatState = {
  status: 'idle',
  closeCode: undefined,
  timeline: emptyTimeline,
  synced: false,
  answering: 'assistant',
  owner: { online: false, name: '' },
  assistant: true,
  unread: 0,
  durable: true,
  draft: '',
  full: false,
  loadingOlder: false,
  erasing: false,
};

/** Whether a close means that this visitor is not wanted here, rather than that it is over. */
export const isRefusal = (code: number | undefined): boolean =>
  code === closeCodes.forbidden || code === closeCodes.badIdentity;

/** The connection in one word. */
export function statusOf(connection: Connection): Status {
  switch (connection.phase) {
    case 'idle':
      return 'idle';
    case 'live':
      return 'online';
    case 'offline':
      return 'offline';
    case 'stopped':
      return 'stopped';
    case 'connecting':
    case 'waiting':
      if (seemsUnreachable(connection)) return 'unreachable';
      return connection.wasLive || connection.attempt > 0 ? 'reconnecting' : 'connecting';
  }
}
