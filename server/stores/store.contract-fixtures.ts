import type { NewMessage, Store } from '../ports.ts';

/** A store under test. */
export interface OpenStore {
  /** As it was first opened. */
  readonly store: Store;
  /** Closes the store and opens what it left behind; absent where it leaves nothing. */
  readonly reopen?: () => Promise<Store>;
  /** Closes what is open and removes all traces. */
  close(): Promise<void>;
}

/** Runs a test with a store of its own. */
export type WithStore = (test: (opened: OpenStore) => Promise<void>) => () => Promise<void>;

/** A time of day in the tests; stores have no clock of their own. */
export const noonMs = Date.UTC(2025, 0, 1, 12);

export const question = (id: string, text = `question ${id}`, atMs = noonMs): NewMessage => ({
  id,
  sender: 'visitor',
  text,
  atMs,
});

export const answer = (questionId: string, text = `answer to ${questionId}`): NewMessage => ({
  id: `ai:${questionId}`,
  sender: 'assistant',
  text,
  atMs: noonMs + 1_000,
  inReplyTo: questionId,
});

/** Everything of a conversation, from its first message. */
export async function allMessages(store: Store, conversationId: string) {
  const page = await store.messages(conversationId, {
    afterSeq: 0,
    limit: 10_000,
    maxBytes: Number.MAX_SAFE_INTEGER,
  });
  return page.messages;
}
