/**
 * What the visitor sent and nobody has acknowledged yet. Every message stands under a key of its
 * own, so that two tabs that write at the same time cannot lose each other's.
 */
import { isClientMessageId } from '../shared/ids.ts';
import type { ChatMessageRequest, ContactRequest } from '../shared/protocol.ts';
import type { Keep } from './keep.ts';

/** A message on its way, as it will be sent, again and again under the same id. */
export interface Pending {
  readonly message: (ChatMessageRequest | ContactRequest) & { readonly id: string };
  /** Orders messages; Unix milliseconds. */
  readonly atMs: number;
  /** Why the server will not have it; absent while it may still arrive. */
  readonly failure?: { readonly code: string; readonly reason: string };
}

export interface Outbox {
  /** Oldest first. What cannot be read any more is left out. */
  all(): Promise<readonly Pending[]>;
  /** Adds or replaces by id. */
  put(pending: Pending): Promise<void>;
  remove(id: string): Promise<void>;
  clear(): Promise<void>;
}

const start = 'out:';

function read(value: string): Pending | undefined {
  try {
    const { message, atMs, failure } = JSON.parse(value) as Pending;
    if (!isClientMessageId(message.id) || typeof message.message !== 'string') return undefined;
    if (message.type !== 'chat_message' && message.type !== 'contact_request') return undefined;
    return { message, atMs: atMs || 0, ...(failure ? { failure } : {}) };
  } catch {
    return undefined;
  }
}

export function createOutbox(keep: Keep): Outbox {
  return {
    async all() {
      const kept = await keep.list(start);
      return kept
        .flatMap(([, value]) => read(value) ?? [])
        .toSorted((a, b) => a.atMs - b.atMs || (a.message.id < b.message.id ? -1 : 1));
    },
    put: (pending) => keep.set(start + pending.message.id, JSON.stringify(pending)),
    remove: (id) => keep.remove(start + id),
    async clear() {
      for (const [key] of await keep.list(start)) await keep.remove(key);
    },
  };
}
