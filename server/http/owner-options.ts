import type { LiveFacts } from '../console/summary-json.ts';
import type { PushSubscriptionRow } from '../inbox-ports.ts';
import type { OwnerContext } from '../owner/owner-context.ts';
import type { Answerer } from '../answerer-ports.ts';
import type { OnError } from '../ports.ts';
import type { OwnerAccess } from './owner-session.ts';

/** What the owner's interface is made of. */
export interface OwnerOptions extends OwnerContext {
  readonly access: OwnerAccess;
  readonly ownerName: string;
  readonly version: string;
  /** Language of the server's sentences where nobody names another, BCP 47. */
  readonly lang: string;
  /** Known when the port is taken. */
  readonly publicUrl: () => string;
  /** Channels that notices go to just now, without their secrets. */
  readonly channels: () => readonly string[];
  /** Who of a conversation is here just now. */
  readonly live: (conversationId: string) => LiveFacts | undefined;
  /** Absent where nobody answers but the owner. */
  readonly answerer?: Pick<Answerer, 'name' | 'describe' | 'ready' | 'usage'> | undefined;
  /** Absent without Web Push. */
  readonly push?: PushOptions | undefined;
  /** Notices that had been given up are due again. */
  readonly onNoticesDue: () => void;
  readonly onError: OnError;
}

export interface PushOptions {
  /** The server's key for `PushManager.subscribe`, base64url. */
  readonly publicKey: () => string;
  readonly subscribe: (subscription: PushSubscriptionRow) => Promise<void>;
  readonly unsubscribe: (endpoint: string) => Promise<void>;
  /** Whether the server listens on loopback only: then a push service may be there too. */
  readonly loopback: boolean;
}
