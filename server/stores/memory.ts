import { randomBytes } from 'node:crypto';

import type { ConversationUpdate, Note } from '../inbox-ports.ts';
import type { AppendCommand, AppendResult, ConversationSummary, Store } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import type { ConversationState } from './conversation-state.ts';
import {
  causedBy,
  isSameState,
  stateAfterMessage,
  stateAfterUpdate,
  stateHandedBack,
} from './conversation-state.ts';
import { inSlices } from './in-slices.ts';
import type { MemoryConversation } from './memory-conversation.ts';
import { givenFacts, newConversation, shown } from './memory-conversation.ts';
import { memoryAnswers, rateAnswer } from './memory-answers.ts';
import { memoryLists } from './memory-lists.ts';
import { memoryOwed } from './memory-owed.ts';
import { memoryOwner } from './memory-owner.ts';
import { memorySearch } from './memory-search.ts';
import { memorySpend } from './memory-spend.ts';
import { cutPage } from './message-page.ts';
import { searchSteps } from './search.ts';
import { isSameMessage, notOwed, settledQuestions, storedMessage } from './stored-message.ts';

/**
 * A store that forgets everything when the process ends: for tests of what stands on a store.
 * Every call takes effect at once, its promise resolves later as any store's does.
 */
export function createMemoryStore(): Store {
  const conversations = new Map<string, MemoryConversation>();
  /** The revision with which each was erased; 0 for those of which nothing was stored. */
  const erased = new Map<string, number>();
  const secrets = new Map<string, Uint8Array>();
  const owed = memoryOwed();
  const owner = memoryOwner();
  const spend = memorySpend((id) => erased.has(id));
  const slices = inSlices();
  const epoch = randomBytes(12).toString('base64url');
  let revision = 0;
  let prunedRevision = 0;
  let closed = false;
  const { summary, ...lists } = memoryLists(conversations, owed);
  const answers = memoryAnswers(conversations, summary);
  const search = memorySearch(conversations, () => revision, summary);

  function ask<Value>(run: () => Value): Promise<Value> {
    if (closed) return Promise.reject(new StoreUnavailable('The store is closed.'));
    return Promise.resolve(run());
  }

  function ofUser(user: string): string | undefined {
    for (const { facts } of conversations.values()) if (facts.user === user) return facts.id;
    return undefined;
  }

  function touch(conversation: MemoryConversation): void {
    revision += 1;
    conversation.facts = { ...conversation.facts, revision };
  }

  function append(command: AppendCommand): AppendResult {
    const { conversationId, message } = command;
    if (erased.has(conversationId)) return { status: 'erased' };
    const known = conversations.get(conversationId);
    if (known?.state.blocked && message.sender === 'visitor') return { status: 'blocked' };
    const before = known?.byId.get(message.id);
    if (known && before) {
      if (!isSameMessage(before, message)) return { status: 'conflict' };
      if (command.settlesAnswer) owed.settle(known, settledQuestions(message));
      return { status: 'duplicate', message: before };
    }
    if (command.settlesAnswer) {
      const questions = settledQuestions(message);
      const waiting = questions.filter((id) => known !== undefined && owed.isOwed(known, id));
      if (waiting.length === 0 || waiting.length < questions.length) return notOwed(waiting);
    }
    return store(known ?? newConversation(conversationId, message.atMs), command);
  }

  function store(conversation: MemoryConversation, command: AppendCommand): AppendResult {
    const { conversationId, message } = command;
    const caused = causedBy(
      command,
      conversation.state.answering,
      conversation.messages.at(-1)?.outcome ?? null,
    );
    const stored = storedMessage(message, conversation.facts.lastSeq + 1);
    conversations.set(conversationId, conversation);
    conversation.messages.push(stored);
    conversation.byId.set(message.id, stored);
    if (message.contact) conversation.contacts.set(message.id, { ...message.contact });
    conversation.facts = {
      ...conversation.facts,
      ...givenFacts(command.facts, (user) => (ofUser(user) ?? conversationId) === conversationId),
      lastSeq: stored.seq,
      updatedAtMs: message.atMs,
      ...(command.takesOver ? { readByOwner: stored.seq } : {}),
    };
    conversation.state = stateAfterMessage(conversation.state, command, caused.waiting);
    touch(conversation);
    if (command.settlesAnswer) owed.settle(conversation, settledQuestions(message));
    if (command.takesOver) owed.cancelAnswers(conversation);
    const leased =
      caused.owedAnswer && !command.takesOver
        ? owed.oweAnswer(conversation, stored, caused.owedAnswer, command.combinable === true)
        : false;
    owed.oweNotices(conversation, stored, caused.owedNotices);
    const { answering } = conversation.state;
    return {
      status: 'stored',
      message: stored,
      leased,
      ...(answering === null ? {} : { answering }),
    };
  }

  /** Nothing where nothing changes. */
  function change(
    conversation: MemoryConversation,
    state: ConversationState,
    marks: { readonly visitor?: number | undefined; readonly owner?: number | undefined } = {},
  ): void {
    const { facts } = conversation;
    const moved = (mark: number, to = 0): number => Math.max(mark, Math.min(to, facts.lastSeq));
    const readByVisitor = moved(facts.readByVisitor, marks.visitor);
    const readByOwner = moved(facts.readByOwner, marks.owner);
    const isSameRead = readByVisitor === facts.readByVisitor && readByOwner === facts.readByOwner;
    if (isSameRead && isSameState(state, conversation.state)) return;
    conversation.state = state;
    conversation.facts = { ...facts, readByVisitor, readByOwner };
    touch(conversation);
  }

  function update(id: string, wanted: ConversationUpdate): ConversationSummary | undefined {
    const conversation = conversations.get(id);
    if (!conversation) return undefined;
    change(conversation, stateAfterUpdate(conversation.state, wanted), {
      owner: wanted.readByOwner,
    });
    if (wanted.answering === 'owner' || wanted.blocked) owed.cancelAnswers(conversation);
    return summary(id);
  }

  function erase(conversationId: string): void {
    if (erased.has(conversationId)) return;
    const conversation = conversations.get(conversationId);
    if (conversation) owed.cancel(conversation);
    erased.set(conversationId, conversation ? (revision += 1) : 0);
    conversations.delete(conversationId);
    spend.forget(conversationId);
  }

  function prune(beforeMs: number): number {
    const old = [...conversations.values()].filter(({ facts }) => facts.updatedAtMs < beforeMs);
    for (const { facts } of old) erase(facts.id);
    if (old.length > 0) prunedRevision = revision;
    owed.forgetSent(beforeMs);
    return old.length;
  }

  function changedSince(query: { readonly revision: number; readonly limit: number }) {
    const limit = Math.max(1, Math.floor(query.limit));
    const changed = lists.changedAfter(query.revision);
    const deleted = [...erased]
      .filter(([, at]) => at > query.revision && at > 0)
      .sort(([, a], [, b]) => a - b)
      .map(([id]) => id);
    const complete =
      changed.length + deleted.length <= limit &&
      query.revision <= revision &&
      query.revision >= prunedRevision;
    return complete
      ? { conversations: changed, deleted, complete }
      : { conversations: [], deleted: [], complete };
  }

  function addNote(id: string, note: Note): Awaited<ReturnType<Store['addNote']>> {
    const conversation = conversations.get(id);
    if (!conversation) return { status: 'unknown' };
    const known = conversation.notes.get(note.id);
    if (known && known.text !== note.text) return { status: 'conflict' };
    if (known) return { status: 'duplicate', note: known };
    const stored = { id: note.id, text: note.text, atMs: note.atMs };
    conversation.notes.set(note.id, stored);
    touch(conversation);
    return { status: 'stored', note: stored };
  }

  function deleteNote(id: string, noteId: string): boolean {
    const conversation = conversations.get(id);
    if (!conversation?.notes.delete(noteId)) return false;
    touch(conversation);
    return true;
  }

  /** Does something about all notices that were given up; returns how many there were. */
  function withFailed(what: () => void): number {
    const failed = owed.failed();
    for (const id of [...new Set(failed.map(({ conversationId }) => conversationId))].sort()) {
      const conversation = conversations.get(id);
      if (conversation) touch(conversation);
    }
    what();
    return failed.length;
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
    conversation: (id) =>
      ask(() => {
        const known = conversations.get(id);
        return known && shown(known);
      }),
    conversationOfUser: (user) => ask(() => ofUser(user)),
    isErased: (id) => ask(() => erased.has(id)),
    messages: (id, range) =>
      ask(() => {
        const all = conversations.get(id)?.messages ?? [];
        return 'afterSeq' in range
          ? cutPage(all.slice(Math.max(0, range.afterSeq)), range)
          : cutPage(all.slice(0, Math.max(0, range.beforeSeq - 1)).reverse(), range);
      }),
    conversations: (query) => ask(() => lists.list(query)),

    summary: (id) => ask(() => summary(id)),
    revision: () => ask(() => revision),
    viewCounts: () => ask(() => lists.viewCounts()),
    changedSince: (query) => ask(() => changedSince(query)),
    blockedConversations: () => ask(() => lists.blocked()),
    search: ({ signal, ...query }) =>
      slices(
        searchSteps(() => search, query),
        ask,
        signal,
      ),

    answers: (query) => ask(() => answers.list(query)),
    answerCounts: (sinceMs) => ask(() => answers.counts(sinceMs)),

    updateConversation: (id, wanted) => ask(() => update(id, wanted)),
    handBack: (id) =>
      ask(() => {
        const known = conversations.get(id);
        if (known) change(known, stateHandedBack(known.state));
      }),
    markRead: (id, reader, seq) =>
      ask(() => {
        const known = conversations.get(id);
        if (known) change(known, known.state, { [reader]: seq });
      }),
    setFeedback: (id, messageId, value) =>
      ask(() => rateAnswer(conversations.get(id), messageId, value, touch)),
    erase: (id) => ask(() => erase(id)),
    prune: (beforeMs) => ask(() => prune(beforeMs)),

    addNote: (id, note) => ask(() => addNote(id, note)),
    notes: (id) =>
      ask(() =>
        [...(conversations.get(id)?.notes.values() ?? [])].sort(
          (a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1),
        ),
      ),
    deleteNote: (id, noteId) => ask(() => deleteNote(id, noteId)),
    cannedReplies: () => ask(() => owner.cannedReplies()),
    setCannedReplies: (replies) => ask(() => owner.setCannedReplies(replies)),

    claimAnswers: (claim) => ask(() => owed.claimAnswers(claim)),
    claimNotices: (claim) => ask(() => owed.claimNotices(claim)),
    noticesDone: (ids, nowMs) => ask(() => owed.noticesDone(ids, nowMs)),
    noticesFailed: (ids, failure) =>
      ask(() => {
        for (const conversation of owed.noticesFailed(ids, failure)) touch(conversation);
      }),
    noticesSentSince: (channel, sinceMs) => ask(() => owed.sentSince(channel, sinceMs)),
    failedNotices: (limit) => ask(() => owed.failed().slice(0, Math.max(0, Math.floor(limit)))),
    retryFailedNotices: (nowMs) => ask(() => withFailed(() => owed.retryFailed(nowMs))),
    dismissFailedNotices: () => ask(() => withFailed(() => owed.dismissFailed())),

    addLogin: (login) => ask(() => owner.addLogin(login)),
    login: (idHash) => ask(() => owner.login(idHash)),
    extendLogin: (idHash, expiresAtMs) => ask(() => owner.extendLogin(idHash, expiresAtMs)),
    deleteLogin: (idHash) => ask(() => owner.deleteLogin(idHash)),
    deleteLogins: () => ask(() => owner.deleteLogins()),
    forgetLogins: (nowMs, most) => ask(() => owner.forgetLogins(nowMs, most)),
    addPushSubscription: (one) => ask(() => owner.addPush(one)),
    pushSubscriptions: () => ask(() => owner.pushes()),
    deletePushSubscription: (endpoint) => ask(() => owner.deletePush(endpoint)),

    spendOf: (of) => ask(() => spend.spendOf(of)),
    addSpend: (one) => ask(() => spend.add(one)),
    reserveSpend: (wanted) => ask(() => spend.reserve(wanted)),

    channelsOwed: () => ask(() => owed.channelsOwed()),
    owedWork: () => ask(() => owed.counts()),
    check: () => ask(() => {}),
    close() {
      closed = true;
      return Promise.resolve();
    },
  };
}
