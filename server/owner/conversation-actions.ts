import type { ConversationChange } from '../../shared/console-protocol.ts';
import type { ConversationUpdate } from '../inbox-ports.ts';
import type { ConversationSummary, StoredMessage } from '../ports.ts';
import type { OwnerContext } from './owner-context.ts';

/**
 * Writes to a visitor. With an id it may be repeated: it is stored once.
 *
 * @param reply.takesOver - the owner answers from now on, and nobody else
 */
export async function reply(
  { store, bus, clock, newId }: OwnerContext,
  conversationId: string,
  reply: {
    readonly text: string;
    readonly id: string | undefined;
    readonly takesOver: boolean;
  },
): Promise<
  | { readonly status: 'stored' | 'duplicate'; readonly message: StoredMessage }
  | { readonly status: 'conflict' | 'unknown' }
> {
  // A message would make the conversation; only visitors begin one.
  if (!(await store.conversation(conversationId))) return { status: 'unknown' };
  const result = await store.append({
    conversationId,
    message: {
      id: reply.id ?? `owner:${newId()}`,
      sender: 'owner',
      text: reply.text,
      atMs: clock.now(),
    },
    ...(reply.takesOver ? { takesOver: true } : {}),
  });
  switch (result.status) {
    case 'stored': {
      const { message } = result;
      bus.publish({ type: 'message', conversationId, message });
      if (reply.takesOver) {
        bus.publish({ type: 'handler', conversationId, answering: 'owner' });
        bus.publish({ type: 'read', conversationId, sender: 'owner', seq: message.seq });
      }
      return { status: 'stored', message };
    }
    case 'duplicate':
      return { status: 'duplicate', message: result.message };
    case 'conflict':
      return { status: 'conflict' };
    case 'erased':
    // Of visitors and answers only; neither happens to the owner's own words.
    case 'blocked':
    case 'not_owed':
      return { status: 'unknown' };
  }
}

/**
 * Takes over, hands back, marks as done or read, blocks. All or nothing.
 *
 * @returns the conversation as it is now; `undefined` for an unknown one
 */
export async function change(
  { store, bus, defaultAnswering }: OwnerContext,
  conversationId: string,
  wanted: ConversationChange,
): Promise<ConversationSummary | undefined> {
  const before = await store.conversation(conversationId);
  if (!before) return undefined;
  const update: ConversationUpdate = {
    ...(wanted.answering === undefined
      ? {}
      : { answering: wanted.answering === 'owner' ? 'owner' : null }),
    ...(wanted.done === undefined ? {} : { done: wanted.done }),
    ...(wanted.blocked === undefined ? {} : { blocked: wanted.blocked }),
    ...(wanted.read_by_owner === undefined ? {} : { readByOwner: wanted.read_by_owner }),
  };
  const after = await store.updateConversation(conversationId, update);
  if (!after) return undefined;
  // Also where nothing changed: somebody may have missed it the first time.
  if (wanted.answering !== undefined) {
    const answering = after.answering ?? defaultAnswering;
    bus.publish({ type: 'handler', conversationId, answering });
  }
  if (wanted.blocked === true) bus.publish({ type: 'blocked', conversationId });
  if (after.readByOwner > before.readByOwner) {
    bus.publish({ type: 'read', conversationId, sender: 'owner', seq: after.readByOwner });
  }
  return after;
}

/** Deletes a conversation and all that was stored of it. @returns whether there was one */
export async function remove(
  { store, bus }: OwnerContext,
  conversationId: string,
): Promise<boolean> {
  if (!(await store.conversation(conversationId))) return false;
  await store.erase(conversationId);
  bus.publish({ type: 'erased', conversationId });
  return true;
}
