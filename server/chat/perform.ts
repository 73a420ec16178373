import { StoreUnavailable, type Store } from '../ports.ts';
import type { Identities } from './context.ts';
import type { AsyncEffect, ChatEvent, LoadConversation } from './effects.ts';

/** The outcome of an effect; a failure keeps its cause for the log. */
export type Outcome =
  | Exclude<ChatEvent, { type: 'effect_failed' }>
  | (Extract<ChatEvent, { type: 'effect_failed' }> & { readonly cause: unknown });

/** Does what the core asked of the store. Never rejects: a failure is an event like any other. */
export async function performAsync(
  effect: AsyncEffect,
  store: Store,
  identities: Identities | undefined,
): Promise<Outcome> {
  try {
    return await perform(effect, store, identities);
  } catch (cause) {
    const reason = cause instanceof StoreUnavailable ? 'store_unavailable' : 'internal';
    return { type: 'effect_failed', effect, reason, cause };
  }
}

async function perform(
  effect: AsyncEffect,
  store: Store,
  identities: Identities | undefined,
): Promise<Exclude<ChatEvent, { type: 'effect_failed' }>> {
  switch (effect.type) {
    case 'append': {
      const result = await store.append(effect.command);
      return { type: 'appended', request: effect, result };
    }
    case 'load_conversation':
      return loadConversation(effect, store, identities);
    case 'read_messages': {
      const page = await store.messages(effect.conversationId, effect.range);
      return { type: 'page_read', request: effect, page };
    }
    case 'erase':
      await store.erase(effect.conversationId);
      return { type: 'erased' };
    case 'hand_back':
      await store.handBack(effect.conversationId);
      return { type: 'handed_back' };
    case 'set_feedback': {
      const { conversationId, id, value } = effect;
      const known = await store.setFeedback(conversationId, id, value);
      return { type: 'feedback_stored', id, value, known };
    }
    case 'mark_read':
      await store.markRead(effect.conversationId, 'visitor', effect.seq);
      return { type: 'read_marked' };
    case 'look_up_wish':
      return {
        type: 'wish_looked_up',
        conversation: await store.conversation(effect.conversationId),
      };
  }
}

async function loadConversation(
  request: LoadConversation,
  store: Store,
  identities: Identities | undefined,
): Promise<ChatEvent & { type: 'conversation_loaded' }> {
  for (const conversationId of candidates(request, identities)) {
    if (await store.isErased(conversationId)) continue;
    const conversation = await store.conversation(conversationId);
    const { last_seq: seq = 0, epoch } = request.hello;
    const positionHolds =
      epoch === undefined ||
      seq === 0 ||
      // Beyond the end nothing can be compared, and no store needs to see absurd numbers.
      (conversation !== undefined &&
        seq <= conversation.lastSeq &&
        (await store.positionHolds(conversationId, { seq, epoch })));
    const loaded = { request, conversationId, conversation, positionHolds };
    return { type: 'conversation_loaded', ...loaded };
  }
  const none = { conversationId: undefined, conversation: undefined, positionHolds: false };
  return { type: 'conversation_loaded', request, ...none };
}

/** A token names one conversation; a user has one after the other, as they are erased. */
function* candidates(
  { of }: LoadConversation,
  identities: Identities | undefined,
): Generator<string> {
  if ('conversationId' in of) yield of.conversationId;
  else if (identities) {
    for (let generation = 0; ; generation += 1)
      yield identities.conversationId(of.user, generation);
  }
}
