import { randomBytes } from 'node:crypto';

import type {
  AppendCommand,
  AppendResult,
  Conversation,
  ConversationFacts,
  Store,
} from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { cursorOf, positionOf } from './list-cursor.ts';
import type { MemoryConversation } from './memory-owed.ts';
import { memoryOwed } from './memory-owed.ts';
import { cutPage } from './message-page.ts';
import { isSameMessage, settledQuestions, storedMessage } from './stored-message.ts';

/**
 * A store that forgets everything when the process ends: for tests of what stands on a store.
 * Every call takes effect at once, its promise resolves later as any store's does.
 */
export function createMemoryStore(): Store {
  const conversations = new Map<string, MemoryConversation>();
  const erased = new Set<string>();
  const secrets = new Map<string, Uint8Array>();
  const owed = memoryOwed();
  const epoch = randomBytes(12).toString('base64url');
  let closed = false;

  function ask<Value>(run: () => Value): Promise<Value> {
    if (closed) return Promise.reject(new StoreUnavailable('The store is closed.'));
    return Promise.resolve(run());
  }

  function ofUser(user: string): string | undefined {
    for (const { facts } of conversations.values()) if (facts.user === user) return facts.id;
    return undefined;
  }

  function append(command: AppendCommand): AppendResult {
    const { conversationId, message } = command;
    if (erased.has(conversationId)) return { status: 'erased' };
    const known = conversations.get(conversationId);
    const before = known?.byId.get(message.id);
    if (known && before) {
      if (!isSameMessage(before, message)) return { status: 'conflict' };
      if (command.settlesAnswer) owed.settle(known, settledQuestions(message));
      return { status: 'duplicate', message: before };
    }
    const conversation = known ?? newConversation(conversationId, message.atMs);
    conversations.set(conversationId, conversation);
    const stored = storedMessage(message, conversation.facts.lastSeq + 1);
    conversation.messages.push(stored);
    conversation.byId.set(message.id, stored);
    if (message.contact) conversation.contacts.set(message.id, { ...message.contact });
    conversation.facts = {
      ...conversation.facts,
      ...given(conversationId, command.facts),
      lastSeq: stored.seq,
      updatedAtMs: message.atMs,
    };
    if (command.settlesAnswer) owed.settle(conversation, settledQuestions(message));
    const leased = command.owedAnswer
      ? owed.oweAnswer(conversation, stored, command.owedAnswer)
      : false;
    owed.oweNotices(conversation, stored, command.owedNotices);
    return { status: 'stored', message: stored, leased };
  }

  /** The facts that are there; a user who has a conversation already keeps that one. */
  function given(conversationId: string, facts: ConversationFacts = {}): ConversationFacts {
    const there = Object.entries(facts).filter(
      ([name, value]) => value !== undefined && (name !== 'user' || isFree(String(value))),
    );
    return Object.fromEntries(there);

    function isFree(user: string): boolean {
      const holder = ofUser(user);
      return holder === undefined || holder === conversationId;
    }
  }

  function erase(conversationId: string): void {
    const conversation = conversations.get(conversationId);
    if (conversation) owed.cancel(conversation);
    conversations.delete(conversationId);
    erased.add(conversationId);
  }

  function change(conversationId: string, how: (facts: Conversation) => Conversation): void {
    const conversation = conversations.get(conversationId);
    if (conversation) conversation.facts = how(conversation.facts);
  }

  function list(query: { readonly limit: number; readonly before?: string }) {
    const limit = Math.max(1, Math.floor(query.limit));
    const from = query.before === undefined ? undefined : positionOf(query.before);
    if (query.before !== undefined && !from) return { conversations: [] };
    const newestFirst = [...conversations.values()].sort((a, b) => byAge(b.facts, a.facts));
    const rest = newestFirst.filter(({ facts }) => !from || byAge(facts, from) < 0);
    const page = rest.slice(0, limit).map(({ facts, messages }) => {
      const lastMessage = messages.at(-1);
      return { ...facts, ...(lastMessage ? { lastMessage } : {}) };
    });
    const last = page.at(-1);
    return rest.length > limit && last
      ? { conversations: page, cursor: cursorOf(last) }
      : { conversations: page };
  }

  function prune(beforeMs: number): number {
    const old = [...conversations.values()].filter(({ facts }) => facts.updatedAtMs < beforeMs);
    for (const { facts } of old) erase(facts.id);
    owed.forgetSent(beforeMs);
    return old.length;
  }

  function secret(name: string): Uint8Array {
    const known = secrets.get(name) ?? new Uint8Array(randomBytes(32));
    secrets.set(name, known);
    return known.slice();
  }

  return {
    name: 'memory',
    epoch,
    positionHolds: (id, position) =>
      ask(
        () =>
          position.epoch === epoch &&
          conversations.get(id)?.messages[position.seq - 1] !== undefined,
      ),
    secret: (name) => ask(() => secret(name)),
    append: (command) => ask(() => append(command)),
    conversation: (id) => ask(() => conversations.get(id)?.facts),
    conversationOfUser: (user) => ask(() => ofUser(user)),
    isErased: (id) => ask(() => erased.has(id)),
    messages: (id, range) =>
      ask(() => {
        const all = conversations.get(id)?.messages ?? [];
        return 'afterSeq' in range
          ? cutPage(all.slice(Math.max(0, range.afterSeq)), range)
          : cutPage(all.slice(0, Math.max(0, range.beforeSeq - 1)).reverse(), range);
      }),
    conversations: (query) => ask(() => list(query)),

    setAnswering: (id, answering) =>
      ask(() =>
        change(id, ({ answering: _, ...facts }) =>
          answering === undefined ? facts : { ...facts, answering },
        ),
      ),
    markRead: (id, reader, seq) =>
      ask(() =>
        change(id, (facts) => {
          const mark = Math.min(seq, facts.lastSeq);
          return reader === 'visitor'
            ? { ...facts, readByVisitor: Math.max(facts.readByVisitor, mark) }
            : { ...facts, readByOwner: Math.max(facts.readByOwner, mark) };
        }),
      ),
    setFeedback: (id, messageId, value) =>
      ask(() => {
        const conversation = conversations.get(id);
        if (conversation?.byId.get(messageId)?.sender !== 'assistant') return false;
        conversation.feedback.set(messageId, value);
        return true;
      }),
    erase: (id) => ask(() => erase(id)),
    prune: (beforeMs) => ask(() => prune(beforeMs)),

    claimAnswers: (claim) => ask(() => owed.claimAnswers(claim)),
    claimNotices: (claim) => ask(() => owed.claimNotices(claim)),
    noticesDone: (ids, nowMs) => ask(() => owed.noticesDone(ids, nowMs)),
    noticesFailed: (ids, failure) => ask(() => owed.noticesFailed(ids, failure.retryAtMs)),
    noticesSentSince: (channel, sinceMs) => ask(() => owed.sentSince(channel, sinceMs)),

    channelsOwed: () => ask(() => owed.channelsOwed()),
    owedWork: () => ask(() => owed.counts()),
    check: () => ask(() => {}),
    close() {
      closed = true;
      return Promise.resolve();
    },
  };
}

const newConversation = (id: string, atMs: number): MemoryConversation => ({
  facts: {
    id,
    createdAtMs: atMs,
    updatedAtMs: atMs,
    lastSeq: 0,
    readByVisitor: 0,
    readByOwner: 0,
  },
  messages: [],
  byId: new Map(),
  contacts: new Map(),
  feedback: new Map(),
});

/** Negative where `a` comes after `b` in a list that is newest first. */
function byAge(
  a: { readonly updatedAtMs: number; readonly id: string },
  b: { readonly updatedAtMs: number; readonly id: string },
): number {
  if (a.updatedAtMs !== b.updatedAtMs) return a.updatedAtMs - b.updatedAtMs;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
