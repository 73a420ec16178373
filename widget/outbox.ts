/** What the visitor sent and nobody has acknowledged yet. */
import { isClientMessageId } from '../shared/ids.ts';
import type { ChatMessageRequest, ContactRequest } from '../shared/protocol.ts';

/** A message on its way, as it will be sent, again and again under the same id. */
export interface Pending {
  readonly message: (ChatMessageRequest | ContactRequest) & { readonly id: string };
  /** Orders messages; Unix milliseconds. */
  readonly atMs: number;
  /** The tab that sends it. */
  readonly tab: string;
  /** Whom the page named while it was typed: it is sent as theirs, and shown to nobody else. */
  readonly user?: string | undefined;
  /** Where it may have been stored already, so that it is sent nowhere else. */
  readonly conversation?: string | undefined;
  /** Why the server will not have it; absent while it may still arrive. */
  readonly failure?: { readonly code: string; readonly reason: string };
}

/** So many messages, and UTF-16 units of text together, wait on a device at most. */
export const maxPending = 100;
export const maxPendingChars = 262_144;

/** Whether it may be shown to this user: what nobody signed in for, everybody of the device sees. */
export const isFor = ({ user }: Pending, viewer: string | undefined): boolean =>
  user === undefined || user === viewer;

/** Whether this can still be read and sent; another version may have kept it. */
export function isPending(value: unknown): value is Pending {
  const { type, id, message } = (value as Partial<Pending> | undefined)?.message ?? {};
  return (
    (type === 'chat_message' || type === 'contact_request') &&
    isClientMessageId(id ?? '') &&
    typeof message === 'string'
  );
}

/** Oldest first. */
export const byAge = (one: Pending, other: Pending): number =>
  one.atMs - other.atMs || (one.message.id < other.message.id ? -1 : 1);
