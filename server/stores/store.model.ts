import type { View, WaitingReason } from '../../shared/console-protocol.ts';
import type { Answering } from '../../shared/protocol.ts';
import type { ConversationUpdate } from '../inbox-ports.ts';
import type { StoredMessage } from '../ports.ts';
import type { ModelCommand } from './store.model-commands.ts';
import { createNoticeModel } from './store.model-notices.ts';

interface Message extends StoredMessage {
  readonly conversation: string;
}
interface Owed {
  readonly conversation: string;
  readonly id: string;
  holder: string;
  untilMs: number;
}
/**
 * The contract of the store in the plainest form: flat lists in the order of writing, searched
 * from end to end. It shares no code with any store.
 */
export function createModel() {
  const erased: string[] = [];
  let heads: {
    id: string;
    updatedAtMs: number;
    createdAtMs: number;
    user?: string;
    answering?: Answering;
    waiting?: WaitingReason;
    done: boolean;
    blocked: boolean;
    read: { visitor: number; owner: number };
    notes: string[];
    /** When it changed last, by the count of all changes. */
    changed: number;
  }[] = [];
  let deleted: { id: string; changed: number; pruned: boolean }[] = [];
  let changes = 0;
  let messages: Message[] = [];
  let owed: Owed[] = [];
  const notices = createNoticeModel();

  const ofConversation = (id: string) => messages.filter((one) => one.conversation === id);
  const visible = ({ conversation: _, ...message }: Message): StoredMessage => message;
  const before = (one: Owed, other: Owed) => owed.indexOf(one) < owed.indexOf(other);
  const held = (one: Owed, holder: string, nowMs: number) =>
    owed.some(
      (other) =>
        other.conversation === one.conversation &&
        (before(other, one) || !owed.includes(one)) &&
        other.untilMs > nowMs &&
        other.holder !== holder,
    );

  const ratedDown = (conversation: string) => {
    const { length } = ofConversation(conversation).filter(({ feedback }) => feedback === 'down');
    return length > 0 ? { ratedDown: length } : {};
  };
  const headOf = (conversation: string) => heads.find(({ id }) => id === conversation);
  const touch = (conversation: string) => {
    const head = headOf(conversation);
    changes += 1;
    if (head) head.changed = changes;
  };
  const viewOf = (head: (typeof heads)[number]): View => {
    if (head.done) return 'done';
    if (head.waiting) return 'waiting';
    return head.answering === 'owner' ? 'mine' : 'assistant';
  };
  const strong = (reason: WaitingReason) =>
    reason === 'human_request' || reason === 'contact_request';
  const forgetAnswers = (conversation: string) => {
    owed = owed.filter((one) => one.conversation !== conversation);
  };

  function append(command: Extract<ModelCommand, { do: 'append' }>, nowMs: number): unknown {
    const { conversation, id, text, sender, settles } = command;
    if (erased.includes(conversation)) return { status: 'erased' };
    if (sender === 'visitor' && headOf(conversation)?.blocked) return { status: 'blocked' };
    const settle = () => {
      owed = owed.filter((one) => one.conversation !== conversation || !settles?.includes(one.id));
    };
    const known = ofConversation(conversation).find((one) => one.id === id);
    if (known) {
      if (known.text !== text || known.sender !== sender) return { status: 'conflict' };
      settle();
      return { status: 'duplicate', message: visible(known) };
    }
    if (settles) {
      const waits = (question: string) =>
        owed.some((one) => one.conversation === conversation && one.id === question);
      const stillOwed = settles.filter(waits);
      if (stillOwed.length === 0) return { status: 'not_owed' };
      if (stillOwed.length < settles.length) return { status: 'not_owed', stillOwed };
    }
    let head = headOf(conversation);
    if (!head) {
      head = {
        id: conversation,
        updatedAtMs: nowMs,
        createdAtMs: nowMs,
        done: false,
        blocked: false,
        read: { visitor: 0, owner: 0 },
        notes: [],
        changed: 0,
      };
      heads.push(head);
    }
    const silent = head.answering === 'owner' || head.answering === 'nobody';
    const cause = silent && command.unless ? command.unless : command;
    head.updatedAtMs = nowMs;
    const { user } = command;
    if (user !== undefined && !heads.some((one) => one.user === user && one !== head))
      head.user = user;
    if (command.answering) head.answering = command.answering;
    const message: Message = {
      conversation,
      id,
      seq: ofConversation(conversation).length + 1,
      sender,
      text,
      atMs: nowMs,
      ...(settles ? { answers: settles } : {}),
    };
    messages.push(message);
    settle();
    if (cause.waiting && (strong(cause.waiting) || !head.waiting || !strong(head.waiting)))
      head.waiting = cause.waiting;
    if (sender === 'visitor' || (cause.waiting && strong(cause.waiting))) head.done = false;
    if (command.takesOver) {
      head.answering = 'owner';
      delete head.waiting;
      head.read.owner = message.seq;
      forgetAnswers(conversation);
    }
    touch(conversation);
    let leased = false;
    if (command.owedTo !== undefined && !silent) {
      const one = { conversation, id, holder: '', untilMs: 0 };
      leased = !held(one, command.owedTo, nowMs);
      if (leased) Object.assign(one, { holder: command.owedTo, untilMs: nowMs + command.leaseMs });
      owed.push(one);
    }
    notices.owe(conversation, id, cause.notices, nowMs);
    const { answering } = head;
    return { status: 'stored', message: visible(message), leased, ...(answering && { answering }) };
  }

  function erase(conversation: string, pruned: boolean): void {
    if (headOf(conversation)) {
      changes += 1;
      deleted = [...deleted, { id: conversation, changed: changes, pruned }];
    }
    if (!erased.includes(conversation)) erased.push(conversation);
    heads = heads.filter(({ id }) => id !== conversation);
    messages = messages.filter((one) => one.conversation !== conversation);
    owed = owed.filter((one) => one.conversation !== conversation);
    notices.erase(conversation);
  }

  function update(conversation: string, wanted: ConversationUpdate): unknown {
    const head = headOf(conversation);
    if (!head) return undefined;
    const before = JSON.stringify(head);
    if (wanted.answering !== undefined || wanted.done) delete head.waiting;
    if (wanted.answering === null) delete head.answering;
    if (wanted.answering === 'owner') head.answering = 'owner';
    if (wanted.answering === 'owner' || wanted.blocked) forgetAnswers(conversation);
    head.done = wanted.done ?? head.done;
    head.blocked = wanted.blocked ?? head.blocked;
    read(conversation, 'owner', wanted.readByOwner ?? 0, false);
    if (JSON.stringify(head) !== before) touch(conversation);
    return conversation;
  }

  function read(conversation: string, reader: 'visitor' | 'owner', to: number, alone = true): void {
    const head = headOf(conversation);
    const mark = Math.min(ofConversation(conversation).length, to);
    if (!head || mark <= head.read[reader]) return;
    head.read[reader] = mark;
    if (alone) touch(conversation);
  }

  function touchAll(conversations: readonly string[]): void {
    for (const one of conversations) touch(one);
  }

  /** What a store answers to this command. */
  function run(command: ModelCommand, nowMs: number): unknown {
    switch (command.do) {
      case 'append':
        return append(command, nowMs);
      case 'update':
        return update(command.conversation, command.update);
      case 'handBack': {
        const head = headOf(command.conversation);
        if (!head || (!head.answering && head.waiting !== 'human_request')) return undefined;
        delete head.answering;
        if (head.waiting === 'human_request') delete head.waiting;
        return touch(command.conversation);
      }
      case 'note': {
        const head = headOf(command.conversation);
        if (!head) return 'unknown';
        if (head.notes.includes(command.id)) return 'duplicate';
        head.notes.push(command.id);
        touch(command.conversation);
        return 'stored';
      }
      case 'retryFailed':
        touchAll(notices.failed().toSorted());
        return notices.retryFailed(nowMs);
      case 'dismissFailed':
        touchAll(notices.failed().toSorted());
        return notices.dismissFailed();
      case 'read':
        return read(command.conversation, command.reader, command.seq);
      case 'feedback': {
        const { conversation, id, value } = command;
        const at = messages.findIndex((one) => one.conversation === conversation && one.id === id);
        const rated = messages[at];
        if (rated?.sender !== 'assistant' || headOf(conversation)?.blocked) return false;
        if (rated.feedback === value) return true;
        messages[at] = { ...rated, feedback: value };
        touch(conversation);
        return true;
      }
      case 'erase':
        return erase(command.conversation, false);
      case 'prune': {
        const limitMs = nowMs - command.ageMs;
        const old = heads.filter(({ updatedAtMs }) => updatedAtMs < limitMs);
        for (const { id } of old) erase(id, true);
        notices.forgetSent(limitMs);
        return old.length;
      }
      case 'claimAnswers': {
        const { holder, leaseMs, limit } = command;
        const free = owed.filter((one) => one.untilMs <= nowMs && !held(one, holder, nowMs));
        return free.slice(0, limit).map((one) => {
          Object.assign(one, { holder, untilMs: nowMs + leaseMs });
          return `${one.conversation}/${one.id}`;
        });
      }
      case 'claimNotices':
        return notices.claim(command, nowMs);
      case 'noticesDone':
        return notices.done(command.ids, nowMs);
      case 'noticesFailed':
        return touchAll(notices.fail(command, nowMs));
    }
  }

  return {
    run,
    /** What a store does when it is opened again. */
    releaseLeases(): void {
      for (const one of owed) one.untilMs = 0;
      notices.releaseLeases();
    },
    /** As the owner's list shows it, but for its revision and its newest message. */
    summary: (conversation: string) => {
      const head = headOf(conversation);
      if (!head) return undefined;
      const { read: marks, notes: _, done: __, changed: ___, ...facts } = head;
      const failed = notices.failed().filter((one) => one === conversation);
      return {
        ...facts,
        view: viewOf(head),
        lastSeq: ofConversation(conversation).length,
        readByVisitor: marks.visitor,
        readByOwner: marks.owner,
        unread: ofConversation(conversation)
          .filter(({ seq, sender }) => seq > marks.owner && sender === 'visitor')
          .slice(0, 999).length,
        ...ratedDown(conversation),
        ...(failed.length > 0 ? { failedNotices: { count: failed.length, error: 'refused' } } : {}),
      };
    },
    notes: (conversation: string) => headOf(conversation)?.notes.toSorted() ?? [],
    /** The count of all changes. */
    changes: () => changes,
    changedSince: (count: number) => {
      const gone = deleted.filter(({ changed }) => changed > count);
      if (gone.some(({ pruned }) => pruned)) {
        return { conversations: [], deleted: [], complete: false };
      }
      return {
        conversations: heads
          .filter(({ changed }) => changed > count)
          .toSorted((a, b) => a.changed - b.changed)
          .map(({ id }) => id),
        deleted: gone.map(({ id }) => id),
        complete: true,
      };
    },
    viewCounts: () => {
      const counts = { waiting: 0, mine: 0, assistant: 0, done: 0 };
      for (const head of heads) counts[viewOf(head)] += 1;
      return counts;
    },
    isErased: (conversation: string) => erased.includes(conversation),
    messages: (conversation: string) => ofConversation(conversation).map(visible),
    list: () =>
      heads
        .toSorted((a, b) => b.updatedAtMs - a.updatedAtMs || (a.id < b.id ? 1 : -1))
        .map(({ id }) => id),
    ofUser: (user: string) => heads.find((head) => head.user === user)?.id,
    sent: notices.sent,
    owedWork: () => ({ answers: owed.length, ...notices.counts() }),
  };
}
